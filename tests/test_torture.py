"""Three hundred kills of writers and commands: no report is lost, none is half, nothing is left.

At moments by chance (`TORTURE_SEED` draws others) and, where strace is installed, at each system
call of a renaming or a sync; two and three writers at once.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from sim.writing.account import written_by_us
from sim.writing.claim import is_claim

pytestmark = pytest.mark.slow(reason="kills processes for up to three minutes")

SEED = os.environ.get("TORTURE_SEED", "0")
N_KILLS = int(os.environ.get("TORTURE", "300"))
MOST_SECONDS = 150
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)

WRITER = """
import sys
from sim import stopping, writing
from sim.writing import files
from pathlib import Path
stopping.heed()
folder, stays, version, times = Path(sys.argv[1]), sys.argv[2] == "stays", *map(int, sys.argv[3:])
if stays:
    files._must_stay = lambda place: place.is_dir()
print("ready", flush=True)
for k in range(version, version + times):
    texts = {f"report.{form}": f"{k}\\n" * 2000 for form in ("json", "md", "html")}
    writing.write_folder(folder, texts, {"command": ["unsc"]}, force=True)
print("written", flush=True)
"""


def writer(folder, stays, version, times=10_000, before=()):
    arguments = [sys.executable, "-c", WRITER, folder, "stays" if stays else "goes"]
    return subprocess.Popen(
        [*before, *map(str, [*arguments, version, times])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def version_in(folder):
    """Return which version of the files a folder holds; all of them are whole and of that one."""
    texts = {path.name: path.read_text() for path in folder.iterdir() if not is_claim(path)}
    assert set(texts) == {"report.json", "report.md", "report.html", "run.json"}
    del texts["run.json"]
    assert set(texts) <= written_by_us(folder)
    assert len(set(texts.values())) == 1
    lines = set(texts["report.md"].split())
    assert len(lines) == 1
    return int(lines.pop())


def settled(folder, stays, version):
    """Return the version that is there after a next run, which leaves nothing else behind."""
    writer(folder, stays, version, times=1).communicate(timeout=60)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    assert not any(map(is_claim, folder.iterdir()))
    return version_in(folder)


@pytest.mark.parametrize("stays", [False, True])
def test_killed_at_any_moment(tmp_path, stays):
    """Where folders are exchanged the files are whole at once, else after the next run."""
    rnd, folder = random.Random(f"{SEED} {stays}"), tmp_path / "report"
    assert settled(folder, stays, 0) == 0
    begin, version = time.monotonic(), 1
    for _ in range(N_KILLS // 4):
        with writer(folder, stays, version) as process:
            process.stdout.readline()
            time.sleep(rnd.uniform(0, 0.05))
            process.send_signal(rnd.choice(SIGNALS))
            _, errors = process.communicate(timeout=30)
        assert "Traceback" not in errors
        if not stays:
            assert version_in(folder) >= version - 1
        version += 10_000
        assert settled(folder, stays, version) == version
        version += 1
        if time.monotonic() - begin > MOST_SECONDS / 2:
            break


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
@pytest.mark.parametrize("stays", [False, True])
def test_killed_at_each_system_call(tmp_path, stays):
    """Before each renaming, removal and sync of a writing: the old files or the new ones."""
    n_killed = 0
    for call in ("rename", "renameat2", "fsync", "unlink", "unlinkat", "rmdir", "mkdir"):
        for nth in range(1, 20):
            folder = tmp_path / f"{call}{nth}" / "report"
            assert settled(folder, stays, 1) == 1
            inject = ["-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={nth}"]
            trace = ["strace", "-f", "-qq", "-o", "/dev/null", *inject]
            with writer(folder, stays, 2, times=1, before=trace) as process:
                told, errors = process.communicate(timeout=60)
            if "ptrace" in errors.lower():
                pytest.skip("processes cannot be traced here")
            if "written" in told:
                break
            n_killed += 1
            if not stays:
                assert version_in(folder) in (1, 2)
            assert settled(folder, stays, 3) == 3
    assert n_killed >= 10


@pytest.mark.parametrize("n_writers", [2, 3])
def test_several_writers_at_once(tmp_path, n_writers):
    """Each either writes its files or is refused by a sentence; nothing is mixed or left."""
    folder = tmp_path / "report"
    assert settled(folder, False, 0) == 0
    for k in range(5):
        writers = [writer(folder, False, 10 * k + w, times=20) for w in range(1, n_writers + 1)]
        ends = [process.communicate(timeout=60) for process in writers]
        for process, (told, errors) in zip(writers, ends, strict=True):
            assert ("written" in told) == (process.returncode == 0)
            assert "written" in told or "another run" in errors
        assert 0 < version_in(folder) < 100
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_commands_killed_at_any_moment(tmp_path):
    """From their start on: the old report or the new one, whole, and no process is left."""
    rnd, out = random.Random(SEED), tmp_path / "report"
    command = [sys.executable, "-m", "sim", "run", "dprk-panel-2024", "--worlds", "50", "--force"]
    command += ["--set", "preferences=assumed", "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    wanted, begin, usual = (out / "report.json").read_bytes(), time.monotonic(), []
    for _ in range(N_KILLS // 8):
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(rnd.uniform(0, max(usual, default=1.5)))
        process.send_signal(rnd.choice(SIGNALS))
        _, errors = process.communicate(timeout=30)
        usual += [time.monotonic() - started] if process.returncode == 0 else []
        if not re.match(b"Traceback.*KeyboardInterrupt", errors, re.DOTALL):  # Python's own start
            assert b"Traceback" not in errors
        assert (out / "report.json").read_bytes() == wanted
        assert written_by_us(out) == {path.name for path in out.iterdir()}
        if time.monotonic() - begin > MOST_SECONDS / 3:
            break
    subprocess.run(command, check=True, capture_output=True)
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
