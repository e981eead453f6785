"""The UN Digital Library's file of votes: what becomes a row, and what is left out and why."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from sim.catalogue import instruments, mandates
from sim.errors import InvalidInput, NotFound
from sim.record.keywords import instrument_in, keywords, target_in
from sim.record.record import COLUMNS, read_record
from sim.record.undl import NEEDED, Imported, read_undl, write_record
from sim.roster import council_on, states

OFFICIAL = (
    *("undl_id", "ms_code", "ms_name", "permanent_member", "ms_vote", "date", "resolution"),
    *("draft", "meeting", "description", "agenda", "subjects", "vote_note", "modality"),
    *("total_yes", "total_no", "total_abstentions", "total_non_voting", "total_ms", "undl_link"),
)
SEATS = "CHN, FRA, GBR, RUS, USA, CHE, DZA, ECU, GUY, JPN, KOR, MLT, MOZ, SLE, SVN"
PANEL = (
    "Security Council resolution 2900 (2024) [on extension of the mandate of the Panel of Experts "
    "established pursuant to Security Council resolution 1874 (2009)]"
)
DPRK = "Non-proliferation/Democratic People's Republic of Korea"

Rows = list[dict[str, str]]
Read = Callable[..., Imported]


def vote(
    letters: str = "Y" * 15, day: date = date(2024, 6, 3), number: int = 2900, **common: str
) -> Rows:
    """Return the fifteen rows of one vote, a letter for each member in the roster's order."""
    counts = [str(letters.count(letter)) for letter in "YNAX"]
    totals = dict(zip(OFFICIAL[14:18], counts, strict=True))
    row = dict.fromkeys(OFFICIAL, "") | totals | {
        "undl_id": str(4_000_000 + number),
        "date": day.isoformat(),
        "resolution": f"S/RES/{number}({day.year})",
        "draft": f"S/{day.year}/{number}",
        "description": PANEL,
        "agenda": DPRK,
        "modality": "Vote",
        "total_ms": "15",
    } | common  # fmt: skip
    council = council_on(day)
    return [
        row | {"ms_code": m.code, "ms_name": m.state.name.upper(), "ms_vote": letter}
        for m, letter in zip(council, letters, strict=True)
    ]


