"""The command for many variants: study."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim import stopping, writing
from sim.cli import completion, options
from sim.cli.app import app
from sim.errors import UnscError, listed
from sim.facts.figures import counted, words
from sim.workers import workshop

if TYPE_CHECKING:
    from sim.studies import Plan, Study
    from sim.studies.conduct import Found

SECONDS_BETWEEN_LINES = 10.0
"""Between lines of progress where standard error is not a terminal."""
SHOWN = ("answer", "grid", "ends", "shares")
"""Sections that a terminal shows; the report has all."""
KEPT = "what is done is kept; start it again to go on"


@app.command(epilog="Example: unsc study ties-and-terms.yaml --dry-run")
def study(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE | merge DIR...",
            help="A study's file; or merge, and the folders of its shards.",
            autocompletion=completion.study,
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder of the study.  [default: the name of the file]")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done, and how long it takes.")
    ] = False,
    executor: Annotated[
        Literal["threads", "processes", "dask"], typer.Option(help="What the points run in.")
    ] = "threads",
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="A dask cluster that runs already, as tcp://127.0.0.1:8786."
        ),
    ] = None,
    shard: Annotated[
        str, typer.Option(metavar="K/N", help="Run the K-th of N parts, as 3/10; then merge.")
    ] = "1/1",
    on_error: Annotated[
        Literal["stop", "skip"], typer.Option(help="What to do when a point fails.")
    ] = "stop",
    parquet: Annotated[
        bool, typer.Option("--parquet", help="Write the table as table.parquet too.")
    ] = False,
    workers: options.Workers = None,
) -> None:
    """Run many variants of a scenario, and write one table.

    What is done is kept: stopped or killed, it goes on where it was. To begin: unsc new --study.
    The exit code is 1 where points failed.
    """
    if files == ["merge"] and not Path("merge").is_file():
        raise UnscError("merge: expected the folders of its shards, as merge build/1 build/2.")
    if files[0] == "merge" and len(files) > 1:
        _merge([Path(name) for name in files[1:]], out, parquet)
        return
    if len(files) > 1:
        raise UnscError(f"{' '.join(files)}: expected one study, or merge with its folders.")
    if executor == "processes" and not dry_run:
        workshop("sim.studies.run")  # it loads what workers need while this process reads
    from sim.studies import read_plan
    from sim.studies.conduct import completed, default_folder, found_in, kept_plan
    from sim.studies.store import Store

    plan, part = read_plan(files[0]), _shard(shard)
    folder = out or default_folder(plan)
    store = Store(folder)
    if not dry_run:
        store.begin(kept_plan(plan))
    found = found_in(plan, store, part)
    with ExitStack() as stack:
        running: Any = executor
        if executor == "dask" or scheduler:
            running, workers = stack.enter_context(_cluster(scheduler))
        seconds = _told(plan, folder, found, part, workers or os.cpu_count() or 1)
        if dry_run:
            return
        stack.enter_context(stopping.saying(KEPT))
        on_progress = stack.enter_context(_progress(plan.name))
        done = completed(plan, store, found, running, workers=workers, on_error=on_error,
                         on_progress=on_progress, seconds_a_point=seconds)  # fmt: skip
    _deliver(done, parquet)


def _cluster(scheduler: str | None) -> AbstractContextManager[tuple[Any, int]]:
    """Return a running dask cluster and the number of its workers, for a while."""
    if not scheduler:
        raise UnscError(
            "--executor dask: expected --scheduler with it, the address of a cluster that runs."
        )
    from sim.studies.cluster import cluster

    return cluster(scheduler)


def _merge(folders: list[Path], out: Path | None, parquet: bool) -> None:
    from sim.studies import merge

    done = merge(folders, out or folders[0])
    if n := done.facts["n_missing"]:
        typer.echo(f"{n:,} of {done.facts['n_points']:,} points are missing.", err=True)
    _deliver(done, parquet)


def _shard(text: str) -> tuple[int, int]:
    """Return the part that `3/10` names.

    Raises:
        UnscError: there is no such part.
    """
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    k, n = map(int, found.groups()) if found else (0, 0)
    if not 1 <= k <= n:
        raise UnscError(f"--shard {text}: expected a part of many, as 3/10.")
    return k, n


def _told(
    plan: "Plan", folder: Path, found: "Found", part: tuple[int, int], n_workers: int
) -> float:
    """Say what will be done, and return the seconds that a point takes.

    Raises:
        UnscError: the disk has no room for it.
    """
    from sim.studies.run import cost_of_a_point

    n_todo = len(found.todo)
    _tell_plan(plan, len(found.points) + found.n_todo, part)
    if found.n_others:
        typer.echo(
            f"  {folder} also holds {counted(found.n_others, 'point')} of no use to this plan."
        )
    if not n_todo:
        typer.echo("  All of them are there already.")
        return 1.0
    seconds, size = cost_of_a_point(plan)
    there = f"{len(found.points):,} are there already, " if found.points else ""
    typer.echo(
        f"  {there}{n_todo:,} to run: some {_lasting(seconds * n_todo / n_workers)} by "
        f"{counted(n_workers, 'worker')}, some {size * n_todo / 1e6:,.1f} MB in {folder}{os.sep}"
    )
    home = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if shutil.disk_usage(home).free < size * n_todo:
        raise UnscError(f"{folder}: the disk has less room than that; choose another --out.")
    return seconds


def _tell_plan(plan: "Plan", n: int, part: tuple[int, int]) -> None:
    """Say what is varied over how many points."""
    worlds, of = plan.form.worlds, f" (part {part[0]} of {part[1]})" if part[1] > 1 else ""
    typer.echo(plan.form.title or plan.name)
    typer.echo(f"  {counted(n, 'point')}{of} of {worlds:,} worlds")
    for each in plan.varied:
        named = listed(each.settings, 4)
        typer.echo(f"  {words(each.place[-1])}: {named}: {len(each.rows):,} values")
    if len(plan.bases) > 1:
        typer.echo(f"  bases: {len(plan.bases):,}, from {plan.bases[0]} to {plan.bases[-1]}")
    if len(plan.form.random_seeds) > 1:
        typer.echo(f"  random seeds: {len(plan.form.random_seeds):,}")


def _lasting(seconds: float) -> str:
    """Return a span of time in words."""
    for unit, long in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * long:
            return f"{seconds / long:.0f} {unit}"
    return f"{max(seconds, 1):.0f} s"


@contextmanager
def _progress(name: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar where standard error is a terminal, and a line now and then elsewhere."""
    from sim.report.terminal import progress

    begun = last = time.monotonic()
    first: list[int] = []

    def line(done: int, of: int) -> None:
        nonlocal last
        first[:] = first or [done - 1]
        now = time.monotonic()
        if done == of or now - last >= SECONDS_BETWEEN_LINES:
            last = now
            left = (now - begun) / (done - first[0]) * (of - done)
            rest = f", some {_lasting(left)} left" if done < of else ""
            typer.echo(f"{name}: {done:,} of {of:,} points{rest}", err=True)

    with progress(name, "points") as bar:
        yield bar or line


