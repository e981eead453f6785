"""Who sits when: permanent and elected members, regional groups, caucuses."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sim.errors import NotFound
from sim.paths import seed_rows

REGIONAL_GROUPS = ("African", "Asia-Pacific", "Eastern European", "GRULAC", "WEOG")
SIDES = ("P3", "West", "Russia_China", "others")
"""The sides of the pen: the P3, other Western States, Russia with or without China, all others."""
OF_RUSSIA = frozenset({"RUS"})
"""Who makes a draft one of the side `Russia_China`. Source: assumed."""
PERMANENT_BLOCS = ("P3", "Russia_China")
"""Caucuses of permanent members alone: those who meet in one vote as a bloc. Source: assumed."""
WITH_THE_WEST = frozenset({"JPN", "KOR"})
"""States of other regional groups that vote with the West. Source: assumed."""


@dataclass(frozen=True)
class State:
    """A State as the roster knows it: ISO 3166 alpha-3 code, short name, regional group."""

    code: str
    name: str
    regional_group: str


@dataclass(frozen=True)
class Member:
    """A State with a seat on a given day, and the caucuses it meets in."""

    state: State
    permanent: bool
    caucuses: tuple[str, ...]

    @property
    def code(self) -> str:
        """The State's ISO 3166 alpha-3 code."""
        return self.state.code

    @property
    def shock_name(self) -> str:
        """Under whose name its own shock is drawn: permanent members of a bloc share one."""
        blocs = (bloc for bloc in PERMANENT_BLOCS if self.permanent and bloc in self.caucuses)
        return next(blocs, self.code)


@cache
def states() -> Mapping[str, State]:
    """Return every State by its code, in the order of codes. Source: `seeds/states.csv`."""
    rows = sorted(seed_rows("states.csv"), key=lambda row: row["iso3"])
    return {r["iso3"]: State(r["iso3"], r["name"], r["regional_group"]) for r in rows}


@dataclass(frozen=True)
class FormerState:
    """A former State or a former name: its code, its name, and whose seat it had."""

    state: State
    seat_of: str
    """Code of the State of today that has its seat; empty where none has."""


@cache
def former_states() -> Mapping[str, FormerState]:
    """Return former codes of Members. Source: `seeds/former_states.csv`, after ISO 3166-3."""
    return {
        r["code"]: FormerState(State(r["code"], r["name"], r["regional_group"]), r["seat_of"])
        for r in seed_rows("former_states.csv")
    }


@cache
def seated_states() -> Mapping[str, State]:
    """Return every State that has or had a seat of its own, by code."""
    gone = {code: one.state for code, one in former_states().items() if not one.seat_of}
    return {**states(), **gone}


@cache
def caucus_names() -> tuple[str, ...]:
    """Return the caucuses that can carry a weight; P5, E10 and A3 follow from the seats."""
    return tuple(sorted({caucus for caucus, *_ in _caucus_rows()} | {"P5", "E10", "A3"}))


def bloc_of(code: str, day: date) -> str:
    """Return the bloc that a State votes with: a bloc of permanent members, `West` or its group.

    The West is WEOG and the Eastern European States, members of the European Union, Japan and the
    Republic of Korea, less permanent members.

    Source: assumed.
    """
    if code in permanent_members():
        return next((bloc for bloc in PERMANENT_BLOCS if _meets_in(bloc, code, day)), code)
    group = seated_states()[code].regional_group
    western = group in ("WEOG", "Eastern European") or code in WITH_THE_WEST
    return "West" if western or _meets_in("EU", code, day) else group


def sides_of(penholders: Sequence[str], day: date) -> dict[str, float]:
    """Return the share of each side in those who hold the pen; the P3 where nobody is known to.

    Most drafts are theirs: so that a pen that was not noted says nothing. A pen that the West holds
    together with Russia is nobody's against the others: it counts as one of `others`. China is on
    Russia's side where both hold the pen, and else one of the others: the Council passed the few
    drafts of which it held the pen without Russia as it passes theirs.

    Source: assumed.
    """
    with_russia = not OF_RUSSIA.isdisjoint(penholders)
    sides: dict[str, float] = {}
    for bloc in (bloc_of(code, day) for code in penholders):
        side = bloc if bloc in SIDES and (with_russia or bloc != "Russia_China") else "others"
        sides[side] = sides.get(side, 0.0) + 1 / len(penholders)
    if with_russia and sides.keys() & {"P3", "West"}:
        return {"others": 1.0}
    return sides or {"P3": 1.0}


