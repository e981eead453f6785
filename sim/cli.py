"""The command line: parse, call one function, print, exit code.

Rooms are imported inside the commands, so that `unsc --help` is quick.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim import __version__
from sim.errors import UnscError, WorldsDoNotMatch

if TYPE_CHECKING:
    from sim.ensemble import Ensemble
    from sim.report.sections import Section

app = typer.Typer(
    name="unsc",
    help="Simulate votes of the United Nations Security Council.",
    epilog="Start with: unsc run dprk-panel-2024",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

DEFAULT_WORLDS = 20_000
NARROWEST = 40
"""Columns of a terminal below which nothing is legible; some report 0."""

Scenario = Annotated[str, typer.Argument(help="A scenario file, or the name of a shipped one.")]
Worlds = Annotated[int | None, typer.Option(help=f"Simulated worlds.  [default: {DEFAULT_WORLDS}]")]
RandomSeed = Annotated[int | None, typer.Option(help="Seed of all chance.  [default: 0]")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", help="A setting, as members.RUS.ties.PRK=0.4; may be repeated."),
]
Out = Annotated[Path | None, typer.Option(help="Folder to write the report into.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a report that is there already.")]
Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON instead.")]
Workers = Annotated[int | None, typer.Option(help="Threads.  [default: one a processor]")]


@app.callback(invoke_without_command=True)  # so that --version needs no command
def unsc(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    """Simulate votes of the United Nations Security Council."""
    if version:
        typer.echo(f"unsc-sim {__version__}")
        raise typer.Exit


@app.command(
    epilog="Example: unsc run dprk-panel-2024 --set members.RUS.ties.PRK=0.4 --out build/r"
)
def run(
    scenario: Scenario,
    worlds: Worlds = None,
    random_seed: RandomSeed = None,
    settings: Set = None,
    out: Out = None,
    force: Force = False,
    as_json: Json = False,
    workers: Workers = None,
) -> None:
    """Simulate a scenario and report its outcome."""
    from sim.report import files
    from sim.report.markdown import markdown
    from sim.report.sections import report_sections

    if out:
        files.may_write(out, force)
    report = _convened(scenario, settings, worlds, random_seed, workers).to_dict()
    texts = {"report.json": files.as_json(report)}
    sections = report_sections(report)
    if out:
        files.write(out, {**texts, "report.md": markdown(sections)}, force)
    _print(sections, texts["report.json"] if as_json else None, out)


@app.command(epilog="Example: unsc compare dprk-panel-2024 dprk-panel-2023 dprk-panel-2024-review")
def compare(
    base: Annotated[str, typer.Argument(help="The base: a scenario, or a saved report.json.")],
    others: Annotated[
        list[str] | None, typer.Argument(help="What to compare with it, likewise.")
    ] = None,
    worlds: Worlds = None,
    random_seed: RandomSeed = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="A setting of the others; with none named, of the base again."),
    ] = None,
    out: Out = None,
    force: Force = False,
    as_json: Json = False,
    workers: Workers = None,
) -> None:
    """Compare scenarios over the same worlds: what differs, and in which worlds a vote flipped."""
    from sim.comparison import compare as compared
    from sim.report import files
    from sim.report.differences import comparison_sections
    from sim.report.markdown import markdown
    from sim.report.saved import same_worlds

    if not others and not settings:
        raise WorldsDoNotMatch("nothing to compare with; name another scenario, or use --set.")
    if out:
        files.may_write(out, force)
    sides = [(base, None), *((other, settings) for other in others or [base])]
    same = same_worlds([name for name, _ in sides], worlds, random_seed)
    ensembles = [_convened(name, own, *same, workers, keep_worlds=True) for name, own in sides]
    facts = compared(*ensembles).to_dict()
    texts = {"compare.json": files.as_json(facts)}
    sections = comparison_sections(facts)
    if out:
        files.write(out, {**texts, "compare.md": markdown(sections)}, force)
    _print(sections, texts["compare.json"] if as_json else None, out)


@app.command(epilog="Example: unsc calibrate dprk-panel-2024 --out my-preferences.yaml")
def calibrate(
    scenario: Annotated[
        str, typer.Argument(help="A scenario with an observed vote.")
    ] = "dprk-panel-2024",
    worlds: Annotated[int, typer.Option(help="Worlds of the prior.")] = 100_000,
    random_seed: Annotated[int, typer.Option(help="Seed of all chance.")] = 0,
    settings: Set = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write the calibrated preferences into.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the fit as JSON instead.")] = False,
    workers: Workers = None,
) -> None:
    """Learn from one observed vote: preferences before and after, by exact likelihood weights."""
    from sim.report import files
    from sim.report.calibration import calibration_sections
    from sim.scenario import load_scenario

    before = load_scenario(scenario, settings or ())
    from sim.calibrate.seed_vote import calibrate_to_vote
    from sim.calibrate.writing import preferences_text

    fit = calibrate_to_vote(before, worlds, random_seed, workers=workers)
    facts = fit.to_dict()
    if out:
        files.write_file(out, preferences_text(fit), force)
    _print(calibration_sections(facts), files.as_json(facts) if as_json else None, None)
    if out:
        typer.echo(f"\nWritten: {out}", err=True)


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

    from sim.calibrate.undl import read_undl, write_record
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
    kind: Annotated[str, typer.Argument(help="scenario or preferences")] = "scenario",
) -> None:
    """Print the JSON Schema of a kind of file, for editors that complete it."""
    from sim.report.files import as_json
    from sim.scenario import schema_of

    typer.echo(as_json(schema_of(kind)), nl=False)


@app.command(epilog="Example: unsc scenarios")
def scenarios() -> None:
    """List the shipped scenarios."""
    from sim.report.sections import Section
    from sim.scenario import load_scenario
    from sim.scenario.library import shipped

    loaded = [(name, load_scenario(name)) for name in shipped()]
    rows = [(name, str(s.date), s.question or s.title) for name, s in loaded]
    _print([Section("Shipped scenarios", (), ("name", "date", "question"), rows)], None, None)


@app.command(epilog="Example: unsc members --on 2024-03-28")
def members(
    on: Annotated[str, typer.Option(help="A day, as 2024-03-28.")],
) -> None:
    """List who sits on the Council on a day."""
    from sim.report.sections import Section
    from sim.roster import council_on, day_of

    rows = [
        (
            m.code,
            m.state.name,
            "permanent" if m.permanent else "elected",
            m.state.regional_group,
            ", ".join(m.caucuses),
        )
        for m in council_on(day_of(on))
    ]
    columns = ("", "member", "seat", "regional group", "caucuses")
    _print([Section(f"The Security Council on {on}", (), columns, rows)], None, None)


@app.command(epilog="Example: unsc power --quota 9 --vetoes-needed 2")
def power(
    permanent: Annotated[int, typer.Option(help="Members with a veto.")] = 5,
    elected: Annotated[int, typer.Option(help="Members without.")] = 10,
    quota: Annotated[int, typer.Option(help="Votes in favour that are needed.")] = 9,
    vetoes_needed: Annotated[int, typer.Option(help="Negative votes that block.")] = 1,
) -> None:
    """Show voting power before any preference is known, exactly."""
    from sim.charter.power import CouncilShape
    from sim.report.power import power_section

    shape = CouncilShape(permanent, elected, quota, vetoes_needed)
    _print([power_section(shape)], None, None)


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


def _convened(
    name: str,
    settings: list[str] | None,
    worlds: int | None,
    random_seed: int | None,
    workers: int | None,
    keep_worlds: bool = False,
) -> Ensemble:
    """Return the ensemble of a scenario or of a saved report, with progress on long runs."""
    from sim.report.saved import check_same, saved_in
    from sim.report.terminal import progress
    from sim.scenario import load_scenario

    saved = saved_in(name)
    scenario = load_scenario(name, settings or ())
    from sim.chamber import convene  # imports mesa: only once the input is known to be sound

    if saved:
        worlds = saved.worlds if worlds is None else worlds
        random_seed = saved.random_seed if random_seed is None else random_seed
    n_worlds, seed = DEFAULT_WORLDS if worlds is None else worlds, random_seed or 0
    try:
        with progress(scenario.name, n_worlds) as on_progress:
            ensemble = convene(
                scenario,
                n_worlds,
                seed,
                workers=workers,
                keep_worlds=keep_worlds,
                on_progress=on_progress,
            )
    except KeyboardInterrupt:
        typer.echo("Stopped; nothing was written.", err=True)
        raise
    if saved and not settings and (n_worlds, seed) == (saved.worlds, saved.random_seed):
        check_same(saved, ensemble)
    return ensemble


def _print(sections: list[Section], json_text: str | None, out: Path | None) -> None:
    """Print the sections, or the JSON, and say where the files lie."""
    if json_text is not None:
        typer.echo(json_text, nl=False)
    else:
        from rich.console import Console

        from sim.report.terminal import show

        console = Console(highlight=False)
        console.width = max(console.width, NARROWEST)
        show(sections, console)
    if out:
        from sim.report.sections import harmless

        names = ", ".join(harmless(str(path)) for path in sorted(out.iterdir()))
        typer.echo(f"\nWritten: {names}", err=True)


def main() -> None:
    """Run the command line; a user's mistake ends with a sentence and exit code 2.

    A stream that cannot spell a character of the report gets a question mark for it.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except UnscError as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except BrokenPipeError:  # who reads has seen enough
        sys.exit(1)
    except OSError as error:
        typer.echo(f"cannot go on: {error.strerror or error}", err=True)
        sys.exit(2)
