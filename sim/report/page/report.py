"""The page of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from markupsafe import Markup

from sim.facts.figures import words
from sim.facts.report import Report
from sim.facts.votes import those_who
from sim.report.brief import main_reason
from sim.report.consultations import stays_as_tabled
from sim.report.outcome import BRIEF, LEAST, report_sections
from sim.report.page import bars
from sim.report.page.gains import contributions, distances
from sim.report.page.horseshoe import horseshoe
from sim.report.page.page import Link, Part, page
from sim.report.page.scales import text_scales
from sim.report.sections import Section, as_if


def outcomes(report: Report) -> Markup:
    """Return a bar for each possible outcome, and for each set of members that vetoes."""
    every = []
    for name, chance in report["outcome"].items():
        colour = bars.colour_of(name)
        if (high := chance["high"]) > 0:
            every.append(bars.Chance(words(name), chance["p"], chance["low"], high, colour))
        if name == "vetoed":
            every += [
                bars.Chance(f"vetoed by {those_who(who)}", p, colour=colour)
                for who, p in report["vetoed_by"].items()
                if p >= LEAST
            ]
    return bars.chances("outcome", "Probability of each outcome", every)


DRAWINGS: Mapping[str, Callable[[Report], Markup | None]] = {
    "outcome": outcomes,
    "gains": contributions,
    "text": text_scales,
    "rounds": bars.consultations,
    "pivots": distances,
}
"""The drawing of a section by the section's key."""


LISTS = {"basis": "Preference by preference", "evidence": "The list", "evidence-votes": "The list"}
"""What is said of the longest tables, which are folded."""
CHANCES = "Each member's chances, %"
IN_BRIEF = tuple(key for key in BRIEF if key not in ("answer", "outcome"))
"""Sections on the first screen, beside the answer and the Council, which say what these two do."""
OPEN = "reading"
"""The section that is open below them; all others are closed until asked for."""


def report_page(report: Report, back: Link | None = None) -> str:
    """Return the page of a report: a brief, how to read it, and all that it rests on."""
    answer, *sections = report_sections(report)
    headline = report["headline"]
    told = [*answer.sentences].index(headline) + 1
    members = next(s for s in sections if s.key == "members")
    first, _, others = headline.partition(". ")  # what is likeliest; then whose veto, and the votes
    opening = [*answer.sentences[: told - 1], f"{first}.", *([others] if others else [])]
    parts = [
        Part(replace(answer, sentences=opening), lead=f"{first}."),
        council(members, report),
    ]
    parts += [Part(section, brief=True) for section in sections if section.key in IN_BRIEF]
    sureness = Section("How sure this is", answer.sentences[told:], key="sureness")
    parts.append(Part(sureness, brief=True))
    rest = [section for section in sections if section.key not in IN_BRIEF]
    parts += [with_drawing(section, report) for section in rest]
    return page(report["title"], parts, back)


def with_drawing(section: Section, report: Report) -> Part:
    """Return a section with its drawing if it has one, closed unless it is for everybody."""
    if section.key == "members":
        section = with_reasons(section, report)
    drawing = DRAWINGS[section.key](report) if section.key in DRAWINGS else None
    moves = section.key == "text" and not stays_as_tabled(report)
    legend = "moving-text" if moves else section.key
    return Part(
        section,
        [drawing] if drawing else (),
        legend if drawing else "",
        folded=LISTS.get(section.key, ""),
        closed=section.key != OPEN,
    )


def with_reasons(members: Section, report: Report) -> Section:
    """Return the table of members with each main reason in words; what they are made of follows."""
    column, rows = [*members.columns].index("main reason"), []
    for row in members.rows:
        cells = [*row]
        if str(row[column]).startswith(("+", "-")):  # no behaviour, and it takes part
            cells[column] = main_reason(report, str(row[0]))
        rows.append(cells)
    sentence = members.sentences[-1].replace("with its sign", "in words")
    return replace(members, rows=rows, sentences=[*members.sentences[:-1], sentence])


def council(members: Section, report: Report) -> Part:
    """Return the horseshoe over the table of members as far as their chances, less their names."""
    given = as_if(report["deadline"]["withdrawn"])
    section = replace(
        members,
        heading="The Council",
        sentences=[f"The most likely vote{given}."] if given else [],
        columns=[members.columns[0], *members.columns[2:5]],
        rows=[[row[0], *row[2:5]] for row in members.rows],
        key="council",
    )
    is_whole = not any(m["not_participating"] for m in report["members"].values())
    legend = "council" if is_whole else "part-of-council"
    return Part(section, [horseshoe(report)], legend, folded=CHANCES, brief=True)
