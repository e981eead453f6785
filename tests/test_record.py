"""The record of votes: what is read, and every way in which a file of it can be wrong."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim import load_scenario
from sim.catalogue import instruments, mandates, provisions, rivals, votes
from sim.charter import DECIDED, Action, Outcome
from sim.errors import Fault, InvalidInput, NotFound
from sim.paths import SEEDS
from sim.record.coding import coded
from sim.record.record import COLUMNS, OPTIONAL, RecordedVote, read_record

SEATS = "CHN, FRA, GBR, RUS, USA, CHE, DZA, ECU, GUY, JPN, KOR, MLT, MOZ, SLE, SVN"
SOUND = {
    "vote_id": "S-2024-1",
    "date": "2024-06-03",
    "symbol": "S/2024/1",
    "title": "A renewal",
    "summary": "Would have renewed the panel, again",
    "instrument": "panel_renewal",
    "target": "PRK",
    "penholder": "USA",
    "term_months": "12",
    "review": "yes",
    "outcome": "vetoed",
    "in_favour": "13",
    "against": "RUS",
    "abstaining": "CHN",
    "not_participating": "",
    "confidence": "two-sources",
    "mandate": "dprk-panel",
}
LATER = SOUND | {"vote_id": "S-2024-2", "symbol": "S/2024/2", "date": "2024-06-04"}
INSTRUMENTS = (
    "expected one of panel_renewal, sanctions_renewal, sanctions_new, sanctions_easing, "
    "peacekeeping_renewal, aid_access_renewal, investigation_renewal, ceasefire, condemnation, "
    "other, or an empty cell."
)
CAUCUSES = "(A3, Arab, E10, EU, NAM, OIC, P3, P5, Russia_China)"

Write = Callable[..., Path]


def as_csv(*rows: Mapping[str, str]) -> str:
    """Return the rows as the text of a file, its header from the first of them."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes rows, a text or bytes to `record.csv` where the test runs."""
    monkeypatch.chdir(tmp_path)

    def written(*content: Mapping[str, str] | str | bytes) -> Path:
        data = content[0]
        if not isinstance(data, str | bytes):
            data = as_csv(*content)
        path = Path("record.csv")
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return written


def faults_of(path: Path) -> tuple[Fault, ...]:
    with pytest.raises(InvalidInput) as caught:
        read_record(path)
    return caught.value.faults


def said(path: Path) -> list[str]:
    return [str(fault) for fault in faults_of(path)]


def named(vote: RecordedVote, action: Action) -> list[str]:
    pairs = zip(vote.council, vote.roll_call, strict=True)
    return [member.code for member, cast in pairs if cast == action]


@pytest.fixture(scope="module")
def record() -> tuple[RecordedVote, ...]:
    return read_record()


def test_shipped_record(record: tuple[RecordedVote, ...]) -> None:
    """The shipped record holds 1,111 votes in the order of their days, one procedural."""
    assert len(record) == 1111
    assert [vote.date for vote in record] == sorted(vote.date for vote in record)
    assert [vote.vote_id for vote in record if vote.procedural] == ["R2623"]


def test_roll_calls_decide_to_their_outcomes(record: tuple[RecordedVote, ...]) -> None:
    """Each roll call of the record means, by the rules of its day, the outcome of the record."""
    for vote in record:
        assert DECIDED[vote.rules.decide(vote.roll_call[:, None])[0]] is vote.outcome, vote.vote_id


def test_roll_calls_say_what_the_file_says(record: tuple[RecordedVote, ...]) -> None:
    """Members named in the file are against or abstaining, and all others in favour."""
    for vote in record:
        row = votes()[vote.vote_id]
        assert vote.roll_call.dtype == np.int8
        assert vote.roll_call.shape == (15,)
        assert named(vote, Action.AGAINST) == [
            m.code for m in vote.council if m.code in row["against"].split()
        ]
        abstaining = f"{row['abstaining']} {row['not_participating']}".split()
        assert set(named(vote, Action.ABSTAINING)) == set(abstaining)
        assert len(named(vote, Action.IN_FAVOUR)) == int(row["in_favour"])


def test_no_veto_on_a_procedural_matter(record: tuple[RecordedVote, ...]) -> None:
    """The five hold a veto over every vote of the record but R2623, where nobody does."""
    for vote in record:
        holders = [m.code for m, h in zip(vote.council, vote.rules.holds_veto, strict=True) if h]
        expected = [] if vote.vote_id == "R2623" else ["CHN", "FRA", "GBR", "RUS", "USA"]
        assert holders == expected


