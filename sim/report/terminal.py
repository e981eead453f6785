"""Sections in a terminal, and a bar while they are computed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from textwrap import wrap

from rich import box
from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from sim.report.sections import Section
from sim.report.spelling import KEPT_TOGETHER, bare, harmless, plain

LONGEST_UNBROKEN = 14
"""Cells up to this length are never broken over lines, nor are names in the first column."""
NARROWEST = 40
"""Columns of a terminal below which nothing is legible; some report 0."""
KEPT_SPACE = "\ue000"
"""Stands for a space at which no line is broken, until all are; of the private use area."""
LONG_RUN = 100_000
"""Worlds from which a run shows its progress."""


def print_sections(sections: Iterable[Section]) -> None:
    """Print the sections on standard output, as wide as the terminal is."""
    console = Console(file=bare(sys.stdout), highlight=False)
    console.width = max(console.width, NARROWEST)
    show(sections, console)


def show(sections: Iterable[Section], console: Console) -> None:
    """Print the sections, less what is for reference; text from files can set nothing."""

    def text(words: str, style: str = "") -> Text:
        said = plain(harmless(words), console.encoding)
        return Text(KEPT_TOGETHER.sub(KEPT_SPACE, said), style)

    for section in sections:
        if section.for_reference:
            continue
        console.print()
        console.print(_trimmed(text(section.heading, "bold"), console), end="")
        for sentence in section.sentences:
            console.print(_trimmed(text(sentence), console), end="")
        for k, table in enumerate(_tables(section, console) if section.rows else ()):
            if k:
                console.print()
            console.print(_trimmed(table, console), end="")


def _trimmed(printed: RenderableType, console: Console) -> Segments:
    """Return what is printed without the blanks that fill up its lines."""
    kept: list[Segment] = []
    for line in console.render_lines(printed, pad=False):
        while line and not line[-1].text.strip():
            line.pop()
        if line:
            kept += [*line[:-1], Segment(line[-1].text.rstrip(), line[-1].style)]
        kept.append(Segment.line())
    return Segments(s._replace(text=s.text.replace(KEPT_SPACE, " ")) for s in kept)


def _tables(section: Section, console: Console) -> Iterator[Table]:
    """Yield the section's table; where its room is too narrow, headings of columns are broken.

    Where numbers would be broken too, it comes in parts, each with what its rows are of.
    """
    rows = [[plain(cell, console.encoding) for cell in row] for row in section.cells]
    cells, width = [list(column) for column in zip(*rows, strict=True)], console.width
    headings = [plain(harmless(column), console.encoding) for column in section.columns]
    stays = [k == 0 or _longest(own) <= LONGEST_UNBROKEN for k, own in enumerate(cells)]
    if _least_width(headings, cells, stays) > width:
        headings = list(map(_broken, headings, cells))
    if _least_width(headings, cells, stays) > width:  # words first: names, days and numbers stay
        stays = [k == 0 or number for k, number in enumerate(section.holds_numbers)]
    if _least_width(headings, cells, stays) > width:
        stays[0] = _longest(cells[0]) <= LONGEST_UNBROKEN
    for part in _parts(headings, cells, stays, section.holds_numbers, width):
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
        table.show_header = not section.explains_itself
        for k in part:
            table.add_column(
                Text(headings[k]),
                justify="right" if section.holds_numbers[k] else "left",
                no_wrap=stays[k],
                overflow="fold",
            )
        for row in rows:
            table.add_row(*(Text(row[k]) for k in part))
        yield table


def _parts(
    headings: Sequence[str],
    cells: Sequence[Sequence[str]],
    stays: list[bool],
    holds_numbers: Sequence[bool],
    width: int,
) -> list[list[int]]:
    """Return the columns of each part of a table that are shown side by side."""

    def fits(columns: Sequence[int]) -> bool:
        heads, shown = [headings[k] for k in columns], [cells[k] for k in columns]
        return _least_width(heads, shown, [stays[k] for k in columns]) <= width

    every = [*range(len(headings))]
    if len(every) < 3 or fits(every):
        return [every]
    first_number = next((k for k, number in enumerate(holds_numbers) if number), 1)
    of_rows = range(first_number if fits(range(first_number + 1)) else 1)
    parts: list[list[int]] = []
    for k in every[len(of_rows) :]:
        if parts and fits([*parts[-1], k]):
            parts[-1].append(k)
        else:
            parts.append([*of_rows, k])
    return parts


def _longest(texts: Iterable[str]) -> int:
    return max(map(len, texts), default=0)


def _least_width(
    headings: Sequence[str], cells: Sequence[Sequence[str]], stays: Sequence[bool]
) -> int:
    """Return the columns of a terminal that a table needs, two between one column and the next."""
    least = 2 * (len(headings) - 1)
    for heading, own, stay in zip(headings, cells, stays, strict=True):
        texts = [heading, *own]
        least += _longest(part for t in texts for part in (t.split("\n") if stay else t.split()))
    return least


def _broken(heading: str, cells: Sequence[str]) -> str:
    """Return the heading in lines no longer than the cells below it, each word whole."""
    most = max(_longest(cells), _longest(heading.split()), 1)
    return "\n".join(wrap(heading, most, break_long_words=False))


@contextmanager
def progress(
    what: str, counted: str, total: int | None = None
) -> Iterator[Callable[..., None] | None]:
    """Show a bar where standard error is a terminal; of known totals, from `LONG_RUN` on.

    Yields:
        What to call with the number done, and with that of all where it is learnt on the way; None
        where no bar is shown.
    """
    if not sys.stderr.isatty() or (total is not None and total < LONG_RUN):
        yield None
        return
    name = TextColumn("{task.description}", markup=False)
    columns = name, BarColumn(), MofNCompleteColumn(), TextColumn(counted), TimeRemainingColumn()
    with Progress(*columns, console=Console(file=bare(sys.stderr)), transient=True) as bar:
        task = bar.add_task(harmless(what), total=total)
        yield lambda done, of=total: bar.update(task, completed=done, total=of)