def as_csv(rows: Rows, columns: tuple[str, ...] | None = None) -> str:
    stream = io.StringIO()
    columns = columns or (tuple(rows[0]) if rows else OFFICIAL)
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Return a function that reads rows, a text or bytes from `sc.csv` where the test runs."""
    monkeypatch.chdir(tmp_path)

    def imported(content: Rows | str | bytes) -> Imported:
        text = as_csv(content) if isinstance(content, list) else content
        Path("sc.csv").write_bytes(text.encode() if isinstance(text, str) else text)
        return read_undl(Path("sc.csv"))

    return imported


def said(imported: Imported) -> list[str]:
    return [str(problem) for problem in imported.problems]


def changed(rows: Rows, place: int, **cells: str) -> Rows:
    """Return the rows with cells changed in the one at that place (its line is two more)."""
    return [row | cells if n == place else row for n, row in enumerate(rows)]


def test_a_vote_becomes_a_row(read: Read) -> None:
    """The rows of one vote become one row of the record, and nothing the file does not say."""
    imported = read(vote("AYYAYYYYYYYYNYX", meeting="S/PV.9650"))
    assert imported.problems == ()
    assert imported.rows == [
        dict.fromkeys(COLUMNS, "")
        | {
            "vote_id": "R2900",
            "date": "2024-06-03",
            "symbol": "S/RES/2900(2024)",
            "title": PANEL,
            "summary": DPRK,
            "instrument": "panel_renewal",
            "target": "PRK",
            "mandate": "dprk-panel",
            "inferred": "instrument mandate target",
            "outcome": "adopted",
            "in_favour": "11",
            "against": "MOZ",
            "abstaining": "CHN RUS",
            "not_participating": "SVN",
            "draft": "S/2024/2900",
            "meeting": "S/PV.9650",
        }
    ]


def test_what_is_written_is_a_record(read: Read, tmp_path: Path) -> None:
    """Rows that were written are read as a record: R2900 was procedural, as its row says."""
    rows = vote("YYYNYYYYYYYYYYA", procedural="yes")
    rows += vote("YYYYYYYYYYYYYAA", date(2024, 5, 2), 2899, procedural="")
    path = tmp_path / "record.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_record(read(rows).rows, file)
    assert path.read_text(encoding="utf-8").split("\n")[0] == ",".join(COLUMNS)
    assert [(v.vote_id, v.procedural) for v in read_record(path)] == [
        ("R2899", False),
        ("R2900", True),
    ]


def test_an_instrument_that_is_not_plain_stays_open(read: Read, tmp_path: Path) -> None:
    """A row whose title names no instrument stays empty, and is read as the default by nobody."""
    rows = read(vote(description="Security Council resolution 2900 (2024) [on Haiti]")).rows
    path = tmp_path / "record.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_record(rows, file)
    assert rows[0]["instrument"] == ""
    (read_again,) = read_record(path)
    assert (read_again.instrument, read_again.coded_by) == (keywords().default, "nobody")
    assert (read_again.target, read_again.inferred) == ("HTI", ("target",))


@pytest.mark.parametrize("columns", [tuple(reversed(OFFICIAL)), ("mine", *OFFICIAL, "yours")])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_other_orders_and_more_columns(read: Read, columns: tuple[str, ...], mark: str) -> None:
    """The order of columns, columns more than official, and a byte order mark change nothing."""
    rows = vote("AYYYYYYYYYYYYYX")
    assert read(mark + as_csv(rows, columns)) == read(rows)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_empty_cells_beyond_the_header(read: Read, end: str) -> None:
    """Commas that a spreadsheet puts after the last cell change nothing, whatever ends lines."""
    rows = vote("AYYYYYYYYYYYYYX")
    header, *lines = as_csv(rows).splitlines()
    assert read(end.join([header, *(f"{line},, ," for line in lines), ""])) == read(rows)


def test_blanks_of_all_kinds(read: Read) -> None:
    """A no-break space in a symbol or a vote is a blank like others."""
    blank = "\u00a0"
    rows = vote("YYYNY" * 3, draft=f"S/2024/{blank}255", resolution="")
    rows += vote(resolution=f"S/RES/2900{blank}(2024)", undl_id="7")
    rows = [row | {"ms_vote": f"In{blank}favour"} if row["ms_vote"] == "Y" else row for row in rows]
    imported = read(rows)
    assert {problem.kind for problem in imported.problems} == {"words"}
    assert [row["symbol"] for row in imported.rows] == ["S/2024/255", "S/RES/2900(2024)"]


@pytest.mark.parametrize("nth", [0, 7, 14])
@pytest.mark.parametrize("yes", ["yes", "Yes", "YES"])
def test_one_row_says_that_a_vote_was_procedural(read: Read, nth: int, yes: str) -> None:
    """What one row says of the vote counts, wherever it is: no veto applied."""
    (row,) = read(changed(vote("YYYNYYYYYYYYYYA", procedural=""), nth, procedural=yes)).rows
    assert (row["procedural"], row["outcome"]) == ("yes", "adopted")


@pytest.mark.parametrize("letter", ["Y", "X", ""])
@pytest.mark.parametrize("modality", ["Without Vote", "WITHOUT VOTE", "adopted without a vote"])
def test_without_a_vote(read: Read, letter: str, modality: str) -> None:
    """Where no vote was taken everybody counts as in favour, whatever the totals say."""
    rows = [row | {"ms_vote": letter} for row in vote(modality=modality, total_yes="0")]
    imported = read(rows)
    assert imported.problems == ()
    assert [row["in_favour"] for row in imported.rows] == ["15"]


def test_without_a_vote_nobody_is_against(read: Read) -> None:
    """An abstention where no vote was taken is a contradiction, and the vote is left out."""
    imported = read(changed(vote(modality="Without Vote"), 3, ms_vote="A"))
    assert imported.rows == []
    assert said(imported) == [
        "sc.csv:5:1 ms_vote: found 'A'; expected Y, X or nothing, as no vote was taken."
    ]


@pytest.mark.parametrize("total", ["15", "15.0", ""])
def test_ways_to_write_a_total(read: Read, total: str) -> None:
    """A total may be left out or written with a decimal."""
    assert read(vote(total_yes=total)).problems == ()


def test_rows_without_the_librarys_number(read: Read) -> None:
    """Rows without a number of the library belong together by their resolution."""
    rows = vote(undl_id="") + vote(undl_id="", number=2901)
    assert [row["vote_id"] for row in read(rows).rows] == ["R2900", "R2901"]


def test_a_vote_known_by_its_draft(read: Read) -> None:
    """Where no resolution is given, the symbol of the first draft gives the id."""
    (row,) = read(vote("YYYNY" * 3, resolution="", draft="S/2024/255|S/2024/250")).rows
    assert (row["vote_id"], row["symbol"]) == ("S-2024-255", "S/2024/255")
    assert row["outcome"] == "vetoed"


def test_votes_come_by_day(read: Read) -> None:
    """Rows come in the order of their days, and of their symbols on one day, in any file."""
    days = [date(2024, 6, 3), date(2024, 6, 3), date(2023, 1, 9), date(2024, 1, 2)]
    rows = [row for n, day in enumerate(days) for row in vote(day=day, number=2901 - n)]
    ids = [row["vote_id"] for row in read(rows).rows]
    assert ids == ["R2899", "R2898", "R2900", "R2901"]
    assert [row["vote_id"] for row in read(rows[::-1]).rows] == ids


def test_years_for_which_nobody_has_a_roster(read: Read) -> None:
    """Votes of a year without a roster are left out where they do not name one Council."""
    late = {"date": "2028-01-01", "resolution": "S/RES/2990(2028)", "draft": "", "undl_id": "8"}
    imported = read([row | late for row in vote()[:-1]] + vote())
    assert [row["vote_id"] for row in imported.rows] == ["R2900"]
    assert said(imported) == [
        "sc.csv:2:1 date: no roster for 2028, and its votes name 14 members, not 15; "
        "rosters are of 1994 to 2027.",
    ]


SOUND = vote("AYYAYYYYYYYYYYY")
PROBLEMS = [
    (changed(SOUND, 4, ms_vote="Z"), ["6:1 ms_vote: found 'Z'; expected Y, N, A or X."]),
    (changed(SOUND, 4, ms_vote=""), ["6:1 ms_vote: the cell is empty; expected Y, N, A or X."]),
    (SOUND[:-1], ["2:1 ms_code: no row for SVN; expected the 15 members seated on 2024-06-03."]),
    ([*SOUND, SOUND[0] | {"ms_vote": "Y"}], [
        "17:1 ms_code: CHN is given twice; each member votes once."]),
    (changed(SOUND, 5, ms_code="DEU", ms_name=""), [
        "2:1 ms_code: no row for CHE; expected the 15 members seated on 2024-06-03.",
        f"7:1 ms_code: DEU holds no seat on 2024-06-03; expected one of {SEATS}.",
    ]),
    (changed(SOUND, 8, ms_code="GYU"), [
        "2:1 ms_code: no row for GUY; expected the 15 members seated on 2024-06-03.",
        "10:1 ms_code: found 'GYU'; expected the code of a State, as FRA. Did you mean 'GUY'?",
    ]),
    (vote("AYYNYYYYYYYYYYY", total_yes="14", resolution=""), [
        "2:1 total_yes: found '14'; the rows give 13."]),
    (vote("AYYNYYYYYYYYYYY", total_no="0", total_abstentions="2", resolution=""), [
        "2:1 total_abstentions: found '2'; the rows give 1.",
        "2:1 total_no: found '0'; the rows give 1.",
    ]),
    (vote("AYYNYYYYYYYYYYX", total_non_voting="no", resolution=""), [
        "2:1 total_non_voting: found 'no'; the rows give 1."]),
    (vote("AYYNYYYYYYYYYYY", total_ms="11", resolution=""), [
        "2:1 total_ms: found '11'; the rows give 15."]),
    (vote("Y" * 8 + "A" * 7), ["2:1 ms_vote: 8 in favour; a resolution needs 9 or more."]),
    (changed(SOUND, 2, date="2024-06-04"), ["4:1 date: found '2024-06-04'; "
        "expected '2024-06-03' as in line 2, of the same vote."]),
    (vote(date="2024-06-31"), ["2:1 date: found '2024-06-31'; "
        "expected a day that exists, as 2024-03-28."]),
    (vote(date="2024-W23-1"), ["2:1 date: found '2024-W23-1'; "
        "expected a day that exists, as 2024-03-28."]),
    (vote(resolution="", draft="S/2024/255 (prov)"), ["2:1 draft: found 'S/2024/255 (prov)'; "
        "expected a symbol as S/RES/2680(2023), or a draft's, as S/2024/255."]),
    (vote(resolution="N/A"), ["2:1 resolution: found 'N/A'; expected a symbol as "
        "S/RES/2680(2023), or a draft's, as S/2024/255. "
        "Where a draft got no number, leave it empty."]),
    (vote(resolution="S/RES/2900(2024)/Rev.1"), ["2:1 resolution: found "
        "'S/RES/2900(2024)/Rev.1'; expected a symbol as S/RES/2680(2023), or a draft's, "
        "as S/2024/255."]),
    (vote(procedural="True"), ["2:1 procedural: found 'True'; expected yes, no or nothing."]),
    (changed(vote(procedural=""), 4, procedural="maybe"), ["6:1 procedural: found 'maybe'; "
        "expected yes, no or nothing."]),
    (changed(vote(procedural="yes"), 4, procedural="no"), ["6:1 procedural: found 'no'; "
        "expected 'yes' as in line 2, of the same vote."]),
    (vote(resolution="", draft=""), ["2:1 draft: found ''; "
        "expected a symbol as S/RES/2680(2023), or a draft's, as S/2024/255."]),
    (vote() + vote(undl_id="7"), ["17:1 resolution: S/RES/2900(2024) is given twice "
        "(first in line 2); expected it once."]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "messages"), PROBLEMS)
def test_a_vote_that_is_left_out(read: Read, rows: Rows, messages: list[str]) -> None:
    """A malformed vote is left out with all that is wrong with it; the next one is read."""
    imported = read(rows + vote(number=2901))
    assert said(imported) == [f"sc.csv:{message}" for message in messages]
    assert {row["vote_id"] for row in imported.rows} - {"R2900"} == {"R2901"}
    assert len(imported.rows) == (2 if "given twice (first" in messages[0] else 1)


def test_strays_are_problems(read: Read) -> None:
    """Rows that belong to no vote and rows that cannot be read are problems with their lines."""
    stray = vote()[0] | {"undl_id": "", "resolution": "", "draft": ""}
    imported = read(as_csv([*vote(), stray]) + "4,5\n" + '"x"y\n')
    assert [(p.fault.place.line, p.fault.path) for p in imported.problems] == [
        (17, "undl_id"),
        (18, ""),
        (19, ""),
    ]
    assert len(imported.rows) == 1


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_other_encodings_are_refused(read: Read, encoding: str) -> None:
    """A file that is not UTF-8 is refused, with the byte, its line and what is allowed."""
    data = as_csv(changed(vote(), 0, ms_name="CÔTE D'IVOIRE")).encode(encoding)
    with pytest.raises(InvalidInput) as caught:
        read(data)
    assert str(caught.value) == (
        f"sc.csv:2:1 byte {data.index(0xD4)} (0xd4) is not UTF-8; the file must be UTF-8 text. "
        "Save it as CSV UTF-8."
    )


@pytest.mark.parametrize("column", NEEDED)
def test_a_missing_column(read: Read, column: str) -> None:
    """A file without a column that is needed is refused and the column named."""
    rows = [{k: v for k, v in row.items() if k != column} for row in vote()]
    with pytest.raises(InvalidInput) as caught:
        read(as_csv(rows, tuple(rows[0])))
    (fault,) = caught.value.faults
    assert (fault.place.line, fault.path, fault.found) == (1, column, "the column is missing")


ABOVE = ["sep=,", "Voting data of the Council", "Voting data" + "," * 18, "\n\nVotes,by member"]


@pytest.mark.parametrize("above", ABOVE)
def test_something_above_the_header(read: Read, above: str) -> None:
    """Where a line above the header is the first, the header's own line is named."""
    with pytest.raises(InvalidInput) as caught:
        read(f"{above}\n{as_csv(vote())}")
    (fault,) = caught.value.faults
    line = above.count("\n") + 2
    assert fault.found == f"the columns are named in line {line}"
    assert fault.advice == "Remove the lines above them."