def test_lines_are_those_of_the_file(record: tuple[RecordedVote, ...]) -> None:
    """Each vote knows the line of the file on which its row begins."""
    lines = (SEEDS / "votes.csv").read_text(encoding="utf-8").split("\n")
    for vote in record:
        assert lines[vote.line - 1].startswith(f"{vote.vote_id},")


def test_penholders_outside_the_council(record: tuple[RecordedVote, ...]) -> None:
    """A penholder may have no seat, and E10 stands for the ten elected members of the day."""
    by_id = {vote.vote_id: vote for vote in record}
    assert by_id["S-2015-562"].penholders == ("MYS", "AUS", "NLD")
    assert by_id["R2728"].penholders == tuple(SEATS.split(", ")[5:])


def test_any_file_of_the_same_columns(write: Write) -> None:
    """Columns may stand in any order, others are ignored, and unread ones may be missing."""
    row = {"mine": "x"} | dict(reversed(SOUND.items()))
    for column in OPTIONAL:
        row.pop(column, None)
    (vote,) = read_record(write(row))
    assert (vote.vote_id, vote.target, vote.outcome) == ("S-2024-1", "PRK", Outcome.VETOED)
    assert (named(vote, Action.AGAINST), named(vote, Action.ABSTAINING)) == (["RUS"], ["CHN"])


@pytest.mark.parametrize("column", ["target", "penholder", "term_months", *OPTIONAL])
def test_what_may_be_empty(write: Write, column: str) -> None:
    """An empty cell is sound where nothing has to be said."""
    (vote,) = read_record(write(SOUND | {"mandate": "", column: ""}))
    assert vote.target == (None if column == "target" else "PRK")
    assert vote.penholders == (() if column == "penholder" else ("USA",))


@pytest.mark.parametrize("between", [" ", ";", "; ", "  ", ",", ", "])
def test_what_stands_between_codes(write: Write, between: str) -> None:
    """Several codes in a cell may stand apart by blanks, by `;` or by `,`."""
    row = SOUND | {"abstaining": f"CHN{between}MOZ", "in_favour": "12", "outcome": "vetoed"}
    (vote,) = read_record(write(row))
    assert named(vote, Action.ABSTAINING) == ["CHN", "MOZ"]


def test_not_participating_counts_as_abstaining(write: Write) -> None:
    """A member that takes no part is neither in favour nor against, and is named apart."""
    (vote,) = read_record(write(SOUND | {"not_participating": "MOZ", "in_favour": "12"}))
    assert named(vote, Action.ABSTAINING) == ["CHN", "MOZ"]
    assert vote.not_participating == ("MOZ",)


def test_what_is_procedural_is_said_and_never_told_from_the_outcome(write: Write) -> None:
    """An adoption against a permanent member is a fault, unless said to be procedural."""
    row = SOUND | {"outcome": "adopted", "symbol": "S/RES/2900(2024)"}
    assert said(write(row)) == [
        "record.csv:2:1 outcome: found 'adopted', but 13 in favour with RUS against is 'vetoed'; "
        "expected 'vetoed', or another tally. If no veto applied, put yes under 'procedural'."
    ]
    (vote,) = read_record(write(row | {"procedural": "yes"}))
    assert vote.procedural
    assert not vote.rules.holds_veto.any()
    faults = faults_of(write(row | {"procedural": "maybe"}))
    assert {fault.path for fault in faults} == {"procedural", "outcome"}


def test_a_known_procedural_vote_may_be_coded_otherwise(write: Write) -> None:
    """What is known of R2623 holds for its own day, and yields to what the row says."""
    known = SOUND | {"vote_id": "R2623", "symbol": "S/RES/2623(2022)", "date": "2022-02-27"}
    known |= {"outcome": "adopted", "in_favour": "11", "abstaining": "CHN IND ARE"}
    (vote,) = read_record(write(known))
    assert vote.procedural
    assert faults_of(write(known | {"procedural": "no"}))
    assert faults_of(write(known | {"date": "2022-02-28"}))


def test_a_draft_without_a_number_is_not_adopted(write: Write) -> None:
    """What is adopted has the symbol of a resolution, or is an amendment that names its draft."""
    adopted = SOUND | {"outcome": "adopted", "in_favour": "14", "against": ""}
    (fault,) = faults_of(write(adopted))
    assert (fault.path, fault.found) == ("symbol", "'S/2024/1' is adopted, but no resolution")
    (vote,) = read_record(write(adopted | {"amends": "S/2024/2"}))
    assert (vote.amends, vote.outcome) == ("S/2024/2", Outcome.ADOPTED)


