"""Signals end every command at once: one line, the number that shells expect, nothing left."""

import os
import pty
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

RUN = ("run", "dprk-panel-2024", "--set", "preferences=assumed", "--worlds", "50000000")
ENDS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]


def started(*arguments, **options):
    """Start a command that heeds interrupts, whatever this test run does with them."""
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code = f"{heed}; print(flush=True); from sim.__main__ import main; main()"
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], **options)


def ended(process, sent, pause):
    """Return what a process writes to both streams after a signal that comes with a pause."""
    process.stdout.readline()
    time.sleep(pause)
    process.send_signal(sent)
    try:
        return process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        # Before the program heeds them Python may drop one, raised where it can only be printed.
        assert pause == 0.0
        process.send_signal(sent)
        return process.communicate(timeout=30)
    finally:
        process.kill()


@pytest.mark.parametrize(("sent", "code"), ENDS)
@pytest.mark.parametrize("pause", [0.0, 0.1, 0.3, 3.0])
def test_a_signal_ends_a_command_with_one_line(tmp_path, sent, code, pause):
    """While it starts and while it computes: no traceback, no report, no claim on its place."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started(*RUN, "--out", tmp_path / "report", **pipes) as process:
        out, errors = ended(process, sent, pause)
    if errors.startswith(b"Stopped"):
        assert (process.returncode, out) == (code, b"")
        assert errors == b"Stopped; nothing was written.\n"
    else:  # before the first line of the program Python itself answers
        assert pause == 0.0
        assert process.returncode in (1, -sent, code)
    assert list(tmp_path.iterdir()) == []


def test_the_cursor_is_shown_again():
    """A bar hides the cursor of a terminal; the last that a stopped command writes shows it."""
    ours, theirs = pty.openpty()
    with started(*RUN, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while b"\x1b[?25l" not in shown:
            shown += os.read(ours, 65536)
        process.send_signal(signal.SIGTERM)
        try:
            while True:
                shown += os.read(ours, 65536)
        except OSError:  # the other end is closed
            pass
        assert process.wait(30) == 143
    os.close(ours)
    assert shown.rindex(b"\x1b[?25h") > shown.rindex(b"\x1b[?25l")
    assert shown.endswith(b"Stopped; nothing was written.\r\n")


def test_what_is_ignored_stays_ignored(tmp_path):
    """A command that was started with nohup, or in the background of a script, runs on."""
    ignore = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    code = f"{ignore}; print(flush=True); from sim.__main__ import main; main()"
    arguments = ("run", "dprk-panel-2024", "--worlds", "300", "--json")
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGHUP)
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, out[:1]) == (0, b"{")


SCRIPT = """
from datetime import date
from sim.record import read_record
from sim.backtest import backtest
from sim.backtest.forecasters import AlwaysInFavour, BaseRate
{class_}
forecasters = [BaseRate(), {name}()]
tested = backtest(read_record(), forecasters, date(2023, 1, 1), date(2024, 3, 28), workers=2)
print("votes", len(tested.votes))
"""


@pytest.mark.parametrize("how", ["file", "standard input"])
def test_a_script_without_a_guard_runs(tmp_path, how):
    """A back-test over processes from a script without the guard of its main module works."""
    script = SCRIPT.format(class_="", name="AlwaysInFavour")
    (tmp_path / "script.py").write_text(script)
    arguments = [sys.executable, *(["script.py"] if how == "file" else ["-"])]
    told = script if how != "file" else None
    done = subprocess.run(arguments, input=told, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "votes 67\n", "")


def test_a_script_that_needs_a_guard_is_told_so(tmp_path):
    """What the script defines only the script has: one sentence says what to do."""
    mine = "class Mine(AlwaysInFavour):\n    pass"
    (tmp_path / "script.py").write_text(SCRIPT.format(class_=mine, name="Mine"))
    arguments = [sys.executable, "script.py"]
    done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True)
    assert done.stderr.count("Traceback") == 1  # the script's own
    last = done.stderr.splitlines()[-1]
    assert last.startswith("sim.errors.UnscError: the worker processes ended")
    assert "if __name__ == '__main__':" in last
    assert done.stdout == ""


def test_what_is_left_of_workers_is_cleared_without_a_word():
    """Python's own process for that says so on standard error, if it is not told otherwise."""
    code = (
        "import os; from multiprocessing import get_context;"
        "from sim.workers import _start_tracker; _start_tracker();"
        "semaphore = get_context('spawn').Semaphore(); os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stderr == b""


def in_session(leader):
    """Return the processes of a session that live."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, session = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:4]
        except OSError:
            continue
        if int(session) == leader and state != "Z":
            found.append(folder.name)
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="counts processes in /proc")
@pytest.mark.slow(reason="three back-tests are started, half a minute")
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_their_parent_however_it_ends(tmp_path, sent):
    """At a moment by chance of a back-test over two processes: soon nobody of it lives."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    arguments = ("backtest", "--from", "2020-01-01", "--workers", "2", "--fresh")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started(*arguments, **pipes, env=environment, start_new_session=True) as process:
        _, errors = ended(process, sent, random.Random(sent).uniform(3, 8))
    end = time.monotonic() + 20
    while in_session(process.pid) and time.monotonic() < end:
        time.sleep(0.1)
    assert in_session(process.pid) == []
    assert b"Traceback" not in errors
    if sent != signal.SIGKILL:
        assert process.returncode == 128 + sent
        assert errors.count(b"\n") == 1
        assert errors.startswith(b"Stopped; finished parts are cached in ")
