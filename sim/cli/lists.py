"""The commands that list: scenarios, mandates, members, power."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options
from sim.cli.app import app, day_given, print_sections
from sim.errors import NotFound, UnscError

if TYPE_CHECKING:
    from sim.facts.mandates import PastForecast


@app.command(epilog="Example: unsc scenarios")
def scenarios() -> None:
    """List the shipped scenarios."""
    from sim.paths import SCENARIOS
    from sim.reading.files import read_chain, shipped, whole
    from sim.report.sections import Section

    rows = []
    for name in shipped():
        said = whole(read_chain(SCENARIOS / f"{name}.yaml", SCENARIOS)).plain()
        rows.append((name, said["date"], said.get("question") or said["title"]))
    columns = ("name", "date", "question")
    print_sections([Section("Shipped scenarios", (), columns, rows)])


@app.command(epilog="Example: unsc mandates --expiring-before 2027-04-01")
def mandates(
    name: Annotated[str | None, options.mandate(help="One mandate, to show all about it.")] = None,
    on: Annotated[
        str | None, options.day(help="Date on which they live.  [default: those not ended]")
    ] = None,
    expiring_before: Annotated[
        str | None, options.day(help="Only those that end before this date unless renewed.")
    ] = None,
    back_test: Annotated[
        Path | None,
        typer.Option(
            "--backtest",
            help="Folder that unsc backtest --out wrote: its forecasts of former votes, each from "
            "earlier votes alone.  [default: the shipped ones]",
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """List the mandates, or show one with all votes on it."""
    from sim.catalogue import mandate_of
    from sim.facts.mandates import mandate_facts, mandates_that_live
    from sim.report.mandates import mandate_sections, mandates_section

    day = day_given("--on", on) if on else None
    if name:
        if expiring_before:
            raise UnscError("--expiring-before: expected no name of a mandate with it.")
        one = mandate_of(name)
        forecasts, in_sample = _past_forecasts(one.mandate, day, back_test)
        facts = mandate_facts(one, day, forecasts, in_sample)
        print_sections(mandate_sections(facts), facts if as_json else None)
        return
    if back_test:
        raise UnscError("--backtest: expected the name of a mandate with it.")
    before = day_given("--expiring-before", expiring_before) if expiring_before else None
    every = mandates_that_live(day, before)
    heading = f"Mandates{f' on {on}' if on else ''}"
    heading += f" that expire before {expiring_before}" if expiring_before else ""
    print_sections([mandates_section(heading, every)], {"mandates": every} if as_json else None)


def _past_forecasts(
    mandate: str, before: date | None, back_test: Path | None
) -> tuple[list[PastForecast], bool]:
    """Return forecasts of a mandate's former votes, and whether they are in sample.

    A back-test's, the shipped one by default; where it has none, what the preferences say.
    """
    from sim.backtest.past import SHIPPED, written_forecasts
    from sim.cli.runs import past_forecasts

    try:
        return written_forecasts(back_test or SHIPPED, mandate, before), False
    except NotFound:
        if back_test:
            raise
        return past_forecasts(mandate, before), True


@app.command(epilog="Example: unsc members --on 2024-03-28")
def members(on: Annotated[str, options.day(help="Date, for example 2024-03-28.")]) -> None:
    """List the members of the Council on a date."""
    from sim.report.sections import Section
    from sim.roster import council_on

    rows = [
        (
            m.code,
            m.state.name,
            "permanent" if m.permanent else "elected",
            m.state.regional_group,
            ", ".join(m.caucuses),
        )
        for m in council_on(day_given("--on", on))
    ]
    columns = ("", "member", "seat", "regional group", "caucuses")
    print_sections([Section(f"The Security Council on {on}", (), columns, rows)])


@app.command(epilog="Example: unsc power --quota 9 --vetoes-needed 2")
def power(
    permanent: Annotated[int, typer.Option(help="Members with a veto.")] = 5,
    elected: Annotated[int, typer.Option(help="Members without a veto.")] = 10,
    quota: Annotated[int, typer.Option(help="Votes in favour needed to adopt.")] = 9,
    vetoes_needed: Annotated[int, typer.Option(help="Vetoes needed to block.")] = 1,
) -> None:
    """Show exact voting power under the rules alone."""
    from sim.power import CouncilShape
    from sim.report.power import power_section

    shape = CouncilShape(permanent, elected, quota, vetoes_needed)
    print_sections([power_section(shape)])