RESOLUTION = SOUND | {
    "vote_id": "R2900",
    "symbol": "S/RES/2900(2024)",
    "outcome": "adopted",
    "in_favour": "15",
    "against": "",
    "abstaining": "",
}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"outcome": "vetoed", "in_favour": "14", "against": "RUS"},
            "symbol: 'S/RES/2900(2024)' is a resolution, but 'vetoed'; "
            "expected the symbol of the draft, as S/2024/255.",
        ),
        (
            {"symbol": "S/RES/2900(2014)"},
            "date: S/RES/2900(2014) is dated 2024-06-03; expected a day of 2014.",
        ),
        (
            {"vote_id": "R2901"},
            "vote_id: found 'R2901' beside S/RES/2900(2024); expected R2900.",
        ),
        (
            {"amends": "S/2024/2"},
            "amends: S/RES/2900(2024) is a resolution; expected an empty cell.",
        ),
        (
            {"symbol": "S/RES/unknown"},
            "symbol: 'S/RES/unknown' is adopted, but no resolution; expected the symbol that it "
            "got, as S/RES/2680(2023). An amendment names its draft under 'amends'.",
        ),
        (
            {"outcome": "vetoed", "in_favour": "14", "against": "RUS", "procedural": "yes"},
            "outcome: found 'vetoed', but 14 in favour with RUS against is 'adopted'; expected "
            "'adopted', or another tally. It is known or said to be procedural: no veto applies.",
        ),
    ],
)
def test_a_symbol_that_the_row_contradicts(
    write: Write, changes: dict[str, str], message: str
) -> None:
    """The number of a resolution is that of its id, its year that of its day, and it is adopted."""
    assert len(read_record(write(RESOLUTION))) == 1
    assert said(write(RESOLUTION | changes)) == [f"record.csv:2:1 {message}"]


def test_a_draft_voted_on_before_its_symbol(write: Write) -> None:
    """A draft with a symbol of a later year is read, and told."""
    record = read_record(write(SOUND | {"symbol": "S/2025/1"}))
    (problem,) = record.problems
    assert str(problem) == (
        "record.csv:2:1 date: S/2025/1 was voted on 2024-06-03; expected 2025 or later."
    )


def test_an_amendment_is_a_vote_and_not_remembered_as_a_draft(write: Write) -> None:
    """It is in the record, no rival of its draft, and no former vote on the mandate."""
    amendment = SOUND | {"amends": "S/2024/2", "penholder": "RUS"}
    draft = LATER | {"date": SOUND["date"], "penholder": "USA"}
    votes = read_record(write(amendment, draft))
    assert [(vote.amends, vote.rival) for vote in votes] == [("S/2024/2", ()), ("", ())]
    alone = read_record(write(draft))
    later = date(2025, 1, 1)
    assert votes[0].record is not None
    assert alone[0].record is not None
    beside = votes[0].record.before(later, votes[1], votes[1].council)
    without = alone[0].record.before(later, alone[0], alone[0].council)
    assert beside == without


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_mark(write: Write, end: str, mark: bytes) -> None:
    """Any line ends and a byte order mark change neither the votes nor their lines."""
    text = as_csv(SOUND, LATER).replace("\n", end)
    assert [v.line for v in read_record(write(mark + text.encode()))] == [2, 3]


def test_lines_of_cells_with_line_breaks(write: Write) -> None:
    """A row is placed where it begins, whatever line breaks its cells hold; blank rows count."""
    text = as_csv(SOUND | {"summary": "in\ntwo\nlines"}, LATER | {"review": "perhaps"})
    text = text.replace("\nS-2024-2", "\n\n,,,\nS-2024-2")
    assert [fault.place.line for fault in faults_of(write(text))] == [7]


