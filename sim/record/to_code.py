"""What is still to be coded of a record, as a table that is a file of codings once filled in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sim.charter import Action
from sim.reading.csv_table import Row, as_csv, read_table
from sim.record.codings import CODED, as_coded, read_codings
from sim.record.record import read_record
from sim.record.recorded_vote import NOBODY, RULE, RecordedVote

TOLD = ("vote_id", "date", "symbol", "title", "summary")
"""What a coder is told of a vote: nothing of how it ended."""
COLUMNS_TO_CODE = (*TOLD, *CODED, "inferred")


@dataclass(frozen=True)
class ToCode:
    """The votes that nobody has coded, the most telling first, and how many there are.

    Args:
        rows: in `COLUMNS_TO_CODE`; what rules have told is filled in, and named under `inferred`.
        counts: the votes of the record by who coded them.
    """

    rows: tuple[dict[str, str], ...]
    counts: Counter[str]

    def as_csv(self) -> str:
        """Return the table as the text of a file."""
        return as_csv(COLUMNS_TO_CODE, ([row[c] for c in COLUMNS_TO_CODE] for row in self.rows))


def to_code(path: Path, codings: Path | None = None, inferred_too: bool = False) -> ToCode:
    """Return the votes of a record that are still to be coded, the most telling first.

    That is in the order of how many dissented on their matter: the votes on one State, else under
    one agenda, or alone. A matter's votes stay together in date order, so that neither the order
    of two votes on it nor any cell says how either ended.

    Args:
        path: the record.
        codings: laid over it.
        inferred_too: whether to list also those that rules have coded, after the open ones.

    Raises:
        InvalidInput, NotFound: as `read_record`.
    """
    record = read_record(path, codings)
    laid_over = read_codings(codings) if codings else None
    table = read_table(path, [])
    rows = {row.place.line: as_coded(row, laid_over) for row in table.rows}
    dissent = Counter[str]()
    for vote in record:
        dissent[_matter(vote, rows[vote.line])] += int((vote.roll_call > Action.IN_FAVOUR).sum())
    by = [NOBODY, RULE] if inferred_too else [NOBODY]
    wanted = [vote for vote in record if vote.coded_by in by]

    def order(vote: RecordedVote) -> tuple[int, int, str, int]:
        matter = _matter(vote, rows[vote.line])
        return by.index(vote.coded_by), -dissent[matter], matter, vote.line

    found = [rows[vote.line].cells for vote in sorted(wanted, key=order)]
    return ToCode(
        tuple({c: cells.get(c, "") for c in COLUMNS_TO_CODE} for cells in found),
        Counter(vote.coded_by for vote in record),
    )


def _matter(vote: RecordedVote, row: Row) -> str:
    """Return what a vote is on, as far as it is known without coding it."""
    return vote.target or row.cells.get("summary", "") or vote.vote_id
