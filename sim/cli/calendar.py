"""The commands that forecast all that expires, and score such forecasts: calendar, score."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options
from sim.cli.app import app, claim, day_given, deliver, print_sections
from sim.cli.votes import record_given
from sim.errors import UnscError


@app.command(epilog="Example: unsc calendar --from 2026-12-01 --to 2027-06-30 --out build/calendar")
def calendar(
    begin: Annotated[str, options.day("--from", help="First date.")],
    end: Annotated[str, options.day("--to", help="Last date.")],
    worlds: options.Worlds = None,
    random_seed: options.RandomSeed = None,
    record: Annotated[
        Path | None, typer.Option(help="File to write the forecasts to, CSV, for unsc score.")
    ] = None,
    out: options.Out = None,
    force: options.Force = False,
    as_json: options.Json = False,
    workers: options.Workers = None,
) -> None:
    """Forecast every renewal that is due between two dates."""
    first, last = day_given("--from", begin), day_given("--to", end)
    if first > last:
        raise UnscError(f"--from {begin} is after --to {end}; expected it before.")
    from sim.report.files import may_write_file, write_file

    claim(out, force)
    if record:
        may_write_file(record, force)
    from sim.cli.runs import Asked, calendar_between
    from sim.report.calendar import calendar_section, forecasts_csv

    facts, pages = calendar_between(first, last, Asked(worlds, random_seed, workers))
    if record:
        write_file(record, forecasts_csv(facts), force)
    deliver("calendar", facts, [calendar_section(facts)], out, force, as_json, pages)


@app.command(epilog="Example: unsc score forecasts.csv --votes my-record.csv")
def score(
    file: Annotated[Path, typer.Argument(help="Forecasts that unsc calendar --record wrote.")],
    votes: options.Votes = None,
    as_json: options.Json = False,
) -> None:
    """Score forecasts that were written down before the votes."""
    from sim.backtest.written_down import read_forecasts
    from sim.backtest.written_down import score as scored
    from sim.report.calendar import score_sections

    facts = scored(read_forecasts(file), record_given(votes))
    print_sections(score_sections(facts), facts if as_json else None)
