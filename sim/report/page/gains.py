"""Gains: what each is made of, and how far it is from where the member would vote otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from markupsafe import Markup

from sim.facts.figures import words
from sim.facts.report import Member, Report
from sim.report.brief import main_reason
from sim.report.consultations import may_dissent
from sim.report.members import LEAST_TERM, Pivotal, most_dissenting, pivotal
from sim.report.page.svg import EDGE, WIDTH, Scale, box, chart, diamond, dot, group, label, line

ROW, FOOT = 52, 20
"""Heights of a member's row, and of the words under the scale."""
DISTANCE = 32
LETTER = 6.4
"""Units that a letter of a segment's name takes."""
WORDS = 140
"""Units that words at an end of a scale take at most."""
FEWEST, MOST = 3, 6
"""Members whose gains are drawn: those that may dissent, within these bounds."""


def contributions(report: Report) -> Markup:
    """Return the gain of those likeliest to dissent as a bar of its terms, for adoption right."""
    n = min(max(len(may_dissent(report)), FEWEST), MOST)
    members = most_dissenting(report)[:n]
    sums = [
        sum(part(v, 0.0) for v in m["terms"].values()) for _, m in members for part in (min, max)
    ]
    scale = Scale(sums)
    rows = [
        group(*_member(k * ROW, code, m, main_reason(report, code), scale))
        for k, (code, m) in enumerate(members)
    ]
    described = "; ".join(
        f"{code} {m['gain']['mean']:+.2f}, largest term {words(m['weighs_most'])} "
        f"{m['terms'][m['weighs_most']]:+.2f}: {main_reason(report, code)}"
        for code, m in members
    )
    rows.append(_foot(len(members) * ROW, scale, "against adoption", "for adoption"))
    title = "What each gain is made of, for those likeliest to dissent"
    return chart("gains", title, f"{described}.", len(members) * ROW + FOOT, rows)


def _foot(top: float, scale: Scale, left: str, right: str) -> Markup:
    """Return the scale under the rows: what lies left and right, and 0 where there is room."""
    x = scale(0)
    zero = [label(x, top + 15, "0", "middle", "small")] if WORDS < x < WIDTH - WORDS else []
    return group(
        line(EDGE, top + 2, WIDTH - EDGE, top + 2, "axis"),
        label(0, top + 15, f"← {left}", class_="small"),
        *zero,
        label(WIDTH, top + 15, f"{right} →", "end", "small"),
    )


def _member(top: float, code: str, member: Member, why: str, scale: Scale) -> Iterator[Markup]:
    """Yield the reason in words, the terms end to end from 0, their names, and their sum."""
    mean, bar = member["gain"]["mean"], top + 17
    yield label(0, top + 11, code, class_="strong")
    yield label(34, top + 11, why, class_="small")
    yield label(WIDTH, top + 11, f"{mean:+.2f}", "end", "number")
    middles: dict[str, float] = {}
    for name, (start, end) in _stacked(member["terms"]).items():
        left, right = sorted((scale(start), scale(end)))
        middles[name] = (left + right) / 2
        class_ = "plus" if end > start else "minus"
        tooltip = f"{words(name)} {member['terms'][name]:+.2f}"
        yield box(left, bar, right - left, 13, class_, tooltip)
    for x, name in _named(middles):
        yield label(x, bar + 24, name, "middle", "segment")
    yield line(scale(0), bar - 2, scale(0), bar + 15, "threshold")
    yield diamond(scale(mean), bar + 6.5)


def _stacked(terms: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Return where each term begins and ends, the largest next to 0, on its own side of it."""
    ends, found = {False: 0.0, True: 0.0}, {}
    for name, value in sorted(terms.items(), key=lambda item: -abs(item[1])):
        if abs(value) >= LEAST_TERM:
            start = ends[value > 0]
            ends[value > 0] = start + value
            found[name] = (start, start + value)
    return found


def _named(middles: Mapping[str, float]) -> Iterator[tuple[float, str]]:
    """Yield the names that find room below their segments, the largest first."""
    taken: list[tuple[float, float]] = []
    for term, middle in middles.items():
        half = len(words(term)) * LETTER / 2
        x = min(max(middle, half), WIDTH - half)
        if all(x + half < left or x - half > right for left, right in taken):
            taken.append((x - half, x + half))
            yield x, words(term)


def distances(report: Report) -> Markup | None:
    """Return the gain of each pivotal member, and where it switches to another vote."""
    members = pivotal(report)
    if not members:
        return None
    gains = [m["gain"]["mean"] + side * m["gain"]["sd"] for _, m, _ in members for side in (-1, 1)]
    switches = [pivot["at_gain"] for _, _, pivot in members]
    scale, height = Scale([*gains, *switches]), len(members) * DISTANCE
    rows = [_distance(k * DISTANCE, member, scale) for k, member in enumerate(members)]
    rows.append(_foot(height, scale, "adoption is worth less", "worth more"))
    described = "; ".join(
        f"{code} at {m['gain']['mean']:+.2f}, {words(pivot['next'])} from {pivot['at_gain']:+.2f}"
        for code, m, pivot in members
    )
    title = "Gains, and where the next best vote takes over"
    return chart("pivots", title, f"{described}.", height + FOOT, rows)


def _distance(top: float, pivotal: Pivotal, scale: Scale) -> Markup:
    code, member, pivot = pivotal
    mean, sd, middle = member["gain"]["mean"], member["gain"]["sd"], top + 21
    side = "above" if pivot["distance"] > 0 else "below"
    switch = f"{words(pivot['next'])} {side} {pivot['at_gain']:+.2f}"
    at = scale(pivot["at_gain"])
    return group(
        label(0, top + 11, code, class_="strong"),
        label(36, top + 11, f"{words(pivot['now'])}; {switch}", class_="small"),
        line(EDGE, middle, WIDTH - EDGE, middle, "axis"),
        line(scale(mean - sd), middle, scale(mean + sd), middle, "spread"),
        dot(scale(mean), middle, 4.5, "mark"),
        line(at, middle - 7, at, middle + 7, "threshold"),
    )
