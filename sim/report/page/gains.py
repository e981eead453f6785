"""Gains: what each is made of, and how far it is from where the member would vote otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from sim.facts.report import Member, Report
from sim.report.members import LEAST_TERM, Pivotal, most_dissenting, pivotal
from sim.report.page.svg import WIDTH, box, chart, dot, group, label, line, polygon
from sim.report.sections import words

ROW = 30
EDGE = 8.0


class Scale:
    """A straight scale of gains over the width of a drawing, with room at both edges."""

    def __init__(self, values: Sequence[float]) -> None:
        self.low, self.high = min([0.0, *values]), max([0.0, *values])
        if self.low == self.high:
            self.high = 1.0

    def __call__(self, value: float) -> float:
        """Return where a value lies across."""
        share = (value - self.low) / (self.high - self.low)
        return EDGE + share * (WIDTH - 2 * EDGE)


def contributions(report: Report) -> Markup:
    """Return each member's gain as a bar made of its terms: for adoption right, against it left."""
    members = most_dissenting(report)
    sums = [
        sum(part(v, 0.0) for v in m["terms"].values()) for _, m in members for part in (min, max)
    ]
    scale = Scale(sums)
    rows = [_member(k * ROW, code, m, scale) for k, (code, m) in enumerate(members)]
    described = "; ".join(
        f"{code} {m['gain']['mean']:+.2f}, {main_reason(m)}" for code, m in members
    )
    title = "What each gain is made of"
    return chart("gains", title, f"{described}.", len(members) * ROW, rows)


def main_reason(member: Member) -> str:
    """Return the largest term of a member's gain: `target -2.97`."""
    name = member["weighs_most"]
    return f"{words(name)} {member['terms'][name]:+.2f}"


def _member(top: float, code: str, member: Member, scale: Scale) -> Markup:
    ends = {False: 0.0, True: 0.0}
    parts = []
    for name, value in sorted(member["terms"].items(), key=lambda item: -abs(item[1])):
        if abs(value) < LEAST_TERM:
            continue
        start = ends[value > 0]
        ends[value > 0] = start + value
        left, right = sorted((scale(start), scale(start + value)))
        class_ = "plus" if value > 0 else "minus"
        parts.append(box(left, top + 15, right - left, 10, class_, f"{words(name)} {value:+.2f}"))
    x, y = scale(member["gain"]["mean"]), top + 20
    return group(
        label(0, top + 11, code, class_="strong"),
        label(36, top + 11, f"{member['gain']['mean']:+.2f}", class_="number"),
        label(WIDTH, top + 11, f"main reason: {main_reason(member)}", "end", "small"),
        line(scale(0), top + 13, scale(0), top + 27, "axis"),
        *parts,
        polygon([(x - 4, y), (x, y - 7), (x + 4, y), (x, y + 7)], "mark"),
    )


def distances(report: Report) -> Markup | None:
    """Return the gain of each pivotal member, and where it switches to another vote."""
    members = pivotal(report)
    if not members:
        return None
    gains = [m["gain"]["mean"] + side * m["gain"]["sd"] for _, m, _ in members for side in (-1, 1)]
    switches = [pivot["at_gain"] for _, _, pivot in members]
    scale, height = Scale([*gains, *switches]), len(members) * ROW
    rows = [_distance(k * ROW, member, scale) for k, member in enumerate(members)]
    described = "; ".join(
        f"{code} at {m['gain']['mean']:+.2f}, {words(pivot['next'])} from {pivot['at_gain']:+.2f}"
        for code, m, pivot in members
    )
    title = "Gains, and where the next best vote takes over"
    return chart("pivots", title, f"{described}.", height, rows)


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
