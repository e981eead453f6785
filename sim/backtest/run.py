"""The back-test: every vote forecast from the votes before it and no others.

Nothing here depends on when, where, in which order or by how many workers it was computed: the same
record, forecasters and settings give the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import get_args

from sim.arrays import Floats
from sim.backtest.cache import digest, load, open_folder, save
from sim.backtest.forecaster import Forecast, Forecaster, identity
from sim.backtest.results import BackTest
from sim.backtest.tasks import Refit, Task, tasks_of, visible
from sim.errors import NotFound, UnscError, listed
from sim.record import RecordedVote
from sim.version import __version__
from sim.workers import map_in_processes

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

    A forecaster learns anew at the start of each year or month, or before each day with a vote,
    from all votes dated before it. One that `updates` also sees those dated before the vote's own
    day. None sees what became of the vote that it forecasts (`unseen`).

    Args:
        record: votes in date order.
        forecasters: each with a name of its own.
        begin: the first day.
        end: the last day.
        refit: how often forecasters learn anew.
        on_progress: called with the number of tasks done and of all; a task is one forecaster's
            year, month or day.
        cache: a folder that keeps each task's forecasts under a hash of all that they depend on; a
            run that was interrupted goes on from there.
        workers: processes, 1 or more; one per core by default. A script that asks for more than
            one, for forecasters that it defines itself, needs the usual guard of its main module.
        fresh: compute again what the cache holds, and replace it there.

    Raises:
        NotFound: no vote in these days.
        UnscError: names are given twice, `refit` is unknown, or the cache cannot be written.
    """
    votes = tuple(vote for vote in record if begin <= vote.date <= end)
    names = [f.name for f in forecasters]
    if not names or len(set(names)) < len(names):
        raise UnscError(f"backtest: forecasters {names}; expected one or more, each name once.")
    if refit not in get_args(Refit):
        raise UnscError(f"backtest: refit '{refit}'; expected one of {listed(get_args(Refit))}.")
    if not votes:
        raise NotFound(f"backtest: no vote from {begin} to {end}; expected days of the record.")
    tasks = [task for f in forecasters for task in tasks_of(f, record, votes, refit)]
    results = _results(tasks, cache, fresh, workers or os.cpu_count() or 1, on_progress)
    forecasts: dict[str, tuple[Forecast, ...]] = dict.fromkeys(names, ())
    for task, rows in zip(tasks, results, strict=True):
        forecasts[task.forecaster.name] += tuple(task.unpacked(rows))
    settings = {
        "from": str(begin),
        "to": str(end),
        "refit": refit,
        "record": digest([visible(vote) for vote in record if vote.date <= end]),
        "forecasters": {f.name: identity(f) for f in forecasters},
        "software": {"name": "unsc-sim", "version": __version__},
    }
    past = tuple(vote for vote in record if vote.date < begin)
    return BackTest(votes, forecasts, settings, past)


def _results(
    tasks: Sequence[Task],
    cache: Path | None,
    fresh: bool,
    workers: int,
    on_progress: OnProgress | None,
) -> list[Floats]:
    """Return the packed forecasts of each task, from the cache or computed."""
    files: list[Path | None] = [None] * len(tasks)
    results: list[Floats | None] = [None] * len(tasks)
    if cache:
        open_folder(cache)
        files = [cache / f"{task.key}.forecasts" for task in tasks]
    if cache and not fresh:
        results = [load(f, task.n_rows) for f, task in zip(files, tasks, strict=True) if f]
    missing = [k for k, rows in enumerate(results) if rows is None]
    tell = on_progress or (lambda _done, _all: None)
    n_done = len(tasks) - len(missing)
    tell(n_done, len(tasks))
    for k, rows in _computed(tasks, files, missing, workers):
        results[k], n_done = rows, n_done + 1
        tell(n_done, len(tasks))
    return [rows for rows in results if rows is not None]


def _computed(
    tasks: Sequence[Task], files: Sequence[Path | None], missing: Sequence[int], workers: int
) -> Iterator[tuple[int, Floats]]:
    """Yield the number and the packed forecasts of each missing task as it is done."""
    n_workers = min(workers, len(missing))
    if n_workers <= 1:
        for k in missing:
            yield k, _compute(tasks[k], files[k])
        return
    todo = {k: (tasks[k], files[k]) for k in missing}
    yield from map_in_processes(_compute, todo, n_workers)


def _compute(task: Task, file: Path | None) -> Floats:
    """Return the task's packed forecasts, saved if a file is named."""
    rows = task.compute()
    if file:
        save(file, rows)
    return rows
