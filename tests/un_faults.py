"""Faults of a file of the UN's form: each kind put into a sound one, at known lines."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from un_record import COLUMNS, MadeVote, Rows, as_csv

Change = Callable[[MadeVote, Rows], int]
"""Puts a fault into the rows of one vote and returns the place of the row that is to blame."""


@dataclass
class Faulty:
    """A file with faults of one kind.

    Args:
        kind: which.
        blocks: the rows of each vote; a text is a line as it is.
        lines: (block, place in it) of each fault.
        others: kinds of problems that follow from these faults.
    """

    kind: str
    blocks: list[list[dict[str, str] | str]]
    at: list[tuple[int, int]]
    others: frozenset[str] = field(default_factory=frozenset)

    @property
    def text(self) -> str:
        """The file."""
        rows = [row for block in self.blocks for row in block]
        lines = [row if isinstance(row, str) else as_csv([row]).split("\n")[1] for row in rows]
        return "\n".join([",".join(COLUMNS), *lines]) + "\n"

    @property
    def lines(self) -> set[int]:
        """The lines of the faults."""
        starts = [2]
        for block in self.blocks:
            starts.append(starts[-1] + len(block))
        return {starts[block] + place for block, place in self.at}

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return sum(map(len, self.blocks))


def cell(column: str, value: str, place: int = 3) -> Change:
    """Return a change of one cell of one row."""

    def change(_: MadeVote, rows: Rows) -> int:
        rows[place][column] = value
        return place

    return change


def cells(**changed: str) -> Change:
    """Return a change of cells in all rows of a vote, blamed on its first."""

    def change(_: MadeVote, rows: Rows) -> int:
        for row in rows:
            row.update(changed)
        return 0

    return change


def letters_to(letters: str) -> Change:
    """Return a change of a vote to another roll call with totals that agree with it."""

    def change(vote: MadeVote, rows: Rows) -> int:
        rows[:] = replace(vote, letters=letters).rows()
        return 0

    return change


def twice(vote: MadeVote, rows: Rows) -> int:
    """Give a member a second row with another vote."""
    other = "A" if rows[5]["ms_vote"] != "A" else "Y"
    rows.append(rows[5] | {"ms_vote": other})
    return len(rows) - 1


def absent(_: MadeVote, rows: Rows) -> int:
    """Leave out a member."""
    del rows[7]
    return 0


def not_seated(_: MadeVote, rows: Rows) -> int:
    """Put a State without a seat into the place of one with a seat."""
    rows[6].update(ms_code="MCO", ms_name="MONACO")
    return 6


def by_name(_: MadeVote, rows: Rows) -> int:
    """Name a member and give no code."""
    rows[2]["ms_code"] = ""
    return 2


def with_unnumbered_adoption(vote: MadeVote, rows: Rows) -> int:
    """Take the number from a resolution."""
    for row in rows:
        row.update(resolution="", draft=f"S/{vote.day.year}/9{vote.number}", undl_id="")
    return 0


def claimed(vote: MadeVote, rows: Rows) -> int:
    """Give a year to the symbol that is not that of the day."""
    for row in rows:
        row["resolution"] = f"S/RES/{vote.number}({vote.day.year - 1})"
    return 0


def is_adopted(vote: MadeVote) -> bool:
    """Whether a vote is on a resolution, and was counted."""
    return vote.number is not None and vote.modality == "Vote"


def is_first_of_day(vote: MadeVote) -> bool:
    """Whether its day can have another year: it is no leap day."""
    return is_adopted(vote) and (vote.day.month, vote.day.day) != (2, 29)


IN_ONE_VOTE: dict[str, tuple[Change, Callable[[MadeVote], bool], set[str]]] = {
    "no_key": (
        lambda v, rows: rows[4].update(undl_id="", resolution="", draft="") or 4,
        is_adopted,
        {"member_absent"},
    ),
    "symbol": (cells(resolution="2900"), is_adopted, {"missing"}),
    "differing": (cell("date", "2001-01-01", 9), is_adopted, set()),
    "day": (cells(date="31/02/2014"), is_adopted, set()),
    "year": (claimed, is_first_of_day, set()),
    "member_unknown": (cell("ms_code", "QQQ", 8), is_adopted, {"member_absent"}),
    "name_of_another": (cell("ms_name", "MONACO", 4), is_adopted, set()),
    "member_twice": (twice, is_adopted, set()),
    "not_seated": (not_seated, is_adopted, {"member_absent"}),
    "member_absent": (absent, is_adopted, set()),
    "letter": (cell("ms_vote", "Q"), is_adopted, set()),
    "letter_empty": (cell("ms_vote", ""), is_adopted, set()),
    "totals": (cells(total_yes="3"), is_adopted, set()),
    "seats": (cells(total_ms="14"), is_adopted, set()),
    "not_enough": (letters_to("YYYYYYYYAAAAAAA"), is_adopted, set()),
    "blocked": (letters_to("YYYNYYYYYYYYYYY"), is_adopted, set()),
    "adopted_unnumbered": (with_unnumbered_adoption, is_adopted, {"missing"}),
    "permanent": (cell("permanent_member", "True", 9), is_adopted, set()),
    "former": (cell("ms_code", "SUN", 3), is_adopted, set()),
    "by_name": (by_name, is_adopted, set()),
    "told_otherwise": (cell("agenda", "The situation elsewhere", 6), is_adopted, set()),
    "words": (cell("ms_vote", "yes", 1), lambda v: is_adopted(v) and v.letters[1] == "Y", set()),
    "draft_to_come": (
        lambda v, rows: cells(draft=f"S/{v.day.year + 1}{v.draft[6:]}")(v, rows),
        lambda v: v.number is None and not v.amends,
        {"amends_unknown"},
    ),
    "amends_nothing": (
        cells(draft="", description="An amendment to the draft resolution"),
        lambda v: bool(v.amends),
        set(),
    ),
    "amends_unknown": (
        cells(description="Amendment to draft resolution S/1999/99999"),
        lambda v: bool(v.amends),
        set(),
    ),
    "against_without_vote": (
        lambda v, rows: rows[5].update(ms_vote="N") or 5,
        lambda v: v.modality != "Vote",
        set(),
    ),
}
"""By kind: the change, which votes it can be in, and what follows from it."""


def with_fault(kind: str, votes: list[MadeVote], n: int, draw: random.Random) -> Faulty:
    """Return a file of these votes with n faults of a kind in votes drawn from it."""
    if kind in OF_FILE:
        return OF_FILE[kind](votes, n, draw)
    change, can_have, others = IN_ONE_VOTE[kind]
    blocks: list[list[dict[str, str] | str]] = [[*vote.rows()] for vote in votes]
    able = [k for k, vote in enumerate(votes) if can_have(vote)]
    chosen = draw.sample(able, min(n, len(able)))
    at = []
    for k in chosen:
        rows = votes[k].rows()
        place = change(votes[k], rows)
        blocks[k] = [*rows]
        at.append((k, place))
    return Faulty(kind, blocks, at, frozenset(others))


def _blocks(votes: Iterable[MadeVote]) -> list[list[dict[str, str] | str]]:
    return [[*vote.rows()] for vote in votes]


def _adopted(votes: list[MadeVote], n: int, draw: random.Random) -> list[int]:
    """Return the places of n resolutions, none of them near another or an end."""
    able = [k for k, vote in enumerate(votes) if is_adopted(vote)][5:-5]
    return sorted(draw.sample(able[::7], n))


def _unreadable(votes: list[MadeVote], n: int, draw: random.Random) -> Faulty:
    blocks = _blocks(votes)
    lines = ["4000001,FRA", '"4000001"x,FRA', "4000001" + ",x" * len(COLUMNS)]
    added = [[line] for line in (lines * n)[:n]]
    return Faulty("unreadable", blocks + added, [(len(blocks) + k, 0) for k in range(n)])


def _repeated(votes: list[MadeVote], n: int, draw: random.Random) -> Faulty:
    blocks = _blocks(votes)
    rows = draw.sample([row for block in blocks for row in block], n)
    return Faulty("repeated", [*blocks, rows], [(len(blocks), k) for k in range(n)])


def _header_again(votes: list[MadeVote], n: int, draw: random.Random) -> Faulty:
    blocks = _blocks(votes)
    k = draw.randrange(1, len(blocks))
    return Faulty("header_again", [*blocks[:k], [",".join(COLUMNS)], *blocks[k:]], [(k, 0)])


def _again(votes: list[MadeVote], n: int, draw: random.Random) -> Faulty:
    chosen = _adopted(votes, n, draw)
    copies = [[row | {"undl_id": f"77{k}"} for row in votes[k].rows()] for k in chosen]
    blocks = _blocks(votes)
    return Faulty("again", blocks + copies, [(len(blocks) + k, 0) for k in range(n)])


def _draft_again(votes: list[MadeVote], n: int, draw: random.Random) -> Faulty:
    chosen = _adopted(votes, n, draw)
    copies = [
        [row | {"undl_id": f"77{k}", "resolution": ""} for row in votes[k].rows()] for k in chosen
    ]
    blocks = _blocks(votes)
    return Faulty("draft_again", blocks + copies, [(len(blocks) + k, 0) for k in range(n)])


def _missing(votes: list[MadeVote], n: int, draw: random.Random) -> Faulty:
    gone = set(_adopted(votes, n, draw))
    after = [next(k for k in range(g + 1, len(votes)) if votes[k].number) for g in gone]
    drafts = {votes[k].draft for k in gone}
    kept = [k for k in range(len(votes)) if k not in gone and votes[k].amends not in drafts]
    blocks = _blocks(votes[k] for k in kept)
    return Faulty("missing", blocks, [(kept.index(k), 0) for k in after])


def _out_of_order(votes: list[MadeVote], n: int, draw: random.Random) -> Faulty:
    """Move days so far that no other is out of order, and that the year stays."""
    chosen = []
    changed = list(votes)
    for k in _adopted(votes, min(4 * n, len(votes) // 20), draw):
        vote = votes[k]
        other = vote.day + timedelta(days=150 if vote.day.month <= 6 else -150)
        if other.year == vote.day.year and len(chosen) < n:
            changed[k] = replace(vote, day=other)
            chosen.append(k)
    return Faulty("out_of_order", _blocks(changed), [(k, 0) for k in chosen])


def _same_roll_call(votes: list[MadeVote], n: int, draw: random.Random) -> Faulty:
    """Give five resolutions in a row the roll call of the first, with one abstention."""
    able = [
        k
        for k in range(len(votes) - 5)
        if all(is_adopted(v) and v.seats == votes[k].seats for v in votes[k : k + 5])
    ]
    start = draw.choice(able)
    changed = list(votes)
    for k in range(start, start + 5):
        changed[k] = replace(votes[k], letters="YYYYYYYAYYYYYYY")
    return Faulty("same_roll_call", _blocks(changed), [(start, 0)])


OF_FILE: dict[str, Callable[[list[MadeVote], int, random.Random], Faulty]] = {
    "unreadable": _unreadable,
    "repeated": _repeated,
    "header_again": _header_again,
    "again": _again,
    "draft_again": _draft_again,
    "missing": _missing,
    "out_of_order": _out_of_order,
    "same_roll_call": _same_roll_call,
}
"""Faults that are not in one vote alone."""
EVERY = (*IN_ONE_VOTE, *OF_FILE)
