"""From a file to a checked record, as a user types it: pipes, exit codes, hints, what is said."""

from __future__ import annotations

import csv
import gzip
import io
import os
import pty
import re
import resource
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from un_record import COLUMNS, MadeVote, as_csv, made_votes, rows_of

from sim.errors import UnscError
from sim.reading import source
from sim.record import join, read_record, read_undl
from sim.record.problems import said

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def votes() -> list[MadeVote]:
    """Thirty votes of one year on the renewal of one mission."""
    made = made_votes(30, date(2021, 1, 8), date(2021, 12, 20), random_seed=8)
    return [
        vote if vote.amends else replace(vote, description="On the extension of UNMISS")
        for vote in made
    ]


@pytest.fixture
def unsc(tmp_path: Path) -> Run:
    """Return a function that runs the command in a folder of its own."""

    def run(*arguments: object, **how: Any) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sim", *map(str, arguments)]
        how = {"capture_output": True, "text": True, "check": False, "timeout": 60} | how
        return subprocess.run(command, cwd=tmp_path, **how)

    return run


def written(tmp_path: Path, content: Sequence[MadeVote] | str, name: str = "made.csv") -> Path:
    path = tmp_path / name
    text = content if isinstance(content, str) else as_csv(rows_of(content))
    path.write_text(text, encoding="utf-8")
    return path


def adopted(votes: Sequence[MadeVote]) -> list[MadeVote]:
    return [vote for vote in votes if vote.number]


def with_month_and_day_swapped(votes: Sequence[MadeVote]) -> tuple[list[MadeVote], MadeVote]:
    """Return the votes with one day as a spreadsheet of another country has it, and which."""
    able = [
        vote
        for vote in votes
        if vote.number and vote.day.day <= 12 and abs(vote.day.month - vote.day.day) >= 4
    ]
    chosen = able[len(able) // 2]
    swapped = date(chosen.day.year, chosen.day.day, chosen.day.month)
    return [replace(v, day=swapped) if v is chosen else v for v in votes], chosen


def test_day_and_month_swapped(votes: list[MadeVote], tmp_path: Path, unsc: Run) -> None:
    """A day out of the order of numbers is told in one line, with the day that would fit."""
    changed, chosen = with_month_and_day_swapped(votes)
    done = unsc("votes", "import", written(tmp_path, changed), "--out", "r.csv")
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if "is dated" in line]
    assert chosen.resolution in line
    assert f"{chosen.day} would fit, with day and month swapped" in line
    for command in (
        ["votes", "check", "r.csv"],
        ["backtest", "--votes", "r.csv", "--from", "2029-01-01"],
        ["calibrate", "--votes", "r.csv", "--until", "1999-01-01"],
    ):
        assert f"{chosen.day} would fit" in unsc(*command).stderr, command


def test_a_day_of_another_year(votes: list[MadeVote], tmp_path: Path) -> None:
    """Where no swapped day would fit, the days between which it is are told."""
    numbered = adopted(votes)
    changed = [
        replace(vote, day=date(2021, 12, 31)) if vote is numbered[3] else vote for vote in numbered
    ]
    imported = read_undl(written(tmp_path, changed))
    (problem,) = imported.problems
    low, high = numbered[2].day, numbered[4].day
    assert problem.fault.allowed in (f"expected a day from {low} to {high}", f"expected {low}")
    assert len(imported.rows) == len(changed)


def test_failed_drafts_are_in_the_order_of_their_meetings(
    votes: list[MadeVote], tmp_path: Path
) -> None:
    """A draft without a number is told by its meeting where its day cannot be."""
    failed = replace(
        votes[10], number=None, letters="YYYNY" * 3, day=date(2021, 12, 30), draft="S/2021/777"
    )
    imported = read_undl(written(tmp_path, [*adopted(votes), failed]))
    told = [p for p in imported.problems if p.kind == "out_of_order"]
    assert [p.fault.found.split(" ")[0] for p in told] == ["S/2021/777"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace(",", "\t"), ["separated by tabs; expected commas"]),
        (lambda text: text.replace(",", ";"), ["separated by semicolons; expected commas"]),
        (
            lambda text: text.replace("ms_code", "ms_codes").replace("ms_vote", "ms_votes"),
            ["2 columns are missing", "'ms_code' for 'ms_codes'", "'ms_vote' for 'ms_votes'"],
        ),
        (lambda text: text.replace("ms_code", "Member"), ["ms_code: the column is missing"]),
        (lambda text: text.split("\n")[0], ["the file holds no votes"]),
        (lambda text: "", ["the file is empty"]),
        (
            lambda text: text.split("\n", 1)[1],
            ["these are cells, not the names of columns", "Put the names above them."],
        ),
    ],
    ids=["tabs", "semicolons", "plural", "missing", "header", "empty", "no-header"],
)
def test_a_wrong_header_is_one_line(
    votes: list[MadeVote], tmp_path: Path, unsc: Run, change: Callable[[str], str], says: list[str]
) -> None:
    """What is wrong with a header is said in one line, with what to do; nothing is written."""
    path = written(tmp_path, change(as_csv(rows_of(votes))))
    done = unsc("votes", "import", path, "--out", "r.csv")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert all(part in done.stderr for part in says), done.stderr
    assert not (tmp_path / "r.csv").exists()


