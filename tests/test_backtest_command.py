"""The back-test as a user types it: its errors, its files, its cache, and later votes."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sim.backtest import all_forecasters, baselines
from sim.paths import SEEDS, cache_folder
from sim.record import read_record

# Without the model, which takes longer than all baselines together, and on the latest votes alone.
PLAIN = (
    "from sim.backtest import forecasters as room; room.all_forecasters = room.baselines; "
    "import sim.record as record; whole = record.read_record; "
    "record.read_record = lambda *files: whole(*files)[-160:]; "
)
START = "from sim.cli import main; main()"
NO_LIBRARY = "import sys; sys.modules['sklearn'] = None; "
IN_2023 = ("--from", "2023-01-01", "--to", "2023-12-31")
NAMES = ["always_in_favour", "base_rate", "member_rate", "last_vote", "logit", "regression"]


def command(*arguments, code=PLAIN + START):
    return [sys.executable, "-c", code, "backtest", *map(str, arguments)]


def backtest(cache, *arguments, code=PLAIN + START, **environment):
    """Run the command in a process of its own, its cache in the given folder."""
    return subprocess.run(
        command(*arguments, code=code),
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_CACHE_HOME": str(cache), "COLUMNS": "88", **environment},
        check=False,
    )


def kept_in(cache):
    """Return the files of forecasts in the cache."""
    return sorted(Path(cache).glob("unsc-sim/backtest/*.forecasts"))


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache that several tests share."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def told(cache):
    """What the command prints as JSON for 2023, computed in two processes."""
    result = backtest(cache, *IN_2023, "--json", "--workers", 2)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def test_the_model_comes_first_then_the_baselines():
    """All six take part, in the order in which they are shown."""
    assert [f.name for f in all_forecasters()] == ["simulator", "joint_fit", *NAMES]


def test_json_holds_every_part(told):
    """The whole of the back-test is printed and nothing else."""
    found = json.loads(told)
    assert {"votes", "member_votes", "outcomes", "reliability", "differences"} < found.keys()
    assert {"weighted", "by_year", "by_member", "contested", "worst", "published"} < found.keys()
    assert list(found["member_votes"]) == list(found["outcomes"]) == NAMES
    assert (found["settings"]["from"], found["settings"]["to"]) == ("2023-01-01", "2023-12-31")
    assert found["votes"] == sum(vote.date.year == 2023 for vote in read_record())


def test_one_process_two_or_a_cache_give_the_same_bytes(told, cache, tmp_path):
    """Neither workers nor what was kept before changes a byte."""
    assert backtest(tmp_path, *IN_2023, "--json", "--workers", 1).stdout == told
    assert len(kept_in(tmp_path)) == len(kept_in(cache)) == len(baselines())
    kept_in(tmp_path)[0].unlink()
    assert backtest(tmp_path, *IN_2023, "--json", "--workers", 1).stdout == told


def test_fresh_computes_again_what_was_kept(told, cache):
    """A run serves itself from the cache; with --fresh it replaces every file, by the same."""
    before = {file: (file.stat().st_ino, file.read_bytes()) for file in kept_in(cache)}
    assert backtest(cache, *IN_2023, "--json", "--workers", 1).stdout == told
    assert {file.stat().st_ino for file in kept_in(cache)} == {i for i, _ in before.values()}
    assert backtest(cache, *IN_2023, "--json", "--workers", 1, "--fresh").stdout == told
    assert kept_in(cache) == list(before)
    for file, (inode, content) in before.items():
        assert (file.stat().st_ino != inode, file.read_bytes()) == (True, content)


def test_a_killed_command_resumes_to_the_same_bytes(tmp_path):
    """What was done before the kill is kept, and the end is as if nothing had happened."""
    arguments = ("--from", "2024-01-01", "--refit", "monthly", "--json", "--workers", 1)
    killed_in, whole_in = tmp_path / "killed", tmp_path / "whole"
    started(killed_in, signal.SIGKILL, *arguments)
    n_kept = len(kept_in(killed_in))
    resumed, whole = (backtest(c, *arguments) for c in (killed_in, whole_in))
    assert 0 < n_kept < len(kept_in(whole_in))
    assert (resumed.stdout, resumed.returncode) == (whole.stdout, 0)


def test_workers_end_with_their_parent(tmp_path):
    """A kill of the command alone leaves no process behind."""
    arguments = ("--refit", "monthly", "--workers", 2)
    code, _, _ = started(tmp_path, signal.SIGKILL, *arguments, send=os.kill)
    assert code == -signal.SIGKILL
    end = time.monotonic() + 30
    while (left := named_in_their_environment(tmp_path)) and time.monotonic() < end:
        time.sleep(0.2)
    assert not left


def named_in_their_environment(cache):
    """Return the processes that were started with this cache and still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(cache).encode() in (folder / "environ").read_bytes():
                found.append(folder.name)
    return found


