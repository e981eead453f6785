"""The command that tests forecasts on votes of the past: backtest."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from sim import stopping
from sim.arguments import whole
from sim.cli import options
from sim.cli.app import app, claim, day_given, deliver
from sim.cli.votes import record_given
from sim.errors import UnscError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sim.backtest.facts import BackTestFacts
    from sim.backtest.forecaster import Forecaster
    from sim.backtest.results import BackTest
    from sim.backtest.tasks import Refit
    from sim.record import Record

FIRST_DAY = "2016-01-01"
"""Before this day the record has too few votes to learn from."""

REFITS = ("yearly", "monthly", "vote")


@app.command(epilog="Example: unsc backtest --from 2020-01-01 --out build/backtest")
def backtest(
    votes: Annotated[
        Path | None,
        typer.Option(
            help="Record of votes, CSV, with the votes to learn from.  [default: the shipped one]"
        ),
    ] = None,
    codings: options.Codings = None,
    begin: Annotated[str, options.day("--from", help="First date to forecast.")] = FIRST_DAY,
    end: Annotated[
        str | None, options.day("--to", help="Last date to forecast.  [default: the record's last]")
    ] = None,
    refit: Annotated[
        str,
        typer.Option(
            help="How often forecasters are refitted: yearly, monthly, or before each day with a "
            "vote (vote), which takes hours.",
            autocompletion=lambda: [*REFITS],
        ),
    ] = "yearly",
    without: Annotated[
        list[str] | None,
        typer.Option(
            help="Also test the simulator without its habit, beliefs, sides or coupling; may be "
            "repeated, and each takes as long as the simulator.",
            autocompletion=lambda: ["habit", "beliefs", "sides", "coupling"],
        ),
    ] = None,
    as_json: options.Json = False,
    out: options.Out = None,
    force: options.Force = False,
    workers: Annotated[
        int | None, options.count(help="Number of processes.  [default: one per processor]")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Ignore results cached by earlier runs.")
    ] = False,
) -> None:
    """Forecast each recorded vote from the votes before it.

    The simulator is scored beside simple baselines.
    """
    claim(out, force)
    first, last = day_given("--from", begin), day_given("--to", end) if end else None
    if refit not in REFITS:
        raise UnscError(f"--refit '{refit}': expected one of {', '.join(REFITS)}.")
    if workers is not None:
        whole("--workers", workers, 1, options.MOST_WORKERS)
    from sim.backtest.forecasters import ablations

    ablated = ablations(without or ())
    record = record_given(votes, codings)
    last = last or record[-1].date
    if first > last:
        raise UnscError(f"--from {first}: is after the last day, {last}; expected an earlier day.")
    _check_rosters(record, first, last)
    if votes:
        _tell_memory(record, workers)
    tested, facts = _tested(record, ablated, (first, last), cast("Refit", refit), workers, fresh)
    from sim.backtest.tables import TABLES, as_csv
    from sim.report.backtest import backtest_sections
    from sim.report.page.backtest import backtest_page

    def pages() -> dict[str, str]:
        tables = {f"{name}.csv": as_csv(table(tested)) for name, table in TABLES.items()}
        return {"backtest.html": backtest_page(facts), **tables}

    deliver("backtest", facts, backtest_sections(facts), out, force, as_json, pages)


def _check_rosters(record: "Record", first: "date", last: "date") -> None:
    """Refuse days on which a vote was taken by a Council of no roster: it has no scenario."""
    from sim.roster import years

    begin, end = years()
    for vote in record:
        if first <= vote.date <= last and not begin <= vote.date.year <= end:
            raise UnscError(
                f"{record.source}:{vote.line}:1 date: {vote.symbol} of {vote.date} cannot be "
                f"forecast; expected --from and --to within {begin} to {end}, the years of the "
                "rosters. Votes of other years are learnt from."
            )


def _tell_memory(record: "Record", workers: int | None) -> None:
    from sim.fit.record_fit import memory_of_fit

    typer.echo(
        f"Fits of up to {len(record):,} votes take about {memory_of_fit(record):.1f} GB each; "
        f"processes: {workers or os.cpu_count()}.",
        err=True,
    )


def _tested(
    record: "Record",
    ablated: "Sequence[Forecaster]",
    days: "tuple[date, date]",
    refit: "Refit",
    workers: int | None,
    fresh: bool,
) -> "tuple[BackTest, BackTestFacts]":
    """Return the back-test of all forecasters and its facts; say on the way what is kept."""
    from sim.backtest import backtest as run
    from sim.report.terminal import progress

    cache = _cache()
    kept = f"finished parts are cached in {cache}" if cache else "nothing was kept"
    with stopping.saying(kept), progress("Back-test", "fits and forecasts") as on_progress:
        tested = run(
            record, (*_everyone(), *ablated), *days, refit, on_progress=on_progress,
            cache=cache, workers=workers, fresh=fresh,
        )  # fmt: skip
        return tested, tested.to_dict()


def _everyone() -> tuple["Forecaster", ...]:
    """Return the forecasters, less the logit where its library is missing."""
    from sim.backtest import forecasters as room

    everyone = room.all_forecasters()
    if room.has_scikit_learn():
        return everyone
    typer.echo(
        "Without the logit and the regression: scikit-learn is not installed "
        "(pip install 'scikit-learn>=1.4').",
        err=True,
    )
    return room.without_logit(everyone)


def _cache() -> Path | None:
    """Return the folder of results of earlier runs, None where nothing can be written."""
    from sim.backtest.cache import check_folder
    from sim.paths import cache_folder

    try:
        folder = cache_folder() / "backtest"
        check_folder(folder)
    except UnscError as error:
        typer.echo(f"Results will not be cached: {error}", err=True)
        return None
    return folder
