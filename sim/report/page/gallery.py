"""The page that leads to all pages of a gallery."""

from __future__ import annotations

from urllib.parse import quote

from sim.facts.figures import Points
from sim.report.gallery import OWN, Gallery, file_of, gallery_sections, pair_name
from sim.report.page.page import Link, Part, page
from sim.report.sections import Section, harmless

BACK = Link(f"{OWN}.html", "All scenarios")
"""The link back from every page of a gallery."""


def gallery_page(gallery: Gallery) -> str:
    """Return the index: the table of outcomes, and links to each scenario and each comparison."""
    outcomes, provenance = gallery_sections(gallery)
    links = [_link(s["name"], s["name"]) for s in gallery["scenarios"]]
    parts = [Part(outcomes, links=links)]
    by_base: dict[str, list[Link]] = {}
    for pair in gallery["pairs"]:
        base, other = pair["base"], pair["other"]
        words = f"{harmless(other)} {Points(pair['adopted']['p'])}"
        by_base.setdefault(base, []).append(_link(pair_name(base, other), words))
    if by_base:
        sentence = (
            "Each scenario is followed by those after it in the list, each with the difference in "
            "P(adopted), in points: above 0 where adoption is likelier there. The links lead to "
            "both side by side."
        )
        section = Section("Comparisons of any two", [sentence], key="pairs")
        parts.append(Part(section, lists=[*by_base.items()]))
    return page(outcomes.heading, [*parts, Part(provenance)])


def _link(name: str, words: str) -> Link:
    return Link(f"{quote(file_of(name), safe='')}.html", words)
