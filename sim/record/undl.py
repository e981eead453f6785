"""The UN Digital Library's Security Council Voting Data as rows of a record.

The library offers the file (record 4055387) for non-commercial use with attribution and not for
redistribution in bulk: it is downloaded by hand and read here. It has one row for each member and
vote, of adopted resolutions only, so that whatever is learned from it alone never saw a draft fail.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TextIO

from sim.charter import Outcome, Rules
from sim.errors import Fault, InvalidInput, Place, did_you_mean, listed
from sim.reading.csv_table import Row, Table, no_votes, read_table
from sim.reading.messages import quoted
from sim.record.keywords import instrument_in, target_in
from sim.record.record import COLUMNS
from sim.record.row import Cells, roster_days
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
NEEDED = ("undl_id", "ms_code", "ms_vote", *OF_ONE_VOTE, "description", "agenda")

_COLUMN_OF = {"N": "against", "A": "abstaining", "X": "not_participating"}
_NO_VOTE_TAKEN = re.compile(r"without (a )?vote")
_RESOLUTION = re.compile(r"S/RES/([0-9]{1,5}) ?\(([0-9]{4})\)")
_DRAFT = re.compile(r"S/[A-Za-z0-9./]+")


@dataclass(frozen=True)
class Imported:
    """What could be read of a file of the library, and everything that was left out.

    Args:
        rows: one for each sound vote, by day and symbol, in the columns of the record.
        problems: why each other vote, or row, was left out, by line.
    """

    rows: list[dict[str, str]]
    problems: tuple[Fault, ...]


def read_undl(path: Path) -> Imported:
    """Return the votes of a file of the library as rows of a record.

    What the file does not say stays empty: penholder, term, review, consent, and wherever the
    title does not name them plainly, instrument and target.

    Raises:
        InvalidInput: it is no UTF-8 text, lacks a column that is needed, or holds no votes.
        NotFound: no such file.
    """
    table = read_table(path, NEEDED)
    of_header = [fault for fault in table.faults if fault.path]
    if of_header or not table.rows:
        raise InvalidInput(of_header or table.faults or [no_votes(table, "member and vote")])
    problems = list(table.faults)
    votes = _by_vote(table, problems)
    known = [vote for vote in votes if not vote.is_outside_rosters]
    problems += _outside(vote for vote in votes if vote.is_outside_rosters)
    rows = [row for vote in known if (row := vote.as_row())]
    problems += [fault for vote in known for fault in vote.faults]
    return Imported(sorted(rows, key=lambda r: (r["date"], r["symbol"])), tuple(sorted(problems)))


def write_record(rows: Iterable[Mapping[str, str]], stream: TextIO) -> None:
    """Write rows as a record: its columns in their order, each line ended by one line feed."""
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


@dataclass
class _Vote:
    """The rows of one vote, and what is wrong with them."""

    rows: list[Row]
    faults: list[Fault] = field(default_factory=list)

    @property
    def cells(self) -> Mapping[str, str]:
        """The first row, which speaks for all of them where they have to agree."""
        return self.rows[0].cells

    @property
    def place(self) -> Place:
        """Where the first row begins."""
        return self.rows[0].place

    @property
    def day(self) -> date | None:
        """The day of the vote, or None where it is none."""
        return Cells(self.rows[0]).day()

    @property
    def is_outside_rosters(self) -> bool:
        """Whether it is not known who sat in the Council that year."""
        first, last = years()
        return self.day is not None and not first <= self.day.year <= last

    @property
    def symbol(self) -> str:
        """The symbol of the resolution or, where there is none, of the (first) draft."""
        draft = self.cells["draft"].split("|")[0].strip()
        return self.cells["resolution"].replace(" ", "") or draft

    @property
    def vote_id(self) -> str:
        """The id in the record: `R2680`, `S-2024-255`, or nothing where no symbol gives one."""
        if found := _RESOLUTION.fullmatch(self.symbol):
            return f"R{found[1]}"
        is_draft = _DRAFT.fullmatch(self.symbol) and not self.cells["resolution"]
        return self.symbol.replace("/", "-") if is_draft else ""

    def note(self, row: Row, column: str, found: str, allowed: str, advice: str = "") -> None:
        """Keep in mind what is wrong."""
        self.faults.append(row.fault(column, found, allowed, advice))

    def as_row(self) -> dict[str, str] | None:
        """Return the vote as a row of the record, or note all that is wrong with it."""
        cells, day = self.cells, self.day
        self._check_agreement()
        if day is None:
            self.faults += _day_faults(self.rows[0])
            return None
        letters = self._letters(day)
        named = {
            column: " ".join(sorted(code for code, letter in letters.items() if letter == sign))
            for sign, column in _COLUMN_OF.items()
        }
        if self.faults:
            return None
        return (
            dict.fromkeys(COLUMNS, "")
            | named
            | {
                "vote_id": self.vote_id,
                "date": day.isoformat(),
                "symbol": self.symbol,
                "title": cells["description"] or self.symbol,
                "summary": cells["agenda"],
                "instrument": instrument_in(cells["description"]),
                "target": target_in(cells["description"], cells["agenda"]),
                "outcome": Outcome.ADOPTED.value,
                "in_favour": str(list(letters.values()).count("Y")),
            }
        )

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

    def _letters(self, day: date) -> dict[str, str]:
        """Return how each member voted, by its code, and note all that cannot be."""
        seats = [member.code for member in council_on(day)]
        was_counted = not _NO_VOTE_TAKEN.search(self.cells["modality"].casefold())
        letters: dict[str, str] = {}
        for row in self.rows:
            code = row.cells["ms_code"]
            if self._is_seated(row, seats) and code in letters:
                self.note(row, "ms_code", f"{code} is given twice", "each member votes once")
            letters[code] = letters.get(code) or self._letter(row, was_counted)
        missing = [code for code in seats if code not in letters]
        if missing:
            allowed = f"expected the {len(seats)} members seated on {day}"
            self.note(self.rows[0], "ms_code", f"no row for {listed(missing)}", allowed)
        if was_counted and not self.faults:
            self._check_totals(letters)
        return letters

    def _is_seated(self, row: Row, seats: Sequence[str]) -> bool:
        """Return whether a row's member has a seat, or note that it has none."""
        code = row.cells["ms_code"]
        if code in seats:
            return True
        found, near = f"{code} holds no seat on {row.cells['date']}", ""
        if code not in states():
            found, near = f"found {quoted(code)}", did_you_mean(code, seats)
        self.note(row, "ms_code", found, f"expected one of {listed(seats)}", near)
        return False

    def _letter(self, row: Row, was_counted: bool) -> str:
        """Return the vote of a row: in favour in any case where no vote was taken."""
        letter = row.cells["ms_vote"].upper()
        if was_counted:
            known, allowed = tuple(TOTALS.values()), "expected Y, N, A or X"
        else:
            known, allowed = ("Y", "X", ""), "expected Y, X or nothing, as no vote was taken"
        if letter not in known:
            self.note(row, "ms_vote", f"found {quoted(row.cells['ms_vote'])}", allowed)
        return letter if was_counted else "Y"

    def _check_totals(self, letters: Mapping[str, str]) -> None:
        """Note totals that the rows do not add up to, and too few in favour for a resolution."""
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


