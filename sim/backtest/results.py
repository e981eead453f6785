"""The results of a back-test: every score as plain data, every single forecast as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import Floats
from sim.backtest.bootstrap import (
    N_RESAMPLES,
    Difference,
    clustered_resamples,
    differences,
    resamples,
    scored,
)
from sim.backtest.corp import decomposition, reliability
from sim.backtest.facts import BackTestFacts
from sim.backtest.forecasts import Forecasts
from sim.backtest.losses import FLOOR, indicators, log_losses
from sim.backtest.published import Of, VotesFacts, published_figures
from sim.backtest.scores import Scores, binary, member_scores, outcome_scores
from sim.backtest.tables import TABLES
from sim.backtest.tested import SIMULATOR, Tested
from sim.catalogue import contested
from sim.charter import ADOPTED, DECIDED, Action
from sim.facts.coding import coding_facts
from sim.frames import frame

if TYPE_CHECKING:
    from pandas import DataFrame

DIGITS = 6
RANDOM_SEED = 1718
WORST = 10
"""How many of the worst forecasts are named."""
IN_PARTS = ("log_loss", "brier", "balanced_accuracy", "balanced_accuracy_by_lift", "roc_auc")
"""The scores on parts of the record."""

_SCORES: Mapping[Of, Callable[..., Scores]] = {
    "member_votes": member_scores,
    "outcomes": outcome_scores,
}
_CLASSES: Mapping[Of, Sequence[str]] = {
    "member_votes": [action.name.lower() for action in Action],
    "outcomes": [str(outcome) for outcome in DECIDED],
}


class BackTest(Tested):
    """Votes, and each forecaster's forecasts of them, scored."""

    def to_dict(
        self, n_resamples: int = N_RESAMPLES, random_seed: int = RANDOM_SEED
    ) -> BackTestFacts:
        """Return every score as plain data, rounded to `DIGITS` places.

        Args:
            n_resamples: resamples of the votes behind the intervals of the differences.
            random_seed: of those resamples, and of the bands of reliability.

        Returns:
            Scores are None where there is nothing to score. The steps of `reliability`, and the
            `worst` forecasts, are of the `leading` forecaster. `differences` are the simulator's
            score less the other's, so below 0 is better for losses and above 0 for all else; they
            are empty without it.
        """
        by_vote = resamples(len(self.votes), random_seed, n_resamples)
        by_mandate = clustered_resamples(self.matters, random_seed, n_resamples)
        facts = {
            "votes": len(self.votes),
            "not_adopted": sum(vote.has_failed for vote in self.votes),
            "foreseen": {name: self._foreseen(name) for name in self.forecasts},
            **self._scores({"": by_vote, "_by_mandate": by_mandate}),
            "reliability": self._reliability(random_seed),
            "weighted": self._scores({"": by_vote}, weighted=True),
            **self._on_parts(),
            "worst": {of: self._worst(of) for of in _SCORES},
            "published": published_figures(),
            "coding": coding_facts((*self.past, *self.votes)),
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

    def _everyone(self, weighted: bool = False) -> dict[Of, dict[str, Forecasts]]:
        """Return all forecasts by what they are of, then by the name of the forecaster."""
        return {
            "member_votes": {n: self.member_votes(n, weighted) for n in self.forecasts},
            "outcomes": {n: self.outcomes(n, weighted) for n in self.forecasts},
        }

    def _scores(self, drawn: Mapping[str, Floats], weighted: bool = False) -> dict[str, Any]:
        """Return the scores of member votes and outcomes, and the simulator's less the others'.

        Args:
            drawn: (V, B), resamples of the votes, by what their bounds' names end with.
            weighted: whether to base rates.
        """
        found: dict[str, Any] = {}
        less: dict[str, dict[str, Any]] = {}
        for of, by_name in self._everyone(weighted).items():
            found[of] = {name: _in_sample(_SCORES[of](f)) for name, f in by_name.items()}
            for suffix, samples in drawn.items():
                for name, each in _from_simulator(_SCORES[of], by_name, samples).items():
                    for score, d in each.items():
                        own = less.setdefault(name, {}).setdefault(f"{of}.{score}", {})
                        own |= {"difference": d.difference}
                        own |= {f"low{suffix}": d.low, f"high{suffix}": d.high}
        return {**found, "differences": less}

    def _on_parts(self) -> dict[str, Any]:
        """Return the scores on parts of the votes and of the member votes, by what parts them."""
        votes, seats = self.votes, [member for vote in self.votes for member in vote.council]
        is_contested = ["contested" if vote.vote_id in contested() else "" for vote in votes]
        return {
            "contested": self._parts(is_contested, ["contested"])["contested"],
            "like_published": {
                test["what"]: self._like(test["votes"], test["of"])
                for test in published_figures()
                if test["votes"]
            },
            "by_year": self._parts([str(vote.date.year) for vote in votes]),
            "by_instrument": self._parts([vote.instrument for vote in votes]),
            "by_mandate": self._parts([vote.mandate for vote in votes]),
            "by_regional_group": self._of_members(
                ["permanent" if m.permanent else m.state.regional_group for m in seats]
            ),
            "by_member": self._of_members([m.code for m in seats]),
        }

    def _foreseen(self, name: str) -> dict[str, int]:
        """Return how many of the drafts adopted and not a forecaster expected to end so."""
        p, failed = binary(self.outcomes(name))
        right = p[np.arange(len(p)), failed] > 0.5
        return {
            "adopted": int(right[failed == 0].sum()),
            "not_adopted": int(right[failed == 1].sum()),
        }

    def _reliability(self, random_seed: int) -> dict[str, Any]:
        """Return the reliability of adoption and of member votes in favour.

        Args:
            random_seed: of the bands.
        """
        everyone = self._everyone()
        events = {
            "adopted": (everyone["outcomes"], ADOPTED),
            "member_in_favour": (everyone["member_votes"], int(Action.IN_FAVOUR)),
        }
        found = {}
        for event, (by_name, k) in events.items():
            of = {name: (f.p[:, k], f.observed == k) for name, f in by_name.items()}
            steps = reliability(*of[self.leading], random_seed)
            found[event] = {
                "steps": [{**asdict(step), "is_off": step.is_off} for step in steps],
                "decomposition": {name: decomposition(*f)._asdict() for name, f in of.items()},
            }
        return found

    def _parts(self, named: Sequence[str], parts: Sequence[str] = ()) -> dict[str, Any]:
        """Return some scores of each part of the votes, by the name of the part.

        Args:
            named: V names, of the part of each vote.
            parts: those that are asked for; all by default.
        """
        parts, which = parts or sorted({*named}), np.array(named)
        failed = np.array([vote.has_failed for vote in self.votes])
        samples = (which[:, None] == np.array(parts)).astype(float)
        scores = {
            of: {name: _SCORES[of](forecasts, samples) for name, forecasts in by_name.items()}
            for of, by_name in self._everyone().items()
        }
        return {
            part: {
                "votes": int(samples[:, k].sum()),
                "not_adopted": int(samples[failed, k].sum()),
                **{of: {n: _some(s, k) for n, s in scores[of].items()} for of in scores},
            }
            for k, part in enumerate(parts)
        }

    def _of_members(self, named: Sequence[str]) -> dict[str, Any]:
        """Return some scores of each part of the member votes, by the name of the part.

        Args:
            named: names, of the part of each member vote.
        """
        everyone, which = self._everyone()["member_votes"], np.array(named)
        observed = everyone[self.leading].observed
        return {
            part: {
                "votes": int((which == part).sum()),
                "not_in_favour": int((observed[which == part] != Action.IN_FAVOUR).sum()),
                "member_votes": {
                    n: _some(member_scores(f.where(which == part))) for n, f in everyone.items()
                },
            }
            for part in sorted({*named})
        }

    def _like(self, on: VotesFacts, of: Of) -> dict[str, Any]:
        """Return the scores on the votes that are most like those of a published test.

        Beside the areas of the probabilities are those of labels alone: what gives no probability
        has its area from one threshold.
        """
        kept = np.array(
            [
                on["since"] <= str(v.date) <= on["until"]
                and not (on["adopted_only"] and v.has_failed)
                for v in self.votes
            ]
        )
        everyone = {name: f.where(kept[f.votes]) for name, f in self._everyone()[of].items()}
        observed, is_of_members = everyone[self.leading].observed, of == "member_votes"
        counts = np.bincount(observed, minlength=len(_CLASSES[of]))
        return {
            "votes": int(kept.sum()),
            "happened": dict(zip(_CLASSES[of], counts.tolist(), strict=True)),
            "scores": {
                name: _in_sample({**_SCORES[of](f), **(_of_labels(f) if is_of_members else {})})
                for name, f in everyone.items()
                if kept.any()
            },
        }

    def _worst(self, of: Of) -> list[dict[str, Any]]:
        """Return the forecasts of the leading forecaster that cost most, the worst first."""
        f = self._everyone()[of][self.leading]
        losses = log_losses(f.p, f.observed) if of == "member_votes" else log_losses(*binary(f))
        seats = [{"member": m.code} for vote in self.votes for m in vote.council]
        found = []
        for k in np.argsort(-losses, kind="stable")[:WORST]:
            vote = self.votes[f.votes[k]]
            found.append(
                {
                    "vote_id": vote.vote_id,
                    "date": str(vote.date),
                    "title": vote.title,
                    **(seats[k] if of == "member_votes" else {}),
                    "p": dict(zip(_CLASSES[of], f.p[k].tolist(), strict=True)),
                    "happened": _CLASSES[of][f.observed[k]],
                    "log_loss": float(losses[k]),
                }
            )
        return found


def _from_simulator(
    score: Callable[..., Scores], by_name: Mapping[str, Forecasts], samples: Floats
) -> dict[str, dict[str, Difference]]:
    """Return the simulator's scores less each other forecaster's, none without a simulator."""
    if SIMULATOR not in by_name:
        return {}
    both = {name: (score(f), scored(score, f, samples)) for name, f in by_name.items()}
    own, drawn = both.pop(SIMULATOR)
    return {name: differences(own, other, drawn, again) for name, (other, again) in both.items()}


def _of_labels(forecasts: Forecasts) -> dict[str, Floats]:
    """Return the areas under precision and recall of one action forecast for each member vote."""

    def area(p: Floats) -> Floats:
        labels = indicators(p.argmax(axis=1), len(Action))
        return member_scores(replace(forecasts, p=labels))["pr_auc"]

    p = forecasts.p
    return {"pr_auc_of_labels": area(p), "pr_auc_of_labels_by_lift": area(p / forecasts.shares)}


def _in_sample(scores: Scores, k: int = 0) -> dict[str, float]:
    """Return the scores of one sample."""
    return {name: float(values[k]) for name, values in scores.items()}


def _some(scores: Scores, k: int = 0) -> dict[str, float]:
    """Return those scores of one sample that are given for parts."""
    return {name: float(scores[name][k]) for name in IN_PARTS}


def _rounded(data: Any) -> Any:
    """Return plain data with its numbers rounded, and None for what is no number."""
    if isinstance(data, Mapping):
        return {key: _rounded(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_rounded(value) for value in data]
    if isinstance(data, float):  # numpy's double precision is one
        return None if np.isnan(data) else round(float(data), DIGITS) + 0.0
    return data
