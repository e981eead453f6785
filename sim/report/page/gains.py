"""Gains: what makes up each, and how far it is from where the member would act otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from sim.report.outcome import LEAST_TERM, likeliest_to_dissent, on_whom_it_turns
from sim.report.page.svg import WIDTH, box, chart, dot, group, label, line, polygon
from sim.report.sections import Facts, words

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


def contributions(report: Facts) -> Markup:
    """Return each member's gain as a bar made of its terms: for adoption right, against it left."""
    members = likeliest_to_dissent(report)
    sums = [total for _, m in members for total in _sides(m["terms"])]
    scale = Scale(sums)
    rows = [_member(k * ROW, code, m, scale) for k, (code, m) in enumerate(members)]
    described = "; ".join(f"{code} {m['gain']['mean']:+.2f}, {heaviest(m)}" for code, m in members)
    height = len(members) * ROW
    return chart("gains", "What makes up each gain", f"{described}.", height, rows)


def heaviest(member: Facts) -> str:
    """Return the term that weighs most in a member's gain: `target -2.97`."""
    name = member["weighs_most"]
    return f"{words(name)} {member['terms'][name]:+.2f}"


def _sides(terms: Facts) -> tuple[float, float]:
    values = terms.values()
    return sum(min(v, 0.0) for v in values), sum(max(v, 0.0) for v in values)


def _member(top: float, code: str, member: Facts, scale: Scale) -> Markup:
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
    mean = scale(member["gain"]["mean"])
    return group(
        label(0, top + 11, code, class_="strong"),
        label(36, top + 11, f"{member['gain']['mean']:+.2f}", class_="number"),
        label(WIDTH, top + 11, f"most: {heaviest(member)}", "end", "small"),
        line(scale(0), top + 13, scale(0), top + 27, "axis"),
        *parts,
        _diamond(mean, top + 20),
    )


def _diamond(x: float, y: float) -> Markup:
    return polygon([(x - 4, y), (x, y - 7), (x + 4, y), (x, y + 7)], "mark")


def distances(report: Facts) -> Markup | None:
    """Return the gain of those on whom the outcome turns, and where they would act otherwise."""
    members = on_whom_it_turns(report)
    if not members:
        return None
    spans = [x for _, m in members for x in (*_span(m), m["turning"]["at_gain"])]
    scale, height = Scale(spans), len(members) * ROW
    rows = [_distance(k * ROW, code, m, scale) for k, (code, m) in enumerate(members)]
    described = "; ".join(
        f"{code} at {m['gain']['mean']:+.2f}, {words(m['turning']['next'])} from "
        f"{m['turning']['at_gain']:+.2f}"
        for code, m in members
    )
    title = "Gains, and where the next action begins"
    return chart("turning", title, f"{described}.", height, rows)


def _span(member: Facts) -> tuple[float, float]:
    mean, sd = member["gain"]["mean"], member["gain"]["sd"]
    return mean - sd, mean + sd


def _distance(top: float, code: str, member: Facts, scale: Scale) -> Markup:
    turning, middle = member["turning"], top + 21
    low, high = map(scale, _span(member))
    at = scale(turning["at_gain"])
    return group(
        label(0, top + 11, code, class_="strong"),
        label(36, top + 11, f"{words(turning['now'])}; {_onwards(turning)}", class_="small"),
        line(EDGE, middle, WIDTH - EDGE, middle, "axis"),
        line(low, middle, high, middle, "spread"),
        dot(scale(member["gain"]["mean"]), middle, 4.5, "mark"),
        line(at, middle - 7, at, middle + 7, "threshold"),
    )


def _onwards(turning: Facts) -> str:
    way = "above" if turning["distance"] > 0 else "below"
    return f"{words(turning['next'])} {way} {turning['at_gain']:+.2f}"
