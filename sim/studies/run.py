"""Running the points of a study that are missing, in threads, processes or anybody's executor."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from sim.chamber.threads import map_in_threads
from sim.errors import UnscError
from sim.studies.plan import Plan
from sim.studies.point import as_bytes, simulated
from sim.studies.read import read_plan
from sim.studies.store import Store
from sim.workers import map_in_processes

SECONDS_OF_A_TASK = 1.0
"""Of work that is handed out at once: long beside a scheduler's message, short beside a kill."""
MOST_OF_A_TASK = 200
WORLDS_TO_TRY = 5000
"""By which it is told beforehand how long a point takes."""
MOST_IN_FLIGHT = 500
"""Tasks that an executor is given before one of them is done."""
PAUSE = 0.2
"""Seconds until it is looked again for points that another run is at."""
LOST = "the executor ended before its time; what is done is kept. Start it again to go on."
BUSY = "another run is at it"

OnError = Literal["stop", "skip"]
Work = Sequence[tuple[int, str]]
"""Points by their place in the plan and their hash."""


class Done(NamedTuple):
    """What became of a point: nothing to say where it is there."""

    number: int
    error: str | None = None


def compute(folder: str, work: Work, on_error: OnError) -> list[Done]:
    """Make points of the study that is kept in a folder; what an executor is given to do.

    Raises:
        UnscError: a point cannot be written, or this process has other files than those that the
            study was planned with.
    """
    plan, (index, key) = _kept_plan(folder), work[0]
    if index >= len(plan) or plan.key(plan[index]) != key:  # it was changed since
        _kept_plan.cache_clear()
        plan = _kept_plan(folder)
    return computed(plan, Store(Path(folder)), work, on_error)


@lru_cache(maxsize=2)
def _kept_plan(folder: str) -> Plan:
    held = Store(Path(folder)).plan()
    return read_plan(held["plan"], Path(held["folder"]), is_tried=True)


def computed(plan: Plan, store: Store, work: Work, on_error: OnError) -> list[Done]:
    """Make points in this thread, and say what became of each."""
    done: list[Done] = []
    for index, key in work:
        point = plan[index] if index < len(plan) else None
        if point is None or plan.key(point) != key:
            raise UnscError(
                f"{store.folder}: this worker has other files or another version than the study; "
                "expected the same on all machines."
            )
        failed: list[str] = []

        def content(point=point, failed=failed) -> bytes:  # type: ignore[no-untyped-def]
            try:
                return as_bytes(simulated(plan, point))
            except OSError:
                raise
            except Exception as error:
                failed.append(_said(error))
                raise _Failed from None

        try:
            done.append(Done(index, None if store.make(key, content) else BUSY))
        except _Failed:
            done.append(Done(index, failed[0]))
            if on_error == "stop":
                break
    return done


class _Failed(Exception):
    """A point could not be computed."""


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, UnscError) else f"{type(error).__name__}: {error}"


def run_points(
    plan: Plan,
    store: Store,
    todo: Work,
    executor: Executor | Literal["threads", "processes"] = "threads",
    workers: int | None = None,
    on_error: OnError = "stop",
    seconds_a_point: float = SECONDS_OF_A_TASK,
) -> Iterator[Done]:
    """Yield what became of each point, in no order, until all are done or one has failed.

    Points that another run is at are waited for, and made if it ends without them.
    """
    n_workers = workers or os.cpu_count() or 1
    while todo:
        tasks = _tasks(todo, n_workers, seconds_a_point)
        busy: list[int] = []
        for done in _results(plan, store, tasks, executor, n_workers, on_error):
            if done.error == BUSY:
                busy.append(done.number)
                continue
            yield done
            if done.error and on_error == "stop":
                return
        keys = dict(todo)
        todo = [(index, keys[index]) for index in busy]
        time.sleep(PAUSE if todo else 0)


def _tasks(todo: Work, n_workers: int, seconds_a_point: float) -> list[Work]:
    """Return the points in tasks of about a second, and smaller ones at the end.

    Each has a fourth of what would fall to a worker of the rest, so that all are done at once.
    """
    most = min(MOST_OF_A_TASK, int(SECONDS_OF_A_TASK / max(seconds_a_point, 1e-4)))
    tasks, k = [], 0
    while k < len(todo):
        size = max(1, min(most, (len(todo) - k) // (4 * n_workers)))
        tasks.append(todo[k : k + size])
        k += size
    return tasks


def _results(
    plan: Plan,
    store: Store,
    tasks: list[Work],
    executor: Executor | str,
    n_workers: int,
    on_error: OnError,
) -> Iterator[Done]:
    folder = str(store.folder.absolute())
    if executor == "threads":
        own = map_in_threads(lambda w: computed(plan, store, w, on_error), iter(tasks), n_workers)
        for found in own:
            yield from found
    elif executor == "processes":
        given = {k: (folder, work, on_error) for k, work in enumerate(tasks)}
        for _, found in map_in_processes(compute, given, min(n_workers, len(tasks))):
            yield from found
    else:
        assert isinstance(executor, Executor)  # noqa: S101  no other word is allowed
        for found in _by_executor(executor, folder, tasks, on_error):
            yield from found


def _by_executor(
    executor: Executor, folder: str, tasks: list[Work], on_error: OnError
) -> Iterator[list[Done]]:
    """Yield what an executor's tasks come to, as they are done."""
    coming, under_way = iter(tasks), set[Future[list[Done]]]()
    try:
        under_way = _submitted(executor, folder, islice(coming, MOST_IN_FLIGHT), on_error)
        while under_way:
            ended, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for future in ended:
                yield future.result()
            under_way |= _submitted(executor, folder, islice(coming, len(ended)), on_error)
    except (BrokenProcessPool, CancelledError, OSError) as error:
        raise UnscError(f"{type(error).__name__}: {LOST}") from None
    finally:
        for future in under_way:
            future.cancel()


def _submitted(
    executor: Executor, folder: str, tasks: Iterator[Work], on_error: OnError
) -> set[Future[list[Done]]]:
    return {executor.submit(compute, folder, work, on_error) for work in tasks}


def cost_of_a_point(plan: Plan) -> tuple[float, float]:
    """Return the seconds and the bytes of a point on this machine as it is, by running one.

    A large one is run with fewer worlds, as nothing else is done meanwhile.
    """
    few = min(plan.form.worlds, WORLDS_TO_TRY)
    more, point = plan.form.worlds / few, plan[0]
    small = replace(plan, form=plan.form.model_copy(update={"worlds": few}))
    try:
        size = len(as_bytes(simulated(small, point)))  # the first one runs the base too
    except UnscError:  # it is said when its turn comes
        return SECONDS_OF_A_TASK, 0
    before = time.perf_counter()
    simulated(small, point)
    seconds = time.perf_counter() - before
    return more * seconds, size * (more if "worlds" in plan.form.keep else 1)
