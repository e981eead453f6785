"""The record of votes: who voted how on which text, or all faults of the file at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.catalogue import instruments, provisions
from sim.charter import DECIDED, Action, Outcome, Rules
from sim.draft import Draft
from sim.errors import Fault, InvalidInput
from sim.paths import SEEDS
from sim.reading.csv_table import Row, no_votes, read_table
from sim.reading.messages import quoted
from sim.record.coding import INTRUSION, REVIEW, coded, codings
from sim.record.row import NOT_IN_FAVOUR, Cells
from sim.roster import Member

COLUMNS = (
    "vote_id",
    "date",
    "symbol",
    "title",
    "summary",
    "instrument",
    "target",
    "host_consent",
    "penholder",
    "term_months",
    "review",
    "outcome",
    "in_favour",
    *NOT_IN_FAVOUR,
    "confidence",
)
UNREAD = ("summary", "confidence")
"""Columns for the reader of the file; a record without them is sound."""

_TALLY = ("date", "in_favour", *NOT_IN_FAVOUR)
_ACTIONS = {
    "against": Action.AGAINST,
    "abstaining": Action.ABSTAINING,
    "not_participating": Action.ABSTAINING,
}


@dataclass(frozen=True, eq=False)
class RecordedVote:
    """A draft that was put to the vote, and what became of it.

    Args:
        vote_id: `R` and the number of the resolution, or the symbol of the draft with `-`.
        date: the day of the vote.
        symbol: the UN symbol.
        title: in a few words.
        instrument: the kind of text.
        target: code of the State it bears on, or None.
        penholders: codes of the drafting States, also from outside the Council.
        mandate: the matter it belongs to, in one word: `dprk-panel`.
        rival: whether it was a counter-draft, put beside another draft on the matter.
        procedural: whether no veto applied.
        council: the M members seated that day, permanent ones first.
        roll_call: (M,) int8, values of `Action`; not participating counts as abstaining.
        not_participating: codes of the members that took no part.
        outcome: adopted, vetoed or not carried.
        text: where the draft stood, (D,) over the provisions, 0..1.
        lapse: what stood if it was not adopted, (D,), 0..1.
        line: where its row begins in the file.
    """

    vote_id: str
    date: date
    symbol: str
    title: str
    instrument: str
    target: str | None
    penholders: tuple[str, ...]
    mandate: str
    rival: bool
    procedural: bool
    council: tuple[Member, ...]
    roll_call: NDArray[np.int8]
    not_participating: tuple[str, ...]
    outcome: Outcome
    text: Floats
    lapse: Floats
    line: int

    @property
    def rules(self) -> Rules:
        """How this Council decided this draft."""
        return _rules(self.council, self.procedural)

    @cached_property
    def draft(self) -> Draft:
        """The text as voted, which moves no more, and what stood without it."""
        return Draft(
            symbol=self.symbol,
            instrument=self.instrument,
            target=self.target,
            rival=self.rival,
            penholders=self.penholders,
            provisions=tuple(provisions().values()),
            text=self.text,
            reading_spread=np.zeros_like(self.text),
            lapse=self.lapse,
            low=self.text,
            high=self.text,
            rollover=self.text,
        )


def read_record(path: Path | None = None) -> tuple[RecordedVote, ...]:
    """Return the votes of a file in the order of their days; those of one day as in the file.

    A draft adopted against the vote of a permanent member was a procedural matter, whether the
    codings say so or not: the record cannot be right otherwise. A vote without an entry in the
    codings belongs to the matter of an earlier one where there is one like it (`_in_mandates`).

    Args:
        path: a CSV file with the columns of `seeds/votes.csv`, which is read where none is given.

    Raises:
        InvalidInput: with all faults of the file at once.
        NotFound: no such file.
    """
    table = read_table(path or SEEDS / "votes.csv", [c for c in COLUMNS if c not in UNREAD])
    faults = [*table.faults, *_order_faults(table.rows), *_twice(table.rows)]
    votes = [_vote(row, faults) for row in table.rows]
    if not votes and not faults:
        faults.append(no_votes(table, "vote"))
    if faults:
        raise InvalidInput(faults)
    return tuple(_in_mandates(vote for vote in votes if vote))


def _in_mandates(votes: Iterable[RecordedVote]) -> Iterator[RecordedVote]:
    """Yield the votes, those that no coder has seen in the mandate of the latest one like them.

    Alike are votes of the same instrument on the same target. Those on no target have too little in
    common, and keep the name that `coded` gives them.

    Args:
        votes: in the order of their days, so that no mandate comes from a later vote.
    """
    latest: dict[tuple[str, str], str] = {}
    for vote in votes:
        if vote.target is None:
            yield vote
            continue
        kind = (vote.instrument, vote.target)
        is_coded = vote.vote_id in codings()
        mandate = vote.mandate if is_coded else latest.get(kind, vote.mandate)
        latest[kind] = mandate
        yield replace(vote, mandate=mandate)


def _order_faults(rows: Sequence[Row]) -> Iterator[Fault]:
    """Yield a fault for each row whose day is before that of the row above it."""
    dated = [(day, row) for row in rows if (day := Cells(row).day())]
    for (before, above), (day, row) in pairwise(dated):
        if day < before:
            found = f"{day} stands below {before} (line {above.place.line})"
            yield row.fault("date", found, "votes stand in the order of their days")


def _twice(rows: Sequence[Row]) -> Iterator[Fault]:
    """Yield a fault for each vote_id that is given again, and each symbol again on one day."""
    lines: dict[tuple[str, str, str], int] = {}
    for row in rows:
        for column, day in (("vote_id", ""), ("symbol", row.cells.get("date", ""))):
            value = row.cells.get(column, "")
            first = lines.setdefault((column, value, day), row.place.line)
            if value and first != row.place.line:
                found = f"{quoted(value)} is given twice (first in line {first})"
                yield row.fault(column, found, f"each may stand once{day and ' on a day'}")


def _vote(row: Row, faults: list[Fault]) -> RecordedVote | None:
    """Return the vote of a row, or note all that is wrong with it."""
    cells = Cells(row)
    vote_id, symbol, title = (cells.text(column) for column in ("vote_id", "symbol", "title"))
    _check_coded_cells(cells)
    day, outcome, target = cells.day(), cells.outcome(), cells.target()
    council = cells.council(day)
    penholders, named = cells.penholders(council), cells.named(council)
    roll_call = _roll_call(council, named)
    _check_number(cells, council, named)
    procedural = _is_procedural(vote_id, council, roll_call, outcome)
    if outcome and cells.are_sound(_TALLY):
        _check_outcome(cells, council, roll_call, procedural, outcome)
    faults += cells.faults
    if faults or day is None or outcome is None:
        return None
    coding = coded(row.cells)
    return RecordedVote(
        vote_id=vote_id,
        date=day,
        symbol=symbol,
        title=title,
        instrument=row.cells["instrument"],
        target=target,
        penholders=penholders,
        mandate=coding.mandate,
        rival=coding.rival,
        procedural=procedural,
        council=council,
        roll_call=roll_call,
        not_participating=tuple(c for c, column in named.items() if column == NOT_IN_FAVOUR[2]),
        outcome=outcome,
        text=coding.text,
        lapse=coding.lapse,
        line=row.place.line,
    )


def _check_coded_cells(cells: Cells) -> None:
    """Note what is wrong with the cells from which the text is coded."""
    advice = "Fill it in; an import leaves it empty where the agenda does not say it plainly."
    cells.choice("instrument", instruments().keys(), advice)
    cells.choice("host_consent", ["", *INTRUSION], "")
    cells.choice("review", ["", *REVIEW], "")
    cells.term()


def _roll_call(council: Sequence[Member], named: dict[str, str]) -> NDArray[np.int8]:
    """Return the action of each member, (M,): in favour where it is not named."""
    actions = (_ACTIONS.get(named.get(member.code, ""), Action.IN_FAVOUR) for member in council)
    return np.fromiter(actions, dtype=np.int8, count=len(council))


def _check_number(cells: Cells, council: Sequence[Member], named: dict[str, str]) -> None:
    """Note a number in favour that the members named do not leave."""
    n_seats = len(council) or 15
    number, n_left = cells.n_in_favour(n_seats), n_seats - len(named)
    if number is not None and cells.are_sound(_TALLY) and number != n_left:
        found = f"found {number}, but {n_seats} members less the {len(named)} named leave {n_left}"
        cells.note("in_favour", found, f"expected {n_left}, or other members named")


def _rules(council: Sequence[Member], procedural: bool) -> Rules:
    return Rules(np.array([m.permanent and not procedural for m in council], dtype=bool))


def _is_procedural(
    vote_id: str, council: Sequence[Member], roll_call: NDArray[np.int8], outcome: Outcome | None
) -> bool:
    """Return whether the codings, or an adoption against a permanent member, say so."""
    entry = codings().get(vote_id)
    if entry and entry.matter == "procedural":
        return True
    is_blocked = _decided(council, roll_call, procedural=False) is Outcome.VETOED
    return outcome is Outcome.ADOPTED and is_blocked


def _decided(council: Sequence[Member], roll_call: NDArray[np.int8], procedural: bool) -> Outcome:
    return DECIDED[_rules(council, procedural).decide(roll_call[:, None])[0]]


def _check_outcome(
    cells: Cells,
    council: Sequence[Member],
    roll_call: NDArray[np.int8],
    procedural: bool,
    outcome: Outcome,
) -> None:
    """Note an outcome that the tally contradicts."""
    decided = _decided(council, roll_call, procedural)
    if decided is outcome:
        return
    n_in_favour = np.count_nonzero(roll_call == Action.IN_FAVOUR)
    against = [
        m.code
        for m, action in zip(council, roll_call, strict=True)
        if m.permanent and action == Action.AGAINST
    ]
    said = f"{' and '.join(against) or 'no permanent member'} against"
    found = f"found '{outcome}', but {n_in_favour} in favour with {said} is '{decided}'"
    cells.note("outcome", found, f"expected '{decided}', or another tally")
