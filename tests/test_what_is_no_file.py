"""Pipes, devices, loops of links, closed streams, no home, no threads: a sentence and exit 2."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import main

SEED_VOTE = "dprk-panel-2024"


def unsc(*arguments, cwd, **options):
    """Run the command, which must not wait for anything; one that hangs is an error."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *arguments],
        cwd=cwd,
        capture_output="stdout" not in options,
        timeout=60,
        check=False,
        **options,
    )


@pytest.fixture
def odd(tmp_path):
    """A folder with a named pipe and a ring of links under each kind of name."""
    for ending in ("yaml", "json", "csv"):
        os.mkfifo(tmp_path / f"pipe.{ending}")
        (tmp_path / f"one.{ending}").symlink_to(f"two.{ending}")
        (tmp_path / f"two.{ending}").symlink_to(f"one.{ending}")
    return tmp_path


@pytest.mark.parametrize("command", ["run", "report", "explain"])
def test_a_folder_is_answered_with_the_report_in_it(tmp_path, command):
    """What a run wrote is named by its file; a folder of several is called a folder, no more."""
    (tmp_path / "out").mkdir()
    for name in ("report.json", "report.html", "run.json"):
        (tmp_path / "out" / name).write_text("{}")
    said = unsc(command, "out", cwd=tmp_path).stderr.decode()
    assert "out: this is a folder; expected" in said
    assert said.endswith("Did you mean 'out/report.json'?\n")
    (tmp_path / "out" / "compare.json").write_text("{}")
    said = unsc(command, "out", cwd=tmp_path).stderr.decode()
    assert "this is a folder" in said
    assert "Did you mean" not in said


@pytest.mark.parametrize(
    "command",
    [
        *(("run", name) for name in ("pipe.yaml", "pipe.json", "one.yaml", "/dev/zero")),
        *(("report", name) for name in ("pipe.json", "one.json", "/dev/zero")),
        *(("validate", name) for name in ("pipe.yaml", "one.yaml")),
        *(("votes", "import", name) for name in ("pipe.csv", "one.csv", "/dev/zero")),
        ("score", "pipe.csv"),
        ("calibrate", "--votes", "pipe.csv"),
        ("run", SEED_VOTE, "--out", "one.yaml"),
        ("run", SEED_VOTE, "--out", "one.yaml/below"),
        ("new", "one.yaml/below.yaml"),
        ("new", "pipe.yaml", "--force"),
        ("new", "/dev/full", "--force"),
        *(("calibrate", "--out", name) for name in ("", "/", "one.draws")),
        *(("run", SEED_VOTE, "--out", name) for name in ("", "/")),
        *(("calendar", "--from", "2026-12-18", "--to", "2026-12-18", "--record", n) for n in "./"),
        *(("new", name) for name in ("", "..", "/")),
        *(("run", name) for name in ("", ".", "..", "/")),
    ],
    ids=" ".join,
)
def test_what_is_no_file_is_refused(odd, command):
    """Nobody waits for a pipe, follows a ring, reads a device or writes over one."""
    done = unsc(*command, cwd=odd)
    assert done.returncode == 2, done
    assert done.stdout == b""
    assert b"Traceback" not in done.stderr
    assert len(list(odd.iterdir())) == 9


@pytest.mark.parametrize(("closed", "says"), [(1, b"standard output is closed"), (2, b"")])
def test_closed_streams(tmp_path, closed, says):
    """Without a standard output a sentence; without one for errors there is nobody to tell."""
    shell = f'exec "$@" {closed}>&-'
    command = ["sh", "-c", shell, "sh", sys.executable, "-m", "sim", "run", "no-such-scenario"]
    done = subprocess.run(command, capture_output=True, timeout=60, cwd=tmp_path)
    assert (done.returncode, done.stderr.startswith(says)) == (2, True)


def test_a_full_standard_output(tmp_path):
    """What cannot be printed is said, and is no success."""
    with Path("/dev/full").open("w") as full:
        options = {"stdout": full, "stderr": subprocess.PIPE}
        done = unsc("members", "--on", "2024-03-28", cwd=tmp_path, **options)
    assert done.returncode == 2
    assert done.stderr == b"cannot go on: No space left on device\n"


def test_without_a_home_and_without_utf8(tmp_path):
    """The cache of the back-test is not needed, and a plain locale gets plain letters."""
    bare = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0", "HOME": "/nowhere"}
    done = unsc("run", SEED_VOTE, "--worlds", "20", cwd=tmp_path, env=bare)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (RuntimeError("can't start new thread"), "no more threads can be started"),
        (MemoryError(), "not enough memory"),
    ],
)
def test_what_the_machine_lacks_is_said(monkeypatch, capsys, fault, says):
    """No thread or no memory: a sentence that says what to ask for less of."""

    def none_left(*_args, **_kwargs):
        raise fault

    monkeypatch.setattr("sim.chamber.session.map_in_threads", none_left)
    monkeypatch.setattr(sys, "argv", ["unsc", "run", SEED_VOTE, "--worlds", "20"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert says in capsys.readouterr().err
