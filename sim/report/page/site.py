"""Which page belongs to which facts, and all the files of a gallery."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import TemplateError

from sim.facts.calendar import Calendar
from sim.facts.comparison import ComparisonReport
from sim.facts.figures import Points
from sim.facts.gallery import Gallery
from sim.facts.report import Report
from sim.facts.schema import check, kind_of
from sim.report.calendar import calendar_section
from sim.report.files import as_json
from sim.report.gallery import OWN, file_of, gallery_sections, pair_name
from sim.report.markdown import markdown
from sim.report.outcome import report_sections
from sim.report.page.comparison import comparison_page
from sim.report.page.explanation import explanation_page
from sim.report.page.frontier import frontier_page
from sim.report.page.page import Link, Part, page
from sim.report.page.report import report_page
from sim.report.page.sensitivity import sensitivity_page
from sim.report.saved import no_report, read_saved
from sim.report.sections import Section
from sim.report.spelling import harmless

BACK = Link(f"{OWN}.html", "All scenarios")
"""The link back from every page of a gallery."""
MOST_OPEN = 10
"""Links to comparisons that are open; more of them are folded."""
WRONG = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, TemplateError)
"""What a file can come to that lacks something of a report, or has something else in its place."""


PAGES: Mapping[str, Callable[[Any], str]] = {
    "report": report_page,
    "comparison": comparison_page,
    "explanation": explanation_page,
    "sensitivity": sensitivity_page,
    "frontier": frontier_page,
}
"""The page of each kind of saved file."""


def page_of(facts: Mapping[str, Any]) -> str:
    """Return the page of a report, a comparison or an analysis."""
    return PAGES[kind_of(facts)](facts)


def saved_page(path: Path) -> str:
    """Return the page of what `--out` or `--json` saved, whose types are checked.

    Raises:
        InvalidInput: the file cannot be read, is of no such kind, or lacks something.
        WorldsDoNotMatch: it was made by another version.
    """
    facts = read_saved(path)
    try:
        check(facts)
        return page_of(facts)
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
    """Return the index: each scenario by its title, and what can be compared, with links."""
    outcomes, provenance = gallery_sections(gallery)
    scenarios = gallery["scenarios"]
    titled = [(s["title"], *row[1:]) for s, row in zip(scenarios, outcomes.rows, strict=True)]
    links = [_link(s["name"], s["name"]) for s in scenarios]
    parts = [Part(replace(outcomes, rows=titled), links=links)]
    titles = {s["name"]: s["title"] for s in scenarios}
    by_base: dict[str, list[Link]] = {}
    for pair in gallery["pairs"]:
        base, other = pair["base"], pair["other"]
        words = f"{harmless(titles[other])} {Points(pair['adopted']['p'])}"
        by_base.setdefault(base, []).append(_link(pair_name(base, other), words))
    if by_base:
        sentence = (
            "Scenarios on the same mandate, or of which one extends the other, side by side. The "
            "number is the difference in P(adopted), in points: above 0 where adoption is likelier "
            "in the one linked."
        )
        section = Section("Comparisons", [sentence], key="pairs")
        lists = [(titles[base], links) for base, links in by_base.items()]
        parts.append(Part(section, lists=lists, closed=len(gallery["pairs"]) > MOST_OPEN))
    return page(outcomes.heading, [*parts, Part(provenance)])


def calendar_pages(calendar: Calendar, reports: Mapping[str, Report]) -> dict[str, str]:
    """Return the pages of a calendar by their files' names: an index, and each renewal."""
    back = Link(f"{OWN}.html", "All that expires")
    pages = {f"{file_of(name)}.html": report_page(r, back) for name, r in reports.items()}
    return {f"{OWN}.html": calendar_page(calendar), **pages}


def calendar_page(calendar: Calendar) -> str:
    """Return the index of a calendar: month by month what expires, each with a link to its page."""
    section = calendar_section(calendar)
    parts = [Part(replace(section, rows=(), key="calendar"))]
    expected = zip(calendar["forecasts"], section.rows, strict=True)
    for month, group in groupby(expected, key=lambda pair: pair[0]["on"][:7]):
        of_month = [*group]
        rows = [(forecast["name"], *row[1:]) for forecast, row in of_month]
        links = [_link(f"{f['mandate']}@{f['on']}", f["name"]) for f, _ in of_month]
        heading = f"{date.fromisoformat(f'{month}-01'):%B %Y}"
        parts.append(Part(Section(heading, (), section.columns, rows, key=month), links=links))
    return page(section.heading, parts)


def _link(name: str, words: str) -> Link:
    return Link(f"{quote(file_of(name), safe='')}.html", words)
