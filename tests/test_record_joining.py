"""A record joined with other tables by symbols: sponsors, meetings, titles, vetoes."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import InvalidInput, UnscError
from sim.record import Joined, join, read_record
from sim.record.problems import KINDS

RECORD = (
    "vote_id,date,symbol,title,instrument,target,penholder,term_months,review,outcome,in_favour,"
    "against,abstaining,not_participating,draft\n"
    "S-2024-900,2024-05-02,S/2024/900,A draft,other,,,,,vetoed,13,RUS,CHN,,\n"
    "R2900,2024-06-03,S/RES/2900(2024),A renewal,other,,USA,,,adopted,15,,,,S/2024/901\n"
    "R2901,2024-06-04,S/RES/2901(2024),Another,other,,,,,adopted,14,,RUS,,S/2024/902\n"
)


@pytest.fixture
def joined(tmp_path: Path):
    """Return a function that joins the record with the text of a table."""

    def of(table: str, **how) -> Joined:
        (tmp_path / "record.csv").write_text(RECORD, encoding="utf-8")
        (tmp_path / "table.csv").write_text(table, encoding="utf-8")
        return join(tmp_path / "record.csv", tmp_path / "table.csv", **how)

    return of


def column(result: Joined, name: str) -> list[str]:
    return [row[name] for row in result.rows]


def kinds(result: Joined) -> list[tuple[str, int]]:
    return [(p.kind, p.fault.place.line) for p in result.problems]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("Draft;Sponsors\nS/2024/902;USA\n", "separated by semicolons; expected commas"),
        ("Draft\tSponsors\nS/2024/902\tUSA\n", "separated by tabs; expected commas"),
        ("", "the file is empty; expected the names of the columns"),
    ],
)
def test_what_is_no_table_to_join(joined, table: str, says: str) -> None:
    """A table without commas or without anything is refused for that."""
    with pytest.raises(InvalidInput, match=says):
        joined(table)


def test_sponsors_by_names_codes_and_caucuses(joined) -> None:
    """Sponsors are told by names, codes or caucuses, by the draft or by the resolution."""
    result = joined(
        "Draft,Sponsors\n"
        'S/2024/900,"France, United Kingdom and United States of America"\n'
        "S/2024/902,E10; Türkiye\n"
    )
    assert column(result, "penholder") == ["FRA GBR USA", "USA", "E10 TUR"]
    assert (result.n_joined, result.filled, result.problems) == (2, {"penholder": 2}, ())


@pytest.mark.parametrize(
    "symbol",
    [
        *("S/RES/2901(2024)", "S/RES/2901 (2024)", "S/RES/2901\u00a0(2024)", "2901", "2901 (2024)"),
        "S/2024/902",
    ],
)
def test_ways_to_write_a_symbol(joined, symbol: str) -> None:
    """A resolution is told by its symbol, its number, or the draft that it was."""
    result = joined(f"Resolution,Meeting\n{symbol},S/PV.9650\n")
    assert column(result, "meeting") == ["", "", "S/PV.9650"]


def test_a_table_with_drafts_and_resolutions(joined) -> None:
    """Where both are given either tells the vote."""
    result = joined("Draft,Resolution,Subject\n,2901,New title\nS/2024/900,,Old\n", replace=True)
    assert column(result, "title") == ["Old", "A renewal", "New title"]


def test_what_is_filled_already_stays(joined) -> None:
    """A cell that holds something else stays and is told, unless it is to be replaced."""
    table = "symbol,penholder\nS/RES/2900(2024),Japan\nS/RES/2900(2024),USA\n"
    result = joined(table)
    assert column(result, "penholder")[1] == "USA"
    assert kinds(result) == [("kept", 2)]
    replaced = joined(table, replace=True)
    assert column(replaced, "penholder")[1] == "JPN"
    assert kinds(replaced) == [("kept", 3)]


def test_vetoes_are_compared(joined) -> None:
    """Vetoes that the record does not have are told; a row for each veto is as good as one."""
    result = joined(
        "Draft,Vetoed by,Date\n"
        "S/2024/900,Russian Federation,2024-05-02\n"
        "S/2024/900,China,2024-05-03\n"
        "S/2024/902,USSR,\n"
        "S/2024/999,China,\n"
    )
    assert kinds(result) == [
        ("other_day", 3),
        ("no_veto", 3),
        ("no_veto", 4),
        ("joins_nothing", 5),
    ]
    assert all(KINDS[kind].words for kind, _ in kinds(result))
    assert result.as_csv() == RECORD


AGAIN = RECORD + (
    "S-2024-900-2,2024-07-02,S/2024/900,A draft,other,,,,,vetoed,13,RUS,CHN,,\n"
)  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "vote_id", "n_problems"),
    [
        ("S/2024/900,,", "S-2024-900", 1),
        ("S/2024/900,,2024-07-02", "S-2024-900-2", 0),
        ("S/2024/902,S/RES/2900(2024),", "R2901", 1),
        ("S/2024/902,S/RES/2901(2024),", "R2901", 0),
    ],
)
def test_a_row_that_may_be_of_several_votes(
    tmp_path: Path, cells: str, vote_id: str, n_problems: int
) -> None:
    """The day says which is meant; where it does not, the first is, and that is told."""
    (tmp_path / "record.csv").write_text(AGAIN, encoding="utf-8")
    table = f"Draft,Resolution,Date,Meeting\n{cells},S/PV.1\n"
    (tmp_path / "table.csv").write_text(table, encoding="utf-8")
    result = join(tmp_path / "record.csv", tmp_path / "table.csv")
    assert [row["vote_id"] for row in result.rows if row["meeting"]] == [vote_id]
    assert [kind for kind, _ in kinds(result)] == ["joins_several"] * n_problems


def test_a_number_of_another_year(joined) -> None:
    """A number with a year is that year's resolution, and no other with the number."""
    assert kinds(joined("Resolution,Meeting\n2901 (1999),S/PV.1\n")) == [("joins_nothing", 2)]


