"""The page of a comparison: a base and others, side by side on common scales."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from string import ascii_uppercase

from markupsafe import Markup

from sim.facts.run import per_cent
from sim.report.differences import comparison_sections, most_flipped, sides
from sim.report.page.bars import Chance, chances, differences, stacked
from sim.report.page.page import Link, Part, page
from sim.report.page.rounds import adoption_by_round
from sim.report.page.scales import compared_scales
from sim.report.page.svg import WIDTH, chart, group, label
from sim.report.sections import ACTIONS, Facts, Section, possible, words

ROW = 40
BAR = 10

Lettered = Sequence[tuple[str, Facts]]
"""A letter for each scenario, A the base, and what the comparison says of it."""


def comparison_page(comparison: Facts, back: Link | None = None) -> str:
    """Return the page of a comparison: what `compare.json` holds, each scenario by a letter."""
    lettered = [*zip(ascii_uppercase, sides(comparison), strict=False)]
    parts = [_with_drawing(section, lettered) for section in comparison_sections(comparison)]
    return page(_title(comparison), [_opening(lettered), _side_by_side(lettered), *parts], back)


def _title(comparison: Facts) -> str:
    names = [side["name"] for side in comparison["others"]]
    return f"{comparison['base']['name']} beside {', '.join(names)}"


def _opening(lettered: Lettered) -> Part:
    _, base = lettered[0]
    told = [f"{letter}. {side['headline']}" for letter, side in lettered[1:]]
    rows = [(letter, side["name"], side["title"]) for letter, side in lettered]
    heading = f"What if? {base['title']}"
    return Part(Section(heading, told, ("letter", "scenario", "title"), rows, key="scenarios"))


def _side_by_side(lettered: Lettered) -> Part:
    """Return all outcomes and all differences, each on one scale."""
    shown = possible([side for _, side in lettered])
    likely = [
        Chance(f"{words(name)}, {letter}", **side["outcome"][name])
        for name in shown
        for letter, side in lettered
    ]
    changed = [
        Chance(f"{words(name)}, {letter} less A", **side["difference"][name])
        for name in shown
        for letter, side in lettered[1:]
    ]
    drawings = [
        chances("likely", "Probability of each outcome, %", likely),
        differences("changed", "Differences in points, with 95 % intervals", changed),
    ]
    sentence = (
        "First how likely each outcome is in each scenario, then by how many points that differs "
        "from A. The numbers stand in the tables that follow."
    )
    section = Section("Outcomes side by side", [sentence], key="side-by-side")
    return Part(section, drawings, "side-by-side")


def _with_drawing(section: Section, lettered: Lettered) -> Part:
    kind, _, number = section.key.partition("-")
    if number:
        letter, other = lettered[int(number)]
        section = replace(section, heading=f"{letter}: {section.heading}")
        if kind == "members" and other["members"]:
            return Part(section, [_members(section.key, other)], "members")
    if section.key not in ("text", "rounds"):
        return Part(section)
    section = replace(section, columns=(section.columns[0], *(letter for letter, _ in lettered)))
    if section.key == "text":
        return Part(section, [compared_scales(lettered)], "texts")
    return Part(section, [adoption_by_round(lettered)])


def _members(key: str, other: Facts) -> Markup:
    """Return each member before and after, the one that flipped most first."""
    members = most_flipped(other)
    rows = [piece for k, item in enumerate(members) for piece in _member(k * ROW, *item)]
    described = "; ".join(f"{code} {_told(m)}" for code, m in members)
    return chart(
        key, "Members before (above) and after (below)", f"{described}.", len(members) * ROW, rows
    )


def _told(member: Facts) -> str:
    before, after = (
        " / ".join(per_cent(member[side][a]) for a in ACTIONS) for side in ("before", "after")
    )
    return f"{before} becomes {after}"


def _member(top: float, code: str, member: Facts) -> Iterator[Markup]:
    flipped = f"{per_cent(member['flipped']['p'])} % flipped"
    yield group(
        label(0, top + 12, code, class_="strong"),
        label(WIDTH, top + 12, flipped, "end", "small"),
    )
    yield stacked(0, top + 16, WIDTH, BAR, member["before"])
    yield stacked(0, top + 16 + BAR, WIDTH, BAR, member["after"])
