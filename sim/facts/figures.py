"""Numbers and names as people write them: a share in per cent, a difference in points."""

from __future__ import annotations

from dataclasses import dataclass


class Figure:
    """A number that knows how it is written: `str(figure)` is what a reader sees."""


@dataclass(frozen=True)
class Share(Figure):
    """A share or probability, 0 to 1, in per cent: `98.2`; 0.0 and 100.0 only where exact."""

    p: float

    def __str__(self) -> str:
        if 0 < self.p < 0.0005:
            return "<0.1"
        return ">99.9" if 0.9995 <= self.p < 1 else f"{100 * self.p:.1f}"


@dataclass(frozen=True)
class Points(Figure):
    """A difference of two probabilities, -1 to 1, in points: `-27.4`; none is `+0.0`."""

    difference: float

    def __str__(self) -> str:
        return f"{round(100 * self.difference, 1) + 0.0:+.1f}"


def percent(p: float) -> str:
    """Return a probability as a sentence has it: `98.2 %`, `under 0.1 %`."""
    return f"{Share(p)} %".replace("<", "under ").replace(">", "over ")


def counted(n: int, what: str) -> str:
    """Return how many there are of something: `1 vote`, `2,000 worlds`."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def words(name: str) -> str:
    """Return a key of the report as people write it: `not_carried` is `not carried`."""
    return name.replace("_", " ").replace(" > ", " → ")
