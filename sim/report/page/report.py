"""The page of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from markupsafe import Markup

from sim.facts.report import Report
from sim.report.consultations import stays_as_tabled
from sim.report.outcome import chances, report_sections
from sim.report.page import bars
from sim.report.page.gains import contributions, distances
from sim.report.page.horseshoe import horseshoe
from sim.report.page.page import Link, Part, page
from sim.report.page.scales import text_scales
from sim.report.sections import Section, as_if


def outcomes(report: Report) -> Markup:
    """Return a bar for each outcome."""
    every = [bars.Chance(name, p, *(interval or ())) for name, p, interval in chances(report)]
    return bars.chances("outcome", "Probability of each outcome", every)


DRAWINGS: Mapping[str, Callable[[Report], Markup | None]] = {
    "outcome": outcomes,
    "gains": contributions,
    "text": text_scales,
    "rounds": bars.consultations,
    "pivots": distances,
}
"""The drawing of a section by the section's key."""


def report_page(report: Report, back: Link | None = None) -> str:
    """Return the page of a report: its sections in their order, each with its drawing."""
    opening, *sections = report_sections(report)
    parts = [Part(opening, lead=report["headline"])]
    members = next(s for s in sections if s.key == "members")
    parts.append(Part(council(members, report), [horseshoe(report)], "council"))
    for section in sections:
        drawing = DRAWINGS[section.key](report) if section.key in DRAWINGS else None
        moves = section.key == "text" and not stays_as_tabled(report)
        legend = "moving-text" if moves else section.key
        parts.append(Part(section, [drawing], legend) if drawing else Part(section))
    return page(report["title"], parts, back)


def council(members: Section, report: Report) -> Section:
    """Return the table of members as far as their chances, less their names."""
    return replace(
        members,
        heading="The Council",
        sentences=[
            "The shape of each seat shows the member's most likely vote"
            f"{as_if(report['deadline']['withdrawn'])}; beside it, in favour / abstaining / "
            "against, %. Seats are in alphabetical order."
        ],
        columns=[members.columns[0], *members.columns[2:5]],
        rows=[[row[0], *row[2:5]] for row in members.rows],
        key="council",
    )