WRONG_CELLS = [
    ("vote_id", "", "the cell is empty; expected a text."),
    ("symbol", "", "the cell is empty; expected a text."),
    ("title", " ", "the cell is empty; expected a text."),
    *(
        ("date", day, f"found '{day}'; expected a day that exists, as 2024-03-28.")
        for day in ("2024-02-30", "2024-W23-1", "3/6/2024", "2024-6-3", "")
    ),
    (
        "date",
        "1993-06-03",
        "no roster for 1993-06-03; expected a day from 1994-01-01 to 2027-12-31.",
    ),
    (
        "instrument",
        "panel_renewel",
        f"found 'panel_renewel'; {INSTRUMENTS} Did you mean 'panel_renewal'?",
    ),
    (
        "target",
        "KRP",
        "found 'KRP'; expected an ISO 3166 alpha-3 code, as USA, or an empty cell. "
        "Did you mean 'PRK'?",
    ),
    (
        "review",
        "maybe",
        "found 'maybe'; "
        "expected one of no, mandate_expiry_only, review_only, yes, or an empty cell.",
    ),
    (
        "penholder",
        "USA P4",
        f"found 'P4'; expected an ISO 3166 alpha-3 code, as USA, or a caucus {CAUCUSES}.",
    ),
    *(
        (
            "term_months",
            term,
            f"found '{term}'; expected a number of months above 0, as 7.5, or an empty cell.",
        )
        for term in ("a year", "7,5", "-12", "0", "nan", "inf", "1_0")
    ),
    *(
        ("mandate", name, f"found '{name}'; expected the name of a mandate, or an empty cell.")
        for name in ("none", "N/A", "-", "unknown")
    ),
    *(
        (
            "mandate",
            name,
            f"found '{name}'; expected the name of a mandate, or an empty cell. "
            "Did you mean 'dprk-panel'?",
        )
        for name in ("DPRK-Panel", "dprk_panel", "dprk panel")
    ),
    *(
        (
            "amends",
            cell,
            f"found '{cell}'; expected the symbol of the draft that it amends, as S/2024/255, "
            "or nothing.",
        )
        for cell in ("no", "none", "S/RES/2680(2023)")
    ),
    (
        "penholder",
        "USA and United Kingdom",
        f"found 'and'; expected an ISO 3166 alpha-3 code, as USA, or a caucus {CAUCUSES}. "
        "Write USA GBR.",
    ),
    (
        "council",
        "CHN FRA GBR RUS USA CHE DZA BRA GUY JPN KOR MLT MOZ SLE SVN",
        "BRA held no seat on 2024-06-03; expected those of the roster, or nothing.",
    ),
    (
        "council",
        "CHN FRA GBR SUN USA CHE DZA ECU GUY JPN KOR MLT MOZ SLE SVN",
        "found 'SUN'; expected an ISO 3166 alpha-3 code, as USA. Did you mean 'RUS'?",
    ),
    ("outcome", "withdrawn", "found 'withdrawn'; expected one of adopted, vetoed, not_carried."),
    (
        "outcome",
        "veto",
        "found 'veto'; expected one of adopted, vetoed, not_carried. Did you mean 'vetoed'?",
    ),
    ("outcome", "", "the cell is empty; expected one of adopted, vetoed, not_carried."),
    (
        "outcome",
        "not_carried",
        "found 'not_carried', but 13 in favour with RUS against is "
        "'vetoed'; expected 'vetoed', or another tally.",
    ),
    *(
        ("in_favour", number, f"found '{number}'; expected a whole number from 0 to 15.")
        for number in ("16", "-1", "13.0", "", "thirteen", "²")
    ),
    *(
        (
            "in_favour",
            number,
            f"found {number}, but 15 members less the 2 named leave 13; "
            "expected 13, or other members named.",
        )
        for number in ("12", "14")
    ),
    (
        "against",
        "RUS CHM",
        "found 'CHM'; expected the code of a member of the Council. Did you mean 'CHN'?",
    ),
    (
        "against",
        "rus",
        "found 'rus'; expected the code of a member of the Council. Did you mean 'RUS'?",
    ),
    (
        "against",
        "SUN",
        "found 'SUN'; expected the code of a member of the Council. Did you mean 'RUS'?",
    ),
    ("against", "RUS DEU", f"DEU holds no seat on 2024-06-03; expected one of {SEATS}."),
    ("against", "RUS RUS", "RUS is already under 'against'; each member votes once."),
    ("abstaining", "RUS", "RUS is already under 'against'; each member votes once."),
    ("not_participating", "CHN", "CHN is already under 'abstaining'; each member votes once."),
]