@pytest.mark.parametrize("twice", ["Draft", "Sponsors"])
def test_a_column_to_join_given_twice(joined, twice: str) -> None:
    """Which of two columns is meant is not guessed; of columns that are not joined it is."""
    with pytest.raises(InvalidInput, match=f"{twice.lower()}: the column is given twice"):
        joined(f"Draft,Sponsors,{twice}\nS/2024/902,USA,S/2024/900\n")
    result = joined("Draft,Sponsors,note,note\nS/2024/902,USA,a,b\n")
    assert column(result, "penholder")[2] == "USA"


def test_names_of_nobody(joined) -> None:
    """A name that is no State's leaves the whole cell alone."""
    result = joined("symbol,sponsors\nS/2024/900,France and Narnia\n")
    assert column(result, "penholder")[0] == ""
    assert kinds(result) == [("names_nobody", 2)]
    assert result.problems[0].fault.found == "found 'Narnia'"


def test_columns_may_be_named(joined) -> None:
    """A column with another name can be named; one that is not there is told with its like."""
    table = "symbol,who\nS/2024/900,France\n"
    assert column(joined(table, columns={"penholder": "Who"}), "penholder")[0] == "FRA"
    with pytest.raises(InvalidInput, match=r"no column 'whom'.*Did you mean 'who'"):
        joined(table, columns={"penholder": "whom"})
    with pytest.raises(UnscError, match="nothing to join in the columns symbol, who"):
        joined(table)


def test_a_table_without_symbols(joined) -> None:
    """Where no column has symbols nothing can be joined."""
    with pytest.raises(InvalidInput, match="no column of symbols among name, sponsors"):
        joined("name,sponsors\nx,France\n")


def test_the_command(tmp_path: Path, joined) -> None:
    """What comes out is a record; where nothing was joined nothing is written."""
    joined("Draft,Meeting\nS/2024/900,S/PV.9650\n")
    command = [sys.executable, "-m", "sim", "votes", "join", "record.csv", "table.csv"]
    run = {"cwd": tmp_path, "capture_output": True, "text": True, "check": False}
    done = subprocess.run([*command, "--out", "new.csv"], **run)
    assert done.returncode == 0, done.stderr
    assert "1 row joined; cells filled in: 1 meeting; 0 problems." in done.stderr
    assert [v.vote_id for v in read_record(tmp_path / "new.csv")] == [
        "S-2024-900",
        "R2900",
        "R2901",
    ]
    (tmp_path / "table.csv").write_text("Draft,Meeting\nS/2023/1,S/PV.1\n", encoding="utf-8")
    done = subprocess.run([*command, "--out", "other.csv"], **run)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no row is on a vote of the record; no record is written" in done.stderr
    assert not (tmp_path / "other.csv").exists()
    piped = subprocess.run([*command[:5], "-", "new.csv"], input=RECORD, **run)
    assert next(csv.DictReader(io.StringIO(piped.stdout)))["meeting"] == "S/PV.9650"
