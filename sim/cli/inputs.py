"""The commands for files that go in: validate, schema, new, votes import."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.app import app
from sim.errors import UnscError

votes = typer.Typer(help="The record of votes.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(votes, name="votes")


@votes.command("import", epilog="Example: unsc votes import voting-data.csv --out my-record.csv")
def import_votes(
    file: Annotated[Path, typer.Argument(help="The UN Digital Library's voting data, a CSV file.")],
    out: Annotated[Path | None, typer.Option(help="File to write the record into.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Read the UN Digital Library's Security Council voting data into the record's form."""
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
        f"{len(imported.rows)} votes read, {len(imported.problems)} problems (above); "
        f"{n_open} votes have no instrument yet: fill it in.",
        err=True,
    )


@app.command(epilog="Example: unsc validate my-scenario.yaml my-preferences.yaml")
def validate(
    files: Annotated[list[Path], typer.Argument(help="Files of scenarios or of preferences.")],
) -> None:
    """Check files without running them; say everything that is wrong."""
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
        str, typer.Argument(help="scenario, preferences, report or comparison")
    ] = "scenario",
) -> None:
    """Print the JSON Schema of a kind of file, for editors and other programs."""
    from sim.facts.schema import schema_of
    from sim.report.files import as_json

    typer.echo(as_json(schema_of(kind)), nl=False)


@app.command(epilog="Example: unsc new my-scenario.yaml")
def new(
    path: Annotated[Path, typer.Argument(help="Where to write it.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a commented scenario to start from."""
    from sim.report.files import write_file
    from sim.scenario.template import template

    write_file(path, template(), force)
    typer.echo(f"{path}: written. Edit it, then: unsc run {path}")
