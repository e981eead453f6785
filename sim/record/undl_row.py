"""One row of the UN Digital Library's file: which member it is of, and how that member voted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import Place
from sim.reading.csv_table import Row
from sim.reading.messages import quoted
from sim.reading.state_names import code_of, codes_of, near_state
from sim.record.problems import Problem
from sim.roster import former_states, permanent_members, seated_states

WORDS: Mapping[str, str] = {
    **dict.fromkeys(("YES", "IN FAVOUR", "IN FAVOR", "FOR", "IN_FAVOUR"), "Y"),
    **dict.fromkeys(("NO", "AGAINST"), "N"),
    **dict.fromkeys(("ABSTAIN", "ABSTAINED", "ABSTAINING", "ABSTENTION", "ABS"), "A"),
    **dict.fromkeys(("NV", "NOT VOTING", "NON-VOTING", "NON VOTING", "ABSENT"), "X"),
    **dict.fromkeys(("NOT PARTICIPATING", "NOT_PARTICIPATING", "DID NOT PARTICIPATE"), "X"),
}
"""What is written for the library's letters in other tables."""
LETTERS = ("Y", "N", "A", "X")
IS_PERMANENT = {"TRUE": True, "1": True, "YES": True, "FALSE": False, "0": False, "NO": False}


@dataclass(frozen=True)
class UndlRow:
    """A row as it was meant.

    Args:
        row: as it is in the file.
        code: of the State whose seat it was, or what stands there where that is not known.
        letter: Y, N, A, X, empty, or what stands there.
        problems: what was read in another way than it is written, and what cannot be read.
    """

    row: Row
    code: str
    letter: str
    problems: tuple[Problem, ...]


def as_meant(row: Row, vote: Place) -> UndlRow:
    """Return a row as it was meant.

    Args:
        row: of the file.
        vote: where its vote begins.
    """
    problems: list[Problem] = []

    def note(kind: str, column: str, found: str, allowed: str, advice: str = "") -> None:
        problems.append(Problem(row.fault(column, found, allowed, advice), kind, vote))

    said, name = row.cells["ms_code"].upper(), row.cells.get("ms_name", "")
    code, is_known = said, said in seated_states()
    if not is_known and (former := former_states().get(said)):
        code, is_known = former.seat_of, True
        note("former", "ms_code", f"{said} is a former code", f"read as {code}")
    elif not said and (code := code_of(name)):
        is_known = True
        note(
            "by_name", "ms_code", "the cell is empty", f"read as {code} by the name {quoted(name)}"
        )
    if not is_known:
        meant = code_of(name)
        near = f"Did you mean '{meant}'?" if meant else near_state(name) or near_state(said)
        found = f"found {quoted(said)}" if said else "the cell is empty"
        note("member_unknown", "ms_code", found, "expected the code of a State, as FRA", near)
    elif (named := codes_of(name)) and code not in named:
        allowed = f"expected a name of {code}, or another code"
        note("name_of_another", "ms_name", f"found {quoted(name)} beside {said}", allowed)
    permanent = IS_PERMANENT.get(row.cells.get("permanent_member", "").upper())
    if is_known and permanent not in (None, code in permanent_members()):
        is_said, it_is = ("permanent", "elected") if permanent else ("elected", "permanent")
        note("permanent", "permanent_member", f"{code} is marked as {is_said}", f"read as {it_is}")
    letter = " ".join(row.cells["ms_vote"].upper().split())  # no-break spaces among them
    if letter in WORDS or (letter in LETTERS and letter != row.cells["ms_vote"]):
        letter = WORDS.get(letter, letter)
        note("words", "ms_vote", f"found {quoted(row.cells['ms_vote'])}", f"read as {letter}")
    return UndlRow(row, code, letter, tuple(problems))
