"""The text: provisions, instrument, lapse, red lines, and when the pen puts it to the vote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats

ANY, RIVAL = "any", "rival"
"""Kinds of draft beside the instruments: every draft; one put beside another on the matter."""

RELATIONS = ("asks", "consents", "contests", "refuses")
"""How the State that a text bears on stands to it."""


class Remembered(NamedTuple):
    """What the record remembers of one member before a draft, by kind of memory.

    Args:
        dissent: how much more often than expected it was not in favour, as logarithms of ratios.
        against: how much more of its dissent than usual was against, likewise.
    """

    dissent: Mapping[str, float]
    against: Mapping[str, float]


@dataclass(frozen=True)
class Provision:
    """One thing a text can do more or less of, on a scale from 0 to 1.

    Args:
        name: the key used in files.
        unit: what the scale measures.
        anchors: what 0, 0.5 and 1 stand for, in words.
    """

    name: str
    unit: str
    anchors: tuple[str, str, str]

    @property
    def in_words(self) -> str:
        """What the scale measures, and what its anchors stand for."""
        low, half, high = self.anchors
        return f"{self.unit}: 0 is {low}; 0.5 is {half}; 1 is {high}"


@dataclass(frozen=True)
class Draft:
    """A text before it is adopted, what stands if it is not, and how far the pen would go.

    All arrays have shape (P,) over `provisions` and lie in 0..1.

    Args:
        symbol: the document symbol, empty for an imagined draft.
        instrument: the kind of text.
        target: code of the State it bears on, or None.
        rival: codes of those who hold the pen of another draft on the matter, put beside it.
        penholders: codes of the drafting members, the one who moves the text first.
        provisions: the scales.
        text: the draft as tabled.
        reading_spread: how far readings of each provision differ between worlds (standard
            deviation): a coder's or an analyst's uncertainty, the same for all members of a world.
        lapse: what stands if the draft is not adopted.
        low, high: the penholder's red lines; equal to `text` where it would not move.
        rollover: the text of a technical rollover.
        mandate: the mandate that it renews, as `dprk-panel`, or empty.
        relation: how the target stands to it, one of `RELATIONS`, or empty where not known.
        sides: the share of each side of the pen.
        memory: what the record remembers of members before it, by code.
    """

    symbol: str
    instrument: str
    target: str | None
    rival: tuple[str, ...]
    penholders: tuple[str, ...]
    provisions: tuple[Provision, ...]
    text: Floats
    reading_spread: Floats
    lapse: Floats
    low: Floats
    high: Floats
    rollover: Floats
    mandate: str = ""
    relation: str = ""
    sides: Mapping[str, float] = field(default_factory=dict)
    memory: Mapping[str, Remembered] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What kinds of draft it is: `ANY`, its instrument, and `RIVAL` if it is one."""
        return (ANY, self.instrument, *([RIVAL] if self.rival else []))

    @property
    def opposed(self) -> tuple[str, ...]:
        """What a vote against it is against: its instrument, its target if any, the pen's sides."""
        return (self.instrument, *([self.target] if self.target else []), *self.sides)

    def concerns(self, member: str) -> tuple[str, ...]:
        """Return the States that it is on and by, other than a member: target and penholders."""
        others = (state for state in (self.target, *self.penholders) if state != member)
        return tuple(dict.fromkeys(filter(None, others)))

    @property
    def is_negotiable(self) -> bool:
        """Whether the penholder would move any provision at all."""
        return bool(np.any(self.low < self.high))

    @property
    def matters(self) -> NDArray[np.bool_]:
        """Where the text can ever differ from the lapse, (P,): elsewhere nobody gains or loses."""
        return (
            (self.text != self.lapse)
            | (self.reading_spread > 0)
            | (self.low < self.high)
            | (self.rollover != self.lapse)
        )

    @property
    def active_provisions(self) -> tuple[str, ...]:
        """The names of the provisions where the text can ever differ from the lapse."""
        return tuple(
            p.name for p, is_active in zip(self.provisions, self.matters, strict=True) if is_active
        )


@dataclass(frozen=True)
class Tabling:
    """What the penholder does at the deadline.

    Args:
        if_adoptable: withdraw where P(adopted) is below this, 0..1; 0 always tables.
        rollover_below: fall back on a technical rollover where P(adopted) is below this, 0..1.
    """

    if_adoptable: float = 0.0
    rollover_below: float = 0.0


@dataclass(frozen=True)
class Consultations:
    """How the informal consultations run.

    Args:
        rounds: rounds before the deadline, 1 or more.
        damping: share of its old position that a member keeps when it states a new one, 0..1.
        full_precision_at: share of the rounds after which precision has risen to its full value,
            above 0 up to 1; before, it rises evenly from 0.
        amendments: whether the penholder moves the text inside its red lines.
        step: the first move of a provision, 0..1; halved whenever the direction turns.
    """

    rounds: int = 12
    damping: float = 0.3
    full_precision_at: float = 0.5
    amendments: bool = True
    step: float = 0.1

    def precision_share(self, round_number: int) -> float:
        """Return the share of full precision in a round counted from 1: 0..1."""
        return min(1.0, round_number / (self.rounds * self.full_precision_at))

    def precision_shares(self) -> list[float]:
        """Return the share of full precision in each round, 0..1."""
        return [self.precision_share(n) for n in range(1, self.rounds + 1)]
