"""The commands for files that go in: new, validate, schema, votes import."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options
from sim.cli.app import app
from sim.errors import UnscError

votes = typer.Typer(help="Import a record of votes.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(votes, name="votes")


@app.command(epilog="Example: unsc new my-scenario.yaml")
def new(
    path: Annotated[Path, typer.Argument(help="File to write.")], force: options.ForceFile = False
) -> None:
    """Write a commented scenario to start from."""
    from sim.report.files import write_file
    from sim.scenario.template import template

    write_file(path, template(), force)
    typer.echo(f"Written: {path}. Edit it, then: unsc run {path}")


@app.command(epilog="Example: unsc validate my-scenario.yaml my-preferences.yaml")
def validate(
    files: Annotated[list[Path], typer.Argument(help="Scenario or preference files.")],
) -> None:
    """Check files without running them, and report every fault."""
    from sim.scenario import describe_file

    failed = False
    for path in files:
        try:
            typer.echo(f"{path}: {describe_file(path)}")
        except UnscError as error:
            failed = True
            typer.echo(str(error), err=True)
    if failed:
        raise typer.Exit(2)


@app.command(epilog="Example: unsc schema scenario > scenario.schema.json")
def schema(
    kind: Annotated[
        str,
        typer.Argument(
            help="Kind of file: scenario, preferences, report or comparison.",
            autocompletion=lambda: ["scenario", "preferences", "report", "comparison"],
        ),
    ] = "scenario",
) -> None:
    """Print the JSON Schema of a kind of file, for editors and other programs."""
    from sim.facts.schema import schema_of
    from sim.report.files import as_json

    typer.echo(as_json(schema_of(kind)), nl=False)


@votes.command("import", epilog="Example: unsc votes import voting-data.csv --out my-record.csv")
def import_votes(
    file: Annotated[
        Path, typer.Argument(help="Voting data of the UN Digital Library, a CSV file.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="File to write the record to.  [default: standard output]")
    ] = None,
    force: options.ForceFile = False,
) -> None:
    """Convert the UN Digital Library's Security Council voting data to a record of votes."""
    from io import StringIO

    from sim.record import read_undl, write_record
    from sim.report.files import write_file

    imported = read_undl(file)
    text = StringIO()
    write_record(imported.rows, text)
    for problem in imported.problems:
        typer.echo(str(problem), err=True)
    if out:
        write_file(out, text.getvalue(), force)
    else:
        typer.echo(text.getvalue(), nl=False)
    n_open = sum(not row["instrument"] for row in imported.rows)
    typer.echo(
        f"{len(imported.rows)} votes read, {len(imported.problems)} problems (listed above); "
        f"{n_open} votes have no instrument yet: please fill it in.",
        err=True,
    )
