"""The commands that simulate, and the page of what they saved: run, compare, report."""

from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
    from sim.facts.comparison import ComparisonReport
    from sim.facts.report import Report
    from sim.report.gallery import Gallery
    from sim.report.sections import Section
    from sim.result import Result

Pages = Callable[[], dict[str, str]]


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
    """Simulate a scenario and report its outcome, or several."""
    from sim.report.files import may_write

    if out:
        may_write(out, force)
    if len(scenarios) > 1:
        facts, sections, pages = _gallery(scenarios, settings, worlds, random_seed, workers)
        deliver("index", facts, sections, out, force, as_json, pages)
        return
    from sim.report.outcome import report_sections

    report = _convened(scenarios[0], settings, worlds, random_seed, workers).to_dict()
    sections = report_sections(report)
    deliver("report", report, sections, out, force, as_json, lambda: _page("report", report))


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
    from sim.comparison import check_number
    from sim.comparison import compare as compared
    from sim.report.differences import comparison_sections
    from sim.report.files import may_write
    from sim.report.saved import same_worlds

    if not others and not settings:
        raise WorldsDoNotMatch("nothing to compare with; name another scenario, or use --set.")
    check_number(1 + len(others or [base]))
    if out:
        may_write(out, force)
    sides = [(base, None), *((other, settings) for other in others or [base])]
    same = same_worlds([name for name, _ in sides], worlds, random_seed)
    ensembles = [_convened(name, own, *same, workers, keep_worlds=True) for name, own in sides]
    facts = compared(*ensembles).to_dict()
    sections = comparison_sections(facts)
    deliver("compare", facts, sections, out, force, as_json, lambda: _page("compare", facts))


@app.command(epilog="Example: unsc report build/dprk-panel-2024/report.json")
def report(
    file: Annotated[Path, typer.Argument(help="A saved report.json or compare.json.")],
    out: Annotated[
        Path | None, typer.Option(help="The page to write.  [default: beside it, as .html]")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a page that is there.")] = False,
) -> None:
    """Write the page of a saved report or comparison.

    It says what the file says; nothing is simulated again.
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
    names: Sequence[str],
    settings: list[str] | None,
    worlds: int | None,
    random_seed: int | None,
    workers: int | None,
) -> "tuple[Gallery, list[Section], Pages]":
    """Return the facts of many scenarios over the same worlds, their sections, and all pages."""
    from sim.comparison import compare as compared
    from sim.report.gallery import check_names, gallery_of, gallery_sections
    from sim.report.saved import same_worlds
    from sim.scenario import load_scenario

    check_names([load_scenario(name, settings or ()).name for name in names])
    same = same_worlds(names, worlds, random_seed)
    ensembles = [_convened(name, settings, *same, workers, keep_worlds=True) for name in names]
    reports = [ensemble.to_dict() for ensemble in ensembles]
    pairs = [compared(base, other).to_dict() for base, other in combinations(ensembles, 2)]
    facts = gallery_of(reports, pairs)

    def pages() -> dict[str, str]:
        from sim.report.page import gallery_pages

        return gallery_pages(facts, reports, pairs)

    return facts, gallery_sections(facts), pages


def _convened(
    name: str,
    settings: list[str] | None,
    worlds: int | None,
    random_seed: int | None,
    workers: int | None,
    keep_worlds: bool = False,
) -> "Result":
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
