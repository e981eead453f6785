"""One row of the record, cell by cell: whatever is wrong is noted, and read as nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.catalogue import instruments, mandates
from sim.charter import DECIDED, Action, Outcome
from sim.charter.rules import seats_and_quota
from sim.errors import Fault, NotFound, did_you_mean, listed
from sim.reading.csv_table import Row
from sim.reading.meant import NOBODY, list_meant
from sim.reading.messages import ANY_STATE, quoted
from sim.reading.state_names import LONGEST_CODE, near_state
from sim.record.coding import REVIEW
from sim.record.recorded_vote import YES, is_procedural
from sim.record.series import is_draft, number_of, year_of
from sim.roster import (
    Member,
    caucus_names,
    council_of,
    council_on,
    day_of,
    former_states,
    permanent_members,
    seated_states,
    states,
    years,
)

NOT_IN_FAVOUR = ("against", "abstaining", "not_participating")
"""The columns that name members; every other member seated that day was in favour."""
TALLY = ("date", "in_favour", *NOT_IN_FAVOUR)
NO_NAME = (*NOBODY, "n/a", "na", "nan", "?", "unknown")
"""What people write where there is no name."""


def codes_in(cell: str) -> list[str]:
    """Return the codes in a cell, separated by blanks, `;` or `,`."""
    return [code for code in re.split(r"[;,\s]+", cell) if code]


def roster_days() -> str:
    """Return in words the days whose Council is known."""
    first, last = years()
    return f"a day from {first}-01-01 to {last}-12-31"


def _seated_by_roster(day: date, codes: Sequence[str]) -> set[str]:
    """Return the codes of the members of a day, or those given where no roster has it."""
    first, last = years()
    has_roster = first <= day.year <= last
    return {member.code for member in council_on(day)} if has_roster else {*codes}


class RecordRow:
    """One row, and the faults found in it so far; a column that is missing is no fault of a row."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.faults: list[Fault] = []

    def note(self, column: str, found: str, allowed: str, advice: str = "") -> None:
        """Note what is wrong with a cell."""
        self.faults.append(self.row.fault(column, found, allowed, advice))

    @property
    def has_sound_tally(self) -> bool:
        """Whether the file has all columns of the `TALLY` and no fault was found in them so far."""
        is_whole = all(column in self.row.cells for column in TALLY)
        return is_whole and not any(fault.path in TALLY for fault in self.faults)

    def text(self, column: str) -> str:
        """Return a text that may not be empty."""
        text = self.row.cells.get(column)
        if text == "":
            self.note(column, "the cell is empty", "expected a text")
        return text or ""

    def choice(self, column: str, known: Collection[str], advice_if_empty: str = "") -> str | None:
        """Return one of the known words.

        Args:
            column: the cell's.
            known: what it may hold; it may be empty only if "" is among them.
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

    def check_coded_cells(self) -> None:
        """Note what is wrong with the cells from which the text is coded."""
        self.choice("instrument", ["", *instruments()])
        self.choice("review", ["", *REVIEW])
        text = self.row.cells.get("term_months", "")
        is_number = re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text) and float(text) > 0
        if text and not is_number:
            allowed = "expected a number of months above 0, as 7.5, or an empty cell"
            self.note("term_months", f"found {quoted(text)}", allowed)

        self._check_mandate()
        amends = self.row.cells.get("amends", "")
        if amends and not is_draft(amends):
            allowed = "expected the symbol of the draft that it amends, as S/2024/255, or nothing"
            self.note("amends", f"found {quoted(amends)}", allowed)

    def _check_mandate(self) -> None:
        """Note a name that is none, and one that is a known one written otherwise."""
        said = self.row.cells.get("mandate", "")
        usual = re.sub(r"[\s_]+", "-", said.lower())
        if said.lower() in NO_NAME or (usual in mandates() and usual != said):
            near = f"Did you mean '{usual}'?" if usual in mandates() else ""
            allowed = "expected the name of a mandate, or an empty cell"
            self.note("mandate", f"found {quoted(said)}", allowed, near)

    def check_symbol(self, day: date | None) -> None:
        """Note a number of a resolution that its id, its day or an amendment contradicts."""
        symbol, vote_id = (self.row.cells.get(key, "") for key in ("symbol", "vote_id"))
        number, year = number_of(symbol), year_of(symbol)
        if number and number_of(vote_id) not in (0, number):
            self.note("vote_id", f"found {quoted(vote_id)} beside {symbol}", f"expected R{number}")
        if day and year not in (0, day.year):
            self.note("date", f"{symbol} is dated {day}", f"expected a day of {year}")
        if number and is_draft(self.row.cells.get("amends", "")):
            self.note("amends", f"{symbol} is a resolution", "expected an empty cell")

    def outcome(self) -> Outcome | None:
        """Return what the vote ended in."""
        text = self.choice("outcome", [outcome.value for outcome in DECIDED])
        return Outcome(text) if text else None

    def day(self) -> date | None:
        """Return the day of the vote."""
        text = self.row.cells.get("date")
        try:
            return None if text is None else day_of(text)
        except NotFound:
            found = f"found {quoted(self.row.cells['date'])}"
            self.note("date", found, "expected a day that exists, as 2024-03-28")
            return None

    def procedural(self, vote_id: str, day: date | None) -> bool:
        """Return whether no veto applied, by its cell or by what is known of the vote."""
        said = self.choice("procedural", ("", YES, "no"))
        return day is not None and is_procedural(vote_id, day, said or "")

    def council(self, day: date | None) -> tuple[Member, ...]:
        """Return the members seated on the day, none where they are not known.

        They are those whom its cell names, or else the roster's.
        """
        codes = codes_in(self.row.cells.get("council", ""))
        if day and codes:
            return self._council_named(codes, day)
        try:
            return council_on(day) if day else ()
        except NotFound:
            self.note("date", f"no roster for {day}", f"expected {roster_days()}")
            return ()

    def _council_named(self, codes: Sequence[str], day: date) -> tuple[Member, ...]:
        n_seats, _ = seats_and_quota(day.year)
        unknown = [code for code in codes if code not in seated_states()]
        absent = sorted(permanent_members().difference(codes))
        if unknown:
            found, near = f"found {quoted(unknown[0])}", near_state(unknown[0])
            self.note("council", found, f"expected {ANY_STATE}", near)
        elif len({*codes}) != n_seats or len(codes) != n_seats or absent:
            found = f"no {listed(absent)} in it" if absent else f"found {len({*codes})} members"
            self.note("council", found, f"expected the {n_seats} seated in {day.year}, or nothing")
        elif others := sorted({*codes} - _seated_by_roster(day, codes)):
            found = f"{listed(others)} held no seat on {day}"
            self.note("council", found, "expected those of the roster, or nothing")
        else:
            return council_of(codes, day)
        return ()

    def target(self) -> str | None:
        """Return the State that the text is about, or None."""
        code = self.row.cells.get("target", "")
        if code and code not in states():
            allowed = f"expected {ANY_STATE}, or an empty cell"
            self.note("target", f"found {quoted(code)}", allowed, near_state(code))
        return code or None

    def penholders(self, council: Sequence[Member]) -> tuple[str, ...]:
        """Return the codes of the penholders in their order, a caucus as its seated members.

        An empty cell stands for the usual penholders of the mandate that the row names.
        """
        if not self.row.cells.get("penholder", ""):
            mandate = mandates().get(self.row.cells.get("mandate", ""))
            return mandate.penholders if mandate else ()
        codes: list[str] = []
        unknown: list[str] = []
        for word in codes_in(self.row.cells["penholder"]):
            if word in caucus_names():
                codes += [member.code for member in council if word in member.caucuses]
            else:
                (codes if word in states() else unknown).append(word)
        meant = list_meant(self.row.cells["penholder"], takes_codes=True) if unknown else ""
        is_whole = meant and all(code in meant for code in codes)
        for word in unknown[:1] if is_whole else unknown:
            near = re.sub(r"[][,]", "", meant) if is_whole else near_state(word)
            allowed = f"expected {ANY_STATE}, or a caucus ({listed(caucus_names())})"
            self.note("penholder", f"found {quoted(word)}", allowed, near)
        return tuple(dict.fromkeys(codes))

    def named(self, council: Sequence[Member]) -> dict[str, str]:
        """Return the column that names each member that was not in favour."""
        seats = [member.code for member in council]
        named: dict[str, str] = {}
        for column in NOT_IN_FAVOUR:
            for code in codes_in(self.row.cells.get(column, "")):
                if code not in seated_states():
                    allowed = "expected the code of a member of the Council"
                    near = near_state(code)
                    if len(code) == LONGEST_CODE and code not in former_states():  # mistyped
                        near = did_you_mean(code, seats or states())
                    self.note(column, f"found {quoted(code)}", allowed, near)
                elif seats and code not in seats:
                    found = f"{code} holds no seat on {self.row.cells['date']}"
                    self.note(column, found, f"expected one of {listed(seats)}")
                elif code in named:
                    found = f"{code} is already under '{named[code]}'"
                    self.note(column, found, "each member votes once")
                named.setdefault(code, column)
        return named

    def check_in_favour(self, council: Sequence[Member], named: Collection[str]) -> None:
        """Note a number in favour that is no number, or not what the members named leave."""
        text, n_seats = self.row.cells.get("in_favour", ""), len(council) or 15
        n_left = n_seats - len(named)
        if not re.fullmatch("[0-9]{1,3}", text) or int(text) > n_seats:
            allowed = f"expected a whole number from 0 to {n_seats}"
            if "in_favour" in self.row.cells:
                self.note("in_favour", f"found {quoted(text)}", allowed)
        elif self.has_sound_tally and int(text) != n_left:
            found = (
                f"found {text}, but {n_seats} members less the {len(named)} named leave {n_left}"
            )
            self.note("in_favour", found, f"expected {n_left}, or other members named")

    def check_outcome(
        self, decided: Outcome, council: Sequence[Member], roll_call: NDArray[np.int8]
    ) -> None:
        """Note an outcome other than the roll call's, or than a resolution's or a draft's."""
        outcome, symbol = self.row.cells["outcome"], self.row.cells.get("symbol", "")
        is_resolution = symbol.startswith("S/RES/") and number_of(symbol)
        is_named = is_resolution or self.row.cells.get("amends", "")
        if outcome != decided:
            self._note_outcome(decided, council, roll_call)
        elif decided is Outcome.ADOPTED and symbol and not is_named:
            found = f"{quoted(symbol)} is adopted, but no resolution"
            allowed = "expected the symbol that it got, as S/RES/2680(2023)"
            self.note("symbol", found, allowed, "An amendment names its draft under 'amends'.")
        elif decided is not Outcome.ADOPTED and is_resolution:
            found = f"{quoted(symbol)} is a resolution, but '{outcome}'"
            self.note("symbol", found, "expected the symbol of the draft, as S/2024/255")

    def _note_outcome(
        self, decided: Outcome, council: Sequence[Member], roll_call: NDArray[np.int8]
    ) -> None:
        n_in_favour = np.count_nonzero(roll_call == Action.IN_FAVOUR)
        pairs = zip(council, roll_call, strict=True)
        against = [m.code for m, act in pairs if m.permanent and act == Action.AGAINST]
        said = f"{' and '.join(against) or 'no permanent member'} against"
        outcome = self.row.cells["outcome"]
        found = f"found '{outcome}', but {n_in_favour} in favour with {said} is '{decided}'"
        is_blocked = outcome == Outcome.ADOPTED and decided is Outcome.VETOED
        advice = "If no veto applied, put yes under 'procedural'." if is_blocked else ""
        if against and decided is Outcome.ADOPTED:
            advice = "It is known or said to be procedural: no veto applies."
        self.note("outcome", found, f"expected '{decided}', or another tally", advice)