def test_utf_16_without_its_mark(read: Read) -> None:
    """Such a file is refused at its first NUL, with what to do."""
    with pytest.raises(InvalidInput, match=r"U\+0000 stands here.*Save it as CSV UTF-8"):
        read(as_csv(vote()).encode("utf-16-le"))


def test_no_row_can_be_read(read: Read) -> None:
    """Where every row lacks a cell, each is named, and nothing is read."""
    header, *lines = as_csv(vote()).splitlines()
    imported = read("\n".join([header, *(line.rpartition(",")[0] for line in lines)]))
    assert (imported.rows, imported.n_rows, imported.n_rows_read) == ([], 15, 0)
    assert [problem.kind for problem in imported.problems] == ["unreadable"] * 15


def test_a_cell_of_several_lines(read: Read) -> None:
    """Line ends in a description are read as they are, also where its lines have commas."""
    told = "on the panel,\nwhich was, renewed\n2024,again"
    (row,) = read(vote(description=told)).rows
    assert row["title"] == told


OTHER_SYMBOLS = [
    *("2900", "RES 2900", "s/res/2900(2024)", "S/RES/2900", "S/RES/2900/2024", "S/RES/02900(2024)"),
    *("UNSC S/RES/2900(2024)", "Resolution 2900 (2024)", "S/RES/2900\uff082024\uff09"),
]


