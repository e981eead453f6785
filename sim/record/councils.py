"""Who sat in years without a roster, as the file of votes itself has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sim.charter.rules import seats_and_quota
from sim.roster import Member, council_of, council_on, permanent_members, seated_states, years

Seats = frozenset[str]


@dataclass(frozen=True)
class Councils:
    """The Council of any day: by the shipped rosters, else by the file.

    Args:
        of_file: the codes of those seated, by year, in years without a roster.
        why_not: by year, why the file gives no roster.
    """

    of_file: Mapping[int, Seats] = field(default_factory=dict)
    why_not: Mapping[int, str] = field(default_factory=dict)

    def on(self, day: date) -> tuple[Member, ...]:
        """Return the members seated on a day, permanent ones first.

        Raises:
            NotFound: neither has the Council of that year.
        """
        if day.year in self.of_file:
            return council_of(self.of_file[day.year], day)
        return council_on(day)


def councils_of(votes: Iterable[tuple[date, Seats]]) -> Councils:
    """Return the Councils of a file, from the day and the members of each of its votes.

    The Council of a year is the one that more than half of its votes name, if it has the seats of
    the time and all five permanent members.
    """
    named: dict[int, Counter[Seats]] = {}
    first, last = years()
    for day, seats in votes:
        if not first <= day.year <= last:
            named.setdefault(day.year, Counter())[seats] += 1
    found, why_not = dict[int, Seats](), dict[int, str]()
    for year, counts in named.items():
        seats, n = counts.most_common(1)[0]
        why = _why_not(year, seats, n / counts.total())
        if why:
            why_not[year] = why
        else:
            found[year] = seats
    return Councils(found, why_not)


def _why_not(year: int, seats: Seats, share: float) -> str:
    """Return why the seats that this share of a year's votes name are no Council, or nothing."""
    n_seats, _ = seats_and_quota(year)
    if share <= 1 / 2:
        return "its votes name different members"
    if len(seats) != n_seats:
        return f"its votes name {len(seats)} members, not {n_seats}"
    if absent := permanent_members() - seats:
        return f"its votes name no {', no '.join(sorted(absent))}"
    return "" if seats <= seated_states().keys() else "its votes name what is no State"
