"""The command that says why: explain."""

from typing import Annotated

import typer

from sim.cli import options
from sim.cli.app import app, claim, deliver, named
from sim.cli.completion import member as members


@app.command(epilog="Example: unsc explain dprk-panel-2024 RUS")
def explain(
    scenario: Annotated[str, options.scenario(help="A scenario, a mandate, or a saved report.")],
    member: Annotated[
        str | None,
        typer.Argument(
            help="A member's code, as RUS.  [default: the outcome]",
            autocompletion=members,
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

    asked = Asked(worlds, random_seed, workers)
    facts = explained(
        named(scenario, on), member, options.laid_over(settings, assume), asked
    ).to_dict()

    def page() -> dict[str, str]:
        from sim.report.page.explanation import explanation_page

        return {"explain.html": explanation_page(facts)}

    deliver("explain", facts, explanation_sections(facts), out, force, as_json, page)
