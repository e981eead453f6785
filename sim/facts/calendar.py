"""Forecasts of the mandates that expire between two days, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256

from typing_extensions import TypedDict

from sim.catalogue import Expiry, Mandate, mandates
from sim.errors import NotFound
from sim.facts.report import Chance, Doubt, Report, Software
from sim.facts.run import SCHEMA_VERSION, software
from sim.record.shipped import shipped_record
from sim.scenario import Scenario

LIKELY = 0.2
"""Members that are not in favour with this probability or more are named as likely to dissent."""
NEAR = 2.0
"""An outcome hangs on members for whom another vote that changes it would take a change of the gain
of this many of its standard deviations or less."""
COLUMNS = (
    "day",
    "mandate",
    "p_adopted",
    "p_vetoed",
    "p_not_carried",
    "version",
    "preferences",
    "data_until",
)
"""Of a file of forecasts."""


class Expected(TypedDict):
    """The forecast of one renewal."""

    on: str
    """The day on which the mandate expires."""
    certainty: str
    """How sure that day is: documented, one source, or presumed."""
    is_closing: bool
    """Whether the latest text on the mandate is to be the last."""
    mandate: str
    name: str
    adopted: Chance
    doubt: Doubt
    p_vetoed: float
    p_not_carried: float
    dissenters: dict[str, float]
    """The probability that a member is not in favour, of those that are likely to dissent."""
    hangs_on: list[str]
    """Members whose other vote is near and would change the outcome, the nearest first."""
    preferences: str
    """SHA-256 of the file of preferences."""
    fingerprint: str


class Calendar(TypedDict):
    """What the mandates that expire between two days come to: `calendar.json`."""

    schema_version: int
    software: Software
    begin: str
    end: str
    data_until: str
    """The day of the latest vote of the record."""
    worlds: int
    random_seed: int
    forecasts: list[Expected]


def expiries_between(begin: date, end: date) -> list[tuple[Expiry, Mandate]]:
    """Return what expires from one day to another, both included, in the order of the days.

    Each mandate as often as it would if it were renewed as usual until then.

    Raises:
        NotFound: nothing does.
    """
    pairs = ((expiry, m) for m in mandates().values() for expiry in m.expiries_until(end))
    found = [(expiry, m) for expiry, m in pairs if begin <= expiry.day <= end]
    if not found:
        raise NotFound(f"no mandate expires from {begin} to {end}; unsc mandates lists them.")
    return sorted(found, key=lambda pair: (pair[0].day, pair[1].mandate))


def expected(expiry: Expiry, mandate: Mandate, scenario: Scenario, report: Report) -> Expected:
    """Return what the report of a renewal says of it in one row."""
    file = scenario.preferences_from
    return {
        "on": expiry.day.isoformat(),
        "certainty": expiry.certainty,
        "is_closing": mandate.status == "closing",
        "mandate": mandate.mandate,
        "name": mandate.name,
        "adopted": report["outcome"]["adopted"],
        "doubt": report["doubt"],
        "p_vetoed": report["outcome"]["vetoed"]["p"],
        "p_not_carried": report["outcome"]["not_carried"]["p"],
        "dissenters": likely_dissenters(report),
        "hangs_on": hangs_on(report),
        "preferences": sha256(file.read_bytes()).hexdigest() if file else "",
        "fingerprint": report["fingerprint"],
    }


def likely_dissenters(report: Report) -> dict[str, float]:
    """Return the probability that a member is not in favour where that is likely, highest first."""
    every = {code: round(1 - m["in_favour"], 6) for code, m in report["members"].items()}
    return {c: p for c, p in sorted(every.items(), key=lambda item: -item[1]) if p >= LIKELY}


def hangs_on(report: Report) -> list[str]:
    """Return the members that are `NEAR` another vote that would change the outcome."""
    distances = {
        code: abs(pivot["distance"]) / member["gain"]["sd"]
        for code, member in report["members"].items()
        if (pivot := member["pivot"]) and member["gain"]["sd"]
    }
    near = (code for code, distance in distances.items() if distance <= NEAR)
    return sorted(near, key=lambda code: distances[code])


def calendar_of(
    begin: date, end: date, forecasts: Sequence[Expected], worlds: int, random_seed: int
) -> Calendar:
    """Return the forecasts with what they were made from."""
    return {
        "schema_version": SCHEMA_VERSION,
        "software": software(),
        "begin": begin.isoformat(),
        "end": end.isoformat(),
        "data_until": shipped_record()[-1].date.isoformat(),
        "worlds": worlds,
        "random_seed": random_seed,
        "forecasts": [*forecasts],
    }


def rows_of(calendar: Calendar) -> Iterable[Mapping[str, str]]:
    """Yield the rows of the file of forecasts, with its `COLUMNS`."""
    for forecast in calendar["forecasts"]:
        yield {
            "day": forecast["on"],
            "mandate": forecast["mandate"],
            "p_adopted": str(forecast["adopted"]["p"]),
            "p_vetoed": str(forecast["p_vetoed"]),
            "p_not_carried": str(forecast["p_not_carried"]),
            "version": calendar["software"]["version"],
            "preferences": forecast["preferences"],
            "data_until": calendar["data_until"],
        }
