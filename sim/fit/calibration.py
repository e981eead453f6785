"""From the record, and then the seed vote, to preferences: what `unsc calibrate` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sim.ensemble.tally import rounded
from sim.errors import UnscError
from sim.fit import RecordFit, fit_record, read_prior
from sim.fit.layers import Fitted, as_document, layers
from sim.fit.record_fit import HALF_LIFE
from sim.fit.seed_vote import SeedFit, calibrate_to_vote, roll_call_on_the_text
from sim.paths import PREFERENCES
from sim.record.base_rates import base_rate_weights
from sim.record.record import RecordedVote
from sim.scenario import load_scenario, read_preferences
from sim.scenario.form import PreferencesFile

PRIOR = PREFERENCES / "prior.yaml"
SEED_COUNT = 15
"""Times the seed vote counts after the record: an anchor. A break in what two members do, between
two votes on the same text, is more than one vote among two hundred can tell. Source: assumed."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """What the record says of the preferences, and then the seed vote.

    Args:
        votes: the votes of the record that were learnt from.
        fit: what they say.
        fitted: the same as numbers of layers.
        preferences: the same as a file, which the seed vote met.
        seed: what the seed vote says, or None where it lies after the last day learnt from.
        half_life: years after which a vote counted half, or None.
        count: times the seed vote counted.
    """

    votes: tuple[RecordedVote, ...]
    fit: RecordFit
    fitted: tuple[Fitted, ...]
    preferences: PreferencesFile
    seed: SeedFit | None
    half_life: float | None
    count: int

    def to_dict(self) -> dict[str, Any]:
        """Return the calibration as plain data, in a fixed order and without a time."""
        return {
            "record": self.record_facts(),
            "preferences": [_as_plain(x) for x in self.fitted],
            "seed_vote": self.seed.to_dict() if self.seed else None,
            "seed_count": self.count if self.seed else None,
        }

    def record_facts(self) -> dict[str, Any]:
        """Return what the fit rests on and how it went."""
        return {
            "votes": len(self.votes),
            "member_votes": self.fit.design.n_rows,
            "from": str(self.votes[0].date),
            "until": str(self.votes[-1].date),
            "weights": "yearly base rates",
            "half_life": self.half_life,
            "unknowns": len(self.fit.mean),
            "iterations": self.fit.iterations,
            "log_likelihood": rounded(self.fit.log_likelihood),
        }


def _as_plain(fitted: Fitted) -> dict[str, Any]:
    before, after = fitted.prior, fitted.posterior
    return {
        "setting": fitted.setting,
        **({"since": fitted.since} if fitted.since else {}),
        "prior": {"mean": rounded(before.mean), "spread": rounded(before.spread)},
        "posterior": {"mean": rounded(after.mean), "spread": rounded(after.spread)},
        "shift": rounded(fitted.shift),
        "evidence": list(after.evidence),
    }


def calibrate_to_record(
    record: Sequence[RecordedVote],
    seed: str,
    until: date | None = None,
    *,
    half_life: float | None = HALF_LIFE,
    settings: Sequence[str] = (),
    worlds: int = 50_000,
    random_seed: int = 0,
    count: int = SEED_COUNT,
    workers: int | None = None,
) -> Calibration:
    """Return what the record says of the preferences, and then the seed vote.

    Each year's outcomes are weighed back to their base rates, so that contested votes, of which
    the record holds more than there were, do not make the Council look more divided than it is.

    Args:
        record: votes in the order of their days.
        seed: the scenario whose observed vote comes last. If the record holds this vote, it is left
            out there; if it lies after `until`, it is not met at all.
        until: the last day to learn from; the record's last where none is given.
        half_life: years after which a vote counts half; all alike where none is given.
        settings: laid over the seed's scenario.
        worlds, random_seed, count, workers: of the seed vote, as `calibrate_to_vote` takes them.

    Raises:
        UnscError: no vote to learn from, or what `calibrate_to_vote` raises.
    """
    # Not by the preferences that the scenario names: they may be those that are to be written.
    scenario = load_scenario(seed, [*settings, f"preferences={PRIOR}"])
    is_met = until is None or until >= scenario.date
    if is_met:
        roll_call_on_the_text(scenario)
    observed = scenario.observed.evidence if scenario.observed else ()
    votes = tuple(
        vote
        for vote in record
        if vote.vote_id not in observed and (until is None or vote.date <= until)
    )
    if not votes:
        raise UnscError(f"calibrate: no vote until {until}; expected a day of the record or after.")
    fit = fit_record(votes, read_prior(PRIOR, until), None, half_life, base_rate_weights(votes))
    fitted = layers(fit, votes)
    learnt = {"kind": "preferences", "extends": str(PRIOR), **as_document(fitted)}
    preferences = read_preferences(learnt)
    seed_fit = None
    if is_met:
        met = replace(load_scenario(seed, settings, preferences=learnt), name=seed)
        seed_fit = calibrate_to_vote(met, worlds, random_seed, count=count, workers=workers)
        # What its file gives afterwards, each preference drawn for itself.
        again = calibrate_to_vote(seed_fit.learnt_by(), worlds, random_seed + 1000, workers=workers)
        seed_fit = replace(seed_fit, p_after=again.p_before, actions_after=again.actions_before)
    return Calibration(votes, fit, fitted, preferences, seed_fit, half_life, count)