@pytest.mark.parametrize(("column", "cell", "message"), WRONG_CELLS)
def test_a_cell_that_is_wrong(write: Write, column: str, cell: str, message: str) -> None:
    """One wrong cell is one fault, with the line of its row, its column and what is allowed."""
    rows = SOUND | {column: cell}, LATER | {column: LATER.get(column, "")}
    assert said(write(*rows)) == [f"record.csv:2:1 {column}: {message}"]


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"in_favour": "14", "against": ""}, "adopted"),
        ({"in_favour": "13", "against": "MOZ"}, "adopted"),
        ({"in_favour": "8", "against": "RUS MOZ DZA SLE GUY ECU"}, "not_carried"),
    ],
)
def test_an_outcome_that_the_tally_contradicts(
    write: Write, changes: dict[str, str], outcome: str
) -> None:
    """Whatever the tally means is the only outcome that is accepted."""
    (fault,) = faults_of(write(SOUND | changes))
    assert (fault.place.line, fault.path) == (2, "outcome")
    assert fault.allowed == f"expected '{outcome}', or another tally"
    symbol = {"symbol": "S/RES/2900(2024)"} if outcome == "adopted" else {}
    assert read_record(write(SOUND | changes | {"outcome": outcome} | symbol))


def test_adopted_without_nine_votes(write: Write) -> None:
    """Too few votes in favour are no adoption, on a procedural matter either."""
    row = SOUND | {"in_favour": "8", "against": "RUS MOZ DZA SLE GUY ECU", "outcome": "adopted"}
    assert said(write(row)) == [
        "record.csv:2:1 outcome: found 'adopted', but 8 in favour with RUS against is "
        "'not_carried'; expected 'not_carried', or another tally."
    ]


REPEATED = [
    (
        {"vote_id": "S-2024-1"},
        "vote_id: 'S-2024-1' is given twice (first in line 2); expected it once.",
    ),
    (
        {"symbol": "S/2024/1", "date": "2024-06-03"},
        "symbol: 'S/2024/1' is given twice (first in line 2); expected it once a day.",
    ),
    (
        {"date": "2024-06-02"},
        "date: 2024-06-02 is below 2024-06-03 (line 2); expected votes in date order.",
    ),
]


@pytest.mark.parametrize(("changes", "message"), REPEATED)
def test_rows_that_do_not_fit_together(write: Write, changes: dict[str, str], message: str) -> None:
    """A vote given again and a day out of order are faults of the later row."""
    assert said(write(SOUND, LATER | changes)) == [f"record.csv:3:1 {message}"]


def test_one_symbol_on_two_days(write: Write) -> None:
    """A draft may be put to the vote again on another day."""
    assert len(read_record(write(SOUND, LATER | {"symbol": "S/2024/1"}))) == 2


def test_all_faults_at_once(write: Write) -> None:
    """Faults of several cells, several rows and the header come in one breath, by line."""
    first = SOUND | {"instrument": "?", "against": "RUS RUS", "penholder": "XXX"}
    second = LATER | {"in_favour": "3", "review": "?"}
    rows = [{k: v for k, v in row.items() if k != "symbol"} for row in (first, second)]
    found = [(fault.place.line, fault.path) for fault in faults_of(write(*rows))]
    assert found == [
        (1, "symbol"),
        (2, "against"),
        (2, "instrument"),
        (2, "penholder"),
        (3, "in_favour"),
        (3, "review"),
    ]


@pytest.mark.parametrize("column", [c for c in COLUMNS if c not in OPTIONAL])
def test_a_missing_column(write: Write, column: str) -> None:
    """A missing column is one fault of the header, and blames no row."""
    (fault,) = faults_of(write({k: v for k, v in SOUND.items() if k != column}))
    assert (fault.place.line, fault.path, fault.found) == (1, column, "the column is missing")
    assert fault.allowed.startswith("expected the columns vote_id, date, symbol, title, instrument")


def test_a_column_given_twice(write: Write) -> None:
    """Two columns of one name leave open which is meant."""
    text = as_csv(SOUND).replace("mandate\n", "date\n")
    assert said(write(text))[0] == (
        "record.csv:1:1 date: the column is given twice; expected it once."
    )


def test_semicolons_between_columns(write: Write) -> None:
    """A file with semicolons for commas is told so."""
    (*_, fault) = faults_of(write(";".join(COLUMNS) + "\n"))
    assert (fault.found, fault.allowed) == (
        "the columns are separated by semicolons",
        "expected commas",
    )


