"""The page of what an outcome hangs on."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from sim.facts.figures import Points
from sim.facts.sensitivity import BarFacts, GroupIndices, SensitivityFacts
from sim.report.page import bars
from sim.report.page.page import Part, page
from sim.report.page.svg import WIDTH, Scale, box, chart, group, label, line
from sim.report.sections import Section
from sim.report.sensitivity import BY, MEMBERS, by_setting, sensitivity_sections
from sim.report.shares import share_of

ROW = 32
DRAWN = 15
"""Bars that are drawn; the table has all."""


def sensitivity_page(facts: SensitivityFacts) -> str:
    """Return the page of an analysis of sensitivity: what `sensitivity.json` holds."""
    opening, *sections = sensitivity_sections(facts)
    parts = [Part(opening, lead=facts["headline"])]
    return page(opening.heading, [*parts, *(_part(section, facts) for section in sections)])


def _part(section: Section, facts: SensitivityFacts) -> Part:
    """Return a section with its drawing; a long table is folded below it."""
    folded = f"The table, {len(section.rows)} rows" if len(section.rows) > DRAWN else ""
    if section.key == "bars" and facts["bars"]:
        widest = [moves[0] for moves in by_setting(facts).values()]
        return Part(section, [tornado(widest[:DRAWN])], "tornado", folded=folded)
    if section.key in ("owners", "kinds"):
        groups = facts["owners"] if section.key == "owners" else facts["kinds"]
        return Part(section, [shares(section, groups)], "shares", folded=folded)
    return Part(section, folded=folded)


def shares(section: Section, groups: Sequence[GroupIndices]) -> Markup:
    """Return a bar for each group's share of the variance."""
    rows = [
        bars.Chance(
            group["name"],
            share_of(group["shapley"]).p,
            max(group["shapley"]["low"], 0),
            min(group["shapley"]["high"], 1),
        )
        for group in groups[:DRAWN]
    ]
    return bars.chances(section.key, section.heading, rows)


def tornado(moved: Sequence[BarFacts]) -> Markup:
    """Return a bar from the middle to either side for each number that was moved."""
    changes = [change for bar in moved for change in (bar["at_low"], bar["at_high"])]
    scale = Scale([end for change in changes for end in (change["low"], change["high"])])
    described = "; ".join(
        f"{bar['setting']} {Points(bar['at_low']['p'])} and {Points(bar['at_high']['p'])} points"
        for bar in moved
    )
    drawn = [line(scale(0), 0, scale(0), len(moved) * ROW, "axis")]
    for k, bar in enumerate(moved):
        drawn += _bar(k * ROW, bar, scale)
    title = "Points of P(adopted) by which each number moves it"
    return chart("bars", title, f"{described}.", len(moved) * ROW, drawn)


def _bar(top: float, bar: BarFacts, scale: Scale) -> list[Markup]:
    points = f"{Points(bar['at_low']['p'])} / {Points(bar['at_high']['p'])}"
    drawn = [
        label(0, top + 12, f"{bar['setting'].removeprefix(MEMBERS)}, {BY[bar['by']]}"),
        label(WIDTH, top + 12, points, "end", "number"),
    ]
    ends = ((bar["low"], bar["at_low"], "down"), (bar["high"], bar["at_high"], "up"))
    for value, change, class_ in ends:
        left, right = sorted((scale(0), scale(change["p"])))
        middle, tooltip = top + 22, f"at {value:.3g}: {Points(change['p'])} points"
        drawn.append(
            group(
                box(left, top + 17, right - left, 10, class_, tooltip),
                line(scale(change["low"]), middle, scale(change["high"]), middle, "interval"),
            )
        )
    return drawn
