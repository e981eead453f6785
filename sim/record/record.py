"""Reading the record of votes: each row a vote, or all faults of the file at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.catalogue import relation_to
from sim.charter import DECIDED, Action, Outcome
from sim.errors import Fault, InvalidInput
from sim.paths import SEEDS
from sim.reading.csv_table import Row, no_votes, read_table
from sim.reading.messages import quoted
from sim.record.coding import coded
from sim.record.memory import Memory
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
    "penholder",
    "term_months",
    "review",
    "outcome",
    "in_favour",
    *NOT_IN_FAVOUR,
    "confidence",
    "mandate",
)
OPTIONAL = ("summary", "confidence", "mandate")
"""Columns without which a record is sound; the first two are for the reader of the file."""

_ACTIONS = dict.fromkeys(NOT_IN_FAVOUR, Action.ABSTAINING) | {"against": Action.AGAINST}


def read_record(path: Path | None = None) -> tuple[RecordedVote, ...]:
    """Return the votes of a file in date order; those of one day as in the file.

    A draft adopted against the vote of a permanent member was a procedural matter: the record
    cannot be right otherwise. A vote without a mandate of its own joins that of the latest earlier
    vote with its instrument and target.

    Args:
        path: a CSV file with the columns of `seeds/votes.csv`, which is the default.

    Raises:
        InvalidInput: with all faults of the file at once.
        NotFound: no such file.
    """
    table = read_table(path or SEEDS / "votes.csv", [c for c in COLUMNS if c not in OPTIONAL])
    faults = [*table.faults, *_faults_between(table.rows)]
    counts = Counter(matter for row in table.rows for matter in _matters(row.cells))
    votes = [_vote(row, counts, faults) for row in table.rows]
    if not votes and not faults:
        faults.append(no_votes(table, "vote"))
    if faults:
        raise InvalidInput(faults)
    sound = tuple(_in_mandates(vote for vote in votes if vote))
    memory = Memory(sound)
    return tuple(replace(vote, record=memory) for vote in sound)


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


def _matters(cells: Mapping[str, str]) -> set[tuple[str, str, str]]:
    """Return what a draft is about on its day; another one that shares any of it is its rival.

    Drafts with neither a target nor a mandate have only the kind of text in common.
    """
    about = {name: cells.get(name, "") for name in ("target", "mandate")}
    if not any(about.values()):
        about = {"instrument": cells.get("instrument", "")}
    return {(cells.get("date", ""), name, value) for name, value in about.items() if value}


def _vote(
    row: Row, counts: Mapping[tuple[str, str, str], int], faults: list[Fault]
) -> RecordedVote | None:
    """Return the vote of a row, or note everything that is wrong with it.

    Args:
        row: the row.
        counts: how many rows of the file share each of the `_matters`.
        faults: where to note what is wrong.
    """
    cells = RecordRow(row)
    vote_id, symbol, title = map(cells.text, ("vote_id", "symbol", "title"))
    cells.check_coded_cells()
    day, outcome, target = cells.day(), cells.outcome(), cells.target()
    council = cells.council(day)
    penholders, named = cells.penholders(council), cells.named(council)
    cells.check_in_favour(council, named)
    actions = [_ACTIONS.get(named.get(m.code, ""), Action.IN_FAVOUR) for m in council]
    roll_call = np.array(actions, dtype=np.int8)
    with_vetoes = _decided(council, roll_call, False)
    procedural = outcome is Outcome.ADOPTED and with_vetoes is Outcome.VETOED
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
        mandate=(mandate := row.cells.get("mandate", "")),
        relation=relation_to(mandate),
        rival=any(counts[matter] > 1 for matter in _matters(row.cells)),
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
    """Yield the votes, those without a mandate in that of the latest like them.

    Votes without a target have too little in common: each keeps the name of its instrument, as
    `general-other`. The first of its instrument and target is named for both, as
    `prk-panel_renewal`.

    Args:
        votes: in date order, so that no mandate comes from a later vote.
    """
    latest: dict[tuple[str, str], str] = {}
    for vote in votes:
        named = f"{vote.target or 'general'}-{vote.instrument}".lower()
        if vote.target is None:
            yield replace(vote, mandate=vote.mandate or named)
            continue
        kind = (vote.instrument, vote.target)
        latest[kind] = vote.mandate or latest.get(kind, named)
        yield replace(vote, mandate=latest[kind])
