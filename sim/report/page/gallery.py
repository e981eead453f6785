"""The page that leads to all pages of a gallery."""

from __future__ import annotations

from urllib.parse import quote

from sim.facts.run import points
from sim.report.gallery import OWN, file_of, gallery_sections, pair_name
from sim.report.page.page import Link, Part, page
from sim.report.sections import Facts, Section, harmless

BACK = Link(f"{OWN}.html", "All scenarios")
"""The way back from every page of a gallery."""


def gallery_page(gallery: Facts) -> str:
    """Return the index: the table of outcomes, and from each scenario a way to each comparison."""
    outcomes, provenance = gallery_sections(gallery)
    ways = [_way(s["name"], s["name"]) for s in gallery["scenarios"]]
    parts = [Part(outcomes, ways=ways)]
    if gallery["pairs"]:
        parts.append(_pairs(gallery))
    return page(outcomes.heading, [*parts, Part(provenance)])


def _pairs(gallery: Facts) -> Part:
    section = Section(
        "Any two of them compared",
        [
            "Behind each scenario those that follow it, each with the difference in the chance of "
            "adoption, in points: above 0 where it is the higher there. Each leads to the two side "
            "by side."
        ],
        key="pairs",
    )
    ways: dict[str, list[Link]] = {}
    for pair in gallery["pairs"]:
        base, other = pair["base"], pair["other"]
        words = f"{harmless(other)} {points(pair['adopted']['p'])}"
        ways.setdefault(base, []).append(_way(pair_name(base, other), words))
    return Part(section, lists=[*ways.items()])


def _way(name: str, words: str) -> Link:
    return Link(f"{quote(file_of(name), safe='')}.html", words)