UNREADABLE = [
    (b"", "record.csv the file is empty; expected the columns vote_id, date, "),
    (b"\n \n", "record.csv the file is empty; expected the columns vote_id, date, "),
    (as_csv(SOUND).split("\n")[0].encode(), "record.csv the file holds no votes; "
     "expected one row for each vote."),
    (as_csv(SOUND, LATER | {"title": "Côte"}).encode("cp1252"), "record.csv:3:1 byte 333 (0xf4) "
     "is not UTF-8; the file must be UTF-8 text. Save it as CSV UTF-8."),
    (b"\xef\xbb\xbf" + as_csv(SOUND, LATER | {"title": "Côte"}).encode("latin-1"),
     "record.csv:3:1 byte 336 (0xf4) is not UTF-8; the file must be UTF-8 text. "
     "Save it as CSV UTF-8."),
    (as_csv(SOUND).encode("utf-16"), "record.csv this is text in UTF-16; expected a CSV file. "
     "Save it as CSV UTF-8, the columns separated by commas."),
    (b"PK\x03\x04" + bytes(40), "record.csv this is a spreadsheet or a ZIP file; expected a CSV "
     "file. In the spreadsheet, save it as CSV UTF-8."),
    (gzip.compress(as_csv(SOUND).encode()), "record.csv this is a file compressed by gzip; "
     "expected a CSV file. Unpack it: gunzip -c FILE > FILE.csv."),
    (b"\x01" + as_csv(SOUND).encode(), "record.csv:1:1 the control character U+0001 stands here; "
     "the file must be UTF-8 text."),
    (as_csv(SOUND).encode() + b"S-2024-2,2024", "record.csv:3:1 the row has 2 cells; "
     "expected 17, one for each column of the header."),
    (as_csv(SOUND).encode() + b'"S-2024-2"x,1\n', "record.csv:3:1 the row cannot be read "
     "(',' expected after '\"'); expected cells separated by commas, a quotation mark inside "
     "quotes doubled."),
    (as_csv(SOUND).encode() + b'"S-2024-2,1\n\n', "record.csv:3:1 the row cannot be read "
     "(unexpected end of data); expected cells separated by commas, a quotation mark inside "
     "quotes doubled."),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), UNREADABLE)
def test_a_file_that_cannot_be_read(write: Write, data: bytes, message: str) -> None:
    """What is no UTF-8 text, no CSV or no record is refused in one sentence."""
    (sentence,) = said(write(data))
    assert sentence.startswith(message)


def test_a_bad_row_hides_no_other(write: Write) -> None:
    """A row that is no CSV does not keep the faults of the rows after it from being told."""
    text = as_csv(SOUND) + '"x"y,\n' + as_csv(LATER | {"review": "?"}).split("\n", 1)[1]
    assert [fault.place.line for fault in faults_of(write(text))] == [3, 4]


def test_no_such_file(tmp_path: Path) -> None:
    """A file that is not there, or is a folder, is named in a sentence."""
    with pytest.raises(NotFound, match=r"none\.csv: there is no such file; expected a CSV file\."):
        read_record(tmp_path / "none.csv")
    with pytest.raises(NotFound, match="this is a folder"):
        read_record(tmp_path)


ROW = {
    "instrument": "panel_renewal",
    "term_months": "",
    "review": "",
    "mandate": "",
}
USUAL = instruments()["panel_renewal"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"term_months": "6"}, {"term": 0.25}),
        ({"term_months": "120"}, {"term": 1.0}),
        ({"review": "no"}, {"review": 0.0}),
        ({"review": "mandate_expiry_only"}, {"review": 0.1}),
        ({"review": "review_only"}, {"review": 0.2}),
        ({"review": "yes"}, {"review": 0.4}),
        ({"mandate": "dprk-panel"}, {"intrusion": 0.5}),
        ({"mandate": "darfur-panel"}, {"intrusion": 0.5}),
        ({"mandate": "monusco"}, {"intrusion": 0.3}),
        ({"mandate": "yemen-sanctions"}, {"intrusion": 0.2}),
        ({"mandate": "1540-committee"}, {"intrusion": 0.3}),
        ({"mandate": "unheard-of"}, {"intrusion": 0.3}),
    ],
)
def test_general_rule(changes: dict[str, str], expected: dict[str, float]) -> None:
    """Term, review and the mandate's host move the usual text of an instrument, never its lapse."""
    coding = coded(ROW | changes)
    text = {**USUAL.text, **expected}
    np.testing.assert_allclose(coding.text, [text[name] for name in provisions()])
    np.testing.assert_array_equal(coding.lapse, [USUAL.lapse[name] for name in provisions()])


