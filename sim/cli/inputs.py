"""The commands for files that go in: new, validate, schema."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import completion, options
from sim.cli.app import app, day_given
from sim.errors import UnscError
from sim.facts.figures import counted

if TYPE_CHECKING:
    from sim.scenario.load import Described


KINDS = ("scenario", "preferences", "codings", "study", "report", "comparison")
"""Of files whose schemas are offered; those of analyses have one too."""


@app.command(epilog="Example: unsc new undof.yaml --mandate undof --on 2026-12-18")
def new(
    path: Annotated[Path, typer.Argument(help="File to write.")],
    mandate: Annotated[
        str | None,
        typer.Option(
            help="Mandate to renew as last time; unsc mandates lists them.",
            autocompletion=completion.mandate,
        ),
    ] = None,
    on: options.On = None,
    term: Annotated[
        float | None,
        typer.Option(
            parser=options.months,
            metavar="MONTHS",
            help="Months to renew it for.  [default: as last time]",
        ),
    ] = None,
    penholder: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE", help="Who holds the pen; may be repeated.  [default: as usual]"
        ),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(metavar="VOTE", help="Former vote to start from, as R2683 or S/2024/255."),
    ] = None,
    study: Annotated[
        bool, typer.Option("--study", help="A study of many variants, not a scenario.")
    ] = False,
    force: options.ForceFile = False,
) -> None:
    """Write a commented scenario to start from.

    It is empty, the renewal of a mandate (--mandate), or a former vote (--like); or a study.
    """
    from sim.report.files import write_file

    if study:
        if mandate or like or on or term or penholder:
            raise UnscError("--study: expected no option but --force with it.")
        from sim.studies.schema import template as of_study

        write_file(path, of_study(), force)
        typer.echo(f"Written: {path}. Edit it, then: unsc study {path} --dry-run")
        return
    from sim.scenario.template import of_mandate, of_vote, template

    if mandate and like:
        raise UnscError("--mandate and --like: expected one of them.")
    if (on or term or penholder) and not mandate:
        raise UnscError("--on, --term and --penholder: expected a --mandate with them.")
    if mandate:
        day = day_given("--on", on) if on else None
        text = of_mandate(mandate, day, term, penholder or ())
    else:
        text = of_vote(like) if like else template()
    write_file(path, text, force)
    typer.echo(f"Written: {path}. Edit it, then: unsc run {path}")


@app.command(epilog="Example: unsc validate my-scenario.yaml my-preferences.yaml")
def validate(
    files: Annotated[
        list[Path], typer.Argument(help="Files of a scenario, of preferences, codings or a study.")
    ],
) -> None:
    """Check files without running them, and report every fault.

    What is sound and yet contradicts itself, as a symbol of another year, is warned of.
    """
    failed = False
    for path in files:
        try:
            found = _described(path)
            typer.echo(f"{path}: {found.words}")
            for warning in found.warnings:
                typer.echo(f"warning: {warning}", err=True)
        except UnscError as error:
            failed = True
            typer.echo(str(error), err=True)
    if failed:
        raise typer.Exit(2)


def _described(path: Path) -> "Described":
    """Return what a sound file of any kind holds."""
    from sim.scenario.load import Described, describe_file

    try:
        text = path.read_bytes() if path.is_file() else b""  # a pipe would be waited for
    except OSError:  # the reader says why
        text = b""
    if not re.search(rb"(?m)^kind: *['\"]?study\b", text):
        return describe_file(path)
    from sim.studies import read_plan

    plan = read_plan(path)
    points = counted(len(plan), "point")
    return Described(f"a sound study, {points} of {plan.form.worlds:,} worlds")


@app.command(epilog="Example: unsc schema scenario > scenario.schema.json")
def schema(
    kind: Annotated[
        str,
        typer.Argument(
            help=f"Kind of file: {', '.join(KINDS[:-1])} or {KINDS[-1]}.",
            autocompletion=lambda: [*KINDS],
        ),
    ] = "scenario",
) -> None:
    """Print the JSON Schema of a kind of file, for editors and other programs."""
    from sim.facts.schema import schema_of
    from sim.report.files import as_json

    if kind == "study":
        from sim.studies.schema import study_schema

        typer.echo(as_json(study_schema()), nl=False)
    else:
        typer.echo(as_json(schema_of(kind)), nl=False)
