"""Sections in a terminal, and a bar while they are computed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from sim.report.sections import Section, harmless

NUMBERS = frozenset("0123456789+-<>")
LONGEST_UNBROKEN = 14
"""Cells up to this length are never broken over lines, nor are names in the first column."""
LONG_RUN = 100_000
"""Worlds from which a run shows its progress."""


def show(sections: Iterable[Section], console: Console) -> None:
    """Print the sections, less what is for reference; text from files can set nothing."""
    for section in sections:
        if section.for_reference:
            continue
        console.print(Text(f"\n{harmless(section.heading)}", style="bold"))
        for sentence in section.sentences:
            console.print(Text(harmless(sentence)))
        if section.rows:
            console.print(_table(section))


def _table(section: Section) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for k, column in enumerate(section.columns):
        cells = [row[k] for row in section.rows]
        is_number = all(cell[:1] in NUMBERS or not cell for cell in cells)
        stays = k == 0 or max(map(len, cells)) <= LONGEST_UNBROKEN
        table.add_column(
            Text(harmless(column)),
            justify="right" if is_number else "left",
            no_wrap=stays,
            overflow="fold",
        )
    for row in section.rows:
        table.add_row(*(Text(harmless(cell)) for cell in row))
    return table


@contextmanager
def progress(what: str, worlds: int) -> Iterator[Callable[[int], None] | None]:
    """Show a bar on a long run, where standard error is a terminal.

    Yields:
        What to call with the number of worlds done; None where no bar is shown.
    """
    if worlds < LONG_RUN or not sys.stderr.isatty():
        yield None
        return
    name = TextColumn("{task.description}", markup=False)
    columns = name, BarColumn(), MofNCompleteColumn(), TextColumn("worlds"), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(harmless(what), total=worlds)
        yield lambda done: bar.update(task, completed=done)
