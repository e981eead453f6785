"""The UN Digital Library's Security Council Voting Data as rows of a record.

The library offers the file (record 4055387) for non-commercial use with attribution and not for
redistribution in bulk: it is downloaded by hand and read here. It has one row for each member and
vote, of adopted resolutions only, so that whatever is learned from it alone never saw a draft fail;
failed drafts and amendments may be added in the same form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from sim.charter.rules import SEATS_AND_QUOTA
from sim.data_frame import data_frame
from sim.errors import Fault, InvalidInput, Place, UnscError
from sim.reading.csv_table import Row, Table, as_csv, no_votes, read_table
from sim.record.councils import Councils, councils_of
from sim.record.problems import Problem
from sim.record.record import COLUMNS
from sim.record.series import problems_of_series
from sim.record.undl_roll_call import as_row, in_series
from sim.record.undl_vote import OF_ONE_VOTE, UndlVote
from sim.roster import years
from sim.writing import write_file

if TYPE_CHECKING:
    from pandas import DataFrame

NEEDED = ("undl_id", "ms_code", "ms_vote", *OF_ONE_VOTE, "description", "agenda")
FEWEST_SEATS = SEATS_AND_QUOTA[0][0]
PROGRESS_EVERY = 50
"""Votes after which progress is told."""


@dataclass(frozen=True)
class Imported:
    """What could be read of a file of the library, and everything else that is in it.

    Each row of the file is in a vote that was read, or in what a problem left out.

    Args:
        rows: one for each sound vote, by day and symbol, in the columns of the record.
        problems: what is wrong, by line: why votes or rows were left out, how others were read.
        n_rows: rows of the file, without its header and blank ones.
        n_rows_read: rows of the votes that were read.
    """

    rows: list[dict[str, str]]
    problems: tuple[Problem, ...]
    n_rows: int
    n_rows_read: int

    @property
    def n_rows_left_out(self) -> int:
        """Rows that are in no vote that was read."""
        return self.n_rows - self.n_rows_read

    def __repr__(self) -> str:
        """Return one line for the prompt."""
        read = f"{len(self.rows):,} votes, {self.n_rows_read:,} of {self.n_rows:,} rows read"
        return f"Imported({read}, {len(self.problems):,} problems)"

    def as_csv(self) -> str:
        """Return the record as the text of a file."""
        return _text(self.rows)

    def save(self, path: Path | str, force: bool = False) -> None:
        """Write the record to a file.

        Raises:
            WillNotOverwrite: it exists, and `force` is not given.
            UnscError: it cannot be written.
        """
        write_file(Path(path), self.as_csv(), force)

    def to_frame(self) -> DataFrame:
        """Return the record as a pandas table: a row per vote, in the columns of its file.

        Raises:
            UnscError: pandas is not installed.
        """
        return data_frame(COLUMNS, [[row[column] for column in COLUMNS] for row in self.rows])


def read_undl(
    *paths: Path | str, on_progress: Callable[[int, int], None] | None = None
) -> Imported:
    """Return the votes of a file of the library, or of several of its form, as rows of a record.

    What the file does not say stays empty: penholder, term, review, mandate, and wherever the
    title does not name them plainly, instrument and target. Outcomes are decided by the roll calls
    and the Charter. Of years without a roster, the file's own is taken where its votes agree.

    Args:
        paths: files or pipes; `-` is standard input. Failed drafts may be in a file of their own.
        on_progress: called with the number of votes done and of all.

    Raises:
        UnscError: no file is given, or what is no path.
        InvalidInput: one is no UTF-8 text, lacks a column that is needed, or holds no votes.
        NotFound: no such file.
    """
    if not paths:
        raise UnscError("paths: none; expected one file or more.")
    tables = [_table(path) for path in paths]
    faults = [fault for table in tables for fault in table.faults]
    problems = [Problem(fault, "unreadable", fault.place) for fault in faults]
    votes = _by_vote(_once(tables, problems), problems)
    _check_twice(votes)
    councils = councils_of(
        (vote.day, frozenset(member.code for member in vote.members)) for vote in votes if vote.day
    )
    problems += _taken_from_file(votes, councils)
    rows, n_rows_read, series = [], 0, []
    for n, vote in enumerate(votes):
        if on_progress and n % PROGRESS_EVERY == 0:
            on_progress(n, len(votes))
        if row := as_row(vote, councils):
            rows.append(row)
            series.append(in_series(vote, row))
            n_rows_read += len(vote.rows)
        problems += vote.problems
    problems += problems_of_series(series, [vote.resolution for vote in votes])
    return Imported(
        sorted(rows, key=lambda r: (r["date"], r["symbol"])),
        tuple(sorted(problems)),
        sum(len(table.rows) for table in tables) + len(faults),
        n_rows_read,
    )


def write_record(rows: Iterable[Mapping[str, str]], stream: TextIO) -> None:
    """Write rows as a record: its columns in their order, LF line ends."""
    stream.write(_text(rows))


def _text(rows: Iterable[Mapping[str, str]]) -> str:
    return as_csv(COLUMNS, ([row[column] for column in COLUMNS] for row in rows))


def _table(path: Path | str) -> Table:
    """Return the rows of a file, if its header is sound and it has any."""
    table = read_table(path, NEEDED)
    advice = "It need not be imported; to check it: unsc votes check FILE."
    table.refuse_if_of("vote_id", "a record of votes", "expected a row for each member", advice)
    if table.of_header or not (table.rows or table.faults):
        raise InvalidInput(table.of_header or [no_votes(table, "member and vote")])
    return table


def _once(tables: Sequence[Table], problems: list[Problem]) -> list[Row]:
    """Return the rows without those that are there already; note these, and headers among them."""
    first: dict[tuple[str, ...], Place] = {}
    once = []
    for table in tables:
        for row in table.rows:
            cells = (*row.cells.values(),)
            if {*map(str.lower, cells)} <= {*table.columns}:
                fault = row.fault("", "the header is given again", "expected a row of a vote")
                problems.append(Problem(fault, "header_again", row.place))
            elif earlier := first.get(cells):
                at = f"line {earlier.line}"
                at += f" of {earlier.source}" if earlier.source != table.source else ""
                fault = row.fault("", f"the row is that of {at}", "expected it once")
                problems.append(Problem(fault, "repeated", row.place))
            else:
                first[cells] = row.place
                once.append(row)
    return once


def _by_vote(rows: Iterable[Row], problems: list[Problem]) -> list[UndlVote]:
    """Return the votes in the order of their first rows; note rows that belong to none.

    Rows without the library's number belong together by their resolution, or by their draft and
    what is said of it: a draft and an oral amendment to it have one symbol.
    """
    votes: dict[tuple[str, ...], UndlVote] = {}
    for row in rows:
        cells = row.cells
        keys = [(c, cells[c]) for c in ("undl_id", "resolution", "draft") if cells[c]]
        if keys:
            told = cells["description"] if keys[0][0] == "draft" else ""
            votes.setdefault((*keys[0], told), UndlVote([])).rows.append(row)
        else:
            allowed = "expected a number, or the symbol of the resolution"
            fault = row.fault("undl_id", "the cell is empty", allowed)
            problems.append(Problem(fault, "no_key", row.place))
    return [one for vote in votes.values() for one in _apart(vote)]


def _apart(vote: UndlVote) -> list[UndlVote]:
    """Return the votes that share a number of the library: each has the rows of a Council."""
    by_symbol: dict[str, list[Row]] = {}
    for row in vote.rows:
        by_symbol.setdefault(row.cells["resolution"] or row.cells["draft"], []).append(row)
    if len(by_symbol) > 1 and min(map(len, by_symbol.values())) >= FEWEST_SEATS:
        return [UndlVote(rows) for rows in by_symbol.values()]
    return [vote]


def _check_twice(votes: Sequence[UndlVote]) -> None:
    """Count oral amendments; note votes given twice, and drafts given beside their resolutions."""
    oral = Counter[str]()
    adopted = {symbol: vote for vote in votes if vote.resolution for symbol in vote.drafts}
    on_drafts = {symbol for vote in votes if not vote.is_amendment for symbol in vote.drafts}
    first: dict[str, UndlVote] = {}
    for vote in votes:
        if vote.is_amendment and vote.drafts[:1] in ([], [vote.amends]):
            oral[vote.amends] += 1
            vote.nth_amendment = oral[vote.amends]
        if vote.amends and vote.amends not in on_drafts:
            found, allowed = f"{vote.amends} is not in the file", "expected its own vote"
            vote.note("amends_unknown", vote.rows[0], "description", found, allowed)
        elif not vote.amends and not vote.resolution:
            _check_adopted(vote, adopted.get(next(iter(vote.drafts), "")))
        earlier = first.setdefault(vote.vote_id, vote)
        if earlier is not vote and vote.vote_id:
            found = f"{vote.symbol} is given twice (first in {vote.line_of(earlier.place)})"
            column = "resolution" if vote.resolution else "draft"
            vote.note("again", vote.rows[0], column, found, "expected it once")


def _check_adopted(vote: UndlVote, resolution: UndlVote | None) -> None:
    """Note a draft that stands in the file once more, as the resolution that it became."""
    if resolution and resolution.day == vote.day:
        found = f"{vote.symbol} became {resolution.resolution} ({vote.line_of(resolution.place)})"
        vote.note("draft_again", vote.rows[0], "draft", found, "expected it once")


def _taken_from_file(votes: Iterable[UndlVote], councils: Councils) -> Iterator[Problem]:
    """Yield what to say of each year whose Council is the file's own."""
    first: dict[int, UndlVote] = {}
    for vote in votes:
        if vote.day and vote.day.year in councils.of_file:
            first.setdefault(vote.day.year, vote)
    known = "{} to {}".format(*years())
    for year, vote in first.items():
        found = f"the {len(councils.of_file[year])} members of {year} are those of its votes"
        fault = Fault(vote.place, "ms_code", found, f"rosters are of {known}")
        yield Problem(fault, "roster_of_file", vote.place)
