"""Reading the record of votes: each row a vote, or all faults of the file at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain, groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arguments import check_known
from sim.catalogue import relation_to, rivals
from sim.charter import Action
from sim.data_frame import data_frame
from sim.errors import Fault, InvalidInput, Place
from sim.paths import SEEDS
from sim.reading.csv_table import Row, no_votes, read_table
from sim.reading.messages import quoted
from sim.record.coding import coded
from sim.record.codings import as_coded, read_codings
from sim.record.keywords import keywords
from sim.record.memory import Memory
from sim.record.problems import Problem
from sim.record.record_row import NOT_IN_FAVOUR, RecordRow
from sim.record.recorded_vote import RecordedVote, decided
from sim.record.series import InSeries, problems_of_series
from sim.roster import sides_of

if TYPE_CHECKING:
    from pandas import DataFrame

COLUMNS = (
    "vote_id",
    "date",
    "symbol",
    "title",
    "summary",
    "instrument",
    "target",
    "penholder",
    "term_months",
    "review",
    "outcome",
    "in_favour",
    *NOT_IN_FAVOUR,
    "confidence",
    "mandate",
    "procedural",
    "amends",
    "draft",
    "meeting",
    "council",
    "inferred",
)
FOR_READERS = ("summary", "confidence", "draft", "meeting")
"""Columns that whoever reads the file may want, and other files are joined by."""
OPTIONAL = (*FOR_READERS, "mandate", "procedural", "amends", "council", "inferred")
"""Columns without which a record is sound."""

_ACTIONS = dict.fromkeys(NOT_IN_FAVOUR, Action.ABSTAINING) | {"against": Action.AGAINST}


class Record(tuple[RecordedVote, ...]):
    """The votes of a file in date order, each of them sound."""

    source: str = ""
    """The file, as messages call it."""
    codes_nothing: tuple[int, ...] = ()
    """Lines of the codings laid over it that are of none of its votes."""

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is odd about votes that are sound one by one, as days out of order."""
        votes = [
            InSeries(
                symbol=vote.symbol,
                day=vote.date,
                place=Place(self.source, vote.line, 1),
                not_in_favour=tuple(
                    sorted((c, side) for side in NOT_IN_FAVOUR for c in vote.sides[side])
                ),
            )
            for vote in self
        ]
        return tuple(sorted(problems_of_series(votes)))

    def __repr__(self) -> str:
        """Return one line for the prompt: the file, how many votes it has and from when."""
        days = f" from {self[0].date} to {self[-1].date}" if self else ""
        return f"Record({self.source!r}, {len(self):,} votes{days})"

    def to_frame(self, table: str = "votes") -> DataFrame:
        """Return a pandas table with a row per vote, or per `member_votes`.

        Raises:
            UnscError: there is no such table, or pandas is not installed.
        """
        check_known("table", table, _TABLES)
        columns, row_of = _TABLES[table]
        return data_frame(columns, [row for vote in self for row in row_of(vote)])


def _votes(vote: RecordedVote) -> Iterator[tuple[Any, ...]]:
    """Yield the row of a vote in a table of votes."""
    told = [getattr(vote, column) for column in _OF_VOTE]
    sides = vote.sides
    named = [" ".join(sides[column]) for column in NOT_IN_FAVOUR]
    yield *told, " ".join(vote.penholders), vote.outcome.value, len(sides["in_favour"]), *named


def _member_votes(vote: RecordedVote) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each member's vote."""
    of_member = {code: side for side, codes in vote.sides.items() for code in codes}
    for member in vote.council:
        yield vote.vote_id, vote.date, member.code, member.permanent, of_member[member.code]


_OF_VOTE = (
    *("vote_id", "date", "symbol", "title", "instrument", "target", "mandate"),
    *("procedural", "amends"),
)
_TABLES: Mapping[str, tuple[Sequence[str], Callable[[RecordedVote], Iterable[tuple[Any, ...]]]]] = {
    "votes": ((*_OF_VOTE, "penholders", "outcome", "in_favour", *NOT_IN_FAVOUR), _votes),
    "member_votes": (("vote_id", "date", "member", "permanent", "vote"), _member_votes),
}


