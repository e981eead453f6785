"""Files of the UN's form with every kind of fault: each is found at its line and counted."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from un_faults import EVERY, with_fault
from un_record import MadeVote, as_csv, made_votes, rows_of

from sim.record.problems import KINDS, said
from sim.record.undl import Imported, read_undl

OF_JOINS = {"joins_nothing", "joins_several", "names_nobody", "kept", "no_veto", "other_day"}
ELSEWHERE = {"no_roster", "roster_of_file", "outcome", "procedural"}
"""Kinds that need other years or other columns, and have tests of their own."""


@pytest.fixture(scope="module")
def votes() -> list[MadeVote]:
    """Votes of three years: some 400 with failed drafts, amendments, and some without a vote."""
    return made_votes(400, date(2013, 1, 8), date(2018, 12, 20), random_seed=3)


def read(tmp_path: Path, text: str) -> Imported:
    path = tmp_path / "made.csv"
    path.write_text(text, encoding="utf-8")
    return read_undl(path)


def test_a_sound_file_has_no_problems(votes: list[MadeVote], tmp_path: Path) -> None:
    """Each vote of a sound file is read, and ends as its roll call says."""
    imported = read(tmp_path, as_csv(rows_of(votes)))
    assert imported.problems == ()
    assert (imported.n_rows, imported.n_rows_left_out) == (15 * len(votes), 0)
    ends = {row["draft"] or row["symbol"]: row["outcome"] for row in imported.rows}
    assert ends == {vote.draft: vote.outcome.value for vote in votes}
    amended = {row["symbol"]: row["amends"] for row in imported.rows if row["amends"]}
    assert amended == {vote.draft: vote.amends for vote in votes if vote.amends}


def test_every_kind_is_tried() -> None:
    """There are thirty kinds and more, and no kind is without a test."""
    assert {*EVERY} | ELSEWHERE | OF_JOINS == {*KINDS}
    assert len(EVERY) >= 30


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("random_seed", [1, 2])
def test_a_fault_is_found_at_its_line(
    votes: list[MadeVote], tmp_path: Path, kind: str, random_seed: int
) -> None:
    """Each fault is told by its kind and line, none is told that is not there, no row is lost."""
    made = with_fault(kind, votes, 4, random.Random(random_seed))
    imported = read(tmp_path, made.text)
    found = {p.fault.place.line for p in imported.problems if p.kind == kind}
    assert found == made.lines
    assert {p.kind for p in imported.problems} <= {kind, *made.others}
    assert imported.n_rows == made.n_rows
    n_read = sum(_n_rows(row) for row in imported.rows)
    assert imported.n_rows_read == n_read
    left_out = KINDS[kind].left_out
    assert bool(imported.n_rows_left_out) == bool(left_out)
    if left_out == "row" and not made.others:
        assert imported.n_rows_left_out == len(made.lines)
    first = next(line for line in said(imported.problems) if line.startswith(KINDS[kind].words))
    assert f": {len(made.lines):,}" in first


def _n_rows(row: dict[str, str]) -> int:
    """Return how many members a row of the record speaks of."""
    named = " ".join(row[column] for column in ("against", "abstaining", "not_participating"))
    return int(row["in_favour"]) + len(named.split())


@pytest.mark.parametrize("random_seed", [1, 2, 3])
@pytest.mark.parametrize("ends", ["{}", '{}"'])
def test_a_quotation_mark_that_nothing_closes_takes_no_row_along(
    votes: list[MadeVote], tmp_path: Path, random_seed: int, ends: str
) -> None:
    """The line on which it opens is left out and named, wherever the next mark is."""
    draw = random.Random(random_seed)
    header, *lines = as_csv(rows_of(votes)).splitlines()
    opened = sorted(draw.sample(range(0, len(lines) - 15, 15), 9))
    for k in opened:
        code = lines[k].split(",")[1]
        lines[k] = lines[k].replace(f",{code},", f',"{code},', 1)
        below = k + draw.randrange(1, 15)
        code = lines[below].split(",")[1]
        lines[below] = lines[below].replace(f",{code},", f",{ends.format(code)},", 1)
    imported = read(tmp_path, "\n".join([header, *lines]))
    of_marks = {p.fault.place.line for p in imported.problems if p.kind == "unreadable"}
    assert of_marks == {k + 2 for k in opened}
    assert imported.n_rows == len(lines)
    assert imported.n_rows_left_out == 15 * len(opened)


def test_faults_of_many_kinds_at_once(votes: list[MadeVote], tmp_path: Path) -> None:
    """A file with faults of twenty kinds gives an account of every row."""
    draw = random.Random(7)
    parts = [votes[20 * k : 20 * (k + 1)] for k in range(20)]
    kinds = [k for k in EVERY if k in ("letter", "totals", "member_twice", "day", "symbol")]
    text, n_rows = "", 0
    for part, kind in zip(parts, (kinds * 4)[:20], strict=True):
        made = with_fault(kind, part, 1, draw)
        text += made.text if not text else made.text.split("\n", 1)[1]
        n_rows += made.n_rows
    imported = read(tmp_path, text)
    assert imported.n_rows == n_rows
    assert imported.n_rows_left_out > 0
    lines = {p.vote for p in imported.problems if KINDS[p.kind].left_out}
    assert len(imported.rows) + len(lines) == len(votes)
