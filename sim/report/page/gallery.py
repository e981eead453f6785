"""The page that leads to all pages of a gallery."""

from __future__ import annotations

from urllib.parse import quote

from sim.ensemble.facts import points
from sim.report.gallery import OWN, differences_from, file_of, gallery_sections
from sim.report.page.page import Link, Part, page
from sim.report.sections import Facts, Section, harmless

BACK = Link(f"{OWN}.html", "All scenarios")
"""The way back from every page of a gallery."""


def pair_name(base: str, other: str) -> str:
    """Return the name of the file in which two scenarios are compared, without its ending."""
    return f"{file_of(base)}--{file_of(other)}"


def gallery_page(gallery: Facts) -> str:
    """Return the index: the table of outcomes, and from each scenario a way to each comparison."""
    outcomes, provenance = gallery_sections(gallery)
    ways = [_way(file_of(s["name"]), s["name"]) for s in gallery["scenarios"]]
    parts = [Part(outcomes, ways=ways)]
    if gallery["pairs"]:
        parts.append(_pairs(gallery))
    return page(outcomes.heading, [*parts, Part(provenance)])


def _pairs(gallery: Facts) -> Part:
    names = [scenario["name"] for scenario in gallery["scenarios"]]
    section = Section(
        "Any two of them compared",
        [
            "Below each scenario the others, with the difference in the chance of adoption in "
            "points: so many more in the other than in it. Each leads to the two side by side."
        ],
        key="pairs",
    )
    lists = [(name, [*_ways_from(gallery, names, name)]) for name in names]
    return Part(section, lists=lists)


def _ways_from(gallery: Facts, names: list[str], name: str) -> list[Link]:
    mine = names.index(name)
    return [
        _way(
            pair_name(name, other) if mine < names.index(other) else pair_name(other, name),
            f"{harmless(other)} {points(difference)}",
        )
        for other, difference in differences_from(gallery, name).items()
    ]


def _way(file: str, words: str) -> Link:
    return Link(f"{quote(file, safe='')}.html", words)
