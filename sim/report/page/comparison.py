"""The page of a comparison: a base and others, side by side on common scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from string import ascii_uppercase

from markupsafe import Markup

from sim.charter import ACTIONS
from sim.facts.comparison import ComparisonReport, MemberChange, OtherSide
from sim.facts.figures import Share, words
from sim.report.differences import Lettered, comparison_sections, most_flipped, sides
from sim.report.page.bars import (
    BAR,
    Chance,
    adoption_by_round,
    chances,
    colour_of,
    differences,
    stacked,
)
from sim.report.page.page import Link, Part, page
from sim.report.page.scales import compared_scales
from sim.report.page.svg import WIDTH, chart, group, label
from sim.report.sections import Section, possible

ROW = 40

CLOSED = ("outcome", "members", "text", "rounds", "provenance", "again")
"""How the keys of sections begin that are closed until asked for."""

LetteredOthers = Sequence[tuple[str, OtherSide]]
"""As `Lettered`, less the base: from B on."""


def comparison_page(comparison: ComparisonReport, back: Link | None = None) -> str:
    """Return the page of a comparison: what `compare.json` holds, each scenario by a letter."""
    base = comparison["base"]
    lettered = [*zip(ascii_uppercase, sides(comparison), strict=False)]
    others = [*zip(ascii_uppercase[1:], comparison["others"], strict=False)]
    opening = Section(
        f"What if? {base['title']}",
        [f"{letter}. {side['headline']}" for letter, side in others],
        ("letter", "scenario", "title"),
        [(letter, side["name"], side["title"]) for letter, side in lettered],
        key="scenarios",
    )
    lead = opening.sentences[0] if len(others) == 1 else ""
    parts = [Part(opening, lead=lead), side_by_side(lettered, others)]
    parts += [with_drawing(s, lettered, others) for s in comparison_sections(comparison)]
    title = f"{base['name']} compared with {', '.join(side['name'] for _, side in others)}"
    return page(title, parts, back)


def side_by_side(lettered: Lettered, others: LetteredOthers) -> Part:
    """Return all outcomes and all differences, each on one scale."""
    shown = possible([side["outcome"] for _, side in lettered])
    likely = [
        Chance(f"{words(name)}, {letter}", **side["outcome"][name], colour=colour_of(name))
        for name in shown
        for letter, side in lettered
    ]
    changed = [
        Chance(
            f"{words(name)}, {letter} minus A", **side["difference"][name], colour=colour_of(name)
        )
        for name in shown
        for letter, side in others
    ]
    drawings = [
        chances("likely", "Probability of each outcome, %", likely),
        differences("changed", "Differences in points, with 95 % intervals", changed),
    ]
    sentence = (
        "First the probability of each outcome in each scenario, then its difference from A: right "
        "of the line it is likelier there, left of it less likely."
    )
    section = Section("Outcomes side by side", [sentence], key="side-by-side")
    return Part(section, drawings, "side-by-side")


def with_drawing(section: Section, lettered: Lettered, others: LetteredOthers) -> Part:
    """Return a section by the letters of its scenarios, with the drawing that belongs to it."""
    kind, _, number = section.key.partition("-")
    closed = kind in CLOSED
    if number:
        letter, other = others[int(number) - 1]
        section = replace(section, heading=f"{letter}: {section.heading}")
        if kind == "members" and other["members"]:
            return Part(section, [members(section.key, other)], "members", closed=closed)
    if section.key not in ("text", "rounds"):
        return Part(section, closed=closed)
    section = replace(section, columns=(section.columns[0], *(letter for letter, _ in lettered)))
    if section.key == "text":
        return Part(section, [compared_scales(lettered)], "texts", closed=closed)
    return Part(section, [adoption_by_round(lettered)], closed=closed)


def members(key: str, other: OtherSide) -> Markup:
    """Return each member before and after, the one that flipped most first."""
    every = most_flipped(other)
    rows: list[Markup] = []
    for k, (code, member) in enumerate(every):
        top, flipped = k * ROW, f"{Share(member['flipped']['p'])} % flipped"
        rows += [
            group(
                label(0, top + 12, code, class_="strong"),
                label(WIDTH, top + 12, flipped, "end", "small"),
            ),
            stacked(top + 16, member["before"]),
            stacked(top + 16 + BAR, member["after"]),
        ]
    described = "; ".join(f"{code} {change_in_words(m)}" for code, m in every)
    title = "Members before (above) and after (below)"
    return chart(key, title, f"{described}.", len(every) * ROW, rows)


def change_in_words(member: MemberChange) -> str:
    """Return what a member's chances were and are: `0.4 / 1.6 / 98.0 becomes ...`."""
    before, after = (
        " / ".join(str(Share(vote[action])) for action in ACTIONS)
        for vote in (member["before"], member["after"])
    )
    return f"{before} becomes {after}"