def read_record(path: Path | str | None = None, codings: Path | str | None = None) -> Record:
    """Return the votes of a file in date order; those of one day as in the file.

    What a vote ended in is decided by its roll call and the Charter, and a row that says otherwise
    is a fault. A vote without a mandate of its own joins that of the latest earlier vote with its
    instrument and target. Amendments are votes, but are not remembered as drafts on the matter.

    Args:
        path: a CSV file with the columns of `seeds/votes.csv`, which is the default.
        codings: a table or a YAML file of a user, laid over it (`codings.read_codings`).

    Raises:
        UnscError: what is given is no path.
        InvalidInput: with all faults of the file at once.
        NotFound: no such file.
    """
    path = SEEDS / "votes.csv" if path is None else path
    table = read_table(path, [c for c in COLUMNS if c not in OPTIONAL])
    advice = "Convert it: unsc votes import FILE --out my-record.csv."
    table.refuse_if_of("ms_code", "a file with a row for each member", "expected a record", advice)
    faults = [*table.of_header, *table.faults, *_faults_between(table.rows)]
    laid_over = read_codings(codings) if codings is not None else None
    faults += laid_over.faults_beside(table.rows) if laid_over else ()
    votes = [_vote(as_coded(row, laid_over), faults) for row in table.rows]
    if not votes and not faults:
        faults.append(no_votes(table, "vote"))
    if faults:
        raise InvalidInput(faults)
    sound = tuple(_in_mandates(_beside_rivals([vote for vote in votes if vote])))
    memory = Memory([vote for vote in sound if not vote.amends])
    record = Record(replace(vote, record=memory) for vote in sound)
    record.source = table.source
    record.codes_nothing = (
        tuple(row.place.line for row in laid_over.beside([*table.rows])) if laid_over else ()
    )
    return record


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
    procedural, amends = cells.procedural(vote_id, day), row.cells.get("amends", "")
    cells.check_symbol(day)
    if day and outcome and council and cells.has_sound_tally:
        by_rule = decided(council, roll_call, procedural, day)
        cells.check_outcome(by_rule, council, roll_call)
    faults += cells.faults
    if faults or day is None or outcome is None:
        return None
    instrument = row.cells["instrument"] or keywords().default
    coding = coded({**row.cells, "instrument": instrument})
    return RecordedVote(
        vote_id=vote_id,
        date=day,
        symbol=symbol,
        title=title,
        instrument=instrument,
        target=target,
        penholders=penholders,
        mandate=(mandate := row.cells.get("mandate", "")),
        relation=relation_to(mandate),
        rival=(),
        procedural=procedural,
        council=council,
        roll_call=roll_call,
        not_participating=tuple(c for c, column in named.items() if column == NOT_IN_FAVOUR[2]),
        outcome=outcome,
        text=coding.text,
        lapse=coding.lapse,
        line=row.place.line,
        amends=amends,
        inferred=tuple(row.cells["inferred"].split()),
        is_open=not row.cells["instrument"],
    )


def _beside_rivals(votes: Iterable[RecordedVote]) -> Iterator[RecordedVote]:
    """Yield the votes, each with those who hold the pen of a rival draft.

    Two drafts are rivals if they are on one matter on one day and their pens have no side in
    common: drafts of one side are parts of one plan, as a mission and sanctions on one State. An
    amendment is no rival of its draft. Others are known to have been before the Council (`rivals`).
    """
    for day, group in groupby(votes, key=lambda vote: vote.date):
        of_day = [(vote, sides_of(vote.penholders, day)) for vote in group]
        for vote, sides in of_day:
            beside = [
                other.penholders
                for other, its_sides in of_day
                if its_sides.keys().isdisjoint(sides)
                and _on_one_matter(vote, other)
                and not (vote.amends or other.amends)
            ]
            known = rivals().get(vote.vote_id, ())
            yield replace(vote, rival=tuple(dict.fromkeys(chain(*beside, known))))


def _on_one_matter(one: RecordedVote, other: RecordedVote) -> bool:
    """Return whether two drafts share a target or a mandate, or have neither but one instrument."""
    if not any((one.target, one.mandate, other.target, other.mandate)):
        return one.instrument == other.instrument
    return bool(one.target and one.target == other.target) or bool(
        one.mandate and one.mandate == other.mandate
    )


def _in_mandates(votes: Iterable[RecordedVote]) -> Iterator[RecordedVote]:
    """Yield the votes, those without a mandate in that of the latest like them.

    Votes without a target have too little in common: each keeps the name of its instrument, as
    `general-other`, and one that nobody coded has nothing in common with any other. The first of
    its instrument and target is named for both, as `prk-panel_renewal`.

    Args:
        votes: in date order, so that no mandate comes from a later vote.
    """
    latest: dict[tuple[str, str], str] = {}
    for vote in votes:
        named = f"{vote.target or 'general'}-{vote.instrument}".lower()
        if vote.target is None:
            own = f"open-{vote.line}" if vote.is_open else named
            yield replace(vote, mandate=vote.mandate or own)
            continue
        kind = (vote.instrument, vote.target)
        latest[kind] = vote.mandate or latest.get(kind, named)
        yield replace(vote, mandate=latest[kind])
