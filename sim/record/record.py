"""Reading the record of votes: each row a vote, or all faults of the file at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.charter import DECIDED, Action, Outcome
from sim.errors import Fault, InvalidInput
from sim.paths import SEEDS
from sim.reading.csv_table import Row, no_votes, read_table
from sim.reading.messages import quoted
from sim.record.coding import coded, codings
from sim.record.record_row import NOT_IN_FAVOUR, RecordRow
from sim.record.recorded_vote import RecordedVote, rules_of
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

_ACTIONS = dict.fromkeys(NOT_IN_FAVOUR, Action.ABSTAINING) | {"against": Action.AGAINST}


def read_record(path: Path | None = None) -> tuple[RecordedVote, ...]:
    """Return the votes of a file in date order; those of one day as in the file.

    A draft adopted against the vote of a permanent member was a procedural matter, whether the
    codings say so or not: the record cannot be right otherwise. A vote without an entry in the
    codings joins the mandate of the latest earlier vote with its instrument and target.

    Args:
        path: a CSV file with the columns of `seeds/votes.csv`, which is the default.

    Raises:
        InvalidInput: with all faults of the file at once.
        NotFound: no such file.
    """
    table = read_table(path or SEEDS / "votes.csv", [c for c in COLUMNS if c not in UNREAD])
    faults = [*table.faults, *_faults_between(table.rows)]
    votes = [_vote(row, faults) for row in table.rows]
    if not votes and not faults:
        faults.append(no_votes(table, "vote"))
    if faults:
        raise InvalidInput(faults)
    return tuple(_in_mandates(vote for vote in votes if vote))


def _faults_between(rows: Sequence[Row]) -> Iterator[Fault]:
    """Yield a fault for each day out of order, vote_id given again, and symbol again on one day."""
    dated = [(day, row) for row in rows if (day := RecordRow(row).day())]
    for (before, above), (day, row) in pairwise(dated):
        if day < before:
            found = f"{day} is below {before} (line {above.place.line})"
            yield row.fault("date", found, "expected votes in date order")
    lines: dict[tuple[str, str, str], int] = {}
    for row in rows:
        for column, on in (("vote_id", ""), ("symbol", row.cells.get("date", ""))):
            value = row.cells.get(column, "")
            first = lines.setdefault((column, value, on), row.place.line)
            if value and first != row.place.line:
                found = f"{quoted(value)} is given twice (first in line {first})"
                yield row.fault(column, found, f"expected it once{on and ' a day'}")


def _vote(row: Row, faults: list[Fault]) -> RecordedVote | None:
    """Return the vote of a row, or note everything that is wrong with it."""
    cells = RecordRow(row)
    vote_id, symbol, title = map(cells.text, ("vote_id", "symbol", "title"))
    cells.check_coded_cells()
    day, outcome, target = cells.day(), cells.outcome(), cells.target()
    council = cells.council(day)
    penholders, named = cells.penholders(council), cells.named(council)
    cells.check_in_favour(council, named)
    actions = [_ACTIONS.get(named.get(m.code, ""), Action.IN_FAVOUR) for m in council]
    roll_call = np.array(actions, dtype=np.int8)
    entry = codings().get(vote_id)
    procedural = (entry is not None and entry.matter == "procedural") or (
        outcome is Outcome.ADOPTED and _decided(council, roll_call, False) is Outcome.VETOED
    )
    decided = _decided(council, roll_call, procedural)
    if outcome and outcome is not decided and cells.has_sound_tally:
        cells.note_outcome(decided, council, roll_call)
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


def _decided(council: Sequence[Member], roll_call: NDArray[np.int8], procedural: bool) -> Outcome:
    return DECIDED[rules_of(council, procedural).decide(roll_call[:, None])[0]]


def _in_mandates(votes: Iterable[RecordedVote]) -> Iterator[RecordedVote]:
    """Yield the votes, uncoded ones in the mandate of the latest with their instrument and target.

    Votes without a target have too little in common, and keep the name that `coded` gives them.

    Args:
        votes: in date order, so that no mandate comes from a later vote.
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
