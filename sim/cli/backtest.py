"""The command that tests forecasts on votes of the past: backtest."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.app import Force, Json, Out, app, day_given, deliver
from sim.errors import UnscError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.backtest.forecaster import Forecaster
    from sim.backtest.results import BackTest
    from sim.record import RecordedVote

    Run = Callable[..., BackTest]

FIRST_DAY = "2016-01-01"
"""Before it the record has too few votes to learn from."""


@app.command(epilog="Example: unsc backtest --from 2020-01-01 --out build/backtest")
def backtest(
    votes: Annotated[
        Path | None,
        typer.Option(
            help="A record of votes, CSV, the earlier ones with it.  [default: the shipped one]"
        ),
    ] = None,
    begin: Annotated[str, typer.Option("--from", help="The first day forecast.")] = FIRST_DAY,
    end: Annotated[
        str | None,
        typer.Option("--to", help="The last day forecast.  [default: that of the record]"),
    ] = None,
    refit: Annotated[
        str, typer.Option(help="How often forecasters learn anew: yearly or monthly.")
    ] = "yearly",
    as_json: Json = False,
    out: Out = None,
    force: Force = False,
    workers: Annotated[
        int | None, typer.Option(help="Processes.  [default: one a processor]")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Compute again what earlier runs have kept.")
    ] = False,
) -> None:
    """Forecast each vote of the record from the votes before it: the model beside baselines."""
    from sim.report.files import may_write

    if out:
        may_write(out, force)
    first, last = day_given("--from", begin), day_given("--to", end) if end else None
    _check(refit, workers)
    from sim.record import read_record

    record = read_record(votes)
    last = last or record[-1].date
    if first > last:
        raise UnscError(f"--from {first}: is after the last day, {last}; expected an earlier day.")
    facts = _tested(record, first, last, refit, workers, fresh).to_dict()
    from sim.report.backtest import backtest_sections

    deliver("backtest", facts, backtest_sections(facts), out, force, as_json)


def _check(refit: str, workers: int | None) -> None:
    """Refuse what no back-test takes, before the record is read."""
    if refit not in ("yearly", "monthly"):
        raise UnscError(f"--refit '{refit}': expected yearly or monthly.")
    if workers is not None and workers < 1:
        raise UnscError(f"--workers {workers}: expected 1 or more.")


def _tested(
    record: tuple["RecordedVote", ...],
    first: date,
    last: date,
    refit: str,
    workers: int | None,
    fresh: bool,
) -> "BackTest":
    """Return the back-test, with progress on a terminal; what is done of it is kept."""
    from sim.backtest import backtest as tested
    from sim.report.terminal import progress_in_parts

    run: Run = tested
    cache = _cache()
    try:
        with progress_in_parts("Back-test", "fits and forecasts") as on_progress:
            return run(
                record,
                _everyone(),
                first,
                last,
                refit,
                on_progress=on_progress,
                cache=cache,
                workers=workers,
                fresh=fresh,
            )
    except KeyboardInterrupt:
        kept = f"what is done is kept in {cache}" if cache else "nothing was kept"
        typer.echo(f"Stopped; {kept}.", err=True)
        raise


def _everyone() -> tuple["Forecaster", ...]:
    """Return the forecasters, less the logit where its library is missing."""
    from sim.backtest import forecasters as room

    everyone = room.all_forecasters()
    if room.has_scikit_learn():
        return everyone
    typer.echo(
        "Without the logit: scikit-learn is not installed (pip install 'scikit-learn>=1.4').",
        err=True,
    )
    return room.without_logit(everyone)


def _cache() -> Path | None:
    """Return the folder of what earlier runs have kept, None where nothing can be kept."""
    from sim.backtest.cache import check_folder
    from sim.paths import cache_folder

    try:
        folder = cache_folder() / "backtest"
        check_folder(folder)
    except UnscError as error:
        typer.echo(f"Nothing is kept for a later run: {error}", err=True)
        return None
    return folder
