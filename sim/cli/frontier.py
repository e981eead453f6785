"""The command that says which texts would pass, and at what price: frontier."""

from typing import Annotated

import typer

from sim.cli import options
from sim.cli.app import app, claim, deliver, named
from sim.errors import UnscError

FREE = "expected a provision, as review, or one with its limits, as review=0.2:0.8"


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
        float, typer.Option(help="Chance of adoption that the smallest amendment is to reach.")
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
    from sim.report.frontier import frontier_sections
    from sim.report.page.frontier import frontier_page
    from sim.report.terminal import progress
    from sim.scenario import load_scenario

    loaded = load_scenario(named(scenario, on), options.laid_over(settings, assume))
    ranges = dict(map(limits, free or ()))
    n = options.DEFAULT_WORLDS if worlds is None else worlds
    with progress(f"Texts of {loaded.name}", "runs") as report:
        facts = found(
            loaded, n, random_seed or 0, free=ranges, every=every, member=member,
            adopted=adopted, workers=workers, on_progress=report,
        ).to_dict()  # fmt: skip
    sections = frontier_sections(facts)
    deliver(
        "frontier", facts, sections, out, force, as_json,
        lambda: {"frontier.html": frontier_page(facts)},
    )  # fmt: skip


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
