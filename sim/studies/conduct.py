"""Conducting a study: what is missing of a plan is run, and what is there becomes its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sim.arguments import check_kind, check_known, whole
from sim.chamber.session import MOST_WORKERS
from sim.errors import UnscError
from sim.studies.plan import Plan
from sim.studies.read import read_plan
from sim.studies.result import Study
from sim.studies.run import OnError, Work, run_points
from sim.studies.store import Store
from sim.studies.table import Measured, facts_of, measured

EXECUTORS = ("threads", "processes")
MOST_SHARDS = 999_999
Progress = Callable[[int, int], None]
"""Called with the number of points done, and that of all."""


class Found(NamedTuple):
    """What is there of a plan.

    Args:
        points: those that are there, by their place in the plan.
        todo: those to be made.
        again: for the place of one of them, all places at which the same point comes again.
        n_others: how many are there that the plan has not.
    """

    points: dict[int, Measured]
    todo: Work
    again: Mapping[int, Sequence[int]]
    n_others: int

    @property
    def n_todo(self) -> int:
        """Points of the plan that are not there."""
        return len(self.todo) + sum(map(len, self.again.values()))


def study(
    plan: str | Path | Mapping[str, Any] | Plan,
    out: str | Path | None = None,
    executor: Executor | Literal["threads", "processes"] = "threads",
    *,
    workers: int | None = None,
    shard: tuple[int, int] = (1, 1),
    on_error: OnError = "stop",
    on_progress: Progress | None = None,
    seconds_a_point: float = 1.0,
) -> Study:
    """Run what is missing of a study, and return all of it.

    Each point is kept in the folder as soon as it is done, under the hash of all that determines
    it: whatever ends a run, the next one goes on with what is missing. The results depend on the
    plan alone, not on where, in which order or by how many workers they were made.

    Args:
        plan: the study's file, what such a file would hold, or a plan that was read.
        out: the folder; named after the file by default.
        executor: threads of this process, processes of their own, or any
            `concurrent.futures.Executor`, whose workers must see the folder too.
        workers: threads or processes; one per processor if None.
        shard: `(3, 10)` runs the third tenth alone.
        on_error: whether a point that fails ends the run, or is skipped and listed.
        on_progress: called with the points done and those of all.
        seconds_a_point: what one takes, by which they are handed out several at once.

    Raises:
        InvalidInput: with all faults of the plan, before anything runs.
        UnscError: the folder cannot be written, or the executor ended.
    """
    check_kind("plan", plan, str | Path | Mapping | Plan, "a study's file, or what it would hold")
    check_kind("out", out, str | Path | None, "the path of a folder")
    check_kind("executor", executor, str | Executor, "threads, processes or an Executor")
    if isinstance(executor, str):
        check_known("executor", executor, EXECUTORS)
    check_known("on_error", on_error, ("stop", "skip"))
    workers = None if workers is None else whole("workers", workers, 1, MOST_WORKERS)
    shard = _part(shard)
    plan = plan if isinstance(plan, Plan) else read_plan(plan)
    store = Store(Path(out) if out is not None else default_folder(plan))
    store.begin(kept_plan(plan))
    found = found_in(plan, store, shard)
    return completed(
        plan,
        store,
        found,
        executor,
        workers=workers,
        on_error=on_error,
        on_progress=on_progress,
        seconds_a_point=seconds_a_point,
    )


def _part(shard: object) -> tuple[int, int]:
    """Return which part of how many is to be run.

    Raises:
        UnscError: there is no such part.
    """
    expected = "a part of many, as (3, 10)"
    check_kind("shard", shard, tuple | list, expected)
    if not isinstance(shard, tuple | list) or len(shard) != 2:
        raise UnscError(f"shard: {shard}; expected {expected}.")
    n = whole("shard", shard[1], 1, MOST_SHARDS)
    return whole("shard", shard[0], 1, n), n


def completed(
    plan: Plan,
    store: Store,
    found: Found,
    executor: Executor | Literal["threads", "processes"] = "threads",
    *,
    workers: int | None = None,
    on_error: OnError = "stop",
    on_progress: Progress | None = None,
    seconds_a_point: float = 1.0,
) -> Study:
    """Run what was found to be missing of a study, as `study` does, and return all of it."""
    points, failed = dict(found.points), dict[int, str]()
    n, keys = len(points) + found.n_todo, dict(found.todo)
    for done in run_points(plan, store, found.todo, executor, workers, on_error, seconds_a_point):
        places = (done.number, *found.again.get(done.number, ()))
        if done.error:
            failed |= dict.fromkeys(places, done.error)
        else:
            points |= dict.fromkeys(places, _made(store, keys[done.number]))
        if on_progress:
            on_progress(len(points) + len(failed), n)
    return Study(facts_of(plan, points, failed), store.folder)


def default_folder(plan: Plan) -> Path:
    """Return the folder of a study that is given none: named after its file."""
    return Path(plan.name)


def kept_plan(plan: Plan) -> dict[str, Any]:
    """Return what is kept of a plan beside its points."""
    return {"name": plan.name, "folder": str(plan.folder.absolute()), "plan": plan.document}


def found_in(plan: Plan, store: Store, shard: tuple[int, int] = (1, 1)) -> Found:
    """Return what is there of a shard of a plan, and what is missing."""
    places: dict[str, list[int]] = {}
    for point in plan.points(shard):
        places.setdefault(plan.key(point), []).append(point.number - 1)
    there = store.keys()
    points: dict[int, Measured] = {}
    for key, facts in store.read(there & places.keys()):
        points |= dict.fromkeys(places[key], measured(facts))
    missing = {key: ks for key, ks in places.items() if ks[0] not in points}
    todo = [(ks[0], key) for key, ks in missing.items()]
    again = {ks[0]: ks[1:] for ks in missing.values() if len(ks) > 1}
    return Found(points, todo, again, len(there - places.keys()))


def merge(folders: Sequence[Path], out: Path) -> Study:
    """Return the study of which shards are in several folders, packed into one.

    Raises:
        UnscError: a folder holds no study, or another one.
    """
    held = [Store(folder).plan() for folder in folders]
    for folder, other in zip(folders, held, strict=True):
        if other["plan"] != held[0]["plan"]:
            raise UnscError(f"{folder}: holds another study than {folders[0]}; expected the same.")
    read = read_plan(held[0]["plan"], Path(held[0]["folder"]), is_tried=True)
    plan = Plan(held[0]["name"], read.form, read.document, read.folder, read.bases, read.varied)
    store = Store(out)
    store.begin(kept_plan(plan))
    others = [Store(f) for f in folders if f.absolute() != out.absolute()]
    store.pack(others, {plan.key(point) for point in plan.points()})
    return Study(facts_of(plan, found_in(plan, store).points, {}), out)


def _made(store: Store, key: str) -> Measured:
    """Return a point that was just made, perhaps on another machine."""
    for _, facts in store.read([key]):
        return measured(facts)
    raise UnscError(
        f"{store.folder}: a worker wrote a point that is not seen here; expected a folder that all "
        "machines share."
    )
