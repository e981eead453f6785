"""Which page belongs to which facts, and all the files of a gallery."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from jinja2 import TemplateError

from sim.facts.comparison import ComparisonReport
from sim.facts.figures import Points
from sim.facts.report import Report
from sim.facts.schema import checked
from sim.report.files import as_json
from sim.report.gallery import OWN, Gallery, file_of, gallery_sections, pair_name
from sim.report.markdown import markdown
from sim.report.outcome import report_sections
from sim.report.page.comparison import comparison_page
from sim.report.page.page import Link, Part, page
from sim.report.page.report import report_page
from sim.report.saved import no_report, read_saved
from sim.report.sections import Section
from sim.report.spelling import harmless

BACK = Link(f"{OWN}.html", "All scenarios")
"""The link back from every page of a gallery."""
WRONG = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, TemplateError)
"""What a file can come to that lacks something of a report, or has something else in its place."""


def page_of(facts: Report | ComparisonReport, back: Link | None = None) -> str:
    """Return the page of a report or of a comparison."""
    return comparison_page(facts, back) if "others" in facts else report_page(facts, back)


def saved_page(path: Path) -> str:
    """Return the page of a saved `report.json` or `compare.json`, whose types are checked.

    Raises:
        InvalidInput: the file cannot be read, is neither, or lacks something.
        WorldsDoNotMatch: it was made by another version.
    """
    facts = read_saved(path)
    try:
        return page_of(checked(facts))
    except WRONG as error:
        found = f"nothing that can be shown ({type(error).__name__}: {error})"
        raise no_report(path, found) from error


def gallery_pages(
    gallery: Gallery, reports: Sequence[Report], pairs: Sequence[ComparisonReport]
) -> dict[str, str]:
    """Return the files of a gallery by their names: an index, each scenario, each pair."""
    files = {f"{OWN}.html": gallery_page(gallery)}
    for report in reports:
        name = file_of(report["name"])
        files[f"{name}.html"] = report_page(report, BACK)
        files[f"{name}.json"] = as_json(report)
        files[f"{name}.md"] = markdown(report_sections(report))
    for pair in pairs:
        name = file_of(pair_name(pair["base"]["name"], pair["others"][0]["name"]))
        files[f"{name}.html"] = comparison_page(pair, BACK)
    return files


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
