"""What a study gives: its points as one tidy table, for Python, pandas and other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UnscError
from sim.facts.study import StudyFacts, Value
from sim.frames import Table, frame
from sim.reading.csv_table import as_csv

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, eq=False)
class Study:
    """The points of a study as one table.

    Args:
        facts: its columns and rows, and what each column is.
        folder: where its points are kept.
    """

    facts: StudyFacts
    folder: Path

    def to_dict(self) -> StudyFacts:
        """Return the study as plain data."""
        return self.facts

    def to_frame(self) -> DataFrame:
        """Return the table as a pandas DataFrame: a row per point, settings as columns.

        Chances are from 0 to 1, `_low` and `_high` the ends of 95 % intervals; `_change` is the
        difference from the base over the same worlds.

        Raises:
            UnscError: pandas is not installed.
        """
        return frame(self.facts, "points", {"points": _points})

    def to_csv(self) -> str:
        """Return the table as CSV, always spelled the same."""
        facts = self.facts
        return as_csv(facts["columns"], ([*map(_spelled, row)] for row in facts["rows"]))

    def to_parquet(self, path: str | Path) -> None:
        """Write the table as a Parquet file.

        Raises:
            UnscError: pyarrow is not installed.
        """
        try:
            import pyarrow as arrow
            from pyarrow import parquet
        except ModuleNotFoundError:
            missing = (
                "Parquet needs pyarrow, which is not installed: pip install 'unsc-sim[parquet]'."
            )
            raise UnscError(missing) from None
        columns = zip(*self.facts["rows"], strict=True) if self.facts["rows"] else ()
        named = dict(zip(self.facts["columns"], columns, strict=False))
        parquet.write_table(arrow.table({n: _alike(v) for n, v in named.items()}), path)

    def __repr__(self) -> str:
        facts = self.facts
        n, of = len(facts["rows"]), facts["n_points"]
        return f"<Study {facts['title']!r}, {n} of {of} points, {facts['worlds']:,} worlds each>"


def _points(facts: Mapping[str, Any]) -> Table:
    return facts["columns"], facts["rows"]


def _spelled(value: Value) -> str:
    """Return a cell of the table as CSV has it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _alike(values: Sequence[Value]) -> list[Value]:
    """Return a column of one type, as Parquet has it: texts where its cells are of several."""
    if any(isinstance(value, str) for value in values):
        return [None if value is None else _spelled(value) for value in values]
    return list(values)