@pytest.mark.parametrize("symbol", OTHER_SYMBOLS)
def test_other_ways_to_write_a_symbol(read: Read, symbol: str) -> None:
    """A number that is not written as a symbol is refused, with the symbol that it may mean."""
    imported = read(vote(resolution=symbol))
    assert imported.rows == []
    assert said(imported) == [
        f"sc.csv:2:1 resolution: found {symbol!r}; expected a symbol as S/RES/2680(2023), or a "
        "draft's, as S/2024/255. Did you mean 'S/RES/2900(2024)'?"
    ]


@pytest.mark.parametrize(
    ("code", "name", "meant"),
    [
        ("GB", "UNITED KINGDOM", "GBR"),
        ("ROC", "REPUBLIC OF CHINA", "CHN"),
        ("CSHH", "CZECHOSLOVAKIA", "CSK"),
    ],
)
def test_the_name_beside_a_code_says_who_is_meant(
    read: Read, code: str, name: str, meant: str
) -> None:
    """A code that is none is told by the name beside it before any that looks alike."""
    imported = read(changed(vote(), 2, ms_code=code, ms_name=name))
    assert any(f"'{code}'" in line and f"mean '{meant}'" in line for line in said(imported))


@pytest.mark.parametrize(
    "symbol", ["S/PRST/2024/1", "S/RES/2900(2024)", "S/draft", "S/2024/255S/2024/256", "nan"]
)
def test_what_is_no_symbol_of_a_draft(read: Read, symbol: str) -> None:
    """A failed draft under the symbol of something else is left out, and never read as a draft."""
    imported = read(vote("AYYNYYYYYYYYYYY", resolution="", draft=symbol))
    assert imported.rows == []
    (line,) = said(imported)
    assert f"draft: found {symbol!r}" in line
    assert ("goes under 'resolution'" in line) is symbol.startswith("S/RES/")


