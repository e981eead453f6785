"""One vote in the UN Digital Library's file: a row for each member, made one row of the record."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sim.charter import Outcome, Rules
from sim.errors import Fault, Place, did_you_mean, listed
from sim.reading.csv_table import Row
from sim.reading.messages import quoted
from sim.record.keywords import instrument_in, target_in
from sim.record.record import COLUMNS
from sim.record.record_row import RecordRow
from sim.roster import council_on, states, years

TOTALS = {
    "total_yes": "Y",
    "total_no": "N",
    "total_abstentions": "A",
    "total_non_voting": "X",
}
"""Which letter of `ms_vote` each total counts."""
OF_ONE_VOTE = ("date", "resolution", "draft", "modality", *TOTALS, "total_ms")
"""Columns on which all rows of one vote agree."""

_COLUMN_OF = {"N": "against", "A": "abstaining", "X": "not_participating"}
_NO_VOTE_TAKEN = re.compile(r"without (a )?vote")
_RESOLUTION = re.compile(r"S/RES/([0-9]{1,5}) ?\(([0-9]{4})\)")
_DRAFT = re.compile(r"S/[A-Za-z0-9./]+")


@dataclass
class UndlVote:
    """The rows of one vote, and what is wrong with them."""

    rows: list[Row]
    faults: list[Fault] = field(default_factory=list)

    @property
    def cells(self) -> Mapping[str, str]:
        """The first row, which speaks for all of them where they must agree."""
        return self.rows[0].cells

    @property
    def place(self) -> Place:
        """Where the first row begins."""
        return self.rows[0].place

    @cached_property
    def day(self) -> date | None:
        """The day of the vote, or None where the cell holds no day, which is then noted."""
        first = RecordRow(self.rows[0])
        day = first.day()
        self.faults += first.faults
        return day

    @property
    def is_outside_rosters(self) -> bool:
        """Whether the Council of that year is unknown."""
        first, last = years()
        return self.day is not None and not first <= self.day.year <= last

    @property
    def symbol(self) -> str:
        """The symbol of the resolution or, where there is none, of the (first) draft."""
        draft = self.cells["draft"].split("|")[0].strip()
        return self.cells["resolution"].replace(" ", "") or draft

    @property
    def vote_id(self) -> str:
        """Its id in the record: `R2680`, `S-2024-255`, or nothing where no symbol gives one."""
        if found := _RESOLUTION.fullmatch(self.symbol):
            return f"R{found[1]}"
        is_draft = _DRAFT.fullmatch(self.symbol) and not self.cells["resolution"]
        return self.symbol.replace("/", "-") if is_draft else ""

    @property
    def was_counted(self) -> bool:
        """Whether a vote was taken: otherwise the resolution was adopted without one."""
        return not _NO_VOTE_TAKEN.search(self.cells["modality"].casefold())

    def note(self, row: Row, column: str, found: str, allowed: str, advice: str = "") -> None:
        """Note what is wrong."""
        self.faults.append(row.fault(column, found, allowed, advice))

    def as_row(self) -> dict[str, str] | None:
        """Return the vote as a row of the record, or note everything that is wrong with it."""
        cells, day = self.cells, self.day
        self._check_agreement()
        letters = self.letters(day) if day else {}
        if self.was_counted and not self.faults:
            self._check_totals(letters)
        if self.faults or day is None:
            return None
        named = {
            column: " ".join(sorted(code for code, letter in letters.items() if letter == sign))
            for sign, column in _COLUMN_OF.items()
        }
        return {
            **dict.fromkeys(COLUMNS, ""),
            "vote_id": self.vote_id,
            "date": day.isoformat(),
            "symbol": self.symbol,
            "title": cells["description"] or self.symbol,
            "summary": cells["agenda"],
            "instrument": instrument_in(cells["description"]),
            "target": target_in(cells["description"], cells["agenda"]),
            "outcome": Outcome.ADOPTED.value,
            "in_favour": str(list(letters.values()).count("Y")),
            **named,
        }

    def letters(self, day: date) -> dict[str, str]:
        """Return how each member voted, by its code, and note everything that cannot be.

        Where no vote was taken, all members were in favour.
        """
        seats = [member.code for member in council_on(day)]
        known, allowed = {"Y", "X", ""}, "expected Y, X or nothing, as no vote was taken"
        if self.was_counted:
            known, allowed = {*TOTALS.values()}, "expected Y, N, A or X"
        letters: dict[str, str] = {}
        for row in self.rows:
            code, letter = row.cells["ms_code"], row.cells["ms_vote"].upper()
            if code not in seats:
                found, near = f"{code} holds no seat on {day}", ""
                if code not in states():
                    found, near = f"found {quoted(code)}", did_you_mean(code, seats)
                self.note(row, "ms_code", found, f"expected one of {listed(seats)}", near)
            elif code in letters:
                self.note(row, "ms_code", f"{code} is given twice", "each member votes once")
            if letter not in known:
                self.note(row, "ms_vote", f"found {quoted(row.cells['ms_vote'])}", allowed)
            letters.setdefault(code, letter if self.was_counted else "Y")
        if missing := [code for code in seats if code not in letters]:
            allowed = f"expected the {len(seats)} members seated on {day}"
            self.note(self.rows[0], "ms_code", f"no row for {listed(missing)}", allowed)
        return letters

    def _check_agreement(self) -> None:
        """Note a symbol that gives no id, and rows that differ from the first of their vote."""
        if not self.vote_id:
            allowed = "expected a symbol as S/RES/2680(2023), or a draft's, as S/2024/255"
            column = "resolution" if self.cells["resolution"] else "draft"
            self.note(self.rows[0], column, f"found {quoted(self.symbol)}", allowed)
        for row in self.rows[1:]:
            for column in OF_ONE_VOTE:
                if row.cells[column] != self.cells[column]:
                    found = f"found {quoted(row.cells[column])}"
                    said = f"{quoted(self.cells[column])} as in line {self.place.line}"
                    self.note(row, column, found, f"expected {said}, of the same vote")

    def _check_totals(self, letters: Mapping[str, str]) -> None:
        """Note totals that the rows contradict, and too few in favour for a resolution."""
        counts = Counter(letters.values())
        counted = {column: counts[letter] for column, letter in TOTALS.items()}
        for column, number in {**counted, "total_ms": len(letters)}.items():
            said = self.cells[column].removesuffix(".0")
            if said and said != str(number):
                self.note(self.rows[0], column, f"found {quoted(said)}", f"the rows give {number}")
        quota = Rules.quota
        if counts["Y"] < quota:
            found = f"{counts['Y']} in favour"
            self.note(self.rows[0], "ms_vote", found, f"a resolution needs {quota} or more")
