"""Which page belongs to which facts, and all the files of a gallery."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import TemplateError

from sim.facts.comparison import ComparisonReport
from sim.facts.report import Report
from sim.facts.schema import checked
from sim.report.files import as_json
from sim.report.gallery import OWN, Gallery, file_of, pair_name
from sim.report.markdown import markdown
from sim.report.outcome import report_sections
from sim.report.page.comparison import comparison_page
from sim.report.page.gallery import BACK, gallery_page
from sim.report.page.page import Link
from sim.report.page.report import report_page
from sim.report.saved import no_report, read_saved

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
