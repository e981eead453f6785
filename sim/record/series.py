"""What the numbers of resolutions and meetings show: days out of order, gaps, copies."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import suppress
from datetime import date
from itertools import groupby, pairwise
from typing import NamedTuple

from sim.errors import Fault, Place, listed
from sim.record.problems import Problem

SAME_ROLL_CALLS = 4
"""Resolutions in a row with one divided roll call that are suspect; the record has up to three."""

_NUMBERED = re.compile(r"(?:S/RES/|R)([0-9]{1,5})(?: ?\(([0-9]{4})\))?")
_DRAFT = re.compile(r"S/(?:([0-9]{4})/|PV\.)?[1-9][0-9]*(?:/[A-Za-z]+\.?[0-9]*(?:/[0-9]+)?)*")
_MEETING = re.compile(r"(?:S/PV\.)?([0-9]{1,5})(?: ?\(.*\))?")


class InSeries(NamedTuple):
    """A vote as its series sees it.

    Args:
        symbol: `S/RES/2725(2024)`, or of a draft.
        day: of the vote.
        place: where it is in the file.
        meeting: `S/PV.9591`, or empty.
        not_in_favour: who did not vote in favour, and how: empty where all did.
    """

    symbol: str
    day: date
    place: Place
    meeting: str = ""
    not_in_favour: tuple[tuple[str, str], ...] = ()

    @property
    def number(self) -> int:
        """The number of the resolution, 0 of a draft."""
        return number_of(self.symbol)

    def problem(self, kind: str, path: str, found: str, allowed: str, advice: str = "") -> Problem:
        """Return a problem of this vote."""
        return Problem(Fault(self.place, path, found, allowed, advice), kind, self.place)


def problems_of_series(votes: Sequence[InSeries], others: Iterable[str] = ()) -> Iterator[Problem]:
    """Yield what is wrong with the order, the numbers or the roll calls of a file's votes.

    Args:
        votes: those that are read.
        others: symbols of votes that are in the file and left out, so that none is missing.
    """
    yield from _drafts_to_come(votes)
    numbered = sorted((vote for vote in votes if vote.number), key=lambda vote: vote.number)
    yield from _out_of_order([(vote.number, vote) for vote in numbered])
    known = {vote.place for vote in numbered}
    meetings = sorted((n, vote) for vote in votes if (n := _meeting_of(vote)))
    if len({n for n, _ in meetings}) > 1:
        wrong = _out_of_order(meetings)
        yield from (problem for problem in wrong if problem.fault.place not in known)
    yield from _missing(numbered, {number_of(symbol) for symbol in others})
    yield from _same_roll_calls(numbered)


def number_of(symbol: str) -> int:
    """Return the number of a resolution by its symbol, 0 of a draft."""
    found = _NUMBERED.fullmatch(symbol)
    return int(found[1]) if found else 0


def year_of(symbol: str) -> int:
    """Return the year of a resolution by its symbol, 0 where it has none.

    >>> year_of("S/RES/2725(2024)"), number_of("S/RES/2725(2024)"), year_of("S/2024/255")
    (2024, 2725, 0)
    """
    found = _NUMBERED.fullmatch(symbol)
    return int(found[2] or 0) if found else 0


def is_draft(symbol: str) -> bool:
    """Return whether this is the symbol of a draft, or the record of the meeting that moved it.

    >>> [is_draft(x) for x in ("S/2024/255", "S/11940/Rev.1", "S/PRST/2024/1", "S/RES/2725(2024)")]
    [True, True, False, False]
    """
    return _DRAFT.fullmatch(symbol) is not None


def _drafts_to_come(votes: Iterable[InSeries]) -> Iterator[Problem]:
    """Yield a problem for each draft voted on before the year of its symbol."""
    for vote in votes:
        found = _DRAFT.match(vote.symbol)
        if found and int(found[1] or 0) > vote.day.year:
            said = f"{vote.symbol} was voted on {vote.day}"
            yield vote.problem("draft_to_come", "date", said, f"expected {found[1]} or later")


def _meeting_of(vote: InSeries) -> int:
    found = _MEETING.fullmatch(vote.meeting)
    return int(found[1]) if found else 0


def _out_of_order(series: Sequence[tuple[int, InSeries]]) -> Iterator[Problem]:
    """Yield the fewest votes without which all days are in order, each with a day that would fit.

    Args:
        series: in the order of the numbers.
    """
    days = [(vote.day, n) for n, vote in series]
    kept = _longest_in_order([day for day, _ in days])
    for k, (_, vote) in enumerate(series):
        if k in kept:
            continue
        before = max((i for i in kept if i < k), default=None)
        after = min((i for i in kept if i > k), default=None)
        low = series[before][1].day if before is not None else date.min
        high = series[after][1].day if after is not None else date.max
        beside = series[after if after is not None and vote.day > high else before or 0][1]
        side = "after" if vote.day > beside.day else "before"
        found = f"{vote.symbol} is dated {vote.day}, {side} {beside.symbol} of {beside.day}"
        yield vote.problem("out_of_order", "date", found, _what_fits(vote.day, low, high))


def _what_fits(day: date, low: date, high: date) -> str:
    """Return which day would fit between two others: day and month swapped, or another year."""
    tried = [(day.year, day.day, day.month)]
    known = [end.year for end in (low, high) if end not in (date.min, date.max)]
    tried += [(year, day.month, day.day) for year in known]
    for year, month, number in tried:
        with suppress(ValueError):
            if low <= (fit := date(year, month, number)) <= high:
                swapped = ", with day and month swapped" if year == day.year else ""
                return f"{fit} would fit{swapped}"
    if low == date.min or high == date.max:
        return f"expected a day up to {high}" if low == date.min else f"expected a day from {low}"
    return f"expected a day from {low} to {high}" if low < high else f"expected {low}"


def _longest_in_order(days: Sequence[date]) -> set[int]:
    """Return the places of the longest part of the days that never goes back."""
    ends: list[date] = []
    places: list[int] = []
    before: list[int] = []
    for k, day in enumerate(days):
        at = bisect_right(ends, day)
        before.append(places[at - 1] if at else -1)
        ends[at : at + 1], places[at : at + 1] = [day], [k]
    kept, k = set[int](), places[-1] if places else -1
    while k >= 0:
        kept.add(k)
        k = before[k]
    return kept


def _missing(numbered: Sequence[InSeries], others: Set[int]) -> Iterator[Problem]:
    """Yield a problem for each gap in the numbers."""
    for one, other in pairwise(numbered):
        gone = sorted({*range(one.number + 1, other.number)} - others)
        if not gone:
            continue
        which = f"number {gone[0]} is" if len(gone) == 1 else f"numbers {_ranges(gone)} are"
        found = f"{which} missing between {one.symbol} and {other.symbol}"
        allowed = "expected every number, as the Council leaves none out"
        yield other.problem("missing", "resolution", found, allowed)


def _ranges(numbers: Sequence[int]) -> str:
    """Return numbers in words: `2726 to 2729, 2731`."""
    runs = [[*run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    ends = [(run[0][1], run[-1][1]) for run in runs]
    return listed([str(low) if low == high else f"{low} to {high}" for low, high in ends], 8)


def _same_roll_calls(numbered: Sequence[InSeries]) -> Iterator[Problem]:
    """Yield a problem for each run of numbers with one roll call that is not unanimous."""
    for roll_call, group in groupby(numbered, key=lambda vote: vote.not_in_favour):
        run = [*group]
        if roll_call and len(run) >= SAME_ROLL_CALLS:
            who = ", ".join(f"{code} {how.replace('_', ' ')}" for code, how in roll_call[:4])
            more = ", ..." if len(roll_call) > 4 else ""  # as many as are named
            found = f"{run[0].symbol} to {run[-1].symbol}, {len(run)} in a row, with {who}{more}"
            allowed = "expected roll calls of their own"
            yield run[0].problem("same_roll_call", "ms_vote", found, allowed)
