"""The commands that simulate, and the page of what they saved: run, compare, report."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options
from sim.cli.app import app, claim, deliver, named
from sim.errors import UnscError, WillNotOverwrite
from sim.reading.source import is_pipe


@app.command(
    epilog="Example: unsc run dprk-panel-2024 --set members.RUS.ties.PRK=0.4 --out build/r"
)
def run(
    scenarios: options.Scenarios,
    on: options.On = None,
    worlds: options.Worlds = None,
    random_seed: options.RandomSeed = None,
    settings: options.Set = None,
    assume: options.Assume = None,
    given: options.Given = None,
    out: options.Out = None,
    force: options.Force = False,
    as_json: options.Json = False,
    full: options.Full = False,
    workers: options.Workers = None,
) -> None:
    """Simulate a scenario or the renewal of a mandate.

    A mandate is renewed as last time, by the Council of the day; unsc mandates lists them.
    What is printed is a brief; --full prints all. Several scenarios make a gallery. A saved report
    is run again, and each of its numbers checked; for a saved comparison, use compare.
    """
    claim(out, force)
    from sim.cli.runs import Asked, convened, gallery

    if on is not None:
        if dated := next((name for name in scenarios if "@" in name), None):
            raise UnscError(f"{dated} and --on {on}: expected the day once.")
        scenarios = [named(name, on) for name in scenarios]
    settings = options.laid_over(settings, assume)
    asked = Asked(worlds, random_seed, workers, options.votes_given(given or ()))
    if len(scenarios) > 1 and given:
        raise UnscError(f"--given: {len(scenarios)} scenarios; expected one.")
    if len(scenarios) > 1:
        facts, sections, pages = gallery(scenarios, settings, asked)
        deliver("index", facts, sections, out, force, as_json, pages)
        return
    from sim.report.outcome import brief, report_sections

    report = convened(scenarios[0], settings, asked).to_dict()
    sections, shown = report_sections(report), None if full else brief(report)
    deliver("report", report, sections, out, force, as_json, shown=shown)


@app.command(epilog="Example: unsc compare dprk-panel-2024 dprk-panel-2023 dprk-panel-2024-review")
def compare(
    base: Annotated[
        str,
        options.scenario(
            help="The base: a scenario, a mandate and its day, as undof@2026-12-18, or a saved "
            "report; or, alone, a saved comparison."
        ),
    ],
    others: Annotated[
        list[str] | None,
        options.scenario(help="What to compare with the base, named likewise."),
    ] = None,
    worlds: options.Worlds = None,
    random_seed: options.RandomSeed = None,
    settings: Annotated[
        list[str] | None,
        options.setting(
            help="Change a setting of all others; of a second copy of the base if none is named."
        ),
    ] = None,
    assume: options.Assume = None,
    why: Annotated[
        bool,
        typer.Option("--why", help="Split the difference in adoption over the settings."),
    ] = False,
    out: options.Out = None,
    force: options.Force = False,
    as_json: options.Json = False,
    workers: options.Workers = None,
) -> None:
    """Compare scenarios over the same worlds, member by member.

    A saved comparison is run again, and each of its numbers checked.
    """
    from sim.report.differences import comparison_sections
    from sim.report.saved import saved_in

    claim(out, force)
    from sim.cli.runs import Asked, compared, compared_again

    settings = options.laid_over(settings, assume)
    asked = Asked(worlds, random_seed, workers)
    saved = None if others or settings else saved_in(base)
    if saved and saved.is_comparison:
        comparison = compared_again(saved, asked, why)
    else:
        comparison = compared(base, others or [], settings, asked, why)
    facts = comparison.to_dict()
    deliver("compare", facts, comparison_sections(facts), out, force, as_json)


@app.command(epilog="Example: unsc report build/dprk-panel-2024/report.json")
def report(
    file: Annotated[
        Path,
        typer.Argument(help="A file that run, compare, explain, sensitivity or frontier saved."),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Page to write.  [default: the same name with .html]")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing page.")] = False,
) -> None:
    """Write the page of a saved report, comparison or analysis.

    It shows what the file says; nothing is simulated again.
    """
    from sim.report.files import write_file
    from sim.report.page import saved_page

    if out is None and is_pipe(file):
        raise UnscError(f"{file}: a pipe has no name; say how to call the page, --out page.html.")
    page = saved_page(file)
    path = out or file.with_suffix(".html")
    if path.resolve() == file.resolve():
        raise WillNotOverwrite(f"{path}: is the report itself; choose another --out.")
    write_file(path, page, force)
    typer.echo(f"Written: {path}", err=True)
