"""Which texts would pass at what price, as plain data: the shape of `frontier.json`."""

from __future__ import annotations

from typing import final

from pydantic import with_config
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from sim.facts.comparison import Change
from sim.facts.report import Chance, Hash
from sim.facts.run import Head


class ScaleFacts(TypedDict):
    """A provision on its scale, and between which values it may be; equal where it stays."""

    unit: str
    anchors: list[str]
    tabled: float
    lapse: float
    low: float
    high: float


class TextFacts(TypedDict):
    """What one text comes to."""

    text: dict[str, float]
    adopted: Chance
    worth: float
    """What its adoption over the lapse is worth to the member, for what it says and on whom."""
    distance: float
    """From the tabled text: the moves of all provisions, added up."""
    dissenters: dict[str, float]
    """The probability that a member is not in favour, of those that are likely to dissent."""


class MoveFacts(TypedDict):
    """One provision of the tabled text moved by a step, and what that does."""

    provision: str
    before: float
    after: float
    adopted: Change
    worth: float
    """By how much the worth to the member changes."""


class TargetFacts(TypedDict):
    """The smallest amendment that reaches a chance of adoption."""

    adopted: float
    text: TextFacts | None
    """None where no text is likely enough."""


@final
@with_config({"extra": "forbid", "use_attribute_docstrings": True})
class FrontierFacts(Head):
    """The trade-off between worth and adoption: `frontier.json`."""

    worlds_searched: int
    texts_tried: int
    headline: str
    member: str
    """To whom the texts are worth something: the penholder, unless another was asked for."""
    provisions: dict[str, ScaleFacts]
    tabled: TextFacts
    points: list[TextFacts]
    """No text is both worth more and likelier than another; the one worth most comes first."""
    best: int
    """The number of the point, from 0, whose chance of adoption times its worth is largest."""
    target: TargetFacts
    moves: list[MoveFacts]
    """Those that buy most adoption for what they cost come first."""
    checksum: Hash