def _deliver(study: "Study", parquet: bool) -> None:
    """Write the table, list the points that failed, and end with 1 if there are any.

    Raises:
        Exit: with 1.
    """
    from sim.report.files import as_json, write_file
    from sim.report.markdown import markdown
    from sim.report.page.study import study_page
    from sim.report.study import study_sections
    from sim.report.terminal import print_sections

    facts, folder = study.facts, study.folder
    sections = study_sections(facts)
    texts = {
        "table.csv": study.to_csv(),
        "report.md": markdown(sections),
        "study.html": study_page(facts),
    }
    if facts["failed"]:
        texts["errors.json"] = as_json({"failed": facts["failed"]})
    for name, text in texts.items():
        write_file(folder / name, text, force=True)
    if not facts["failed"]:
        writing.remove_file(folder / "errors.json")
    if parquet:
        study.to_parquet(folder / "table.parquet")
    n = len(facts["rows"])
    print_sections(section for section in sections if section.key in SHOWN)
    written = f"{folder / 'table.csv'}, {counted(n, 'row')} of {facts['n_points']:,}"
    typer.echo(f"\nWritten: {written}; begin with {folder / 'study.html'}", err=True)
    for failed in facts["failed"]:
        named = ", ".join(f"{key}={value}" for key, value in failed["settings"].items())
        typer.echo(f"point {failed['point']} ({named}): {failed['error']}", err=True)
    if facts["failed"]:
        raise typer.Exit(1)