def _day_faults(row: Row) -> list[Fault]:
    """Return what is wrong with the day of a row."""
    cells = Cells(row)
    cells.day()
    return cells.faults


def _by_vote(table: Table, problems: list[Fault]) -> list[_Vote]:
    """Return the votes in the order of their first rows; note those given again, and strays."""
    votes: dict[tuple[str, str], _Vote] = {}
    for row in table.rows:
        keys = [(c, row.cells[c]) for c in ("undl_id", "resolution", "draft") if row.cells[c]]
        if keys:
            votes.setdefault(keys[0], _Vote([])).rows.append(row)
        else:
            allowed = "expected a number, or the symbol of the resolution"
            problems.append(row.fault("undl_id", "the cell is empty", allowed))
    first: dict[str, _Vote] = {}
    for vote in votes.values():
        earlier = first.setdefault(vote.vote_id, vote)
        if earlier is not vote and vote.vote_id:
            found = f"{vote.symbol} is given twice (first in line {earlier.place.line})"
            vote.note(vote.rows[0], "resolution", found, "each may stand once")
    return list(votes.values())


def _outside(votes: Iterable[_Vote]) -> list[Fault]:
    """Return one problem for each year of votes of which it is not known who sat there."""
    lines: dict[int, list[Place]] = {}
    for vote in votes:
        if vote.day:
            lines.setdefault(vote.day.year, []).append(vote.place)
    problems = []
    for year, places in lines.items():
        counted = "1 vote" if len(places) == 1 else f"{len(places)} votes"
        found = f"{counted} of {year}, a year without a roster"
        allowed = f"expected {roster_days()}"
        problems.append(Fault(min(places), "date", found, allowed, "Left out."))
    return problems
