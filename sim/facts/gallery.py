"""A gallery as plain data: many scenarios over the same worlds, and the pairs to compare."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from typing_extensions import TypedDict

from sim.charter import OutcomeName
from sim.facts.calendar import likely_dissenters
from sim.facts.comparison import Change, ComparisonReport
from sim.facts.report import Chance, Report, Software
from sim.scenario import Scenario


class Entry(TypedDict):
    """A scenario of a gallery."""

    name: str
    title: str
    date: str
    fingerprint: str
    headline: str
    outcome: dict[OutcomeName, Chance]
    dissenters: dict[str, float]
    """The probability that a member is not in favour, of those that are likely to dissent."""
    observed_outcome: OutcomeName | None
    p_observed: float | None


class Pair(TypedDict):
    """Two scenarios of a gallery, and by how much adoption is likelier in the second."""

    base: str
    other: str
    adopted: Change


class Gallery(TypedDict):
    """What a gallery says: `index.json`."""

    schema_version: int
    software: Software
    worlds: int
    random_seed: int
    scenarios: list[Entry]
    pairs: list[Pair]


def gallery_of(reports: Sequence[Report], pairs: Sequence[ComparisonReport]) -> Gallery:
    """Return the facts of a gallery: its reports, all over the same worlds, and their pairs."""
    first = reports[0]
    return {
        "schema_version": first["schema_version"],
        "software": first["software"],
        "worlds": first["worlds"],
        "random_seed": first["random_seed"],
        "scenarios": [_entry(report) for report in reports],
        "pairs": [
            {
                "base": pair["base"]["name"],
                "other": other["name"],
                "adopted": other["difference"]["adopted"],
            }
            for pair in pairs
            for other in pair["others"]
        ],
    }


def _entry(report: Report) -> Entry:
    return {
        "name": report["name"],
        "title": report["title"],
        "date": report["scenario"]["date"],
        "fingerprint": report["fingerprint"],
        "headline": report["headline"],
        "outcome": report["outcome"],
        "dissenters": likely_dissenters(report),
        "observed_outcome": report["roll_call"]["observed_outcome"],
        "p_observed": report["roll_call"]["p_observed"],
    }


def are_related(one: Scenario, other: Scenario) -> bool:
    """Return whether two scenarios are of one mandate, or one extends the other."""
    mandates = one.draft.mandate, other.draft.mandate
    extends = ((a.form.extends, b.name) for a, b in ((one, other), (other, one)))
    return mandates[0] == mandates[1] != "" or any(
        base and Path(base).stem == name for base, name in extends
    )
