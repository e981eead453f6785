"""What a back-test says, as typed data: `backtest.json`."""

from __future__ import annotations

from typing import Literal, TypedDict

from sim.backtest.published import PublishedFacts

Of = Literal["member_votes", "outcomes"]
"""What a score is of."""
ScoreFacts = dict[str, float | None]
"""Scores by name; None where there is nothing to score."""


class DifferenceFacts(TypedDict):
    """The simulator's score less another's, with its 95 % interval."""

    difference: float | None
    low: float | None
    high: float | None


DifferencesFacts = dict[str, dict[str, DifferenceFacts]]
"""By forecaster, then by score: `member_votes.log_loss`."""


class ScoredFacts(TypedDict):
    """Scores by forecaster, and the simulator's less each other forecaster's."""

    member_votes: dict[str, ScoreFacts]
    outcomes: dict[str, ScoreFacts]
    differences: DifferencesFacts


class BinFacts(TypedDict):
    """One bin of the reliability of the leading forecaster; see `bins.Bin`."""

    forecaster: str
    of: Literal["adopted", "member_in_favour"]
    begins: float
    count: int
    mean_forecast: float
    observed: float
    low: float
    high: float
    is_off: bool


class PartFacts(TypedDict):
    """The scores of a year or an instrument."""

    votes: int
    not_adopted: int
    member_votes: dict[str, ScoreFacts]
    outcomes: dict[str, ScoreFacts]


class HardestFacts(TypedDict):
    """A member that is hard to forecast."""

    member: str
    votes: int
    not_in_favour: int
    log_loss: dict[str, float]


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
        "refit": Literal["yearly", "monthly"],
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
    reliability: list[BinFacts]
    weighted: ScoredFacts
    by_year: dict[str, PartFacts]
    by_instrument: dict[str, PartFacts]
    hardest: list[HardestFacts]
    published: list[PublishedFacts]
    settings: SettingsFacts
