"""The commands that simulate, and the page of what they saved: run, compare, report."""

from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sim.cli import completion
from sim.cli.app import (
    DEFAULT_WORLDS,
    Force,
    Json,
    Out,
    RandomSeed,
    Scenarios,
    Set,
    Workers,
    Worlds,
    app,
    deliver,
)
from sim.errors import WillNotOverwrite, WorldsDoNotMatch

if TYPE_CHECKING:
    from sim.comparison import Comparison
    from sim.facts.comparison import ComparisonReport
    from sim.facts.report import Report
    from sim.report.gallery import Gallery
    from sim.report.saved import Saved
    from sim.report.sections import Section
    from sim.result import Result
    from sim.scenario import Scenario

Pages = Callable[[], dict[str, str]]


class Asked(NamedTuple):
    """What was asked for of a run; None leaves it to what is saved, or to the default."""

    worlds: int | None
    random_seed: int | None
    workers: int | None

    def run(self, saved: "Saved | None") -> tuple[int, int]:
        """Return worlds and random seed, those of a saved run where none were asked for."""
        worlds, seed = saved.run if saved else (DEFAULT_WORLDS, 0)
        return (
            worlds if self.worlds is None else self.worlds,
            seed if self.random_seed is None else self.random_seed,
        )


@app.command(
    epilog="Example: unsc run dprk-panel-2024 --set members.RUS.ties.PRK=0.4 --out build/r"
)
def run(
    scenarios: Scenarios,
    worlds: Worlds = None,
    random_seed: RandomSeed = None,
    settings: Set = None,
    out: Out = None,
    force: Force = False,
    as_json: Json = False,
    workers: Workers = None,
) -> None:
    """Simulate a scenario and report its outcome.

    Several scenarios make a gallery. A saved report is run again, and each of its numbers checked;
    for a saved comparison, use compare.
    """
    from sim.report.files import may_write

    if out:
        may_write(out, force)
    asked = Asked(worlds, random_seed, workers)
    if len(scenarios) > 1:
        facts, sections, pages = _gallery(scenarios, settings, asked)
        deliver("index", facts, sections, out, force, as_json, pages)
        return
    from sim.report.outcome import report_sections

    report = _convened(scenarios[0], settings, asked).to_dict()
    sections = report_sections(report)
    deliver("report", report, sections, out, force, as_json, lambda: _page("report", report))


@app.command(epilog="Example: unsc compare dprk-panel-2024 dprk-panel-2023 dprk-panel-2024-review")
def compare(
    base: Annotated[
        str,
        typer.Argument(
            help="The base: a scenario or a saved report; or, alone, a saved comparison.",
            autocompletion=completion.scenario,
        ),
    ],
    others: Annotated[
        list[str] | None,
        typer.Argument(
            help="Scenarios or saved reports to compare with the base.",
            autocompletion=completion.scenario,
        ),
    ] = None,
    worlds: Worlds = None,
    random_seed: RandomSeed = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="SETTING",
            help="Change a setting of all others; of a second copy of the base if none is named.",
            autocompletion=completion.setting,
        ),
    ] = None,
    out: Out = None,
    force: Force = False,
    as_json: Json = False,
    workers: Workers = None,
) -> None:
    """Compare scenarios over the same worlds, member by member.

    A saved comparison is run again, and each of its numbers checked.
    """
    from sim.report.differences import comparison_sections
    from sim.report.files import may_write
    from sim.report.saved import saved_in

    if out:
        may_write(out, force)
    asked = Asked(worlds, random_seed, workers)
    saved = None if others or settings else saved_in(base)
    if saved and saved.is_comparison:
        comparison = _compared_again(saved, asked)
    else:
        comparison = _compared(base, others or [], settings, asked)
    facts = comparison.to_dict()
    sections = comparison_sections(facts)
    deliver("compare", facts, sections, out, force, as_json, lambda: _page("compare", facts))


