"""What an outcome hangs on, as plain data: the shape of `sensitivity.json`."""

from __future__ import annotations

from typing_extensions import TypedDict

from sim.facts.comparison import Change
from sim.facts.report import Chance
from sim.facts.run import Head


class ShareOfVariance(TypedDict):
    """A share of the variance of P(adopted) between worlds, with its 95 % interval."""

    share: float
    low: float
    high: float
    converged: bool
    """Whether the interval is narrow enough for the share to be taken as such."""


class InputIndex(TypedDict):
    """What one number explains by itself."""

    settings: list[str]
    """Where it is set; several where they are one and the same number in every world."""
    kind: str
    first_order: ShareOfVariance


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