def test_an_interrupt_ends_it_soon_and_says_what_is_kept(tmp_path):
    """A Ctrl-C ends all processes with exit code 130, one line and no traceback."""
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    arguments = ("--refit", "monthly", "--workers", 2)
    code, out, errors = started(tmp_path, signal.SIGINT, *arguments, code=heed + PLAIN + START)
    assert (code, out) == (130, b"")
    assert b"Traceback" not in errors
    assert errors.startswith(b"Stopped; finished parts are cached in ")
    assert kept_in(tmp_path)


def started(cache, sent, *arguments, code=PLAIN + START, send=os.killpg):
    """Start the command, send it and its processes the signal once something is kept."""
    with subprocess.Popen(
        command(*arguments, code=code),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        start_new_session=True,
    ) as process:
        try:
            end = time.monotonic() + 60
            while not kept_in(cache) and time.monotonic() < end:
                time.sleep(0.01)
            send(process.pid, sent)
            out, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    return process.returncode, out, errors


def test_the_report_is_printed_and_written(cache, tmp_path):
    """Tables in the terminal, both forms in the folder, and nothing is written over."""
    out = tmp_path / "out"
    first = backtest(cache, *IN_2023, "--out", out, "--workers", 1)
    assert first.returncode == 0, first.stderr
    assert "Outcomes, adopted or not" in first.stdout
    assert max(map(len, first.stdout.splitlines())) <= 88
    assert sorted(p.name for p in out.iterdir()) == [
        "backtest.html",
        "backtest.json",
        "backtest.md",
        "forecasts.csv",
        "outcomes.csv",
        "run.json",
    ]
    assert (out / "backtest.md").read_text(encoding="utf-8").startswith("# Back-test from 2023")
    written = (out / "backtest.json").read_text(encoding="utf-8")
    assert backtest(cache, *IN_2023, "--json", "--workers", 1).stdout == written
    second = backtest(cache, *IN_2023, "--out", out, "--workers", 1)
    assert second.returncode == 2
    assert "--force" in second.stderr
    third = backtest(cache, *IN_2023, "--out", out, "--workers", 1, "--force")
    assert third.returncode == 0, third.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--from", "yesterday"), "--from 'yesterday': no such day"),
        (("--to", "2023-02-30"), "--to '2023-02-30': no such day"),
        (("--from", "2023-02-02", "--to", "2023-02-01"), "is after the last day, 2023-02-01"),
        (("--from", "2025-01-01"), "is after the last day, 2024-12-"),
        (("--from", "2007-02-01", "--to", "2007-03-01"), "no vote from 2007-02-01 to 2007-03-01"),
        (("--refit", "weekly"), "--refit 'weekly': expected one of yearly, monthly, vote"),
        (
            ("--without", "habits"),
            "without: 'habits'; expected one of habit, beliefs, sides, coupling",
        ),
        (("--workers", "0"), "--workers: 0; expected a whole number from 1"),
        (("--votes", "no-such-file.csv"), "no-such-file.csv: there is no such file"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_2(tmp_path, arguments, says):
    """No traceback, nothing written, exit code 2, and what is expected."""
    result = backtest(tmp_path, *arguments, "--out", tmp_path / "out")
    assert (result.returncode, result.stdout) == (2, "")
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_without_scikit_learn_the_logit_is_left_out(tmp_path):
    """The library is for development: without it all others are tested, and a note says so."""
    result = backtest(tmp_path, *IN_2023, "--json", "--workers", 1, code=NO_LIBRARY + PLAIN + START)
    assert result.returncode == 0, result.stderr
    assert list(json.loads(result.stdout)["member_votes"]) == NAMES[:-2]
    assert result.stderr.startswith(
        "Without the logit and the regression: scikit-learn is not installed"
    )


def test_where_nothing_can_be_kept_it_runs_all_the_same(told, tmp_path):
    """A cache that cannot be written costs the next run its start, and this one a note."""
    file = tmp_path / "file"
    file.touch()
    result = backtest(file, *IN_2023, "--json", "--workers", 1)
    assert (result.returncode, result.stdout) == (0, told)
    assert result.stderr.startswith("Results will not be cached: ")
    assert len(result.stderr.splitlines()) == 1


def test_progress_is_shown_on_a_terminal_only(told, cache):
    """A bar is drawn where standard error is a terminal; standard output stays pure JSON."""
    ours, theirs = pty.openpty()
    drawn = []

    def keep():  # as it comes: a terminal that nobody reads holds the command up once it is full
        with contextlib.suppress(OSError):  # the other end is closed
            while part := os.read(ours, 65536):
                drawn.append(part)

    with subprocess.Popen(
        command(*IN_2023, "--json", "--workers", 1),
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "XDG_CACHE_HOME": str(cache), "TERM": "xterm"},
    ) as process:
        os.close(theirs)
        reader = threading.Thread(target=keep)
        reader.start()
        out, _ = process.communicate(timeout=300)
    reader.join()
    os.close(ours)
    assert b"fits and forecasts" in b"".join(drawn)
    assert out.decode() == told


