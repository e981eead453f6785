"""What a gallery says: the outcomes of many scenarios in one table; what its files are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from sim.errors import WillNotOverwrite
from sim.facts.figures import Share, words
from sim.facts.gallery import Gallery
from sim.report.sections import Row, Section, Written, keyed, possible, with_chances

MOST_DISSENTERS = 4
"""Members likely not to be in favour that are named."""
OWN = "index"
"""What the gallery's own files are called, without their ending."""


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
            with_chances(scenario["dissenters"], MOST_DISSENTERS),
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
