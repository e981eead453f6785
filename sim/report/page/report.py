"""The page of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from sim.report.consultations import stays_as_tabled
from sim.report.outcome import outcomes, report_sections
from sim.report.page.bars import Chance, chances
from sim.report.page.gains import contributions, distances
from sim.report.page.horseshoe import horseshoe
from sim.report.page.page import Link, Part, page
from sim.report.page.rounds import consultations
from sim.report.page.scales import text_scales
from sim.report.sections import Facts, Section


def report_page(report: Facts, back: Link | None = None) -> str:
    """Return the page of a report: its sections in their order, each with its drawing.

    Args:
        report: what `report.json` holds.
        back: the page that leads here, if one does.
    """
    opening, *sections = report_sections(report)
    members = next(s for s in sections if s.key == "members")
    council = Part(_council(members), [horseshoe(report)], "council")
    parts = [_with_drawing(section, report) for section in sections]
    return page(report["title"], [Part(opening, lead=report["headline"]), council, *parts], back)


def _council(members: Section) -> Section:
    """Return the members' chances alone, as they stand in the table of members."""
    return replace(
        members,
        heading="The Council",
        sentences=[
            "Each seat has the shape of the member's most likely vote; beside it, in favour / "
            "abstaining / against in per cent. Seats in alphabetical order."
        ],
        columns=_without_name(members.columns),
        rows=[_without_name(row) for row in members.rows],
        key="council",
    )


def _without_name(cells: Sequence[str]) -> Sequence[str]:
    """Return a row of the members' table as far as the chances, less the name."""
    return [cells[0], *cells[2:5]]


def _with_drawing(section: Section, report: Facts) -> Part:
    drawing = _drawing(section.key, report)
    if drawing is None:
        return Part(section)
    moves = section.key == "text" and not stays_as_tabled(report)
    return Part(section, [drawing], "moving-text" if moves else section.key)


def _drawing(key: str, report: Facts) -> Markup | None:
    """Return the drawing that belongs to a section, if one does."""
    if key == "outcome":
        every = [Chance(name, p, *(interval or ())) for name, p, interval in outcomes(report)]
        return chances(key, "Probability of each outcome", every)
    draw = {
        "gains": contributions,
        "text": text_scales,
        "rounds": consultations,
        "turning": distances,
    }.get(key)
    return draw(report) if draw else None
