"""Studies that are killed, on one machine and on a cluster: nothing is lost, half or left over."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

from sim.studies import study
from sim.studies.store import sound

KILLS = int(os.environ.get("TORTURE", "30"))
PLAN = {
    "kind": "study",
    "base": "dprk-panel-2024",
    "worlds": 4000,
    "vary": {"product": {"members.RUS.ties.PRK": {"from": 0, "to": 0.8, "steps": 60}}},
}
needs_dask = pytest.mark.skipif(
    find_spec("distributed") is None, reason="needs dask: pip install 'unsc-sim[dask]'"
)


def started(*arguments, folder):
    """Start a process in a session of its own, by which those that it starts are known."""
    with (folder / "told").open("w") as told:
        return subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=told if "study" in arguments else subprocess.DEVNULL,
            start_new_session=True,
        )


def session(leader):
    """The processes that live in a session, by their number; those that ended do not count."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, *rest = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(rest[2]) == leader and state != "Z":
            found.append(int(stat.parent.name))
    return found


def workers_of(leader):
    """The processes that points run in: not the leader, nor the one that clears up for Python."""
    found = []
    for pid in session(leader):
        with suppress(OSError):  # it has ended
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if pid != leader and b"resource_tracker" not in command:
                found.append(pid)
    return found


def ends_alone(leader, seconds=15):
    """Whether nothing is left of a session after a while."""
    until = time.monotonic() + seconds
    while session(leader) and time.monotonic() < until:
        time.sleep(0.1)
    return not session(leader)


def points(folder):
    return {p: p.stat().st_mtime_ns for p in (folder / "plan").glob("points/*/*.json")}


def told_in(folder):
    return (folder / "told").read_text()


def planned(folder):
    (folder / "plan.yaml").write_text(json.dumps(PLAN))
    return ["-m", "sim", "study", "plan.yaml"]


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """The table of the study that nobody kills."""
    return study(PLAN, tmp_path_factory.mktemp("whole") / "out").to_csv()


def check_whole(folder, before):
    """Assert that what was there is untouched, and that each file is a whole point."""
    now = points(folder)
    assert before.items() <= now.items(), "a point was computed twice"
    assert all(sound(path.read_bytes()) for path in now)
    return now


def finished(folder, command, table):
    """Assert that one more run makes what is missing, and the table as if nothing had been."""
    before = points(folder)
    done = started(*command, folder=folder)
    assert done.wait(120) == 0, told_in(folder)
    assert before.items() <= points(folder).items()
    assert len(points(folder)) == 60
    assert (folder / "plan" / "table.csv").read_text() == table
    assert not any((folder / "plan").glob("drafts/*"))


@pytest.mark.slow(reason="starts and kills two dozen studies")
@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_killed_study_goes_on(tmp_path, table, executor):
    """Killed at moments by chance, itself or a worker, it loses, halves and repeats no point."""
    chance = random.Random(f"{executor} {KILLS}")
    command = [*planned(tmp_path), "--executor", executor, "--workers", 2]
    kept = {}
    for k in range(KILLS * 2 // 5):
        for path in chance.sample(sorted(kept), len(kept) // 2):
            path.unlink()
        kept = points(tmp_path)
        running = started(*command, folder=tmp_path)
        time.sleep(chance.uniform(1, 3 if executor == "threads" else 7))
        children = workers_of(running.pid)
        is_worker = bool(children) and k % 2 == 1
        with suppress(ProcessLookupError):  # a worker that is done
            os.kill(chance.choice(children) if is_worker else running.pid, signal.SIGKILL)
        running.wait(60)
        told = told_in(tmp_path)
        assert "Traceback" not in told, told
        assert ends_alone(running.pid), "a process is left over"
        kept = check_whole(tmp_path, kept)
    finished(tmp_path, command, table)


@contextmanager
def dask_cluster(folder, port):
    """A scheduler and two workers as processes of their own."""
    address = f"tcp://127.0.0.1:{port}"
    quiet = ["--no-dashboard"]
    call = ["-c", "from distributed.cli.{} import main; main()"]
    scheduler = started(call[0], call[1].format("dask_scheduler"), "--host", "127.0.0.1",
                        "--port", port, *quiet, folder=folder)  # fmt: skip
    workers = [
        started(call[0], call[1].format("dask_worker"), address, "--nthreads", 1, "--no-nanny",
                "--death-timeout", 20, *quiet, "--local-directory", folder, folder=folder)
        for _ in range(2)
    ]  # fmt: skip
    try:
        yield address, scheduler, workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def free_port():
    with socket.socket() as any_socket:
        any_socket.bind(("127.0.0.1", 0))
        return any_socket.getsockname()[1]


def until_some_are_there(folder, n, seconds=90):
    until = time.monotonic() + seconds
    while len(points(folder)) < n and time.monotonic() < until:
        time.sleep(0.05)


@needs_dask
@pytest.mark.slow(reason="starts a dask cluster")
def test_a_cluster_that_loses_a_worker_gives_the_same_table(tmp_path, table):
    """Of a scheduler and two workers one worker is killed in the middle: the other goes on."""
    command = planned(tmp_path)
    with dask_cluster(tmp_path, free_port()) as (address, _, workers):
        running = started(*command, "--scheduler", address, folder=tmp_path)
        until_some_are_there(tmp_path, 5)
        workers[0].kill()
        assert running.wait(120) == 0, told_in(tmp_path)
    assert (tmp_path / "plan" / "table.csv").read_text() == table


@needs_dask
@pytest.mark.slow(reason="starts and kills dask clusters")
def test_a_study_outlives_its_scheduler(tmp_path, table):
    """Where the scheduler is killed the study ends in a sentence, and goes on with the next one."""
    chance, command, kept = random.Random(KILLS), planned(tmp_path), {}
    for _ in range(max(1, KILLS // 5)):
        for path in chance.sample(sorted(kept), len(kept) // 2):
            path.unlink()
        kept = points(tmp_path)
        with dask_cluster(tmp_path, free_port()) as (address, scheduler, _):
            running = started(*command, "--scheduler", address, folder=tmp_path)
            until_some_are_there(tmp_path, len(kept) + chance.randint(1, 20))
            scheduler.kill()
            code, told = running.wait(90), told_in(tmp_path)
            assert code in (0, 2), told
            assert code == 0 or re.search("Start it again to go on|--scheduler", told), told
            assert "Traceback" not in told, told
            assert ends_alone(running.pid)
        kept = check_whole(tmp_path, kept)
    finished(tmp_path, command, table)
