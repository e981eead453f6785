"""From the record, and then the seed vote, to preferences: what `unsc calibrate` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sim.draws import Draws
from sim.ensemble.tally import rounded
from sim.errors import UnscError
from sim.facts.coding import coding_facts
from sim.fit.facts import CalibrationFacts, FittedFacts, RecordFacts, facts_of
from sim.fit.layers import Fitted, as_document, layers
from sim.fit.prior import read_prior
from sim.fit.record_fit import HALF_LIFE, RecordFit, fit_record
from sim.fit.seed_fit import SeedFit
from sim.fit.seed_vote import calibrate_to_vote, roll_call_on_the_text
from sim.paths import PREFERENCES
from sim.record import RecordedVote
from sim.scenario import load_scenario, read_preferences
from sim.scenario.form import PreferencesFile

PRIOR = PREFERENCES / "prior.yaml"
SEED_COUNT = 250
"""Times the seed vote counts once more for what concerns its target alone: an anchor. A break in
what two members do, between two votes on the same text, is more than one vote among a thousand can
tell. Source: assumed."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """What the record says about the preferences, and then the seed vote.

    Args:
        votes: the votes of the record that were learnt from.
        fit: the fit to them.
        fitted: the same as numbers of layers.
        preferences: the same as a file, from which the seed vote is learnt.
        draws: how these numbers vary together.
        seed: what the seed vote says, or None if it is after the last day learnt from.
        half_life: years after which a vote counted half, or None.
        count: times the seed vote counted.
    """

    votes: tuple[RecordedVote, ...]
    fit: RecordFit
    fitted: tuple[Fitted, ...]
    preferences: PreferencesFile
    draws: Draws
    seed: SeedFit | None
    half_life: float | None
    count: int

    def to_dict(self) -> CalibrationFacts:
        """Return the calibration as plain data, in a fixed order and without a time."""
        return {
            "record": self.record_facts(),
            "preferences": [_as_plain(x) for x in self.fitted],
            "seed_vote": self.seed.to_dict() if self.seed else None,
            "seed_count": self.count if self.seed else None,
        }

    def record_facts(self) -> RecordFacts:
        """Return what the fit rests on and how it went."""
        return {
            "votes": len(self.votes),
            "member_votes": self.fit.design.n_rows,
            "from": str(self.votes[0].date),
            "until": str(self.votes[-1].date),
            "half_life": self.half_life,
            "unknowns": len(self.fit.mean),
            "iterations": self.fit.iterations,
            "log_likelihood": rounded(self.fit.log_likelihood),
            "coding": coding_facts(self.votes),
        }


def _as_plain(fitted: Fitted) -> FittedFacts:
    facts: FittedFacts = {
        "setting": fitted.setting,
        "since": fitted.since or "",
        "prior": facts_of(fitted.prior),
        "posterior": facts_of(fitted.posterior),
        "shift": rounded(fitted.shift),
        "evidence": list(fitted.posterior.evidence),
    }
    if not fitted.since:
        del facts["since"]
    return facts


def calibrate_to_record(
    record: Sequence[RecordedVote],
    seed: str,
    until: date | None = None,
    *,
    half_life: float | None = HALF_LIFE,
    settings: Sequence[str] = (),
    worlds: int = 10_000,
    random_seed: int = 0,
    count: int = SEED_COUNT,
    workers: int | None = None,
) -> Calibration:
    """Return what the record says about the preferences, and then the seed vote.

    Args:
        record: votes in date order.
        seed: the scenario whose observed vote comes last. The record's row of this vote counts
            once, as any other; what is learnt beyond that touches only what names its target. A
            vote after `until` is not learnt from at all.
        until: the last day to learn from; that of the last vote by default.
        half_life: years after which a vote counts half; all alike if None.
        settings: laid over the seed's scenario.
        worlds, random_seed, count, workers: of the seed vote, as `calibrate_to_vote` takes them.

    Raises:
        UnscError: no vote to learn from, or what `calibrate_to_vote` raises.
    """
    # Not with the preferences that the scenario names: they may be the file to be written.
    scenario = load_scenario(seed, [*settings, f"preferences={PRIOR}"])
    is_met = until is None or until >= scenario.date
    if is_met:
        roll_call_on_the_text(scenario)
    votes = tuple(vote for vote in record if until is None or vote.date <= until)
    if not votes:
        raise UnscError(f"calibrate: no vote until {until}; expected a day of the record or after.")
    fit = fit_record(votes, read_prior(PRIOR, until), half_life=half_life)
    fitted = layers(fit, votes)
    learnt = {"kind": "preferences", "extends": str(PRIOR), **as_document(fitted)}
    preferences, draws = read_preferences(learnt), fit.joint()
    seed_fit = None
    if is_met:
        met = replace(load_scenario(seed, settings, preferences=learnt), name=seed)
        about = met.draft.target
        seed_fit = calibrate_to_vote(
            met, worlds, random_seed, count=count, about=about, workers=workers
        )
        # What its files give afterwards, in other worlds. The anchor itself moves each preference
        # alone: draws that come again each time would be learnt by heart.
        learnt_by = replace(seed_fit.learnt_by(), draws=draws)
        again = calibrate_to_vote(learnt_by, worlds, random_seed + 1000, workers=workers)
        seed_fit = replace(seed_fit, p_after=again.p_before, actions_after=again.actions_before)
    return Calibration(votes, fit, fitted, preferences, draws, seed_fit, half_life, count)