@pytest.mark.parametrize("other", ["r.csv", "{}/r.csv"])
def test_one_file_for_two_things(
    votes: list[MadeVote], tmp_path: Path, unsc: Run, other: str
) -> None:
    """The table of problems never takes the place of the record."""
    path = written(tmp_path, votes)
    done = unsc("votes", "import", path, "--out", "r.csv", "--problems", other.format(tmp_path))
    assert (done.returncode, done.stderr) == (
        2,
        "r.csv: given for two things; expected a file for each.\n",
    )
    assert not (tmp_path / "r.csv").exists()


def test_nothing_is_written_over_what_is_read(
    votes: list[MadeVote], tmp_path: Path, unsc: Run
) -> None:
    """With --force and by whatever name a file is called, what a command reads is as it was."""
    made = written(tmp_path, votes)
    assert unsc("votes", "import", "made.csv", "--out", "r.csv").returncode == 0
    record = tmp_path / "r.csv"
    (tmp_path / "here").symlink_to(".")
    before = made.read_bytes(), record.read_bytes()
    for command in (
        ("votes", "import", "made.csv", "--out", "made.csv"),
        ("votes", "import", "made.csv", "--problems", "here/made.csv"),
        ("votes", "check", "r.csv", "--problems", "r.csv"),
        ("votes", "check", "here/r.csv", "--codings", "c.csv", "--problems", "c.csv"),
        ("votes", "join", "r.csv", "made.csv", "--out", "made.csv"),
        ("votes", "join", "r.csv", "made.csv", "--problems", "r.csv"),
        ("votes", "code", "r.csv", "--out", str(record)),
        ("calibrate", "--votes", "r.csv", "--out", "r.csv"),
    ):
        done = unsc(*command, "--force")
        assert done.returncode == 2, command
        assert "is what this command reads; choose another." in done.stderr
        assert (made.read_bytes(), record.read_bytes()) == before


def test_problems_are_written_to_a_file(votes: list[MadeVote], tmp_path: Path, unsc: Run) -> None:
    """Standard output is the record's: `--problems -` makes no file of that name."""
    done = unsc("votes", "import", written(tmp_path, votes), "--problems", "-", "--out", "r.csv")
    assert (done.returncode, done.stderr) == (
        2,
        "--problems -: standard output is taken; expected the name of a file.\n",
    )
    assert not (tmp_path / "-").exists()
    assert not (tmp_path / "r.csv").exists()


def test_a_record_is_no_voting_data(votes: list[MadeVote], tmp_path: Path, unsc: Run) -> None:
    """Whoever takes one form for the other is told what it is, and which command is meant."""
    written(tmp_path, votes)
    done = unsc("votes", "check", "made.csv")
    assert done.returncode == 2
    assert done.stderr == (
        "made.csv:1:1 this is a file with a row for each member; expected a record. "
        "Convert it: unsc votes import FILE --out my-record.csv.\n"
    )
    unsc("votes", "import", "made.csv", "--out", "r.csv")
    done = unsc("votes", "import", "r.csv")
    assert done.returncode == 2
    assert "r.csv:1:1 this is a record of votes" in done.stderr


