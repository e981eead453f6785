"""What the tables of `seeds/` say of each other."""

from __future__ import annotations

import csv
import re

import pytest

from sim.catalogue import instruments, mandates, votes
from sim.paths import SEEDS
from sim.record.coding import INTRUSION
from sim.record.record import COLUMNS, OPTIONAL, read_record
from sim.roster import states


def test_columns_of_the_record() -> None:
    """The shipped record has the columns of a record in their order, but for some optional ones."""
    columns = tuple(next(iter(votes().values())))
    assert columns == tuple(column for column in COLUMNS if column in columns)
    assert {*COLUMNS} - {*columns} <= {*OPTIONAL}


@pytest.mark.parametrize("table", sorted(SEEDS.glob("*.csv")), ids=lambda path: path.stem)
def test_tables_are_plain(table) -> None:
    """Each table is UTF-8 with LF line ends, and no cell begins or ends with a blank."""
    assert b"\r" not in table.read_bytes()
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            assert row == [cell.strip() for cell in row]


def test_resolutions_are_voted_on_in_the_order_of_their_numbers() -> None:
    """No resolution of the record is dated before one with a lower number."""
    numbers = [int(vote_id[1:]) for vote_id in votes() if re.fullmatch("R[0-9]+", vote_id)]
    assert numbers == sorted(set(numbers))


def test_symbols_and_ids_agree() -> None:
    """The id of a vote is the number of its resolution, or the symbol of its draft."""
    for vote_id, row in votes().items():
        adopted = f"S/RES/{vote_id[1:]}({row['date'][:4]})"
        is_adopted = row["outcome"] == "adopted"
        assert row["symbol"] == (adopted if is_adopted else vote_id.replace("-", "/"))


def test_mandates_name_what_is_known() -> None:
    """Mandates are of known States, kinds of text and relations of the host, begun before ended."""
    assert {row["mandate"] for row in votes().values()} <= {"", *mandates()}
    for mandate in mandates().values():
        assert states().keys() >= {*mandate.parties, *mandate.penholders}
        assert mandate.instrument in instruments()
        assert mandate.host_relation in INTRUSION
        ends = [day for day in (mandate.expires_on, mandate.ended_on) if day]
        assert len(ends) <= 1
        assert all(mandate.first_date < day for day in ends)
        shortest, longest = mandate.usual_term_months or (1, 1)
        assert 0 < shortest <= longest


def test_no_vote_without_penholder_has_a_mandate_with_one() -> None:
    """Whoever usually holds the pen on a mandate holds it where the record names nobody."""
    for vote in read_record():
        if vote.mandate in mandates() and not vote.penholders:
            row = votes()[vote.vote_id]
            assert not row["mandate"] or not mandates()[row["mandate"]].penholders


def test_what_being_on_a_mandate_says_of_the_outcome() -> None:
    """First texts on a mandate were all adopted since 2016, most drafts on none failed, as told."""
    rows = sorted(votes().values(), key=lambda row: row["date"])
    first = {row["mandate"]: row for row in reversed(rows) if row["mandate"]}.values()
    since = [row["outcome"] for row in first if row["date"] >= "2016"]
    assert set(since) == {"adopted"}
    none = [r["outcome"] for r in rows if not r["mandate"] and r["date"] >= "2016"]
    failed = len(none) - none.count("adopted")
    told = " ".join((SEEDS.parent / "sim" / "README.md").read_text(encoding="utf-8").split())
    assert f"the {len(since)} first texts on a mandate since 2016 all were" in told
    assert f"of {len(none)} drafts on no mandate {failed} failed" in told


def test_how_many_texts_are_nobodys_own_draft() -> None:
    """Texts of which nobody is known to hold the pen are as many as is told, and were adopted."""
    nobodys = [vote for vote in read_record() if not vote.penholders]
    since = [vote for vote in nobodys if vote.date.year >= 2016]
    assert not any(vote.has_failed for vote in nobodys)
    told = " ".join((SEEDS.parent / "sim" / "README.md").read_text(encoding="utf-8").split())
    assert f"of the {len(nobodys)} such texts {len(since)} are since 2016" in told