@pytest.mark.parametrize("between", ["|", "; ", ", ", "\n"])
def test_several_drafts_in_a_cell(read: Read, between: str) -> None:
    """The first of them is the vote's, whatever stands between them."""
    drafts = between.join(["S/2024/255/Rev. 1", "S/2024/250"])
    (row,) = read(vote("AYYNYYYYYYYYYYY", resolution="", draft=drafts)).rows
    assert (row["symbol"], row["vote_id"]) == ("S/2024/255/Rev.1", "S-2024-255-Rev.1")


def test_a_title_that_says_amendment_over_and_over(read: Read) -> None:
    """What is an amendment is told in one pass over its title, however long."""
    rows = vote("A" * 15, resolution="", description="amendment " * 12_000)
    before = time.process_time()
    assert read(rows).rows[0]["amends"] == ""
    assert time.process_time() - before < 5


def test_an_amendment_of_what_is_no_draft(read: Read) -> None:
    """What is written is a record: an amendment to no draft is left out."""
    told = "Amendment to the draft resolution"
    imported = read(vote("A" * 15, resolution="", draft="S/PRST/2024/1", description=told))
    assert imported.rows == []
    assert "amends_nothing" in {problem.kind for problem in imported.problems}


def test_rows_that_tell_a_vote_otherwise(read: Read) -> None:
    """The first row tells title, agenda and meeting; where others do not, it is said once."""
    rows = vote(meeting="S/PV.9650")
    rows = changed(changed(rows, 4, description="[on Haiti]"), 9, description="[on  Haiti]")
    imported = read(changed(rows, 3, meeting="S/PV.1"))
    assert [row["meeting"] for row in imported.rows] == ["S/PV.9650"]
    assert said(imported) == [
        "sc.csv:5:1 meeting: found 'S/PV.1'; read as 'S/PV.9650' in line 2.",
        f"sc.csv:6:1 description: found '[on Haiti]' in 2 rows; read as '{PANEL[:60]}...' "
        "in line 2.",
    ]
    assert read(changed(vote(), 3, agenda="")).problems == ()
    left_out = read(changed(changed(vote(), 3, agenda="Haiti"), 4, ms_vote="Q"))
    assert [problem.kind for problem in left_out.problems] == ["letter"]


