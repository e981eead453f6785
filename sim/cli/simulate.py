"""The commands that simulate: run, compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import (
    DEFAULT_WORLDS,
    Force,
    Json,
    Out,
    RandomSeed,
    Scenario,
    Set,
    Workers,
    Worlds,
    app,
    deliver,
)
from sim.errors import WorldsDoNotMatch

if TYPE_CHECKING:
    from sim.ensemble import Ensemble


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
    from sim.report.files import may_write
    from sim.report.outcome import report_sections

    if out:
        may_write(out, force)
    report = _convened(scenario, settings, worlds, random_seed, workers).to_dict()
    deliver("report", report, report_sections(report), out, force, as_json)


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
    from sim.report.differences import comparison_sections
    from sim.report.files import may_write
    from sim.report.saved import same_worlds

    if not others and not settings:
        raise WorldsDoNotMatch("nothing to compare with; name another scenario, or use --set.")
    if out:
        may_write(out, force)
    sides = [(base, None), *((other, settings) for other in others or [base])]
    same = same_worlds([name for name, _ in sides], worlds, random_seed)
    ensembles = [_convened(name, own, *same, workers, keep_worlds=True) for name, own in sides]
    facts = compared(*ensembles).to_dict()
    deliver("compare", facts, comparison_sections(facts), out, force, as_json)


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
