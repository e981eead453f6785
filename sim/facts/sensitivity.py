"""What an outcome hangs on, as plain data: the shape of `sensitivity.json`."""

from __future__ import annotations

from typing import final

from pydantic import with_config
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from sim.facts.comparison import Change
from sim.facts.hangs_on import InputIndex, ShareOfVariance
from sim.facts.report import Chance, Hash
from sim.facts.run import Head


class GroupIndices(TypedDict):
    """What a group of numbers explains."""

    name: str
    numbers: int
    shapley: ShareOfVariance
    """Its share; those of all groups add up to 1."""
    first_order: ShareOfVariance
    """What it explains by itself, with what others have in common with it."""
    total: ShareOfVariance | None
    """What stays open if all others are known; None where it was not asked for."""


class BarFacts(TypedDict):
    """One number moved by itself, and by how much that moves P(adopted)."""

    setting: str
    by: str
    """`spread`, its own standard deviation; `step`, a fixed one; `factor`, divided and times."""
    now: float
    low: float
    high: float
    at_low: Change
    at_high: Change


class ChoiceFacts(TypedDict):
    """Another choice, and by how much it moves P(adopted)."""

    choice: str
    settings: list[str]
    difference: Change


@final
@with_config({"extra": "forbid", "use_attribute_docstrings": True})
class SensitivityFacts(Head):
    """What the outcome hangs on: `sensitivity.json`."""

    headline: str
    adopted: Chance
    sd: float
    """Standard deviation of P(adopted) between worlds."""
    joint_draws: int | None
    """How many joint draws of the preferences the worlds share; None where each is drawn alone."""
    inputs: list[InputIndex]
    """The largest first."""
    worlds_redrawn: int
    kinds: list[GroupIndices]
    owners: list[GroupIndices]
    worlds_moved: int
    tried: int
    """How many numbers were moved in the trial that chose the bars."""
    largest_left_out: float
    """The largest difference in the trial of those that have no bar."""
    bars: list[BarFacts]
    """The widest first."""
    choices: list[ChoiceFacts]
    checksum: Hash
