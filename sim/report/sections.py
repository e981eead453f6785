"""What reports are made of: sections, their cells, and how each cell is written for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from sim.facts.figures import Figure

if TYPE_CHECKING:
    from sim.facts.report import ByAction, Chance, OutcomeName


@dataclass(frozen=True)
class Number(Figure):
    """A number, and the digits and sign that it is shown with: `+.2f` gives `-0.38`."""

    value: float
    form: str = ".2f"

    def __str__(self) -> str:
        return f"{self.value:{self.form}}"


@dataclass(frozen=True)
class MeanSpread(Figure):
    """A mean and its standard deviation: `-2.61 ± 0.88`. The form is that of the mean."""

    mean: float
    spread: float
    form: str = ".2f"

    def __str__(self) -> str:
        return f"{self.mean:{self.form}} ± {self.spread:{self.form.removeprefix('+')}}"


@dataclass(frozen=True)
class Span(Figure):
    """An interval: `98.1 to 98.3`."""

    low: Figure
    high: Figure

    def __str__(self) -> str:
        return f"{self.low} to {self.high}"


@dataclass(frozen=True)
class Move(Figure):
    """A number before and after: `0.20 → 0.70`."""

    before: Figure
    after: Figure

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


@dataclass(frozen=True)
class Split(Figure):
    """In favour / abstaining / against in whole per cent: `28/72/0`."""

    position: ByAction

    def __str__(self) -> str:
        p = self.position
        return f"{100 * p['in_favour']:.0f}/{100 * p['abstaining']:.0f}/{100 * p['against']:.0f}"


@dataclass(frozen=True)
class Best(Figure):
    """The best number of a row, behind a star."""

    figure: Figure

    def __str__(self) -> str:
        return f"*{self.figure}"


@dataclass(frozen=True)
class Day(Figure):
    """A day, a month or a year, as its file writes it."""

    on: str

    def __str__(self) -> str:
        return self.on


@dataclass(frozen=True)
class Exact(Figure):
    """A fraction: `1/156`."""

    fraction: Fraction

    def __str__(self) -> str:
        return f"{self.fraction.numerator}/{self.fraction.denominator}"


Cell = str | int | Figure | None
"""Text, a count, a number that knows how it is written, or None where nothing is known."""
Row = Sequence[Cell]


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and a table: its columns and the cells of its rows.

    What is `for_reference` is too long for a terminal and only in the files. The `key` is its name
    on a page.
    """

    heading: str
    sentences: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Row] = ()
    for_reference: bool = False
    key: str = ""

    @property
    def cells(self) -> list[list[str]]:
        """The rows as they are shown, the same in every form of a report."""
        return [[shown(cell) for cell in row] for row in self.rows]

    @property
    def holds_numbers(self) -> list[bool]:
        """Whether each column has no text in it, so that its digits are set below one another."""
        return [
            not any(isinstance(row[k], str) and row[k] for row in self.rows)
            for k in range(len(self.columns))
        ]


def shown(cell: Cell) -> str:
    """Return a cell as people read it, on one line and with nothing that steers a terminal.

    Raises:
        TypeError: it is none.
    """
    if cell is None:
        return "-"
    if not isinstance(cell, str | int | Figure):
        raise TypeError(f"{cell!r} cannot be shown")
    return harmless(str(cell))


def harmless(text: str) -> str:
    """Return the text without characters that steer a terminal; line breaks and tabs as blanks."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def words(name: str) -> str:
    """Return a key of the report as people write it: `not_carried` is `not carried`."""
    return name.replace("_", " ").replace(" > ", " → ")


def as_if(withdrawn: float) -> str:
    """Return the condition of members' votes where the draft is withdrawn in some worlds."""
    return ", as if a vote were held in every world" if withdrawn else ""


def possible(sides: Sequence[Mapping[OutcomeName, Chance]]) -> list[OutcomeName]:
    """Return the outcomes that can occur in any of several scenarios."""
    return [name for name in sides[0] if any(side[name]["high"] > 0 for side in sides)]