def test_the_cache_is_where_the_platform_wants_it(monkeypatch, tmp_path):
    """An absolute XDG_CACHE_HOME counts, anything else does not."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_folder() == tmp_path / ".cache" / "unsc-sim"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert cache_folder() == tmp_path / "x" / "unsc-sim"


LATER = [
    "R2774,2025-02-24,S/RES/2774(2025),Path to peace,other,UKR,USA,,no,"
    'adopted,10,,"FRA, GBR;DNK GRC,SVN",,',
    'S-2025-353,2025-06-04,S/2025/353,Gaza,ceasefire,PSE,"DZA,DNK; GRC",,no,vetoed,14,USA,,,',
    "S-2026-1,2026-12-31,S/RES/2990(2026),Gaza again,ceasefire,PSE,E10,,no,adopted,15,,,,",
]


@pytest.fixture(scope="module")
def longer(tmp_path_factory):
    """The shipped record without the columns nobody reads, with later votes below."""
    with (SEEDS / "votes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = [column for column in rows[0] if column not in ("summary", "confidence")]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path_factory.mktemp("record") / "votes.csv"
    path.write_text(text.getvalue() + "\n".join(LATER) + "\n", encoding="utf-8")
    return path


def test_later_votes_follow_the_mandates_of_the_record(longer):
    """A vote on Gaza after the record belongs to the matter of those in it."""
    record = {vote.vote_id: vote for vote in read_record(longer)}
    gaza = record["R2728"].mandate
    for vote_id in ("S-2025-353", "S-2026-1"):
        assert record[vote_id].mandate == gaza
    assert record["S-2025-353"].penholders == ("DZA", "DNK", "GRC")


@pytest.mark.slow(reason="fits for two years, the joint fit too")
def test_votes_after_the_record_are_forecast(longer, cache):
    """The whole back-test, the model among it, runs on votes that no coder has seen."""
    result = backtest(
        cache, "--votes", longer, "--from", "2025-01-01", "--json", "--workers", 2, code=START
    )
    assert result.returncode == 0, result.stderr
    said = r"Fits of up to 1,\d{3} votes take about [\d.]+ GB each; processes: 2\.\n"
    assert re.fullmatch(said, result.stderr)
    found = json.loads(result.stdout)
    assert (found["votes"], found["settings"]["to"]) == (len(LATER), "2026-12-31")
    assert {year: part["votes"] for year, part in found["by_year"].items()} == {
        "2025": 2,
        "2026": 1,
    }
    assert list(found["member_votes"]) == ["simulator", "joint_fit", *NAMES]
    assert set(found["differences"]) == {"joint_fit", *NAMES}
