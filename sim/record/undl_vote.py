"""One vote in the UN Digital Library's file: what its rows, one for each member, say of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sim.errors import NotFound, Place
from sim.reading.csv_table import Row
from sim.reading.messages import quoted
from sim.reading.numerals import day_meant
from sim.record.problems import KINDS, Problem
from sim.record.recorded_vote import YES, is_procedural
from sim.record.series import is_draft, year_of
from sim.record.undl_row import UndlRow, as_meant
from sim.roster import day_of

TOTALS = {
    "total_yes": "Y",
    "total_no": "N",
    "total_abstentions": "A",
    "total_non_voting": "X",
}
"""Which letter of `ms_vote` each total counts."""
OF_ONE_VOTE = ("date", "resolution", "draft", "modality", *TOTALS, "total_ms")
"""Columns on which all rows of one vote agree."""
IF_GIVEN = ("procedural", "outcome")
"""Columns that may be missing, or filled in one row of a vote alone."""
TOLD = ("description", "agenda", "meeting")
"""Columns that are told by the first row of a vote."""

_NO_VOTE_TAKEN = re.compile(r"without (a )?vote|consensus|acclamation")
_MIDNIGHT = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(:00(\.0+)?)?Z?")
_OF_SPREADSHEET = re.compile(r"(?P<days>[1-9][0-9]{4})(\.0)?")
_DAY_0_OF_SPREADSHEETS = date(1899, 12, 30).toordinal()
_RESOLUTION = re.compile(r"S/RES/([1-9][0-9]{0,4})\(([0-9]{4})\)")
_RESOLUTION_MEANT = re.compile(r"\D*?0*([1-9][0-9]{0,4})(?:\D+([0-9]{4}))?\D*")
_BETWEEN_SYMBOLS = re.compile(r"[|;,\n]")
_AMENDMENT = re.compile(r"\bamendments?\b", re.IGNORECASE)
_TO_A_DRAFT = re.compile(r"\b(to|of) ((the )?(revised )?draft\b|S/[0-9])", re.IGNORECASE)
_SYMBOL_IN_TEXT = re.compile(r"S/[0-9]{4}/[0-9]+(?:/Rev\.[0-9]+)?|S/[0-9]{3,6}(?:/Rev\.[0-9]+)?")


@dataclass
class UndlVote:
    """The rows of one vote, and what is wrong with them."""

    rows: list[Row]
    problems: list[Problem] = field(default_factory=list)
    nth_amendment: int = 1
    """Which it is of the oral amendments to its draft."""

    @property
    def cells(self) -> Mapping[str, str]:
        """The first row, which speaks for all of them where they must agree."""
        return self.rows[0].cells

    def said(self, column: str) -> str:
        """Return what its rows say in a column `IF_GIVEN`, by the first that says anything."""
        return next((said for row in self.rows if (said := row.cells.get(column, ""))), "")

    @property
    def place(self) -> Place:
        """Where the first row begins."""
        return self.rows[0].place

    def line_of(self, other: Place) -> str:
        """Return in words the line of another vote, and its file where that is another."""
        file = "" if other.source == self.place.source else f" of {other.source}"
        return f"line {other.line}{file}"

    @property
    def is_left_out(self) -> bool:
        """Whether something was found for which it cannot be read."""
        return any(KINDS[problem.kind].left_out for problem in self.problems)

    @cached_property
    def day(self) -> date | None:
        """The day of the vote, or None where the cell holds no day, which is then noted."""
        said = self.cells["date"]
        text = found["day"] if (found := _MIDNIGHT.fullmatch(said)) else said
        try:
            return day_of(text)
        except NotFound:
            allowed = "expected a day that exists, as 2024-03-28"
            self.note(
                "day", self.rows[0], "date", f"found {quoted(said)}", allowed, _day_near(said)
            )
            return None

    @cached_property
    def members(self) -> tuple[UndlRow, ...]:
        """Its rows as they were meant."""
        return tuple(as_meant(row, self.place) for row in self.rows)

    @cached_property
    def drafts(self) -> list[str]:
        """The symbols in the cell of the draft."""
        parts = _BETWEEN_SYMBOLS.split(self.cells["draft"])
        return [symbol for part in parts if (symbol := _without_blanks(part))]

    @cached_property
    def resolution(self) -> str:
        """The symbol of the resolution, or empty."""
        return _without_blanks(self.cells["resolution"])

    @cached_property
    def told(self) -> str:
        """What is said of it in words."""
        return " ".join(f"{self.cells['description']} {self.cells.get('vote_note', '')}".split())

    @cached_property
    def is_amendment(self) -> bool:
        """Whether it is a vote on an amendment to a draft."""
        said = not self.resolution and _AMENDMENT.search(self.told)
        return bool(said and _TO_A_DRAFT.search(self.told, said.end()))

    @cached_property
    def amends(self) -> str:
        """The symbol of the draft that it amends; empty for a draft, or where none is named."""
        if not self.is_amendment:
            return ""
        named = _SYMBOL_IN_TEXT.findall(self.told)
        others = [symbol for symbol in (*named, *self.drafts[1:]) if symbol not in self.drafts[:1]]
        return next(iter([*others, *self.drafts]), "")

    @cached_property
    def symbol(self) -> str:
        """The symbol of the resolution, or of the (first) draft; for an amendment, its own.

        An amendment that was moved orally has none: it has that of its draft with its number.
        """
        first = next(iter(self.drafts), "")
        if self.is_amendment and (not first or first == self.amends):
            return f"{self.amends} (amendment {self.nth_amendment})"
        return self.resolution or first

    @cached_property
    def vote_id(self) -> str:
        """Its id in the record: `R2680`, `S-2024-255`, or nothing where no symbol gives one."""
        if found := _RESOLUTION.fullmatch(self.resolution):
            return f"R{found[1]}"
        plain = self.symbol.replace(" (", "/").replace(" ", "/").removesuffix(")")
        return plain.replace("/", "-") if is_draft(plain) and not self.resolution else ""

    @property
    def was_counted(self) -> bool:
        """Whether a vote was taken: otherwise the resolution was adopted without one."""
        return not _NO_VOTE_TAKEN.search(self.cells["modality"].casefold())

    def note(
        self, kind: str, row: Row, column: str, found: str, allowed: str, advice: str = ""
    ) -> None:
        """Note a problem of this vote."""
        fault = row.fault(column, found, allowed, advice)
        self.problems.append(Problem(fault, kind, self.place))

    def check_symbols(self) -> None:
        """Note a symbol that gives no id, and a resolution of another year than the vote."""
        first = self.rows[0]
        if self.is_amendment and not is_draft(self.amends):
            allowed = "expected the symbol of the draft that it amends"
            self.note("amends_nothing", first, "description", "no draft is named", allowed)
        elif not self.vote_id:
            column = "resolution" if self.resolution else "draft"
            said = self.cells[column]
            allowed = "expected a symbol as S/RES/2680(2023), or a draft's, as S/2024/255"
            near = self._resolution_near(said) if self.resolution else ""
            if column == "draft" and _RESOLUTION.fullmatch(self.symbol):
                near = "The symbol of a resolution goes under 'resolution'."
            self.note("symbol", first, column, f"found {quoted(said)}", allowed, near)
        if self.day and (year := year_of(self.resolution)) not in (0, self.day.year):
            said = f"{self.symbol} is dated {self.day}"
            self.note("year", first, "date", said, f"expected a day of {year}")

    def _resolution_near(self, said: str) -> str:
        """Return which resolution a text may mean that is not written as its symbol."""
        found = _RESOLUTION_MEANT.fullmatch(said)
        year = found and (found[2] or (self.day and self.day.year))
        if found and year:
            return f"Did you mean 'S/RES/{found[1]}({year})'?"
        return "" if re.search("[0-9]", said) else "Where a draft got no number, leave it empty."

    def check_agreement(self) -> None:
        """Note where rows differ from the first of their vote, once for each column."""
        for column in (*OF_ONE_VOTE, *IF_GIVEN):
            is_needed = column in OF_ONE_VOTE
            given = [row for row in self.rows if is_needed or row.cells.get(column)]
            others = [row for row in given if row.cells[column] != given[0].cells[column]]
            if not others:
                continue
            found = f"found {quoted(others[0].cells[column])}"
            found += f" in {len(others)} rows" if len(others) > 1 else ""
            said = f"{quoted(given[0].cells[column])} as in line {given[0].place.line}"
            self.note("differing", others[0], column, found, f"expected {said}, of the same vote")

    def check_told(self) -> None:
        """Note where a row tells the vote otherwise than the first, once for each column."""
        for column in TOLD:
            first, *cells = (" ".join(row.cells.get(column, "").split()) for row in self.rows)
            others = [(n, said) for n, said in enumerate(cells, 1) if said not in ("", first)]
            for n, said in others[:1]:
                found = f"found {quoted(said)}"
                found += f" in {len(others)} rows" if len(others) > 1 else ""
                allowed = f"read as {quoted(first)} in line {self.place.line}"
                self.note("told_otherwise", self.rows[n], column, found, allowed)

    def check_procedural(self) -> None:
        """Note what is neither yes nor no where it is said whether a veto applied."""
        known = ("", YES, "no")
        wrong = [r for r in self.rows if r.cells.get("procedural", "").lower() not in known]
        for row in wrong[:1]:
            found = f"found {quoted(row.cells['procedural'])}"
            self.note("procedural", row, "procedural", found, "expected yes, no or nothing")

    def is_procedural(self, day: date) -> bool:
        """Return whether no veto applied, by a column of that name or by what is known of it."""
        return is_procedural(self.vote_id, day, self.said("procedural").lower())


def _without_blanks(text: str) -> str:
    return "".join(text.split())


def _day_near(said: str) -> str:
    """Return how to write a day that was written otherwise, or as a spreadsheet counts days."""
    if found := _OF_SPREADSHEET.fullmatch(said):
        day = date.fromordinal(_DAY_0_OF_SPREADSHEETS + int(found["days"]))
        return f"A spreadsheet counts {day} so: format the column as 2024-03-28."
    return day_meant(said)
