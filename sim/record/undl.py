"""The UN Digital Library's Security Council Voting Data as rows of a record.

The library offers the file (record 4055387) for non-commercial use with attribution and not for
redistribution in bulk: it is downloaded by hand and read here. It has one row for each member and
vote, of adopted resolutions only, so that whatever is learned from it alone never saw a draft fail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sim.errors import Fault, InvalidInput, Place
from sim.reading.csv_table import Table, as_csv, no_votes, read_table
from sim.record.record import COLUMNS
from sim.record.record_row import roster_days
from sim.record.undl_vote import OF_ONE_VOTE, UndlVote

NEEDED = ("undl_id", "ms_code", "ms_vote", *OF_ONE_VOTE, "description", "agenda")


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

    What the file does not say stays empty: penholder, term, review, mandate, and wherever the
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
    outside = defaultdict[str, list[Place]](list)
    for vote in votes:
        if vote.is_outside_rosters:
            outside[vote.cells["date"][:4]].append(vote.place)
    for year, places in outside.items():
        counted = "1 vote" if len(places) == 1 else f"{len(places)} votes"
        found = f"{counted} of {year}, a year without a roster"
        problems.append(Fault(min(places), "date", found, f"expected {roster_days()}", "Left out."))
    rows = [row for vote in known if (row := vote.as_row())]
    problems += [fault for vote in known for fault in vote.faults]
    return Imported(sorted(rows, key=lambda r: (r["date"], r["symbol"])), tuple(sorted(problems)))


def write_record(rows: Iterable[Mapping[str, str]], stream: TextIO) -> None:
    """Write rows as a record: its columns in their order, LF line ends."""
    stream.write(as_csv(COLUMNS, ([row[column] for column in COLUMNS] for row in rows)))


def _by_vote(table: Table, problems: list[Fault]) -> list[UndlVote]:
    """Return the votes in the order of their first rows; note those given twice, and stray rows."""
    votes: dict[tuple[str, str], UndlVote] = {}
    for row in table.rows:
        keys = [(c, row.cells[c]) for c in ("undl_id", "resolution", "draft") if row.cells[c]]
        if keys:
            votes.setdefault(keys[0], UndlVote([])).rows.append(row)
        else:
            allowed = "expected a number, or the symbol of the resolution"
            problems.append(row.fault("undl_id", "the cell is empty", allowed))
    first: dict[str, UndlVote] = {}
    for vote in votes.values():
        earlier = first.setdefault(vote.vote_id, vote)
        if earlier is not vote and vote.vote_id:
            found = f"{vote.symbol} is given twice (first in line {earlier.place.line})"
            vote.note(vote.rows[0], "resolution", found, "expected it once")
    return list(votes.values())