def test_a_column_given_twice(read: Read) -> None:
    """Two columns of one name leave open which is meant, and the file is refused."""
    with pytest.raises(InvalidInput, match="date: the column is given twice; expected it once"):
        read(as_csv(vote()).replace("undl_link", "date"))


@pytest.mark.parametrize("column", ["procedural", "meeting", "ms_name"])
def test_a_column_given_twice_that_may_be_missing(read: Read, column: str) -> None:
    """A column that is read if it is there is never read from one of two."""
    lines = as_csv([row | {"procedural": "no"} for row in vote()]).splitlines()
    text = "\n".join([f"{lines[0]},{column}", *(f"{line},yes" for line in lines[1:])])
    with pytest.raises(InvalidInput, match=f"{column}: the column is given twice"):
        read(text)


def test_files_put_together(read: Read) -> None:
    """A byte order mark inside the text, where one file was put after another, changes nothing."""
    text = "\ufeff" + as_csv(vote()) + "\ufeff" + as_csv(vote(number=2901))
    imported = read(text)
    assert [problem.kind for problem in imported.problems] == ["header_again"]
    assert len(imported.rows) == 2


def test_rows_that_cannot_be_cells(read: Read) -> None:
    """A row separated otherwise and a cell too long for the reader are told as what they are."""
    text = as_csv(vote()) + "a;b;c\n" + "x" * 200_000 + "\nalone\n"
    assert said(read(text)) == [
        "sc.csv:17:1 the row has 1 cell; expected 20, one for each column of the header. "
        "Its cells are separated by semicolons.",
        "sc.csv:18:1 the row cannot be read (field larger than field limit (131072)); "
        "expected cells of 131,072 characters or fewer.",
        "sc.csv:19:1 the row has 1 cell; expected 20, one for each column of the header.",
    ]


def test_days_as_spreadsheets_and_programs_write_them(read: Read) -> None:
    """A day with a time of day or with two digits of the year is refused with the day."""
    for said_day in ("2024-06-03T15:00:00+00:00", "03-Jun-24", "Monday, 3 June 2024"):
        (line,) = said(read(vote(date=said_day)))
        assert line.endswith("Write 2024-06-03.")


