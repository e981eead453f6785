"""The command that says what an outcome hangs on: sensitivity."""

import os
from typing import Annotated

import typer

from sim.cli import options
from sim.cli.app import app, claim, deliver, named


@app.command(epilog="Example: unsc sensitivity dprk-panel-2024 --out build/sensitivity")
def sensitivity(
    scenario: options.OneScenario,
    on: options.On = None,
    worlds: options.Worlds = None,
    random_seed: options.RandomSeed = None,
    total: Annotated[
        bool, typer.Option("--total", help="Total indices of groups too; takes longer.")
    ] = False,
    settings: options.Set = None,
    assume: options.Assume = None,
    out: options.Out = None,
    force: options.Force = False,
    as_json: options.Json = False,
    full: options.Full = False,
    workers: options.Workers = None,
) -> None:
    """Say what the outcome hangs on.

    One number at a time, other choices of rules, and whose preferences explain how much. The ten
    that matter most are printed first; --full prints all.
    """
    # Its matrices are too small to share: threads of linear algebra would wait for one another.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    claim(out, force)
    from sim.analysis.sensitivity_analysis import sensitivity as analysed
    from sim.report.page.sensitivity import sensitivity_page
    from sim.report.sensitivity import FIRST, sensitivity_sections
    from sim.report.terminal import progress
    from sim.scenario import load_scenario

    loaded = load_scenario(named(scenario, on), options.laid_over(settings, assume))
    n = options.DEFAULT_WORLDS if worlds is None else worlds
    with progress(f"What {loaded.name} hangs on", "runs") as report:
        found = analysed(
            loaded, n, random_seed or 0, total=total, workers=workers, on_progress=report
        )
    facts = found.to_dict()
    sections = sensitivity_sections(facts)
    shown = sections if full else sensitivity_sections(facts, FIRST)
    pages = {"sensitivity.html": sensitivity_page(facts)}
    deliver("sensitivity", facts, sections, out, force, as_json, lambda: pages, shown)