def test_intrusion_stays_on_the_scale() -> None:
    """A host that asks for a mandate takes no text below 0 on intrusion."""
    row = ROW | {"instrument": "peacekeeping_renewal", "mandate": "aussom"}
    assert mandates()["aussom"].host_relation == "asks"
    assert coded(row).text[list(provisions()).index("intrusion")] == 0


def test_how_a_vote_ended_moves_no_text(write: Write) -> None:
    """Two drafts that differ in nothing but their votes have one text and one lapse."""
    adopted = LATER | {"outcome": "adopted", "in_favour": "14", "against": ""}
    adopted["symbol"] = "S/RES/2900(2024)"
    vetoed, other = read_record(write(SOUND, adopted))
    np.testing.assert_array_equal(vetoed.text, other.text)
    np.testing.assert_array_equal(vetoed.lapse, other.lapse)


CEASEFIRE = LATER | {
    "vote_id": "R2735",
    "symbol": "S/RES/2735(2024)",
    "date": "2024-06-10",
    "instrument": "ceasefire",
    "target": "PSE",
    "mandate": "",
    "outcome": "adopted",
    "in_favour": "14",
    "against": "",
    "abstaining": "RUS",
}
NAMED = CEASEFIRE | {
    "vote_id": "R2728",
    "symbol": "S/RES/2728(2024)",
    "date": "2024-03-25",
    "mandate": "gaza-truce",
}
LAST = CEASEFIRE | {"vote_id": "R2999", "symbol": "S/RES/2999(2026)", "date": "2026-12-31"}


def test_a_vote_without_a_mandate_follows_the_latest_like_it(write: Write) -> None:
    """Votes that name no mandate belong to that of earlier ones of their instrument and target."""
    sound = SOUND | {"mandate": ""}
    votes = read_record(
        write(NAMED, sound, CEASEFIRE, LAST | {"abstaining": "", "in_favour": "15"})
    )
    mandates = [vote.mandate for vote in votes]
    assert mandates == ["gaza-truce", "prk-panel_renewal", "gaza-truce", "gaza-truce"]


@pytest.mark.parametrize("other", [{"target": "ISR"}, {"instrument": "condemnation"}])
def test_a_vote_unlike_all_before_it_is_named_for_itself(
    write: Write, other: dict[str, str]
) -> None:
    """Another target or another instrument is another matter, as far as the file can tell."""
    _, vote = read_record(write(NAMED, CEASEFIRE | other))
    assert vote.mandate == f"{vote.target}-{vote.instrument}".lower()


def test_an_earlier_vote_never_follows_a_later_one(write: Write) -> None:
    """Nothing that came afterwards says to which matter a vote belongs."""
    before = CEASEFIRE | {"vote_id": "S-2024-99", "date": "2024-02-01"}
    vote, _ = read_record(write(before, NAMED))
    assert vote.mandate == "pse-ceasefire"


def test_votes_on_no_target_have_nothing_in_common(write: Write) -> None:
    """A text on women and peace does not follow the one on the residual tribunal."""
    general = {"instrument": "other", "target": ""}
    tribunal = NAMED | general | {"mandate": "residual-tribunal"}
    first, vote = read_record(write(tribunal, CEASEFIRE | general))
    assert (first.mandate, vote.mandate) == ("residual-tribunal", "general-other")


def test_usual_penholders(write: Write) -> None:
    """A vote without a penholder takes those of its mandate, and else has none."""
    (vote,) = read_record(write(SOUND | {"penholder": "", "mandate": "mali-sanctions"}))
    assert vote.penholders == ("FRA", "ARE")
    (vote,) = read_record(write(SOUND | {"penholder": "", "mandate": ""}))
    assert vote.penholders == ()
    (vote,) = read_record(write(SOUND | {"mandate": "mali-sanctions"}))
    assert vote.penholders == ("USA",)


GENERAL = {"target": "", "mandate": ""}