def _meets_in(caucus: str, code: str, day: date) -> bool:
    return any(c == caucus and a <= day <= b for c, a, b in _caucuses_of().get(code, ()))


def years() -> tuple[int, int]:
    """Return the first and the last year whose Council is known."""
    known = _seats_by_year()
    return min(known), max(known)


def day_of(text: str) -> date:
    """Return the day written as 2024-03-28.

    Raises:
        NotFound: it is no such day.
    """
    try:
        if len(text) == len("2024-03-28"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise NotFound(f"'{text}': no such day; expected a day as 2024-03-28.")


def council_on(day: date) -> tuple[Member, ...]:
    """Return the members seated on that day, the permanent ones first, each part by code.

    Raises:
        NotFound: no roster for that year.

    Source: `seeds/rosters.csv`; terms of elected members run with the calendar year.
    """
    if day.year not in _seats_by_year():
        first, last = years()
        raise NotFound(
            f"no roster for {day.year}; expected a date from {first}-01-01 to {last}-12-31."
        )
    begun = bisect_right(_turning_days(), day)
    return _council(day.year, _turning_days()[begun - 1])


@cache
def _council(year: int, since: date) -> tuple[Member, ...]:
    """Return the members of a year as long as the caucuses stay what they became on a day."""
    return _seated(_seats_by_year()[year], since)


def council_of(codes: Iterable[str], day: date) -> tuple[Member, ...]:
    """Return an imagined Council of these States; those permanent today keep their rank."""
    permanent = permanent_members()
    return _seated({code: code in permanent for code in codes}, day)


@cache
def permanent_members() -> frozenset[str]:
    """Return the codes of the five permanent members."""
    latest = _seats_by_year()[years()[1]]
    return frozenset(code for code, permanent in latest.items() if permanent)


def _seated(seats: Mapping[str, bool], day: date) -> tuple[Member, ...]:
    """Return the seats as members, permanent ones first, with their caucuses on that day."""
    members = []
    for code in sorted(seats, key=lambda code: (not seats[code], code)):
        state, permanent = seated_states()[code], seats[code]
        caucuses = {"P5" if permanent else "E10"}
        if state.regional_group == "African" and not permanent:
            caucuses.add("A3")
        joined = _caucuses_of().get(code, ())
        caucuses |= {caucus for caucus, begins, ends in joined if begins <= day <= ends}
        members.append(Member(state, permanent, tuple(sorted(caucuses))))
    return tuple(members)


@cache
def _seats_by_year() -> dict[int, dict[str, bool]]:
    """Return, for each year, whether each seated State is a permanent member."""
    seats: dict[int, dict[str, bool]] = {}
    for row in seed_rows("rosters.csv"):
        seats.setdefault(int(row["year"]), {})[row["iso3"]] = row["permanent"] == "1"
    return seats


@cache
def _caucuses_of() -> dict[str, list[tuple[str, date, date]]]:
    """Return (caucus, from, until) by State."""
    joined: dict[str, list[tuple[str, date, date]]] = {}
    for caucus, code, begins, ends in _caucus_rows():
        joined.setdefault(code, []).append((caucus, begins, ends))
    return joined


@cache
def _turning_days() -> list[date]:
    """Return the days from which a caucus has other members, in order."""
    after = (ends + timedelta(days=1) for *_, ends in _caucus_rows() if ends < date.max)
    return sorted({date.min, *after, *(begins for _, _, begins, _ in _caucus_rows())})


@cache
def _caucus_rows() -> tuple[tuple[str, str, date, date], ...]:
    """Return (caucus, code, from, until) with open ends closed far away."""
    return tuple(
        (
            row["caucus"],
            row["iso3"],
            date.fromisoformat(row["from"] or "1945-10-24"),
            date.fromisoformat(row["until"] or "9999-12-31"),
        )
        for row in seed_rows("caucuses.csv")
    )
