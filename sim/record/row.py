"""What the cells of one row of the record say; whatever is wrong is noted and read as nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

from sim.charter import DECIDED, Outcome
from sim.errors import Fault, NotFound, did_you_mean, listed
from sim.reading.csv_table import Row
from sim.reading.messages import ANY_STATE, near_state, quoted
from sim.roster import Member, caucus_names, council_on, day_of, states, years

NOT_IN_FAVOUR = ("against", "abstaining", "not_participating")
"""The columns that name members; every other member seated that day was in favour."""


def words(cell: str) -> list[str]:
    """Return the codes in a cell, with blanks, `;` or `,` between them."""
    return [word for word in re.split(r"[;,\s]+", cell) if word]


def roster_days() -> str:
    """Return in words the days on which it is known who sat in the Council."""
    first, last = years()
    return f"a day from {first}-01-01 to {last}-12-31"


class Cells:
    """One row, and the faults found in it so far; a column that is missing is no fault of a row."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.faults: list[Fault] = []

    def note(self, column: str, found: str, allowed: str, advice: str = "") -> None:
        """Keep in mind what is wrong with a cell."""
        self.faults.append(self.row.fault(column, found, allowed, advice))

    def have(self, columns: Collection[str]) -> bool:
        """Return whether the file has all these columns."""
        return all(column in self.row.cells for column in columns)

    def are_sound(self, columns: Collection[str]) -> bool:
        """Return whether the file has all these columns, and nothing is wrong with their cells."""
        return self.have(columns) and not any(fault.path in columns for fault in self.faults)

    def text(self, column: str) -> str:
        """Return a text that may not be empty."""
        text = self.row.cells.get(column, "")
        if not text and self.have([column]):
            self.note(column, "the cell is empty", "expected a text")
        return text

    def choice(self, column: str, known: Collection[str], advice_if_empty: str) -> str | None:
        """Return one of the known words.

        Args:
            column: where it stands.
            known: what may stand there; an empty cell only if it is among them.
            advice_if_empty: what to do where it is empty and may not be.
        """
        text = self.row.cells.get(column)
        if text is None or text in known:
            return text
        allowed = f"expected one of {listed(filter(None, known))}"
        allowed += ", or an empty cell" if "" in known else ""
        if text:
            self.note(column, f"found {quoted(text)}", allowed, did_you_mean(text, known))
        else:
            self.note(column, "the cell is empty", allowed, advice_if_empty)
        return None

    def outcome(self) -> Outcome | None:
        """Return what the vote ended in."""
        text = self.choice("outcome", [outcome.value for outcome in DECIDED], "")
        return Outcome(text) if text else None

    def day(self) -> date | None:
        """Return the day of the vote."""
        text = self.row.cells.get("date")
        try:
            day = day_of(text) if text is not None else None
        except NotFound:
            day = None
        if day and day.isoformat() == text:  # a week, as 2024-W13-4, is no day
            return day
        if text is not None:
            self.note("date", f"found {quoted(text)}", "expected a day that exists, as 2024-03-28")
        return None

    def council(self, day: date | None) -> tuple[Member, ...]:
        """Return the members seated on the day, none where that is not known."""
        try:
            return council_on(day) if day else ()
        except NotFound:
            self.note("date", f"no roster for {day}", f"expected {roster_days()}")
            return ()

    def target(self) -> str | None:
        """Return the State that the text bears on, or None."""
        code = self.row.cells.get("target", "")
        if code and code not in states():
            allowed = f"expected {ANY_STATE}, or an empty cell"
            self.note("target", f"found {quoted(code)}", allowed, near_state(code))
        return code or None

    def penholders(self, council: Sequence[Member]) -> tuple[str, ...]:
        """Return the codes of the penholders in their order, a caucus as its members seated."""
        codes: list[str] = []
        for word in words(self.row.cells.get("penholder", "")):
            if word in caucus_names():
                codes += [member.code for member in council if word in member.caucuses]
            elif word in states():
                codes.append(word)
            else:
                allowed = f"expected {ANY_STATE}, or a caucus ({listed(caucus_names())})"
                self.note("penholder", f"found {quoted(word)}", allowed, near_state(word))
        return tuple(dict.fromkeys(codes))

    def term(self) -> None:
        """Note a term that is neither empty nor a number of months."""
        text = self.row.cells.get("term_months", "")
        is_number = re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text) and float(text) > 0
        if text and not is_number:
            allowed = "expected a number of months above 0, as 7.5, or an empty cell"
            self.note("term_months", f"found {quoted(text)}", allowed)

    def n_in_favour(self, most: int) -> int | None:
        """Return the number of votes in favour."""
        text = self.row.cells.get("in_favour")
        if text is None or (re.fullmatch("[0-9]{1,3}", text) and int(text) <= most):
            return None if text is None else int(text)
        allowed = f"expected a whole number from 0 to {most}"
        self.note("in_favour", f"found {quoted(text)}", allowed)
        return None

    def named(self, council: Sequence[Member]) -> dict[str, str]:
        """Return under which column each member that was not in favour stands."""
        seats = [member.code for member in council]
        named: dict[str, str] = {}
        for column in NOT_IN_FAVOUR:
            for code in words(self.row.cells.get(column, "")):
                if code not in states():
                    allowed = "expected the code of a member of the Council"
                    near = did_you_mean(code, seats or states())
                    self.note(column, f"found {quoted(code)}", allowed, near)
                elif seats and code not in seats:
                    found = f"{code} holds no seat on {self.row.cells['date']}"
                    self.note(column, found, f"expected one of {listed(seats)}")
                elif code in named:
                    found = f"{code} stands already under '{named[code]}'"
                    self.note(column, found, "each member votes once")
                named.setdefault(code, column)
        return named
