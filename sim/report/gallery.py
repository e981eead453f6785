"""What a gallery says: the outcomes of many scenarios in one table, and all pairs of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from sim.errors import WillNotOverwrite
from sim.facts.run import per_cent
from sim.report.sections import Facts, Section, possible, words

OWN = "index"
"""What the gallery's own files are called, without their ending."""


def gallery_of(reports: Sequence[Facts], pairs: Sequence[Facts]) -> dict[str, Any]:
    """Return the facts of a gallery, taken from the reports and comparisons as they are.

    Args:
        reports: one for each scenario, all over the same worlds.
        pairs: the comparison of each with each that follows it.
    """
    first = reports[0]
    kept = ("name", "title", "fingerprint", "headline", "outcome")
    return {
        **{key: first[key] for key in ("schema_version", "software", "worlds", "random_seed")},
        "scenarios": [
            {
                **{key: report[key] for key in kept},
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


def file_of(name: str) -> str:
    """Return what a scenario's files are called, without their ending and what Windows refuses."""
    return re.sub(r'[/\\:*?"<>|\x00-\x1f]', "_", name)


def pair_name(base: str, other: str) -> str:
    """Return what two scenarios are called together, where they are compared."""
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
                f"{name}: its files would be called as those of {taken[file]}; give each scenario "
                "of a gallery a file name of its own."
            )
        taken[file] = name


def gallery_sections(gallery: Facts) -> list[Section]:
    """Return the sections of a gallery: the outcomes, and how it was computed."""
    return [_outcomes(gallery), _provenance(gallery)]


def _outcomes(gallery: Facts) -> Section:
    scenarios = gallery["scenarios"]
    shown = possible(scenarios)
    rows = [
        (
            scenario["name"],
            *(per_cent(scenario["outcome"][name]["p"]) for name in shown),
            words(scenario["observed_outcome"] or ""),
        )
        for scenario in scenarios
    ]
    return Section(
        f"{len(scenarios)} scenarios",
        ["Probability of each outcome, %, and what happened where there was a vote."],
        ("scenario", *map(words, shown), "what happened"),
        rows,
        key="scenarios",
    )


def _provenance(gallery: Facts) -> Section:
    sentence = (
        f"The same {gallery['worlds']:,} worlds for all, random seed {gallery['random_seed']}; "
        f"unsc-sim {gallery['software']['version']}."
    )
    return Section("How it was computed", [sentence], key="provenance")
