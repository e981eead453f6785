"""Files in their place: whole or not at all, never over what the program did not write."""

import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sim import writing
from sim.errors import UnscError, WillNotOverwrite
from sim.writing import files, may_write, may_write_file, release, write_file, write_folder
from sim.writing.account import written_by_us
from sim.writing.claim import is_claim

SAID = {"command": ["unsc", "run"]}
OLD = {"report.json": '{"old": 1}\n', "report.md": "# Old\n", "members.csv": "a,b\n"}
NEW = {"report.json": '{"new": 1}\n', "report.md": "# New\n", "report.html": "<p>new"}


def put(folder, texts, force=False):
    write_folder(folder, texts, SAID, force)


def in_folder(folder):
    """Return what a folder holds, by name, less the account of the run."""
    return {p.name: p.read_text() for p in folder.iterdir() if p.name != "run.json"}


@pytest.fixture(autouse=True)
def _nothing_claimed():
    yield
    release()


@pytest.fixture(params=["exchanged", "no exchange", "mounted", "worked in", "closed parent"])
def folder(request, tmp_path, monkeypatch):
    """A folder that holds the old files, for each way in which the new ones get in."""
    folder = tmp_path / "above" / "report"
    put(folder, OLD)
    if request.param == "no exchange":
        monkeypatch.setattr(files, "_exchange", lambda *_: False)
    elif request.param == "mounted":
        monkeypatch.setattr(Path, "is_mount", lambda path: path == folder)
    elif request.param == "worked in":
        monkeypatch.chdir(folder)
    elif request.param == "closed parent":
        usual = os.access
        closed = lambda path, mode: path != folder.parent and usual(path, mode)  # noqa: E731
        monkeypatch.setattr(os, "access", closed)
    return folder


def test_new_files_take_the_place_of_the_old(folder):
    """With leave the folder holds the new files and no other; what was prepared is gone."""
    with pytest.raises(WillNotOverwrite, match="--force"):
        put(folder, NEW)
    assert in_folder(folder) == OLD
    put(folder, NEW, force=True)
    assert in_folder(folder) == NEW
    assert [p.name for p in folder.parent.iterdir()] == ["report"]
    assert written_by_us(folder) == {*NEW, "run.json"}


def test_mode_and_owner_stay(folder):
    """A private folder stays private, and the files that are written over keep their mode."""
    folder.chmod(0o700)
    (folder / "report.json").chmod(0o640)
    if os.getuid() == 0:
        os.chown(folder, 1234, 1234)
    before = folder.stat()
    put(folder, NEW, force=True)
    after = folder.stat()
    wanted = (before.st_mode, before.st_uid, before.st_gid)
    assert (after.st_mode, after.st_uid, after.st_gid) == wanted
    assert (folder / "report.json").stat().st_mode & 0o777 == 0o640


def test_a_new_folder_has_the_mode_that_the_user_wants(tmp_path):
    """Where the user's mask keeps others out, so does what is written."""
    mask = os.umask(0o077)
    try:
        put(tmp_path / "report", NEW)
    finally:
        os.umask(mask)
    assert (tmp_path / "report").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "report" / "report.md").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "foreign",
    [
        lambda path: path.write_text("years of work"),
        lambda path: path.mkdir(),
        lambda path: path.symlink_to("/etc/passwd"),
        lambda path: os.mkfifo(path),
    ],
)
@pytest.mark.parametrize("name", ["thesis.tex", "report.md"])
def test_what_is_not_ours_is_never_removed(folder, foreign, name):
    """Not even with leave, and not under the name of one of the report's files."""
    (folder / name).unlink(missing_ok=True)
    foreign(folder / name)
    with pytest.raises(WillNotOverwrite, match=re.escape(name)):
        put(folder, NEW, force=True)
    assert os.path.lexists(folder / name)
    assert (folder / "report.json").read_text() == OLD["report.json"]


def test_a_list_that_anybody_can_make_is_no_leave(tmp_path):
    """An account that lists somebody's file by its name does not make it the program's."""
    (tmp_path / "thesis.md").write_text("years of work")
    for listed in (["thesis.md"], {"thesis.md": "0" * 64}, {"../thesis.md": None}, 3, None):
        (tmp_path / "run.json").write_text(json.dumps({"command": ["unsc"], "files": listed}))
        with pytest.raises(WillNotOverwrite, match=re.escape("thesis.md")):
            put(tmp_path, NEW, force=True)
    assert (tmp_path / "thesis.md").read_text() == "years of work"


def test_a_report_that_somebody_changed_stays(tmp_path):
    """Notes that were written into a report are not the program's to remove."""
    put(tmp_path / "r", OLD)
    with (tmp_path / "r" / "report.md").open("a") as report:
        report.write("My notes.\n")
    with pytest.raises(WillNotOverwrite, match="changed since"):
        put(tmp_path / "r", NEW, force=True)


@pytest.mark.parametrize("writes", [may_write, may_write_file])
def test_what_can_be_refused_is_refused_before_anything_is_computed(tmp_path, writes):
    """A link, a device, a pipe, and what is below a file: each in a sentence, with leave too."""
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "file").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    for path in (
        tmp_path / "link",
        tmp_path / "pipe",
        tmp_path / "file" / "below",
        Path("/dev/null"),
        Path("/proc/nothing/here"),
        tmp_path / ("x" * 300),
        tmp_path / "a\0b",
    ):
        with pytest.raises(UnscError):
            writes(path, True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "link", "pipe"]