def test_a_year_far_away_never_fits(read: Read) -> None:
    """Where nothing stands on one side, no day of the year 1 or 9999 is proposed."""
    rows = vote(number=2899, day=date(2024, 6, 30)) + vote(number=2900, day=date(2024, 5, 2))
    (line,) = said(read(rows))
    assert line.endswith("expected a day up to 2024-05-02.")


def test_a_header_alone(read: Read) -> None:
    """A file without votes is refused, and not read as nothing."""
    with pytest.raises(InvalidInput) as caught:
        read(as_csv([]))
    assert str(caught.value) == (
        "sc.csv the file holds no votes; expected one row for each member and vote."
    )


def test_no_such_file(tmp_path: Path) -> None:
    """A file that is not there is named in a sentence."""
    with pytest.raises(NotFound, match="there is no such file"):
        read_undl(tmp_path / "sc.csv")


def test_a_file_of_the_real_size(read: Read) -> None:
    """2,700 votes of 15 members become 2,700 rows, and a record is as long as they are."""
    days = [date(2006, 1, 3) + timedelta(days=2 * n) for n in range(2_700)]
    imported = read([row for n, day in enumerate(days) for row in vote(day=day, number=1650 + n)])
    assert imported.problems == ()
    assert len(imported.rows) == len({row["vote_id"] for row in imported.rows}) == 2_700


TITLES = [
    ("on renewal of measures imposed by resolution 1970 and of the Panel of Experts", "Libya",
     "sanctions_renewal", "LBY"),
    ("on extension of the mandate of the UN Mission in South Sudan (UNMISS) until 2025",
     "Reports of the Secretary-General on the Sudan and South Sudan",
     "peacekeeping_renewal", "SSD"),
    ("on extension of the mandate of UNISFA",
     "Reports of the Secretary-General on the Sudan and South Sudan", "peacekeeping_renewal",
     "SDN"),
    ("on extension of the mandate of the UN Mission for the Referendum (MINURSO)",
     "The situation concerning Western Sahara", "peacekeeping_renewal", "ESH"),
    ("on extension of the mandate of the Panel of Experts", DPRK.replace("'", "\u2019"),
     "panel_renewal", "PRK"),
    ("on renewal of cross-border aid", "The situation in the Middle East (Syria)",
     "aid_access_renewal", "SYR"),
    ("on extension of the mandate of the Joint Investigative Mechanism", "Syrian Arab Republic",
     "investigation_renewal", "SYR"),
    ("on Côte d\u2019Ivoire", "", "", "CIV"),
    ("on lifting of the arms embargo and renewal of the Panel of Experts", "Liberia", "", "LBR"),
    ("on the situation in Somalia and Eritrea", "Somalia", "", ""),
    ("on the Democratic Republic of the Congo", "", "", "COD"),
    ("on establishment of a Panel of Experts", "The situation in Mali", "", "MLI"),
    ("on renewal of UNIFIL and of the arms embargo", "Lebanon", "", "LBN"),
    ("on women and peace and security", "Threats to international peace", "other", ""),
    ("on somalians and maliciousness", "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("title", "agenda", "instrument", "target"), TITLES)
def test_what_a_title_says_plainly(title: str, agenda: str, instrument: str, target: str) -> None:
    """Instrument and target are told where the words name exactly one, and never guessed."""
    assert (instrument_in(title), target_in(title, agenda)) == (instrument, target)


def test_words_name_states() -> None:
    """Every State in the table of words is one that the roster knows."""
    named: Mapping[str, object] = states()
    assert set(keywords().states) <= set(named)


def test_rules_name_patterns() -> None:
    """Every pattern that a rule names is in the table, and every pattern is named by a rule."""
    rules = [rule for rules in keywords().instruments.values() for rule in rules]
    named = {name for rule in rules for name in (*rule.all_of, *rule.none_of)}
    named |= {name for rule in keywords().mandates.values() for name in rule.any_of}
    assert named == set(keywords().patterns)
    assert set(keywords().instruments) | {keywords().default} <= set(instruments())
    assert set(keywords().mandates) <= set(mandates())
