"""What a study gives: its points as one tidy table, for Python, pandas and other programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import plots
from sim.errors import UnscError
from sim.facts.study import StudyFacts, Value
from sim.frames import Table, frame
from sim.plots import plot
from sim.reading.csv_table import as_csv
from sim.writing import write_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame
    from xarray import Dataset


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

    def to_xarray(self) -> Dataset:
        """Return the table as an xarray Dataset: measures as variables, with settings as axes.

        Where every combination of the settings' values is one point, each setting is a dimension;
        elsewhere the points are the one dimension, and settings are coordinates along it.

        Raises:
            UnscError: xarray or pandas is not installed.
        """
        try:
            import xarray  # noqa: F401  # pandas needs it for to_xarray
        except ModuleNotFoundError:
            missing = (
                "to_xarray() needs xarray, which is not installed: pip install 'unsc-sim[xarray]'."
            )
            raise UnscError(missing) from None
        table, settings = self.to_frame(), self.facts["settings"]
        sizes = [table[name].nunique() for name in settings]
        is_grid = not table.duplicated(settings).any() and prod(sizes) == len(table)
        if settings and is_grid:
            found: Dataset = table.set_index(settings).to_xarray()
        else:
            found = table.set_index("point").to_xarray().set_coords(settings)
        return found

    def plot(self, what: str = "adopted", ax: Axes | None = None) -> Axes:
        """Draw P(adopted) by matplotlib, and return its axes.

        Args:
            what: `adopted`: a map for two varied settings, a line with its band for one, and for
                more one dot per point over the setting that explains most.
            ax: the axes to draw on; those of a new figure if None.

        Raises:
            UnscError: there is no such picture, nothing to draw, or matplotlib is not installed.
        """
        return plot(self.facts, what, plots.OF_A_STUDY, ax)

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
        whole = arrow.BufferOutputStream()
        parquet.write_table(arrow.table({n: _alike(v) for n, v in named.items()}), whole)
        write_file(Path(path), whole.getvalue().to_pybytes(), force=True)

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
