"""The results of a back-test: the forecasts beside the votes, and every score as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import Floats
from sim.backtest.bins import reliability
from sim.backtest.bootstrap import N_RESAMPLES, differences, resamples, scored
from sim.backtest.facts import BackTestFacts
from sim.backtest.forecasts import Forecasts
from sim.backtest.losses import FLOOR, log_losses
from sim.backtest.published import published_figures
from sim.backtest.scores import Scores, member_scores, outcome_scores
from sim.backtest.tables import TABLES
from sim.backtest.tested import SIMULATOR, Tested
from sim.charter import DECIDED, Action, Outcome
from sim.frames import frame
from sim.record import RecordedVote

if TYPE_CHECKING:
    from pandas import DataFrame


DIGITS = 6
RANDOM_SEED = 1718
MOST_MEMBERS = 15
"""At most so many members are listed as the hardest to forecast."""

_SCORES: Mapping[str, Callable[..., Scores]] = {
    "member_votes": member_scores,
    "outcomes": outcome_scores,
}


class BackTest(Tested):
    """Votes, and each forecaster's forecasts of them, scored."""

    def to_dict(
        self, n_resamples: int = N_RESAMPLES, random_seed: int = RANDOM_SEED
    ) -> BackTestFacts:
        """Return every score as plain data, rounded to `DIGITS` places.

        Args:
            n_resamples: resamples of the votes behind the intervals of the differences.
            random_seed: of those resamples.

        Returns:
            Scores are None where there is nothing to score. `reliability` and `hardest` are of the
            `leading` forecaster. `differences` are the simulator's score less the other's, so below
            0 is better for losses and above 0 for all else; they are empty without it.
        """
        drawn = resamples(len(self.votes), random_seed, n_resamples)
        facts = {
            "votes": len(self.votes),
            **self._scores(drawn, weighted=False),
            "reliability": self._reliability(),
            "weighted": self._scores(drawn, weighted=True),
            "by_year": self._parts(lambda vote: str(vote.date.year)),
            "by_instrument": self._parts(lambda vote: vote.instrument),
            "hardest": self._hardest(),
            "published": published_figures(),
            "settings": {
                **self.settings,
                "leading": self.leading,
                "resamples": n_resamples,
                "random_seed": random_seed,
                "least_probability": FLOOR,
            },
        }
        rounded: BackTestFacts = _rounded(facts)
        return rounded

    def to_frame(self, table: str = "forecasts") -> DataFrame:
        """Return every single forecast as a pandas DataFrame.

        Args:
            table: which one; probabilities are from 0 to 1.
                `forecasts`: a row per forecaster, vote and member: vote_id, date, mandate,
                instrument, member; p_* each action; happened; log_loss.
                `outcomes`: a row per forecaster and vote: the same of the vote; p_* each outcome;
                happened; log_loss and brier of adopted or not.

        Raises:
            UnscError: there is no such table, or pandas is not installed.
        """
        return frame(self, table, TABLES)

    def _everyone(self, weighted: bool = False) -> dict[str, dict[str, Forecasts]]:
        """Return all forecasts by what they are of, then by the name of the forecaster."""
        return {
            "member_votes": {n: self.member_votes(n, weighted) for n in self.forecasts},
            "outcomes": {n: self.outcomes(n, weighted) for n in self.forecasts},
        }

    def _scores(self, drawn: Floats, weighted: bool) -> dict[str, Any]:
        """Return the scores of member votes and outcomes, and the simulator's less the others'.

        Args:
            drawn: (V, B), resamples of the votes.
            weighted: whether to base rates.
        """
        found: dict[str, Any] = {}
        less: dict[str, dict[str, Any]] = {}
        for of, by_name in self._everyone(weighted).items():
            score = _SCORES[of]
            scores = {name: score(forecasts) for name, forecasts in by_name.items()}
            found[of] = {name: _in_sample(values) for name, values in scores.items()}
            if SIMULATOR not in by_name:
                continue
            again = {name: scored(score, forecasts, drawn) for name, forecasts in by_name.items()}
            for name in [name for name in by_name if name != SIMULATOR]:
                each = differences(scores[SIMULATOR], scores[name], again[SIMULATOR], again[name])
                less.setdefault(name, {}).update({f"{of}.{s}": asdict(d) for s, d in each.items()})
        return {**found, "differences": less}

    def _reliability(self) -> list[dict[str, Any]]:
        """Return the bins of the leading forecaster, of adoption and of member votes in favour."""
        name = self.leading
        forecasts = {
            "adopted": (self.outcomes(name), DECIDED.index(Outcome.ADOPTED)),
            "member_in_favour": (self.member_votes(name), int(Action.IN_FAVOUR)),
        }
        return [
            {"forecaster": name, "of": of, **asdict(found), "is_off": found.is_off}
            for of, (f, k) in forecasts.items()
            for found in reliability(f.p[:, k], f.observed == k)
        ]

    def _parts(self, part_of: Callable[[RecordedVote], str]) -> dict[str, Any]:
        """Return the scores of each part of the record, by the name of the part."""
        named = np.array([part_of(vote) for vote in self.votes])
        failed = np.array([vote.outcome is not Outcome.ADOPTED for vote in self.votes])
        parts = np.unique(named)
        samples = (named[:, None] == parts).astype(float)
        scores = {
            of: {name: _SCORES[of](forecasts, samples) for name, forecasts in by_name.items()}
            for of, by_name in self._everyone().items()
        }
        return {
            str(part): {
                "votes": int((named == part).sum()),
                "not_adopted": int(failed[named == part].sum()),
                **{of: {n: _in_sample(s, k) for n, s in scores[of].items()} for of in scores},
            }
            for k, part in enumerate(parts)
        }

    def _hardest(self) -> list[dict[str, Any]]:
        """Return the members with the greatest mean log loss of the leading forecaster."""
        codes = np.array([member.code for vote in self.votes for member in vote.council])
        everyone = self._everyone()["member_votes"]
        observed = everyone[self.leading].observed
        losses = {name: log_losses(f.p, observed) for name, f in everyone.items()}
        means = {
            str(code): {name: float(each[codes == code].mean()) for name, each in losses.items()}
            for code in np.unique(codes)
        }
        hardest = sorted(means, key=lambda code: -means[code][self.leading])
        return [
            {
                "member": code,
                "votes": int((codes == code).sum()),
                "not_in_favour": int((observed[codes == code] != Action.IN_FAVOUR).sum()),
                "log_loss": means[code],
            }
            for code in hardest[:MOST_MEMBERS]
        ]


def _in_sample(scores: Scores, k: int = 0) -> dict[str, float]:
    """Return the scores of one sample."""
    return {name: float(values[k]) for name, values in scores.items()}


def _rounded(data: Any) -> Any:
    """Return plain data with its numbers rounded, and None for what is no number."""
    if isinstance(data, Mapping):
        return {key: _rounded(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_rounded(value) for value in data]
    if isinstance(data, float):  # numpy's double precision is one
        return None if np.isnan(data) else round(float(data), DIGITS) + 0.0
    return data
