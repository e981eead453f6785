"""What a gallery says: the outcomes of many scenarios in one table, and all pairs of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import TypedDict

from sim.errors import WillNotOverwrite
from sim.facts.calendar import likely_dissenters
from sim.facts.comparison import Change, ComparisonReport
from sim.facts.figures import Share
from sim.facts.report import Chance, OutcomeName, Report, Software
from sim.report.sections import Row, Section, Written, keyed, possible, some_of, words
from sim.scenario import Scenario

MOST_DISSENTERS = 4
"""Members likely not to be in favour that are named."""
OWN = "index"
"""What the gallery's own files are called, without their ending."""


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
        "scenarios": [
            {
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
            for report in reports
        ],
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


def named(dissenters: Mapping[str, float]) -> str:
    """Return who is likely to dissent: `RUS 66, CHN 62`."""
    return some_of([f"{code} {100 * p:.0f}" for code, p in dissenters.items()], MOST_DISSENTERS)


def are_related(one: Scenario, other: Scenario) -> bool:
    """Return whether two scenarios are of one mandate, or one extends the other."""
    mandates = one.draft.mandate, other.draft.mandate
    extends = ((a.form.extends, b.name) for a, b in ((one, other), (other, one)))
    return mandates[0] == mandates[1] != "" or any(
        base and Path(base).stem == name for base, name in extends
    )


def file_of(name: str) -> str:
    """Return the name of a scenario's files, without their ending and what Windows refuses."""
    return re.sub(r'[/\\:*?"<>|\x00-\x1f]', "_", name)


def pair_name(base: str, other: str) -> str:
    """Return the name of the files that compare two scenarios, without their ending."""
    return f"{base}--{other}"


def check_names(names: Sequence[str]) -> None:
    """Check that the files of all scenarios can lie in one folder.

    Raises:
        WillNotOverwrite: two would be called the same, or as the gallery's own files.
    """
    taken = {OWN: "the gallery's own page", "run": "the account of the run"}
    pairs = [pair_name(*pair) for pair in combinations(names, 2)]
    for name in [*names, *pairs]:
        file = file_of(name).casefold()
        if file in taken:
            raise WillNotOverwrite(
                f"{name}: its files would have the names of those of {taken[file]}; give each "
                "scenario of a gallery a file name of its own."
            )
        taken[file] = name


def gallery_sections(gallery: Gallery) -> list[Section]:
    """Return the sections of a gallery: the outcomes, and how it was computed."""
    scenarios = gallery["scenarios"]
    shown = possible([scenario["outcome"] for scenario in scenarios])
    rows: list[Row] = [
        (
            scenario["name"],
            Written(scenario["date"]),
            *(Share(scenario["outcome"][name]["p"]) for name in shown),
            named(scenario["dissenters"]),
            words(scenario["observed_outcome"] or ""),
        )
        for scenario in scenarios
    ]
    outcomes = Section(
        f"{len(scenarios)} scenarios",
        [
            "Probability of each outcome, %, who is likely not to be in favour, and what happened "
            "where there was a vote."
        ],
        ("scenario", "day", *map(words, shown), "not in favour, %", "what happened"),
        rows,
    )
    sentence = (
        f"All scenarios share the same {gallery['worlds']:,} worlds, random seed "
        f"{gallery['random_seed']}; unsc-sim {gallery['software']['version']}."
    )
    provenance = Section("How it was computed", [sentence])
    return keyed([("scenarios", outcomes), ("provenance", provenance)])
