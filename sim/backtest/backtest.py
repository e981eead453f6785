"""The back-test: every vote forecast from the votes before it and no others.

Nothing here depends on when, on which machine, in which order or by how many workers it was
computed: the same record, forecasters and settings give the same bytes.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import date
from multiprocessing import active_children, get_context
from pathlib import Path

from sim.arrays import Floats
from sim.backtest.cache import digest, keep, kept, open_folder
from sim.backtest.forecaster import Forecast, Forecaster, identity
from sim.backtest.results import BackTest
from sim.backtest.tasks import Period, Refit, periods, visible
from sim.errors import NotFound, UnscError
from sim.record import RecordedVote
from sim.version import __version__

OnProgress = Callable[[int, int], None]


def backtest(
    record: Sequence[RecordedVote],
    forecasters: Sequence[Forecaster],
    begin: date,
    end: date,
    refit: Refit = "yearly",
    on_progress: OnProgress | None = None,
    cache: Path | None = None,
    workers: int | None = None,
    fresh: bool = False,
) -> BackTest:
    """Return the forecasts of all votes from `begin` to `end`, both days included.

    A forecaster learns anew at the start of each year or month, from all votes dated before that
    start. One that `updates` may also see those dated before the vote's own day. None is shown what
    became of the vote it forecasts (`unseen`).

    Args:
        record: votes in the order of their days.
        forecasters: each with a name of its own.
        begin: the first day.
        end: the last day.
        refit: how often forecasters learn anew.
        on_progress: called with the forecaster-periods that are done and how many there are.
        cache: a folder where each forecaster-period is kept under a hash of all it depends on; a
            run that was interrupted goes on from there.
        workers: processes to use, at least 1; all cores where none are given. A script that asks
            for more than one needs the usual guard of its main module.
        fresh: compute again what the cache holds, and replace it there.

    Raises:
        NotFound: no vote in these days.
        UnscError: names are given twice, `refit` is unknown, or the cache cannot be written.
    """
    votes = tuple(vote for vote in record if begin <= vote.date <= end)
    _check(votes, forecasters, begin, end, refit)
    asked = [period for f in forecasters for period in periods(f, record, votes, refit)]
    files = _files(asked, cache)
    found = {} if fresh else _found(asked, files)
    results = _computed(asked, files, found, workers or os.cpu_count() or 1, on_progress)
    forecasts: dict[str, tuple[Forecast, ...]] = {f.name: () for f in forecasters}
    for period, rows in zip(asked, results, strict=True):
        forecasts[period.forecaster.name] += tuple(period.unpacked(rows))
    settings = {
        "from": str(begin),
        "to": str(end),
        "refit": refit,
        "record": digest([visible(vote) for vote in record if vote.date <= end]),
        "forecasters": {f.name: identity(f) for f in forecasters},
        "software": {"name": "unsc-sim", "version": __version__},
    }
    return BackTest(votes, forecasts, settings)


def _check(
    votes: Sequence[RecordedVote],
    forecasters: Sequence[Forecaster],
    begin: date,
    end: date,
    refit: str,
) -> None:
    """Refuse what cannot be tested."""
    names = [f.name for f in forecasters]
    if not names or len(set(names)) < len(names):
        raise UnscError(f"backtest: forecasters {names}; expected one or more, each name once.")
    if refit not in ("yearly", "monthly"):
        raise UnscError(f"backtest: refit '{refit}'; expected yearly or monthly.")
    if not votes:
        raise NotFound(f"backtest: no vote from {begin} to {end}; expected days of the record.")


def _found(asked: Sequence[Period], files: Sequence[Path | None]) -> dict[int, Floats]:
    """Return the packed forecasts that the cache has, by the number of the period."""
    found = {}
    for k, (period, file) in enumerate(zip(asked, files, strict=True)):
        if file and (rows := kept(file, period.n_rows)) is not None:
            found[k] = rows
    return found


def _computed(
    asked: Sequence[Period],
    files: Sequence[Path | None],
    kept_before: Mapping[int, Floats],
    workers: int,
    on_progress: OnProgress | None,
) -> list[Floats]:
    """Return the packed forecasts of each period, computing those that were not kept before."""
    found = dict(kept_before)
    missing = [k for k in range(len(asked)) if k not in found]
    if on_progress:
        on_progress(len(found), len(asked))
    for k, rows in _each(asked, files, missing, workers):
        found[k] = rows
        if on_progress:
            on_progress(len(found), len(asked))
    return [found[k] for k in range(len(asked))]


def _files(asked: Sequence[Period], cache: Path | None) -> list[Path | None]:
    """Return the file of each period in the cache, whose folder then exists."""
    if cache is None:
        return [None] * len(asked)
    open_folder(cache)
    return [cache / f"{period.key}.forecasts" for period in asked]


def _each(
    asked: Sequence[Period], files: Sequence[Path | None], missing: Sequence[int], workers: int
) -> Iterator[tuple[int, Floats]]:
    """Yield the number and the packed forecasts of each missing period as it is done."""
    n_workers = min(workers, len(missing))
    if n_workers <= 1:
        for k in missing:
            yield k, _compute(asked[k], files[k])
        return
    others = set(active_children())
    # Fresh processes: one that is forked inherits threads' locks, and may wait for ever.
    with ProcessPoolExecutor(n_workers, mp_context=get_context("spawn")) as pool:
        try:
            with _interrupts_held():
                futures = {pool.submit(_compute, asked[k], files[k]): k for k in missing}
            for future in as_completed(futures):
                yield futures[future], future.result()
        except KeyboardInterrupt:
            for process in set(active_children()) - others:
                process.terminate()  # what it keeps, it keeps whole
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let interrupts wait; processes started meanwhile never see one, and die without a word."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _compute(period: Period, file: Path | None) -> Floats:
    """Return the period's packed forecasts, and keep them where a file is named."""
    rows = period.compute()
    if file:
        keep(file, rows)
    return rows
