"""Who sits when, and with whom."""

from __future__ import annotations

from datetime import date

import pytest

from sim.errors import NotFound
from sim.roster import REGIONAL_GROUPS, Member, council_of, council_on, states, years

YEARS = range(1994, 2028)
PERMANENT = ["CHN", "FRA", "GBR", "RUS", "USA"]


def member_on(code: str, *day: int) -> Member:
    """Return a member of the Council of that day."""
    return next(m for m in council_on(date(*day)) if m.code == code)


def test_years_known() -> None:
    """Rosters reach from 1994 to 2027."""
    assert years() == (YEARS[0], YEARS[-1])


@pytest.mark.parametrize("year", YEARS)
def test_fifteen_members(year: int) -> None:
    """Every year seats fifteen States, the five permanent ones first, each part by code."""
    codes = [m.code for m in council_on(date(year, 6, 1))]
    assert len(set(codes)) == len(codes) == 15
    assert codes[:5] == PERMANENT
    assert codes[5:] == sorted(codes[5:])


@pytest.mark.parametrize("year", YEARS)
def test_seats_by_group(year: int) -> None:
    """Elected: three African, two Asia-Pacific, one Eastern European, two GRULAC, two WEOG."""
    groups = [m.state.regional_group for m in council_on(date(year, 6, 1)) if not m.permanent]
    counted = [groups.count(group) for group in REGIONAL_GROUPS]
    assert counted == [3, 2, 1, 2, 2]


@pytest.mark.parametrize("year", YEARS)
def test_terms_of_two_years(year: int) -> None:
    """An elected member sits two calendar years on end, so it served the year before or the next.

    The Netherlands and Italy shared one term, 2017 and 2018.
    """
    split = {(2017, "ITA"), (2018, "NLD")}
    around = [council_on(date(y, 1, 1)) for y in (year - 1, year + 1) if y in YEARS]
    if len(around) == 2:
        before_or_after = {m.code for council in around for m in council}
        alone = {m.code for m in council_on(date(year, 1, 1))} - before_or_after
        assert {(year, code) for code in alone} <= split


@pytest.mark.parametrize("year", YEARS)
def test_caucuses_that_follow_from_seats(year: int) -> None:
    """P5, E10 and A3 are the permanent, the elected and the elected African members."""
    council = council_on(date(year, 6, 1))
    for caucus, expected in (
        ("P5", [m for m in council if m.permanent]),
        ("E10", [m for m in council if not m.permanent]),
        ("A3", [m for m in council if m.state.regional_group == "African"]),
        ("P3", [m for m in council if m.code in ("FRA", "GBR", "USA")]),
    ):
        assert [m for m in council if caucus in m.caucuses] == expected


def test_the_united_kingdom_leaves_the_union() -> None:
    """The United Kingdom is in the EU caucus up to 31 January 2020 and not from the day after."""
    assert "EU" in member_on("GBR", 2020, 1, 31).caucuses
    assert "EU" not in member_on("GBR", 2020, 2, 1).caucuses
    assert "EU" in member_on("FRA", 2020, 2, 1).caucuses


@pytest.mark.parametrize("day", [date(1989, 12, 31), date(1993, 12, 31), date(2028, 1, 1)])
def test_no_roster(day: date) -> None:
    """A date without a roster is refused, and the message says which dates have one."""
    expected = f"no roster for {day.year}; expected a date from 1994-01-01 to 2027-12-31"
    with pytest.raises(NotFound, match=expected):
        council_on(day)


def test_an_imagined_council() -> None:
    """States put together by name keep their rank and group, and sit in the Council's order."""
    council = council_of(["BRA", "RUS", "KEN"], date(2024, 6, 1))
    assert [(m.code, m.permanent) for m in council] == [
        ("RUS", True),
        ("BRA", False),
        ("KEN", False),
    ]
    assert "A3" in council[2].caucuses


def test_every_state_has_a_group() -> None:
    """Every State has an alpha-3 code and a name, and all but territories a regional group."""
    assert len(states()) >= 193
    for code, state in states().items():
        assert (code, len(code)) == (state.code, 3)
        assert state.name
        assert state.regional_group in REGIONAL_GROUPS or code in {"ESH", "PSE", "TWN"}