@app.command(epilog="Example: unsc report build/dprk-panel-2024/report.json")
def report(
    file: Annotated[Path, typer.Argument(help="A saved report.json or compare.json.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Page to write.  [default: the same name with .html]"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing page.")] = False,
) -> None:
    """Write the page of a saved report or comparison.

    It shows what the file says; nothing is simulated again.
    """
    from sim.report.files import write_file
    from sim.report.page import saved_page
    from sim.report.sections import harmless

    page = saved_page(file)
    path = out or file.with_suffix(".html")
    if path.resolve() == file.resolve():
        raise WillNotOverwrite(f"{path}: is the report itself; choose another --out.")
    write_file(path, page, force)
    typer.echo(f"Written: {harmless(str(path))}", err=True)


def _page(name: str, facts: "Report | ComparisonReport") -> dict[str, str]:
    """Return the page of a report or of a comparison by its file's name."""
    from sim.report.page import page_of

    return {f"{name}.html": page_of(facts)}


def _gallery(
    names: Sequence[str], settings: list[str] | None, asked: Asked
) -> "tuple[Gallery, list[Section], Pages]":
    """Return the facts of many scenarios over the same worlds, their sections, and all pages."""
    from sim.comparison import compare as compared
    from sim.report.gallery import check_names, gallery_of, gallery_sections
    from sim.report.saved import same_worlds
    from sim.scenario import load_scenario

    same = Asked(*same_worlds(names, asked.worlds, asked.random_seed), asked.workers)
    check_names([load_scenario(name, settings or ()).name for name in names])
    results = [_convened(name, settings, same, keep_worlds=True) for name in names]
    reports = [result.to_dict() for result in results]
    pairs = [compared(base, other).to_dict() for base, other in combinations(results, 2)]
    facts = gallery_of(reports, pairs)

    def pages() -> dict[str, str]:
        from sim.report.page import gallery_pages

        return gallery_pages(facts, reports, pairs)

    return facts, gallery_sections(facts), pages


def _compared(
    base: str, others: Sequence[str], settings: list[str] | None, asked: Asked
) -> "Comparison":
    """Return the comparison of a base with others, or with itself under other settings."""
    from sim.comparison import check_number
    from sim.comparison import compare as compared
    from sim.report.saved import same_worlds

    if not others and not settings:
        raise WorldsDoNotMatch("nothing to compare with; name another scenario, or use --set.")
    sides = [(base, None), *((other, settings) for other in others or [base])]
    check_number(len(sides))
    names = [name for name, _ in sides]
    same = Asked(*same_worlds(names, asked.worlds, asked.random_seed), asked.workers)
    return compared(*(_convened(name, own, same, keep_worlds=True) for name, own in sides))


def _compared_again(saved: "Saved", asked: Asked) -> "Comparison":
    """Return a saved comparison, simulated again; the same worlds must give the same numbers."""
    from sim.comparison import compare as compared
    from sim.report.saved import check_same, scenarios_in

    run = asked.run(saved)
    results = [_simulated(scenario, run, asked.workers, True) for scenario in scenarios_in(saved)]
    comparison = compared(*results)
    if run == saved.run:
        check_same(saved, comparison)
    return comparison


def _convened(
    name: str, settings: list[str] | None, asked: Asked, keep_worlds: bool = False
) -> "Result":
    """Return the ensemble of a scenario or of a saved report, which must give its own numbers."""
    from sim.report.saved import check_same, saved_report
    from sim.scenario import load_scenario

    saved = saved_report(name)
    scenario = load_scenario(name, settings or ())
    run = asked.run(saved)
    result = _simulated(scenario, run, asked.workers, keep_worlds)
    if saved and not settings and run == saved.run:
        check_same(saved, result)
    return result


def _simulated(
    scenario: "Scenario", run: tuple[int, int], workers: int | None, keep_worlds: bool
) -> "Result":
    """Return the ensemble of a scenario, with progress on long runs."""
    from sim.chamber import convene  # imports mesa: only once the input is known to be sound
    from sim.report.terminal import progress

    try:
        with progress(scenario.name, run[0]) as on_progress:
            return convene(
                scenario,
                *run,
                workers=workers,
                keep_worlds=keep_worlds,
                on_progress=on_progress,
            )
    except KeyboardInterrupt:
        typer.echo("Stopped; nothing was written.", err=True)
        raise
