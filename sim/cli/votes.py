"""The commands for records of votes: votes import, votes check, votes join."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options
from sim.cli.app import app, keep_apart
from sim.errors import UnscError, listed
from sim.facts.figures import counted, words

if TYPE_CHECKING:
    from sim.record import Record as RecordOfVotes
    from sim.record.problems import Problem

votes = typer.Typer(
    help="Import, check, code and join records of votes.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(votes, name="votes")

LONG_FILE = 2_000_000
"""Bytes from which an import shows its progress."""
Record = Annotated[
    Path, typer.Argument(metavar="RECORD", help="Record of votes, CSV; - is standard input.")
]
Out = Annotated[
    Path | None,
    typer.Option(help="File to write the record to; - is standard output.  [default: -]"),
]
Problems = Annotated[
    Path | None, typer.Option(help="File to write all problems to, as a CSV table.")
]


@votes.command("import", epilog="Example: unsc votes import voting-data.csv --out my-record.csv")
def import_votes(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Voting data of the UN Digital Library, or files of its form; - is standard "
            "input.",
        ),
    ],
    out: Out = None,
    problems: Problems = None,
    force: options.ForceFile = False,
) -> None:
    """Convert the UN Digital Library's Security Council voting data to a record of votes.

    Failed drafts and amendments may be in files of their own, in the same form. Outcomes are
    decided by the roll calls and the Charter; each row is in a vote that is read, or in a problem
    that is named.
    """
    from sim.record import read_undl
    from sim.report.terminal import progress

    keep_apart((out, problems), files)
    _may_write(out, problems=problems, force=force)
    is_long = sum(file.stat().st_size for file in files if file.is_file()) > LONG_FILE
    with progress("Import", "votes") if is_long else nullcontext() as on_progress:
        imported = read_undl(*files, on_progress=on_progress)
    _tell(imported.problems, problems, force)
    n_votes, n_problems = len(imported.rows), len(imported.problems)
    rows = f"{counted(imported.n_rows, 'row')}: "
    rows += f"{imported.n_rows_read:,} in {counted(n_votes, 'vote')} read, "
    rows += f"{imported.n_rows_left_out:,} left out"
    told = f"{rows}; {counted(n_problems, 'problem')}{' (listed above)' if n_problems else ''}."
    if not n_votes:
        raise UnscError(f"{told} No vote was read; no record is written.")
    _write(out, imported.as_csv(), force)
    for sentence in (told, *_of_rows(imported.rows)):
        typer.echo(sentence, err=True)


def _of_rows(rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield how the imported votes ended, and how they are coded."""
    outcomes = Counter(row["outcome"] for row in rows)
    amendments = counted(sum(bool(row["amends"]) for row in rows), "amendment")
    yield f"{_by_outcome(outcomes)}; {amendments} among them."
    if set(outcomes) == {"adopted"}:
        yield "No draft failed: who learns from these alone never saw one fail."
    if by_words := Counter(column for row in rows for column in row["inferred"].split()):
        cells = ", ".join(counted(n, column) for column, n in sorted(by_words.items()))
        yield f"Told by words of titles, and named under 'inferred': {cells}."
    if n_open := sum(not row["instrument"] for row in rows):
        yield f"{counted(n_open, 'vote')} without an instrument yet: unsc votes code."


@votes.command("check", epilog="Example: unsc votes check my-record.csv")
def check(
    record: Record,
    codings: options.Codings = None,
    problems: Problems = None,
    force: options.ForceFile = False,
) -> None:
    """Check a record of votes: faults, gaps, days out of order, copied roll calls."""
    from sim.facts.coding import coding_facts
    from sim.record import read_record
    from sim.report.coding import coding_sentences

    keep_apart((problems,), (record, codings))
    _may_write(problems=problems, force=force)
    read = read_record(record, codings)
    _tell_codings(read, codings)
    _tell(read.problems, problems, force)
    outcomes = Counter(vote.outcome.value for vote in read)
    typer.echo(
        f"{counted(len(read), 'vote')} from {read[0].date} to {read[-1].date} "
        f"({_by_outcome(outcomes)}), {counted(len(read.problems), 'problem')}."
    )
    for sentence in coding_sentences(coding_facts(read)):
        typer.echo(sentence)