def test_a_file_in_which_nothing_failed_is_told(
    votes: list[MadeVote], tmp_path: Path, unsc: Run
) -> None:
    """Outcomes and amendments are counted, and it is said where no draft failed."""
    one = unsc("votes", "import", written(tmp_path, adopted(votes)))
    n = len(adopted(votes))
    assert f"{n} adopted, 0 vetoed, 0 not carried; 0 amendments among them." in one.stderr
    assert "No draft failed" in one.stderr
    vetoed = replace(votes[0], number=None, letters="AYYNYYYYYYYYYYY", draft="S/2021/900")
    other = unsc("votes", "import", written(tmp_path, [*votes, vetoed]))
    assert "1 vetoed" in other.stderr
    assert "No draft failed" not in other.stderr


def test_names_of_columns_in_capitals(votes: list[MadeVote], tmp_path: Path) -> None:
    """Capitals in a header are read."""
    header, rest = as_csv(rows_of(votes)).split("\n", 1)
    capitals = read_undl(written(tmp_path, f"{header.upper()}\n{rest}"))
    assert capitals.rows == read_undl(written(tmp_path, votes)).rows


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (lambda text: gzip.compress(text.encode()), "compressed by gzip"),
        (lambda text: text.encode("utf-16"), "text in UTF-16"),
        (lambda text: b"PK\x03\x04" + bytes(99), "a spreadsheet or a ZIP file"),
        (lambda text: b"\xd0\xcf\x11\xe0" + bytes(99), "a spreadsheet of Excel"),
        (lambda text: b"<!doctype html><html>", "a web page"),
        (lambda text: b'{"votes": [1, 2]}', "this is JSON"),
        (lambda text: text.replace("CHINA", "CÔTE").encode("cp1252"), "is not UTF-8"),
    ],
    ids=["gzip", "utf-16", "xlsx", "xls", "html", "json", "cp1252"],
)
def test_what_is_no_csv_file(
    votes: list[MadeVote], tmp_path: Path, unsc: Run, data: Callable[[str], bytes], says: str
) -> None:
    """Another kind of file is named, with how to make a CSV file of it."""
    path = tmp_path / "made.csv"
    path.write_bytes(data(as_csv(rows_of(votes))))
    done = unsc("votes", "import", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_nothing_read_is_no_success(votes: list[MadeVote], tmp_path: Path, unsc: Run) -> None:
    """Where every vote is refused no file is written, and days are told as they should be."""
    text = as_csv(rows_of(votes[:2]))
    for vote in votes[:2]:
        text = text.replace(vote.day.isoformat(), f"{vote.day:%d/%m/%Y}")
    done = unsc("votes", "import", written(tmp_path, text), "--out", "r.csv")
    assert done.returncode == 2
    assert f"Write {votes[0].day}" in done.stderr
    assert "30 rows: 0 in 0 votes read, 30 left out; 2 problems (listed above)." in done.stderr
    assert "No vote was read; no record is written." in done.stderr
    assert not (tmp_path / "r.csv").exists()


def test_one_is_no_plural(votes: list[MadeVote], tmp_path: Path, unsc: Run) -> None:
    """One vote is `1 vote`, and one problem `1 problem`."""
    rows = [row | {"ms_vote": row["ms_vote"].lower()} for row in votes[0].rows()[:1]]
    done = unsc("votes", "import", written(tmp_path, as_csv(rows + votes[0].rows()[1:])))
    assert "15 rows: 15 in 1 vote read, 0 left out; 1 problem (listed above)." in done.stderr


def test_a_spreadsheets_days(votes: list[MadeVote], tmp_path: Path) -> None:
    """A day as a spreadsheet counts it is refused with the day; one at midnight is read."""
    rows = votes[0].rows()
    count = votes[0].day.toordinal() - date(1899, 12, 30).toordinal()
    counted = [row | {"date": str(count)} for row in rows]
    (problem,) = read_undl(written(tmp_path, as_csv(counted))).problems
    assert f"A spreadsheet counts {votes[0].day} so" in problem.fault.advice
    midnight = [row | {"date": f"{row['date']} 00:00:00"} for row in rows]
    (read,) = read_undl(written(tmp_path, as_csv(midnight))).rows
    assert read["date"] == votes[0].day.isoformat()


def test_numbers_missing_from_the_series(votes: list[MadeVote], tmp_path: Path, unsc: Run) -> None:
    """Numbers between the first and the last that are not in the file are told."""
    numbered = adopted(votes)
    gone = [vote.number for vote in (numbered[4], numbered[5], numbered[7])]
    kept = [vote for k, vote in enumerate(numbered) if k not in (4, 5, 7)]
    done = unsc("votes", "import", written(tmp_path, kept))
    assert done.returncode == 0
    assert "Numbers of resolutions that are missing: 2, read all the same." in done.stderr
    assert f"numbers {gone[0]} to {gone[1]} are missing" in done.stderr
    assert f"number {gone[2]} is missing" in done.stderr


def test_a_vetoed_draft_is_vetoed(votes: list[MadeVote], tmp_path: Path, unsc: Run) -> None:
    """A draft that got no number ends as its roll call says, and is never adopted in silence."""
    vetoed = replace(votes[0], number=None, letters="AYYNYYYYYYYYYYY", draft="S/2021/900")
    carried = replace(vetoed, letters="AYYAYYYYYYYYYYY", draft="S/2021/901")
    done = unsc("votes", "import", written(tmp_path, [vetoed, carried]))
    rows = [*csv.DictReader(io.StringIO(done.stdout))]
    assert [(row["symbol"], row["outcome"]) for row in rows] == [("S/2021/900", "vetoed")]
    assert "13 in favour, but no number" in done.stderr
    assert {row["procedural"] for row in rows} == {""}


def test_an_outcome_that_a_row_claims(votes: list[MadeVote], tmp_path: Path) -> None:
    """Where a column says how votes ended, what contradicts the roll call is named."""
    rows = [row | {"outcome": "Not carried"} for row in votes[0].rows()]
    vetoed = replace(votes[1], number=None, letters="AYYNYYYYYYYYYYY", draft="S/2021/900")
    rows += [row | {"outcome": "vetoed"} for row in vetoed.rows()]
    imported = read_undl(written(tmp_path, as_csv(rows, (*COLUMNS, "outcome"))))
    (problem,) = imported.problems
    assert (problem.kind, problem.fault.place.line) == ("outcome", 2)
    assert sorted(row["outcome"] for row in imported.rows) == ["adopted", "vetoed"]


def test_amendments_keep_their_draft(votes: list[MadeVote], tmp_path: Path) -> None:
    """An amendment may be adopted without a number; one moved orally is told from its draft."""
    draft = replace(votes[0], draft="S/2021/900")
    oral = replace(draft, number=None, description="Oral amendment to draft resolution S/2021/900")
    again = replace(oral, letters="AAAAAAAAYYYYYYY", note="second")
    rows = [row | {"undl_id": "1"} for row in oral.rows()]
    rows += [row | {"undl_id": "2", "draft": ""} for row in again.rows()] + draft.rows()
    imported = read_undl(written(tmp_path, as_csv(rows)))
    assert imported.problems == ()
    assert [(row["vote_id"], row["amends"], row["outcome"]) for row in imported.rows] == [
        ("S-2021-900-amendment-1", "S/2021/900", oral.outcome.value),
        ("S-2021-900-amendment-2", "S/2021/900", "not_carried"),
        (f"R{draft.number}", "", "adopted"),
    ]


def test_years_before_the_rosters(tmp_path: Path) -> None:
    """Councils of years without a roster are the file's own, of eleven members before 1966."""
    made = made_votes(300, date(1946, 2, 1), date(1975, 12, 1), random_seed=5)
    imported = read_undl(written(tmp_path, made))
    assert {p.kind for p in imported.problems} == {"former", "roster_of_file"}
    path = tmp_path / "r.csv"
    rows = [*csv.DictReader(io.StringIO(imported.as_csv()))]
    for row in rows:
        row["instrument"] = row["instrument"] or "other"
    path.write_text(as_csv(rows, tuple(rows[0])), encoding="utf-8")
    record = read_record(path)
    assert [v.outcome for v in record] == [
        vote.outcome for vote in sorted(made, key=lambda v: (v.day, v.resolution or v.draft))
    ]
    assert {(len(v.council), v.rules.quota, v.date.year < 1966) for v in record} == {
        (11, 7, True),
        (15, 9, False),
    }
    codes = {member.code for vote in record for member in vote.council}
    assert {"RUS", "COD", "ROU", "CSK", "YUG"} <= codes
    assert not codes & {"SUN", "ZAR", "ROM"}


def test_a_back_test_of_years_without_a_roster(tmp_path: Path, unsc: Run) -> None:
    """It is refused before anything is computed, with the vote and the years that may be."""
    made = [v for v in made_votes(9, date(1950, 2, 1), date(1951, 12, 1)) if v.number]
    read_undl(written(tmp_path, made)).save(tmp_path / "r.csv")
    done = unsc("backtest", "--votes", "r.csv", "--from", "1951-01-01", "--out", "tested")
    assert done.returncode == 2
    assert re.match(
        r"r\.csv:\d+:1 date: S/\S+ of 1951-\S+ cannot be forecast; expected --from and --to within "
        "1994 to 2027, the years of the rosters",
        done.stderr,
    )
    assert not (tmp_path / "tested").exists()


def test_former_states_are_learnt_from_and_have_no_settings(tmp_path: Path, unsc: Run) -> None:
    """A fit reads Councils of eleven members, and writes nothing of States that are no more."""
    made = [
        replace(
            vote,
            description="On the extension of UNMISS",
            letters="".join("A" if code == "CSK" else "Y" for code, _ in vote.seats),
        )
        for vote in made_votes(90, date(1946, 2, 1), date(1951, 12, 1), random_seed=5)
        if not vote.amends and vote.number
    ]
    imported = read_undl(written(tmp_path, made))
    imported.save(tmp_path / "r.csv")
    assert "CSK" in {m.code for v in read_record(tmp_path / "r.csv") for m in v.council}
    done = unsc("calibrate", "--votes", "r.csv", "--worlds", "500", "--out", "p.yaml")
    assert done.returncode == 0, done.stderr
    settings = (tmp_path / "p.yaml").read_text(encoding="utf-8")
    assert not re.search(r"\b(CSK|YUG)\b", settings)
    assert unsc("validate", "p.yaml").returncode == 0


def test_a_year_whose_votes_name_many_councils(tmp_path: Path) -> None:
    """Where the votes of a year do not agree on who sat, none of them is read."""
    made = made_votes(4, date(1950, 2, 1), date(1950, 12, 1), random_seed=5)
    others = made_votes(4, date(1955, 2, 1), date(1955, 12, 1), random_seed=5)
    changed = [
        replace(a, seats=b.seats) if n % 2 else a
        for n, (a, b) in enumerate(zip(made, others, strict=True))
    ]
    imported = read_undl(written(tmp_path, changed))
    assert imported.rows == []
    assert {p.kind for p in imported.problems} - {"former"} == {"no_roster"}
    told = [p.fault.found for p in imported.problems if p.kind == "no_roster"]
    assert told == ["no roster for 1950, and its votes name different members"] * 4


def test_a_whole_file_appended(votes: list[MadeVote], tmp_path: Path, unsc: Run) -> None:
    """A file joined to itself, header and all, is read once and each row accounted for."""
    text = as_csv(rows_of(votes))
    done = unsc("votes", "import", written(tmp_path, text + text), "--out", "r.csv")
    n = 15 * len(votes)
    assert f"{2 * n + 1:,} rows: {n:,} in 30 votes read, {n + 1:,} left out" in done.stderr
    assert f"word by word: {n:,} rows left out." in done.stderr
    assert "The header again, among the rows: 1 row left out." in done.stderr
    assert len(done.stderr.splitlines()) < 14


def test_failed_drafts_in_a_file_of_their_own(tmp_path: Path, unsc: Run) -> None:
    """Several files are read as one, though their columns stand in other orders."""
    votes = made_votes(120, date(2017, 1, 8), date(2017, 12, 20))
    failed = [vote for vote in votes if not vote.number]
    both = read_undl(written(tmp_path, votes))
    written(tmp_path, adopted(votes), "adopted.csv")
    written(tmp_path, as_csv(rows_of(failed), COLUMNS[::-1]), "failed.csv")
    done = unsc("votes", "import", "adopted.csv", "failed.csv", "adopted.csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout == both.as_csv()
    assert "adopted.csv:2:1 the row is that of line 2; expected it once." in done.stderr
    assert "header" not in done.stderr


def test_a_file_appended_with_its_columns_in_another_order(
    votes: list[MadeVote], tmp_path: Path
) -> None:
    """Its header is told, and every row below it is in a problem."""
    text = as_csv(rows_of(votes[:5])) + as_csv(rows_of(votes[5:7]), COLUMNS[::-1])
    imported = read_undl(written(tmp_path, text))
    assert ("header_again", 77) in [(p.kind, p.fault.place.line) for p in imported.problems]
    assert (len(imported.rows), imported.n_rows_left_out) == (5, 31)


def test_quoted_lines_in_a_cell(votes: list[MadeVote], tmp_path: Path) -> None:
    """A title over two lines is one cell, and later lines are counted as an editor counts them."""
    changed = [replace(vote, description=f"two\nlines, {vote.description}") for vote in votes[:2]]
    text = as_csv(rows_of(changed))
    assert read_undl(written(tmp_path, text)).problems == ()
    spoilt = [*rows_of(changed)]
    spoilt[15]["ms_vote"] = "Q"
    (problem,) = read_undl(written(tmp_path, as_csv(spoilt))).problems
    assert problem.fault.place.line == 2 + 2 * 15


def test_standard_input_and_output(votes: list[MadeVote], tmp_path: Path, unsc: Run) -> None:
    """`-` reads a pipe and writes one, and what comes out goes into the next command."""
    text = as_csv(rows_of(votes))
    path = written(tmp_path, text)
    by_name = unsc("votes", "import", path)
    assert by_name.returncode == 0
    for how in (["-"], ["-", "--out", "-"], ["/dev/stdin"]):
        piped = unsc("votes", "import", *how, input=text)
        assert piped.stdout == by_name.stdout, how
    command = f"{sys.executable} -m sim votes import"
    done = subprocess.run(
        ["bash", "-c", f"{command} <(cat made.csv) 2>&1 >r.csv; {command} - < made.csv | "
         f"{sys.executable} -m sim votes check -"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (tmp_path / "r.csv").read_text(encoding="utf-8") == by_name.stdout
    assert "30 votes from 2021-01" in done.stdout, done.stderr


def test_a_fault_of_standard_input_is_said_to_be_there(unsc: Run) -> None:
    """Messages call it by its name, and an empty pipe is an empty file."""
    assert unsc("votes", "import", "-", input="").stderr.startswith(
        "standard input the file is empty; expected the columns"
    )
    assert "standard input:1:1" in unsc("votes", "import", "-", input="a,b\n1,2\n").stderr
    scenario = "kind: scenario\ntitle: T\nextends: dprk-panel-2024\ndate: 2024-13-01\n"
    done = unsc("validate", "-", input=scenario)
    assert done.returncode == 2
    assert done.stderr.startswith("standard input:4:7 date:")
    assert unsc("validate", "-", input=scenario.replace("2024-13-01", "2024-03-28")).returncode == 0


def test_a_pipe_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, votes: list[MadeVote]
) -> None:
    """Who writes slowly is waited for, and what a pipe held is there when read again."""
    monkeypatch.setattr(source, "LONGEST_WAIT", 0.2)
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)

    def write() -> None:
        with pipe.open("w", encoding="utf-8") as file:
            time.sleep(0.8)
            file.write(as_csv(rows_of(votes)))

    writer = threading.Thread(target=write)
    writer.start()
    assert len(read_undl(pipe).rows) == len(votes)
    writer.join()
    assert len(read_undl(pipe).rows) == len(votes)


def test_progress_is_shown_on_a_terminal(votes: list[MadeVote], tmp_path: Path) -> None:
    """While a long file is read a bar is drawn where somebody can see it."""
    written(tmp_path, made_votes(900, random_seed=4))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "sim", "votes", "import", "made.csv", "--out", "r.csv"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=theirs, stdout=theirs) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                data = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not data:
                break
            shown += data
        assert process.wait(60) == 0
    os.close(ours)
    assert b"Import" in shown
    assert b"votes" in shown


def test_a_file_of_the_real_size_takes_seconds(tmp_path: Path) -> None:
    """41,000 rows are read, checked and decided in seconds."""
    path = written(tmp_path, made_votes(2_740))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    imported = read_undl(path)
    took = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
    assert (imported.n_rows, imported.problems) == (41_100, ())
    assert took < 10


def test_all_problems_in_a_table(votes: list[MadeVote], tmp_path: Path, unsc: Run) -> None:
    """`--problems` writes each problem with its line and kind, where few are printed."""
    rows = rows_of(votes)
    for row in rows[::15]:
        row["ms_vote"] = "Q"
    other = replace(made_votes(1, date(2022, 1, 8), date(2022, 12, 20))[0], number=999)
    done = unsc("votes", "import", written(tmp_path, as_csv([*rows, *other.rows()])),
                "--problems", "p.csv", "--out", "r.csv")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "No vote: expected Y, N, A or X: 30 votes left out." in done.stderr
    assert "27 more, in lines" in done.stderr
    table = [*csv.DictReader(io.StringIO((tmp_path / "p.csv").read_text(encoding="utf-8")))]
    of_kind = [int(row["line"]) for row in table if row["kind"] == "letter"]
    assert of_kind == list(range(2, 2 + 450, 15))
    assert {row["left_out"] for row in table if row["kind"] == "letter"} == {"vote"}


def test_in_python(votes: list[MadeVote], tmp_path: Path) -> None:
    """What the commands do is there in Python: read, check, write, tables."""
    imported = read_undl(written(tmp_path, votes))
    frame = imported.to_frame()
    assert list(frame["vote_id"]) == [row["vote_id"] for row in imported.rows]
    imported.save(tmp_path / "r.csv")
    record = read_record(tmp_path / "r.csv")
    assert record.problems == ()
    assert [*record.to_frame()["outcome"]] == [*frame["outcome"]]
    members = record.to_frame("member_votes")
    assert len(members) == sum(len(vote.council) for vote in record)
    n_against = int((members["vote"] == "against").sum())
    assert n_against == sum(vote.letters.count("N") for vote in votes)
    with pytest.raises(Exception, match="expected one of votes, member_votes"):
        record.to_frame("member")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (read_undl, "paths: none; expected one file or more"),
        (lambda: read_undl(["made.csv"]), "path: .* expected the path of a file"),
        (lambda: read_record(3), "path: 3; expected the path of a file"),
        (lambda: read_record(None, {}), "codings: {}; expected the path of a file"),
        (lambda: join("a.csv", "b.csv", {"sponsors": "x"}), "columns: 'sponsors'; expected one of"),
        (lambda: join("a.csv", "b.csv", "title"), "columns: 'title'; expected columns by what"),
    ],
)
def test_what_is_no_file_is_refused_by_name(call: Callable[[], object], message: str) -> None:
    """In Python an argument of the wrong kind is named, with what is expected."""
    with pytest.raises(UnscError, match=message):
        call()


