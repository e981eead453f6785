"""The commands that put questions to a scenario: explain, sensitivity, frontier."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import completion, options
from sim.cli.app import app, claim, deliver, named
from sim.errors import UnscError

if TYPE_CHECKING:
    from sim.scenario import Scenario

FREE = "expected a provision, as review, or one with its limits, as review=0.2:0.8"


@app.command(epilog="Example: unsc explain dprk-panel-2024 RUS")
def explain(
    scenario: Annotated[str, options.scenario(help="A scenario, a mandate, or a saved report.")],
    member: Annotated[
        str | None,
        typer.Argument(
            help="A member's code, as RUS.  [default: the outcome]",
            autocompletion=completion.member,
        ),
    ] = None,
    on: options.On = None,
    worlds: options.Worlds = None,
    random_seed: options.RandomSeed = None,
    settings: options.Set = None,
    assume: options.Assume = None,
    out: options.Out = None,
    force: options.Force = False,
    as_json: options.Json = False,
    workers: options.Workers = None,
) -> None:
    """Say why a member votes as it does, and what would flip its vote.

    Without a member: why the outcome is what it is, and which members it hangs on.
    """
    claim(out, force)
    from sim.cli.runs import Asked, explained
    from sim.report.explanation import explanation_sections

    asked, laid_over = Asked(worlds, random_seed, workers), options.laid_over(settings, assume)
    facts = explained(named(scenario, on), member, laid_over, asked).to_dict()
    deliver("explain", facts, explanation_sections(facts), out, force, as_json)


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
    from sim.cli.runs import Asked
    from sim.report.sensitivity import FIRST, sensitivity_sections
    from sim.report.terminal import progress

    loaded = _loaded(scenario, on, settings, assume)
    run = Asked(worlds, random_seed, workers).run(None)
    with progress(f"What {loaded.name} hangs on", "runs") as on_progress:
        found = analysed(loaded, *run, total=total, workers=workers, on_progress=on_progress)
    facts = found.to_dict()
    shown = None if full else sensitivity_sections(facts, FIRST)
    sections = sensitivity_sections(facts)
    deliver("sensitivity", facts, sections, out, force, as_json, shown=shown)


@app.command(epilog="Example: unsc frontier dprk-panel-2024 --free review --free relief")
def frontier(
    scenario: options.OneScenario,
    member: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="CODE",
            help="Member to whom texts are worth something.  [default: the penholder]",
        ),
    ] = None,
    free: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PROVISION",
            help="Provision that may be moved, as review or review=0.2:0.8; may be repeated.  "
            "[default: within the red lines]",
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All provisions may be moved, from 0 to 1.")
    ] = False,
    adopted: Annotated[
        float,
        options.chance(help="Chance of adoption that the smallest amendment is to reach."),
    ] = 0.9,
    on: options.On = None,
    worlds: options.Worlds = None,
    random_seed: options.RandomSeed = None,
    settings: options.Set = None,
    assume: options.Assume = None,
    out: options.Out = None,
    force: options.Force = False,
    as_json: options.Json = False,
    workers: options.Workers = None,
) -> None:
    """Say which texts would pass, and at what price.

    The texts of which none is both worth more to the penholder and likelier to be adopted, the
    smallest amendment that would pass, and what each concession buys.
    """
    claim(out, force)
    from sim.analysis.trade_off import frontier as found
    from sim.cli.runs import Asked
    from sim.report.frontier import frontier_sections
    from sim.report.terminal import progress

    loaded = _loaded(scenario, on, settings, assume)
    ranges = dict(map(limits, free or ()))
    run = Asked(worlds, random_seed, workers).run(None)
    with progress(f"Texts of {loaded.name}", "runs") as on_progress:
        facts = found(
            loaded, *run, free=ranges, every=every, member=member, adopted=adopted,
            workers=workers, on_progress=on_progress,
        ).to_dict()  # fmt: skip
    deliver("frontier", facts, frontier_sections(facts), out, force, as_json)


def _loaded(
    scenario: str, on: str | None, settings: list[str] | None, assume: list[str] | None
) -> "Scenario":
    """Return the scenario that is asked for, with all that is laid over it."""
    from sim.scenario import load_scenario

    return load_scenario(named(scenario, on), options.laid_over(settings, assume))


def limits(text: str) -> tuple[str, tuple[float, float]]:
    """Return a provision and its limits: `review=0.2:0.8`, or all of the scale.

    Raises:
        UnscError: it is neither.
    """
    name, equals, said = text.partition("=")
    if not equals:
        return name, (0.0, 1.0)
    try:
        low, high = map(float, said.split(":"))
    except ValueError:
        raise UnscError(f"--free {text}: {FREE}.") from None
    return name, (low, high)