@votes.command(
    "join", epilog="Example: unsc votes join my-record.csv vetoes.csv --out joined-record.csv"
)
def join_votes(
    record: Record,
    table: Annotated[
        Path, typer.Argument(metavar="TABLE", help="CSV table with a column of symbols.")
    ],
    sponsors: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column of who holds the pen.")
    ] = None,
    vetoes: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column of who vetoed, to compare with.")
    ] = None,
    meeting: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column of the meeting, as S/PV.9591.")
    ] = None,
    title: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column of the title.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over cells that hold something else.")
    ] = False,
    out: Out = None,
    problems: Problems = None,
    force: options.ForceFile = False,
) -> None:
    """Fill in a record from any table with symbols: sponsors, meetings, titles; compare vetoes.

    Columns are found by their usual names, as sponsors, "vetoed by" or meeting, unless named.
    """
    from sim.record.joining import join

    named = {"penholder": sponsors, "vetoes": vetoes, "meeting": meeting, "title": title}
    keep_apart((out,), (table,))  # the record itself may be filled in where it is
    keep_apart((problems,), (record, table))
    _may_write(out, problems=problems, force=force)
    joined = join(record, table, {k: v for k, v in named.items() if v}, replace)
    _tell(joined.problems, problems, force)
    if not joined.n_joined:
        raise UnscError(f"{table}: no row is on a vote of the record; no record is written.")
    _write(out, joined.as_csv(), force)
    filled = ", ".join(f"{n:,} {column}" for column, n in joined.filled.items()) or "none"
    typer.echo(
        f"{counted(joined.n_joined, 'row')} joined; cells filled in: {filled}; "
        f"{counted(len(joined.problems), 'problem')}.",
        err=True,
    )


@votes.command("code", epilog="Example: unsc votes code my-record.csv --out to-code.csv")
def code(
    record: Record,
    codings: options.Codings = None,
    inferred: Annotated[
        bool, typer.Option("--inferred", help="List also what rules have coded, to look it over.")
    ] = False,
    out: Out = None,
    force: options.ForceFile = False,
) -> None:
    """Write a table of the votes that are still to be coded, the most telling first.

    Filled in, it is a file for --codings. It says nothing of how the votes ended.
    """
    from sim.record.to_code import to_code

    keep_apart((out,), (record, codings))
    _may_write(out, force=force)
    found = to_code(record, codings, inferred)
    by = found.counts
    _write(out, found.as_csv(), force)
    typer.echo(
        f"{counted(by.total(), 'vote')}: {by['hand']:,} coded by hand, {by['rule']:,} by rules on "
        f"their titles, {by['nobody']:,} by nobody; {len(found.rows):,} in the table.",
        err=True,
    )


def record_given(path: Path | None, codings: Path | None = None) -> "RecordOfVotes":
    """Return the votes of a record, the shipped one by default, and say what is odd about a file.

    Gaps in the numbers are left to `votes check`: a record may well be a selection.
    """
    from sim.record import read_record

    record = read_record(path, codings)
    if codings:
        _tell_codings(record, codings)
    if path:
        _tell((p for p in record.problems if p.kind != "missing"), None, force=False)
    return record


def _tell_codings(record: "RecordOfVotes", codings: Path | None) -> None:
    """Say which codings are of no vote of the record."""
    if lines := record.codes_nothing:
        said = f"{counted(len(lines), 'coding')} of no vote of the record"
        typer.echo(f"{codings}: {said}, in lines {listed(map(str, lines), 8)}.", err=True)


def _tell(problems: "Iterable[Problem]", path: Path | None, force: bool) -> None:
    """Print the problems, each kind once, and write all of them to a file if one is given."""
    from sim.record.problems import as_table, said
    from sim.report.files import write_file

    for line in said(problems):
        typer.echo(line, err=True)
    if path:
        write_file(path, as_table(problems), force)


def _may_write(out: Path | None = None, problems: Path | None = None, *, force: bool) -> None:
    from sim.report.files import may_write_file

    if problems == options.STANDARD_OUTPUT:
        raise UnscError("--problems -: standard output is taken; expected the name of a file.")
    files = [path for path in (out, problems) if path and path != options.STANDARD_OUTPUT]
    for path in files:
        may_write_file(path, force)
    if len({path.resolve() for path in files}) < len(files):
        raise UnscError(f"{files[0]}: given for two things; expected a file for each.")


def _write(out: Path | None, text: str, force: bool) -> None:
    """Write a record to a file, or print it."""
    from sim.report.files import write_file

    if out and out != options.STANDARD_OUTPUT:
        write_file(out, text, force)
        typer.echo(f"Written: {out}", err=True)
    else:
        typer.echo(text, nl=False)


def _by_outcome(counts: Mapping[str, int]) -> str:
    """Return how many votes ended how: `58 adopted, 2 vetoed, 1 not carried`."""
    named = ("adopted", "vetoed", "not_carried")
    return ", ".join(f"{counts[name]:,} {words(name)}" for name in named)
