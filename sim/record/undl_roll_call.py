"""The roll call of a vote in the library's file: checked, decided, made a row of the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from sim.charter import Action, Outcome
from sim.charter.rules import seats_and_quota
from sim.errors import NotFound, listed
from sim.reading.messages import quoted
from sim.record.councils import Councils
from sim.record.keywords import inferred
from sim.record.record import COLUMNS
from sim.record.recorded_vote import decided
from sim.record.series import InSeries
from sim.record.undl_row import LETTERS, UndlRow
from sim.record.undl_vote import TOTALS, UndlVote
from sim.roster import Member, years

_COLUMN_OF = {"N": "against", "A": "abstaining", "X": "not_participating"}
_ACTION_OF = {"Y": Action.IN_FAVOUR, "N": Action.AGAINST}


def as_row(vote: UndlVote, councils: Councils) -> dict[str, str] | None:
    """Return the vote as a row of the record, or note everything that is wrong with it."""
    vote.check_symbols()
    vote.check_agreement()
    vote.check_procedural()
    council = _council(vote, councils)
    letters = _letters(vote, council)
    if vote.was_counted and not vote.is_left_out:
        _check_totals(vote, letters)
    if vote.is_left_out or vote.day is None:
        return None
    outcome = _outcome(vote, vote.day, council, letters)
    if vote.is_left_out:
        return None
    vote.check_told()
    return _row(vote, vote.day, councils, letters, outcome)


def in_series(vote: UndlVote, row: Mapping[str, str]) -> InSeries:
    """Return it as its series sees it, by its row of the record."""
    named = [(code, column) for column in _COLUMN_OF.values() for code in row[column].split()]
    day = date.fromisoformat(row["date"])
    symbol = row["symbol"]
    return InSeries(symbol, day, vote.place, row["meeting"], tuple(sorted(named)))


def _row(
    vote: UndlVote, day: date, councils: Councils, letters: Mapping[str, str], outcome: Outcome
) -> dict[str, str]:
    cells = vote.cells
    named = {
        column: " ".join(sorted(code for code, letter in letters.items() if letter == sign))
        for sign, column in _COLUMN_OF.items()
    }
    told = inferred(cells["description"], cells["agenda"], vote.is_amendment)
    return {
        **dict.fromkeys(COLUMNS, ""),
        "vote_id": vote.vote_id,
        "date": day.isoformat(),
        "symbol": vote.symbol,
        "title": cells["description"] or vote.symbol,
        "summary": cells["agenda"],
        **told,
        "outcome": outcome.value,
        "in_favour": str(list(letters.values()).count("Y")),
        **named,
        "procedural": "yes" if vote.is_procedural(day) else "",
        "amends": vote.amends,
        "draft": next(iter(vote.drafts), "") if vote.resolution else "",
        "meeting": cells.get("meeting", ""),
        "council": " ".join(sorted(letters)) if day.year in councils.of_file else "",
        "inferred": " ".join(sorted(told)),
    }


def _council(vote: UndlVote, councils: Councils) -> tuple[Member, ...]:
    """Return the Council of the day, or note that there is none."""
    if vote.day is None:
        return ()
    try:
        return councils.on(vote.day)
    except NotFound:
        first, last = years()
        why = councils.why_not.get(vote.day.year, "")
        found = f"no roster for {vote.day.year}, and {why}"
        vote.note("no_roster", vote.rows[0], "date", found, f"rosters are of {first} to {last}")
        return ()


def _letters(vote: UndlVote, council: Sequence[Member]) -> dict[str, str]:
    """Return how each member voted, by its code, and note everything that cannot be.

    Where no vote was taken, all members were in favour.
    """
    seats = [member.code for member in council]
    letters: dict[str, str] = {}
    unknown = "member_unknown"
    for member in vote.members:
        vote.problems += member.problems
        _check_letter(vote, member)
        if any(problem.kind == unknown for problem in member.problems):
            continue
        if seats and member.code not in seats:
            found = f"{member.code} holds no seat on {vote.day}"
            allowed = f"expected one of {listed(seats)}"
            vote.note("not_seated", member.row, "ms_code", found, allowed)
        elif member.code in letters:
            found = f"{member.code} is given twice"
            vote.note("member_twice", member.row, "ms_code", found, "each member votes once")
        letters.setdefault(member.code, member.letter if vote.was_counted else "Y")
    if missing := [code for code in seats if code not in letters]:
        allowed = f"expected the {len(seats)} members seated on {vote.day}"
        found = f"no row for {listed(missing)}"
        vote.note("member_absent", vote.rows[0], "ms_code", found, allowed)
    return letters


def _check_letter(vote: UndlVote, member: UndlRow) -> None:
    """Note a letter that says nothing of a vote, or something where none was taken."""
    row, said = member.row, quoted(member.row.cells["ms_vote"])
    if not vote.was_counted and member.letter not in ("Y", "X", ""):
        allowed = "expected Y, X or nothing, as no vote was taken"
        vote.note("against_without_vote", row, "ms_vote", f"found {said}", allowed)
    elif vote.was_counted and not member.letter:
        vote.note("letter_empty", row, "ms_vote", "the cell is empty", "expected Y, N, A or X")
    elif vote.was_counted and member.letter not in LETTERS:
        vote.note("letter", row, "ms_vote", f"found {said}", "expected Y, N, A or X")


def _check_totals(vote: UndlVote, letters: Mapping[str, str]) -> None:
    """Note totals that the rows contradict."""
    counts = Counter(letters.values())
    counted = {column: counts[letter] for column, letter in TOTALS.items()}
    for column, number in {**counted, "total_ms": len(letters)}.items():
        said = vote.cells[column].removesuffix(".0")
        if said and said != str(number):
            kind = "seats" if column == "total_ms" else "totals"
            found = f"found {quoted(said)}"
            vote.note(kind, vote.rows[0], column, found, f"the rows give {number}")


def _outcome(
    vote: UndlVote, day: date, council: Sequence[Member], letters: Mapping[str, str]
) -> Outcome:
    """Return what the roll call means by the Charter; note what the row says against it."""
    votes = [_ACTION_OF.get(letters[member.code], Action.ABSTAINING) for member in council]
    outcome = decided(council, np.array(votes, dtype=np.int8), vote.is_procedural(day), day)
    against = [m.code for m in council if m.permanent and letters[m.code] == "N"]
    tally = f"{votes.count(Action.IN_FAVOUR)} in favour"
    tally += f" with {' and '.join(against)} against" if against else ""
    _check_number(vote, day, outcome, tally)
    claimed = vote.said("outcome")
    if claimed and claimed.lower().replace(" ", "_") != outcome:
        found = f"found {quoted(claimed)}, but {tally} is '{outcome}'"
        vote.note("outcome", vote.rows[0], "outcome", found, f"read as '{outcome}'")
    return outcome


def _check_number(vote: UndlVote, day: date, outcome: Outcome, tally: str) -> None:
    """Note a resolution that was not adopted, and a draft that was without becoming one."""
    row = vote.rows[0]
    if vote.resolution and outcome is Outcome.NOT_CARRIED:
        allowed = f"a resolution needs {seats_and_quota(day.year)[1]} or more"
        vote.note("not_enough", row, "ms_vote", tally, allowed)
    elif vote.resolution and outcome is Outcome.VETOED:
        advice = "If no veto applied, put yes into a column 'procedural'."
        allowed = "a draft with such votes is vetoed, and gets no number"
        vote.note("blocked", row, "ms_vote", tally, allowed, advice)
    elif outcome is Outcome.ADOPTED and not (vote.resolution or vote.amends):
        allowed = "expected the number that it got as S/RES/2680(2023), or other votes"
        vote.note("adopted_unnumbered", row, "resolution", f"{tally}, but no number", allowed)
