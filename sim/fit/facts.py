"""What a fit says, to the record or to the seed vote, as typed data."""

from __future__ import annotations

from typing import Generic, NotRequired, TypedDict, TypeVar

from sim.ensemble.tally import rounded
from sim.facts.coding import CodingFacts
from sim.preferences import Estimate

T = TypeVar("T")


class EstimateFacts(TypedDict):
    """A mean and its spread."""

    mean: float
    spread: float


def facts_of(estimate: Estimate) -> EstimateFacts:
    """Return an estimate's mean and spread as plain data, rounded."""
    return {"mean": rounded(estimate.mean), "spread": rounded(estimate.spread)}


class LearntFacts(TypedDict):
    """One preference before and after the vote; the shift in spreads of the prior."""

    prior: EstimateFacts
    posterior: EstimateFacts
    shift: float
    informed: bool
    evidence: list[str]


class BeforeAfter(TypedDict, Generic[T]):
    """A probability, or those of the three actions, before and after the vote."""

    before: T
    after: T


class SeedFacts(TypedDict):
    """What one vote says of the preferences, as plain data."""

    name: str
    fingerprint: str
    worlds: int
    random_seed: int
    effective_worlds: float
    temper: float
    p_roll_call: BeforeAfter[float]
    members: dict[str, BeforeAfter[list[float]]]
    preferences: dict[str, LearntFacts]


RecordFacts = TypedDict(  # `from` is no name of an attribute
    "RecordFacts",
    {
        "votes": int,
        "member_votes": int,
        "from": str,
        "until": str,
        "half_life": float | None,
        "unknowns": int,
        "iterations": int,
        "log_likelihood": float,
        "coding": CodingFacts,
    },
)


class FittedFacts(TypedDict):
    """One number of a layer before and after; the shift in spreads of the prior."""

    setting: str
    since: NotRequired[str]
    prior: EstimateFacts
    posterior: EstimateFacts
    shift: float
    evidence: list[str]


class CalibrationFacts(TypedDict):
    """What a calibration to the record, and then to the seed vote, says."""

    record: RecordFacts
    preferences: list[FittedFacts]
    seed_vote: SeedFacts | None
    seed_count: int | None