@pytest.mark.parametrize("force", [False, True])
def test_a_place_is_claimed_by_one_process(tmp_path, force):
    """While one computes what it will write, another is refused; then the place is free."""
    for how, name in ((may_write, "report"), (may_write_file, "new.yaml")):
        how(tmp_path / name, force)
        code = f"from pathlib import Path; from sim.writing import *; {how.__name__}"
        other = [sys.executable, "-c", f"{code}(Path({str(tmp_path / name)!r}), {force})"]
        assert "another run" in subprocess.run(other, capture_output=True, text=True).stderr
        release()
        assert subprocess.run(other, capture_output=True, text=True).returncode == 0
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, sys
from pathlib import Path
from sim import writing
from sim.writing import claim, files
real = {}
def killed_at(module, name, nth):
    calls = []
    usual = getattr(module, name)
    def counted(*args, **kwargs):
        calls.append(args)
        if len(calls) == nth:
            os.kill(os.getpid(), 9)
        return usual(*args, **kwargs)
    setattr(module, name, counted)
where, name, nth, stays, folder, new = sys.argv[1:]
if stays == "True":
    files._must_stay = lambda place: True
killed_at(eval(where), name, int(nth))
writing.write_folder(Path(folder), eval(new), {"command": ["unsc"]}, True)
"""


@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize(
    ("where", "name", "most"),
    [("os", "fsync", 8), ("Path", "replace", 5), ("Path", "rename", 2), ("Path", "unlink", 6),
     ("files", "_exchange", 1), ("Path", "rmdir", 3)],
)  # fmt: skip
def test_killed_at_any_step_the_old_or_the_new_are_there_whole(tmp_path, stays, where, name, most):
    """At every step: at once where folders are exchanged, else when the next run has come."""
    n_killed = 0
    for nth in range(1, most + 1):
        folder = tmp_path / str(nth) / "report"
        put(folder, OLD)
        arguments = [where, name, str(nth), str(stays), str(folder), repr(NEW)]
        end = subprocess.run([sys.executable, "-c", KILLED, *arguments], capture_output=True)
        n_killed += end.returncode == -signal.SIGKILL
        if not stays:
            assert in_folder(folder) in (OLD, NEW)
        may_write(folder, force=True)
        release()
        assert in_folder(folder) in (OLD, NEW)
        assert [p.name for p in folder.parent.iterdir()] == ["report"]
        assert written_by_us(folder) == {*in_folder(folder), "run.json"}
    assert n_killed or (stays, name) in ((True, "_exchange"), (False, "replace"), (False, "rename"))


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="mounts a small disk: root")
def test_a_full_disk_leaves_the_old_report(tmp_path):
    """In a folder and in one that is a disk: a sentence, and the old files are whole."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tmpfs", bytes(tmp_path), b"tmpfs", 0, b"size=300k"):
        pytest.skip("no file system can be mounted here")
    try:
        for folder in (tmp_path / "report", tmp_path):
            put(folder, OLD)
            with pytest.raises(UnscError, match="No space left"):
                put(folder, {"report.json": "x" * 1_000_000}, force=True)
            assert in_folder(folder) == OLD
            if folder != tmp_path:
                shutil.rmtree(folder)
        with pytest.raises(UnscError, match="No space left"):
            write_file(tmp_path / "x.yaml", "x" * 1_000_000, force=False)
        assert in_folder(tmp_path) == OLD
    finally:
        libc.umount2(bytes(tmp_path), 2)


def test_a_file_is_written_whole_and_never_over_another_without_leave(tmp_path):
    """What appears meanwhile under its name stays; a mode is kept; nothing is left beside it."""
    path = tmp_path / "new.yaml"
    may_write_file(path, force=False)
    path.write_text("somebody else's")
    with pytest.raises(WillNotOverwrite):
        write_file(path, "mine", force=False)
    assert path.read_text() == "somebody else's"
    path.chmod(0o600)
    write_file(path, "mine", force=True)
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("mine", 0o600)
    assert [p.name for p in tmp_path.iterdir()] == ["new.yaml"]


def test_folders_that_were_made_for_nothing_are_removed(tmp_path):
    """Of a run that failed before it wrote, nothing is left, not even the folders above."""
    may_write(tmp_path / "a" / "b" / "report", force=False)
    assert is_claim(tmp_path / "a" / "b" / ".report.unsc")
    release()
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_is_at_one_door():
    """No other module of the package opens a file to write it, renames or removes one."""
    package = Path(writing.__file__).parent.parent
    moves = ("unlink", "rmtree", "rename", "symlink_to", "hardlink_to", "copyfile", "copytree")
    saves = ("write_text", "write_bytes", "touch", "savez", "savetxt", "tofile")
    calls = (*moves, *saves)
    writes = rf"\.({'|'.join(calls)})\(|open\([^)]*['\"][wax]b?\+?['\"]"
    found = {
        path.relative_to(package).parts[0]
        for path in package.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(writes, line) and "os.devnull" not in line
    }
    assert found == {"writing"}
