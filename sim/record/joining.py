"""A record joined with another table by the symbols in it: sponsors, vetoes, meetings, titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.arguments import check_kind, check_known
from sim.errors import Fault, InvalidInput, Place, UnscError, did_you_mean, listed
from sim.reading.csv_table import Row, Table, as_csv, no_votes, read_table
from sim.reading.messages import quoted
from sim.reading.state_names import code_of
from sim.record.problems import Problem
from sim.record.record import COLUMNS
from sim.record.record_row import codes_in
from sim.roster import caucus_names, former_states, states

NAMES: Mapping[str, tuple[str, ...]] = {
    "penholder": ("sponsors", "sponsor", "penholder", "penholders", "submitted by", "drafted by"),
    "vetoes": ("vetoes", "veto", "vetoed by", "veto by", "vetoed_by", "permanent member"),
    "meeting": ("meeting", "meeting record", "meeting_record", "meeting records"),
    "title": ("title", "subject", "description", "topic"),
    "date": ("date", "day"),
}
"""What can be joined, and the names under which other tables have it."""
FILLED = ("penholder", "meeting", "title")
"""What is filled in; vetoes and days are only compared."""

_SYMBOL = re.compile(r"S/(RES/[0-9]{1,5}\s?\([0-9]{4}\)|[0-9]{4}/[0-9]+\S*|[0-9]{3,6}\S*)")
_BARE_NUMBER = re.compile(r"([0-9]{1,5})(?: ?\(([0-9]{4})\))?")
_BETWEEN = re.compile(r"\s*[;,|\n]\s*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AND = re.compile(r"\s+and\s+")


@dataclass(frozen=True)
class Joined:
    """A record with what another table says of its votes.

    Args:
        columns: of the record, with those that were filled in.
        rows: of the record, in its order.
        n_joined: rows of the table that are on a vote of the record.
        filled: how many cells were filled in, by column.
        problems: rows that are on no vote, and what does not agree.
    """

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    n_joined: int
    filled: Mapping[str, int]
    problems: tuple[Problem, ...]

    def __repr__(self) -> str:
        """Return one line for the prompt."""
        joined = f"{self.n_joined:,} rows joined, {sum(self.filled.values()):,} cells filled in"
        return f"Joined({len(self.rows):,} votes, {joined}, {len(self.problems):,} problems)"

    def as_csv(self) -> str:
        """Return the record as the text of a file."""
        return as_csv(self.columns, ([row[column] for column in self.columns] for row in self.rows))


def join(
    record: Path | str,
    table: Path | str,
    columns: Mapping[str, str] | None = None,
    replace: bool = False,
) -> Joined:
    """Return a record joined with a table that has symbols of its resolutions or drafts.

    Args:
        record: a CSV file with the columns of `seeds/votes.csv`.
        table: any CSV file with a column of symbols.
        columns: by what is joined (`NAMES`), the column of the table that has it; those that are
            not named are found by their usual names.
        replace: whether cells that hold something else are written over.

    Raises:
        InvalidInput: a file is not such a table, or lacks a column that was named.
        NotFound: no such file.
    """
    check_kind(
        "columns", columns or {}, Mapping, "columns by what they have, as {'title': 'topic'}"
    )
    for what in columns or {}:
        check_known("columns", what, NAMES)
    votes, other = read_table(record, ("vote_id", "symbol")), read_table(table, ())
    votes.refuse()
    if not votes.rows:
        raise InvalidInput([no_votes(votes, "vote")])
    named = _columns(other, columns or {})
    rows = [dict.fromkeys(COLUMNS, "") | dict(row.cells) for row in votes.rows]
    by_symbol = _by_symbol(rows)
    problems = [Problem(fault, "unreadable", fault.place) for fault in other.faults]
    filled, symbols, n_joined = dict[tuple[int, str], int](), _symbol_columns(other), 0
    _refuse_columns_given_twice(other, {*named.values(), *symbols})
    for row in other.rows:
        said = [*_symbols_in(row, symbols)]
        meant = [*dict.fromkeys(n for symbol in said for n in by_symbol.get(symbol, ()))]
        if not meant:
            fault = row.fault(symbols[0], f"found {quoted(listed(said))}", "no vote has it")
            problems.append(Problem(fault, "joins_nothing", row.place))
            continue
        of_day = [n for n in meant if rows[n].get("date") == row.cells.get(named.get("date", ""))]
        n = (of_day or meant)[0]
        if len(meant) > 1 and len(of_day) != 1:
            found = f"found {quoted(listed(said))}, of {listed(rows[k]['vote_id'] for k in meant)}"
            fault = row.fault(symbols[0], found, f"joined with {rows[n]['vote_id']}")
            problems.append(Problem(fault, "joins_several", row.place))
        n_joined += 1
        may_fill = [what for what in FILLED if replace and (n, what) not in filled]
        for what, problem in _fill(rows[n], row, named, may_fill):
            if problem:
                problems.append(problem)
            else:
                filled[n, what] = row.place.line
    extra = [c for c in COLUMNS if c not in votes.columns and any(row[c] for row in rows)]
    counts = Counter(what for _, what in filled)
    return Joined((*votes.columns, *extra), tuple(rows), n_joined, counts, tuple(sorted(problems)))


def _by_symbol(rows: Sequence[Mapping[str, str]]) -> dict[str, list[int]]:
    """Return the places of the votes that a symbol may mean: a draft may be voted on again.

    A vote may be called by an id, by its symbol, and by the draft that it was.
    """
    found: dict[str, list[int]] = {}
    for n, row in enumerate(rows):
        called = {row["vote_id"], row["symbol"].replace(" ", ""), row["draft"]}
        for symbol in called - {""}:
            found.setdefault(symbol, []).append(n)
    return found


def _refuse_columns_given_twice(table: Table, joined: Collection[str]) -> None:
    if twice := [fault for fault in table.of_header if fault.path in joined]:
        raise InvalidInput(twice)


def _columns(table: Table, said: Mapping[str, str]) -> dict[str, str]:
    """Return the column of the table for each thing that can be joined and that it has."""
    named = {}
    for what, usual in NAMES.items():
        if what in said:
            if (column := said[what].strip().lower()) not in table.columns:
                near = did_you_mean(column, table.columns)
                allowed = f"expected one of {listed(table.columns, 30)}"
                found = f"there is no column {quoted(said[what])}"
                raise InvalidInput([Fault(Place(table.source, 1, 1), "", found, allowed, near)])
            named[what] = column
        elif column := next((name for name in usual if name in table.columns), ""):
            named[what] = column
    if not named:
        advice = "Name one, as --sponsors COLUMN." if len(table.columns) > 1 else ""
        raise UnscError(
            f"{table.source}: nothing to join in the columns {listed(table.columns, 30)}; "
            f"expected sponsors, vetoes, a meeting or a title. {advice}".rstrip()
        )
    return named


def _symbol_columns(table: Table) -> list[str]:
    """Return the columns in which symbols are: at least half of their cells that are filled."""
    found = []
    for column in table.columns:
        cells = [row.cells[column] for row in table.rows if row.cells[column]]
        n_symbols = sum(_SYMBOL.fullmatch(cell) is not None for cell in cells)
        is_number = column.startswith("resolution") and all(map(_BARE_NUMBER.fullmatch, cells))
        if cells and (2 * n_symbols >= len(cells) or is_number):
            found.append(column)
    if not found:
        fault = Fault(
            Place(table.source, 1, 1),
            "",
            f"no column of symbols among {listed(table.columns, 30)}",
            "expected one with symbols as S/2024/255 or S/RES/2728(2024)",
        )
        raise InvalidInput([fault])
    return found


def _symbols_in(row: Row, columns: Sequence[str]) -> Iterator[str]:
    for column in columns:
        cell = row.cells[column]
        if number := _BARE_NUMBER.fullmatch(cell):
            yield f"S/RES/{number[1]}({number[2]})" if number[2] else f"R{number[1]}"
        elif cell:
            yield "".join(cell.split())


def _fill(
    vote: dict[str, str], row: Row, named: Mapping[str, str], replaced: Sequence[str]
) -> Iterator[tuple[str, Problem | None]]:
    """Fill in what a row says of its vote, and yield each column with what does not agree, if any.

    Args:
        vote: the row of the record, which is changed.
        row: of the other table.
        named: its columns, by what they have.
        replaced: columns of the record that are written over.
    """
    for what, column in named.items():
        said, unknown = row.cells[column], ""
        if what in ("penholder", "vetoes"):
            codes, unknown = _codes(said)
            said = " ".join(codes)
        if unknown:
            fault = row.fault(column, f"found {quoted(unknown)}", "expected names of States")
            yield what, Problem(fault, "names_nobody", row.place)
        elif said and what not in FILLED:
            yield from ((what, problem) for problem in _COMPARED[what](vote, row, column, said))
        elif said and vote[what] not in ("", said) and what not in replaced:
            fault = row.fault(column, f"found {quoted(said)}", f"{quoted(vote[what])} stays")
            yield what, Problem(fault, "kept", row.place)
        elif said and vote[what] != said:
            vote[what] = said
            yield what, None


def _other_day(vote: Mapping[str, str], row: Row, column: str, said: str) -> Iterator[Problem]:
    if _DAY.fullmatch(said) and said != vote.get("date"):
        fault = row.fault(column, f"found {said}", f"the record has {vote.get('date')}")
        yield Problem(fault, "other_day", row.place)


def _vetoes_missing(vote: Mapping[str, str], row: Row, column: str, said: str) -> Iterator[Problem]:
    against = codes_in(vote.get("against", ""))
    missing = [code for code in said.split() if code not in against]
    if missing or vote.get("outcome") != "vetoed":
        found = f"{vote['symbol']} was vetoed by {said}"
        allowed = (
            f"the record has '{vote.get('outcome')}' with {listed(against) or 'nobody'} against"
        )
        yield Problem(row.fault(column, found, allowed), "no_veto", row.place)


_COMPARED = {"vetoes": _vetoes_missing, "date": _other_day}


def _codes(said: str) -> tuple[list[str], str]:
    """Return the codes that a cell names, by code, name or caucus, and what in it is none."""
    codes: list[str] = []
    for part in [said] if _code(said) else filter(None, _BETWEEN.split(said)):
        for name in [part] if _code(part) else _AND.split(part.removeprefix("and ")):
            words = [name] if _code(name) else name.split()
            if not all(map(_code, words)):
                return codes, name
            codes += map(_code, words)
    return [*dict.fromkeys(codes)], ""


def _code(word: str) -> str:
    if word.upper() in {*states(), *caucus_names()}:
        return word.upper()
    if word in caucus_names():
        return word
    former = former_states().get(word.upper())
    return former.seat_of if former else code_of(word)