def test_records_are_one_line_at_the_prompt(votes: list[MadeVote], tmp_path: Path) -> None:
    """A record of any length shows its file, how many votes it has and their days."""
    imported = read_undl(written(tmp_path, votes))
    assert repr(imported) == "Imported(30 votes, 450 of 450 rows read, 0 problems)"
    imported.save(tmp_path / "r.csv")
    record = read_record(str(tmp_path / "r.csv"))
    days = f"from {record[0].date} to {record[-1].date}"
    assert repr(record) == f"Record('{tmp_path / 'r.csv'}', 30 votes {days})"
    joined = join(tmp_path / "r.csv", tmp_path / "r.csv")
    assert repr(joined).startswith("Joined(30 votes, 30 rows joined, ")


def test_examples_are_few_and_counted(votes: list[MadeVote], tmp_path: Path) -> None:
    """However many faults there are, each kind takes five lines at most."""
    rows = [row | {"ms_vote": row["ms_vote"].lower()} for row in rows_of(votes)]
    lines = [*said(read_undl(written(tmp_path, as_csv(rows))).problems)]
    assert len(lines) == 5
    assert lines[0].endswith(": 450, read all the same.")


@pytest.mark.slow(reason="a fit and a back-test of thirty votes")
def test_the_example_runs_from_a_file_to_a_back_test(tmp_path: Path) -> None:
    """The commands of the example in `seeds/README.md` run in their order, on a shorter file."""
    text = (Path(__file__).parent.parent / "seeds" / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(python tests.*?)```", text, re.DOTALL)
    making, *commands = block.splitlines()
    assert making == "python tests/un_record.py 1900 > voting-data.csv"
    made = made_votes(90, date(2023, 1, 8), date(2025, 12, 20), random_seed=2)
    on_missions = [
        vote if vote.amends else replace(vote, description="On the extension of UNMISS")
        for vote in made
    ]
    written(tmp_path, on_missions, "voting-data.csv")
    for command in commands:
        words = shlex.split(command)[1:]
        done = subprocess.run(
            [sys.executable, "-m", "sim", *words],
            cwd=tmp_path, env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}: {done.stderr}"
    assert {"my-preferences.yaml", "my-record.csv"} <= {p.name for p in tmp_path.iterdir()}
    assert (tmp_path / "build" / "my-backtest" / "backtest.html").is_file()
    (python,) = re.findall(r"```python\n(from pathlib.*?)```", text, re.DOTALL)
    python += "assert len(record_of('voting-data.csv')) == 90"
    done = subprocess.run(
        [sys.executable, "-c", python], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
