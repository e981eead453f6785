"""What a back-test says, as typed data: `backtest.json`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from sim.backtest.published import Of, PublishedFacts
from sim.backtest.tasks import Refit
from sim.facts.coding import CodingFacts

ScoreFacts = dict[str, float | None]
"""Scores by name; None where there is nothing to score."""


class DifferenceFacts(TypedDict):
    """The simulator's score less another's, with its 95 % interval.

    `by_mandate` is the interval over whole mandates, which the weighted scores have not.
    """

    difference: float | None
    low: float | None
    high: float | None
    low_by_mandate: NotRequired[float | None]
    high_by_mandate: NotRequired[float | None]


DifferencesFacts = dict[str, dict[str, DifferenceFacts]]
"""By forecaster, then by score: `member_votes.log_loss`."""


class ScoredFacts(TypedDict):
    """Scores by forecaster, and the simulator's less each other forecaster's."""

    member_votes: dict[str, ScoreFacts]
    outcomes: dict[str, ScoreFacts]
    differences: DifferencesFacts


class StepFacts(TypedDict):
    """One step of a reliability diagram; see `corp.Step`."""

    begins: float
    ends: float
    count: int
    mean_forecast: float
    observed: float
    low: float
    high: float
    is_off: bool


class DecompositionFacts(TypedDict):
    """What a Brier score is made of; see `corp.Decomposition`."""

    brier: float
    miscalibration: float
    discrimination: float
    uncertainty: float


class ReliabilityFacts(TypedDict):
    """The reliability of the leading forecaster, and every forecaster's Brier score in its parts.

    The scores are of one class against all others, so a member vote's is not the `brier` of three.
    """

    steps: list[StepFacts]
    decomposition: dict[str, DecompositionFacts]


Event = Literal["adopted", "member_in_favour"]
"""What a reliability is of."""


class ForeseenFacts(TypedDict):
    """How many drafts of each kind got a probability above one half of what became of them."""

    adopted: int
    not_adopted: int


class PartFacts(TypedDict):
    """Some scores on a part of the votes."""

    votes: int
    not_adopted: int
    member_votes: dict[str, ScoreFacts]
    outcomes: dict[str, ScoreFacts]


class MembersFacts(TypedDict):
    """Some scores on the votes of one member, or of those of a group."""

    votes: int
    not_in_favour: int
    member_votes: dict[str, ScoreFacts]


class LikeFacts(TypedDict):
    """Scores on the votes that are most like those of a published test, and what happened there."""

    votes: int
    happened: dict[str, int]
    scores: dict[str, ScoreFacts]


class WorstFacts(TypedDict):
    """A forecast of the leading forecaster that cost most; the member of a member vote."""

    vote_id: str
    date: str
    title: str
    member: NotRequired[str]
    p: dict[str, float]
    happened: str
    log_loss: float


class ForecasterFacts(TypedDict):
    """A forecaster's version and settings."""

    version: int
    settings: dict[str, object]


class SoftwareFacts(TypedDict):
    """What made the back-test."""

    name: str
    version: str


SettingsFacts = TypedDict(  # `from` is no name of an attribute
    "SettingsFacts",
    {
        "from": str,
        "to": str,
        "refit": Refit,
        "record": str,
        "forecasters": dict[str, ForecasterFacts],
        "software": SoftwareFacts,
        "leading": str,
        "resamples": int,
        "random_seed": int,
        "least_probability": float,
    },
)


class BackTestFacts(ScoredFacts):
    """What a back-test says: `backtest.json`."""

    votes: int
    not_adopted: int
    foreseen: dict[str, ForeseenFacts]
    reliability: dict[Event, ReliabilityFacts]
    weighted: ScoredFacts
    contested: PartFacts
    like_published: dict[str, LikeFacts]
    by_year: dict[str, PartFacts]
    by_instrument: dict[str, PartFacts]
    by_mandate: dict[str, PartFacts]
    by_regional_group: dict[str, MembersFacts]
    by_member: dict[str, MembersFacts]
    worst: dict[Of, list[WorstFacts]]
    published: list[PublishedFacts]
    coding: CodingFacts
    settings: SettingsFacts