@pytest.mark.parametrize(
    ("first", "second", "rival"),
    [
        ({}, {"instrument": "ceasefire", "mandate": ""}, True),
        ({}, {"instrument": "ceasefire", "mandate": "", "penholder": "GBR"}, False),
        ({"penholder": "USA RUS"}, {"instrument": "ceasefire", "mandate": ""}, True),
        ({}, {"date": "2024-06-04"}, False),
        ({}, {"target": "SYR"}, True),
        ({}, {"target": "SYR", "mandate": ""}, False),
        (GENERAL, GENERAL, True),
        (GENERAL, GENERAL | {"instrument": "other"}, False),
        (GENERAL, {"target": ""}, False),
    ],
)
def test_rivals(write: Write, first: dict[str, str], second: dict[str, str], rival: bool) -> None:
    """Two of a day and of two sides, on one target or mandate, or on neither and alike."""
    rows = SOUND | first, LATER | {"date": "2024-06-03", "penholder": "RUS"} | second
    votes = read_record(write(*rows))
    beside = [other.penholders for other in reversed(votes)] if rival else [(), ()]
    assert [vote.rival for vote in votes] == beside


def test_rivals_that_were_not_put_to_the_vote(record: tuple[RecordedVote, ...]) -> None:
    """They are known from elsewhere, of votes that the record has, and from another side."""
    votes = {vote.vote_id: vote for vote in record}
    assert rivals().keys() <= votes.keys()
    for vote_id, pen in rivals().items():
        assert {*pen} <= {*votes[vote_id].rival}
        assert {*pen}.isdisjoint(votes[vote_id].penholders)
    assert votes["R2504"].rival == ("RUS",)
    assert not votes["R2504"].has_failed


def test_texts_lie_on_the_scales(record: tuple[RecordedVote, ...]) -> None:
    """Every text and every lapse has a number from 0 to 1 for each provision."""
    for vote in record:
        for values in (vote.text, vote.lapse):
            assert values.shape == (len(provisions()),)
            assert values.dtype == np.float64
            assert np.all((values >= 0) & (values <= 1))


def test_every_argument_is_described() -> None:
    """The description of a recorded vote names each of its fields."""
    assert all(f"{field.name}: " in (RecordedVote.__doc__ or "") for field in fields(RecordedVote))


@pytest.mark.parametrize(
    ("scenario", "vote_id"),
    [
        ("dprk-panel-2024", "S-2024-255"),
        ("dprk-panel-2023", "R2680"),
        ("dprk-sanctions-2022", "S-2022-431"),
        ("ssd-sanctions-2023", "R2683"),
        ("syr-aid-2023", "S-2023-506"),
        ("mli-sanctions-2023", "S-2023-638"),
    ],
)
def test_scenarios_put_the_draft_that_was_voted_on(scenario, vote_id):
    """The draft of a scenario is of the kind, on the State and by the hands of the record."""
    draft = load_scenario(scenario).draft
    vote = next(v for v in read_record() if v.vote_id == vote_id)
    assert (draft.instrument, draft.target) == (vote.instrument, vote.target)
    assert set(draft.penholders) == set(vote.penholders)


@pytest.mark.parametrize(
    ("scenario", "vote_id"), [("dprk-panel-2024", "S-2024-255"), ("dprk-panel-2023", "R2680")]
)
def test_scenarios_of_usual_texts_put_them_where_the_record_is_coded(scenario, vote_id):
    """Preferences fitted to the record's texts meet the same text in the scenario of that vote.

    Scenarios that say more of a text than its kind, term and review have it where they say.
    """
    draft = load_scenario(scenario).draft
    vote = next(v for v in read_record() if v.vote_id == vote_id)
    np.testing.assert_allclose(draft.text, vote.text, atol=1e-9)
    np.testing.assert_allclose(draft.lapse, vote.lapse, atol=1e-9)


def test_a_vote_has_the_draft_that_was_put_to_it(record: tuple[RecordedVote, ...]) -> None:
    """The draft of a vote is its text as voted, which nobody can move any more."""
    vote = next(vote for vote in record if vote.vote_id == "S-2024-255")
    draft = vote.draft
    assert draft.kinds == ("any", "panel_renewal")
    assert draft.opposed == ("panel_renewal", "PRK", "P3")
    assert (draft.penholders, draft.symbol) == (("USA",), "S/2024/255")
    assert [p.name for p in draft.provisions] == [*provisions()]
    assert not draft.is_negotiable
    np.testing.assert_array_equal(draft.rollover, vote.text)
    assert not draft.reading_spread.any()


def test_a_rival_draft_is_of_that_kind_too(record: tuple[RecordedVote, ...]) -> None:
    """Every draft put beside another is one of kind `rival`, and no other draft is."""
    assert all(("rival" in vote.draft.kinds) is bool(vote.rival) for vote in record)
    assert any(vote.rival for vote in record)
