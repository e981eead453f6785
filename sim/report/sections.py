"""What reports are made of: sections, their cells, and how each cell is written for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.errors import listed
from sim.facts.figures import Figure, Share
from sim.report.spelling import harmless

if TYPE_CHECKING:
    from sim.charter import ActionName, OutcomeName
    from sim.facts.comparison import Change
    from sim.facts.report import ByAction, Chance


VOTING: Mapping[ActionName, str] = {
    "in_favour": "vote in favour",
    "abstaining": "abstain",
    "against": "vote against",
}
VOTES: Mapping[ActionName, str] = {
    "in_favour": "votes in favour",
    "abstaining": "abstains",
    "against": "votes against",
}
"""What a member would do, and what it does, as a sentence has it."""


@dataclass(frozen=True)
class Written(Figure):
    """A number or a date, as it is written."""

    text: str

    def __str__(self) -> str:
        return self.text


def number(value: float, form: str = ".2f") -> Written:
    """Return a number with the digits and the sign that its form asks for: `-0.38`."""
    return Written(f"{value:{form}}")


def mean_spread(mean: float, spread: float, form: str = ".2f") -> Written:
    """Return a mean, in its form, and its standard deviation: `-2.61 ± 0.88`."""
    return Written(f"{mean:{form}} ± {spread:{form.removeprefix('+')}}")


def span(low: Figure, high: Figure) -> Written:
    """Return an interval: `98.1 to 98.3`."""
    return Written(f"{low} to {high}")


def with_interval(
    value: Chance | Change, figure: Callable[[float], Figure] = Share
) -> tuple[Figure, Written]:
    """Return a chance, or a difference as `Points`, and its interval: `98.2`, `98.1 to 98.3`."""
    return figure(value["p"]), span(figure(value["low"]), figure(value["high"]))


def move(before: Figure, after: Figure) -> Written:
    """Return a number before and after: `0.20 → 0.70`."""
    return Written(f"{before} → {after}")


def split(position: ByAction) -> Written:
    """Return in favour / abstaining / against in whole per cent: `28/72/0`."""
    shares = (position["in_favour"], position["abstaining"], position["against"])
    return Written("/".join(f"{100 * share:.0f}" for share in shares))


Cell = str | int | Figure | None
"""Text, a count, a number that knows how it is written, or None where nothing is known."""
Row = Sequence[Cell]


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and a table: its columns and the cells of its rows.

    What is `for_reference` is too long for a terminal and only in the files. A table that
    `explains_itself` has no headings of columns in a terminal. The `key` is its name on a page.
    """

    heading: str
    sentences: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Row] = ()
    for_reference: bool = False
    explains_itself: bool = False
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


def keyed(
    sections: Iterable[tuple[str, Section]], for_reference: tuple[str, ...] = ()
) -> list[Section]:
    """Return sections with their keys; what begins with some of these is for reference."""
    return [
        replace(section, key=key, for_reference=key.startswith(for_reference))
        for key, section in sections
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


def series(items: Iterable[str], conjunction: str) -> str:
    """Return items as a sentence has them: `2022, 2023 and 2024`."""
    *first, last = items
    return f"{', '.join(first)} {conjunction} {last}" if first else last


def with_chances(members: Mapping[str, float], most: int | None = None) -> str:
    """Return members with their chances in whole per cent: `RUS 66, CHN 62 and 2 more`."""
    return listed((f"{code} {100 * p:.0f}" for code, p in members.items()), most or len(members))


def as_if(withdrawn: float) -> str:
    """Return the condition of members' votes where the draft is withdrawn in some worlds."""
    return ", as if a vote were held in every world" if withdrawn else ""


def possible(sides: Sequence[Mapping[OutcomeName, Chance]]) -> list[OutcomeName]:
    """Return the outcomes that can occur in any of several scenarios."""
    return [name for name in sides[0] if any(side[name]["high"] > 0 for side in sides)]
