"""The Council's table: a seat for each member, shaped and coloured by its most likely vote."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, radians, sin
from typing import NamedTuple

from markupsafe import Markup

from sim.facts.run import per_cent
from sim.report.page.svg import WIDTH, chart, dot, group, label, polygon
from sim.report.sections import ACTIONS, Facts, shares, words

RADIUS = 118.0
SPACING = 42.0
SEAT = 16.0
MARGIN = 48.0
"""Above the table: a seat and its label."""


class Seat(NamedTuple):
    """Where a seat stands, and which way from the table's middle its label lies."""

    x: float
    y: float
    outwards: tuple[float, float]


def seats(n: int) -> list[Seat]:
    """Return n seats round a horseshoe, evenly spaced, open below; its legs grow with n."""
    first = -(n - 1) * SPACING / 2
    return [_seat(first + k * SPACING) for k in range(n)]


def _seat(along: float) -> Seat:
    """Return the seat so far along the table from its head, to the left where below 0."""
    middle, bend = WIDTH / 2, RADIUS * pi / 2
    if abs(along) <= bend:
        way = (sin(along / RADIUS), -cos(along / RADIUS))
        return Seat(middle + RADIUS * way[0], MARGIN + RADIUS + RADIUS * way[1], way)
    side = 1.0 if along > 0 else -1.0
    return Seat(middle + side * RADIUS, MARGIN + RADIUS + abs(along) - bend, (side, 0.0))


def horseshoe(report: Facts) -> Markup:
    """Return the Council with each member's chances, and the answer in the middle."""
    members = sorted(report["members"].items(), key=lambda item: item[1]["name"])
    places = seats(len(members))
    told = [_told(code, member) for code, member in members]
    drawn = [_member(*item) for item in zip(members, places, told, strict=True)]
    height = max(max(place.y for place in places) + SEAT, MARGIN + RADIUS + 40) + 6
    return chart(
        "council",
        "The Council by most likely vote",
        f"{'; '.join(told)}.",
        height,
        [*drawn, *_middle(report)],
    )


def _told(code: str, member: Facts) -> str:
    chances = ", ".join(f"{words(action)} {per_cent(member[action])} %" for action in ACTIONS)
    return f"{member['name']} ({code}): {words(member['most_likely'])}; {chances}"


def _member(item: tuple[str, Facts], seat: Seat, told: str) -> Markup:
    code, member = item
    out_x, out_y = seat.outwards
    anchor = "middle" if abs(out_x) < 0.4 else "start" if out_x > 0 else "end"
    x, y = seat.x + out_x * (SEAT + 5), seat.y + out_y * (SEAT + 9) + 3.5
    return group(
        shape(member["most_likely"], seat.x, seat.y, SEAT),
        label(seat.x, seat.y + 3.5, code, "middle", f"code on-{member['most_likely']}"),
        label(x, y, shares(member), anchor, "small"),
        told=told,
    )


def shape(vote: str, x: float, y: float, size: float) -> Markup:
    """Return the shape of a vote: a disc, a diamond, an octagon; a ring for who takes no part."""
    if vote == "abstaining":
        return _regular(4, x, y, size * 1.22, vote)
    if vote == "against":
        return _regular(8, x, y, size * 1.08, vote)
    return dot(x, y, size, vote)


def _regular(n: int, x: float, y: float, radius: float, class_: str) -> Markup:
    turn = 0.0 if n == 4 else 22.5
    corners: Sequence[float] = [radians(turn + 360 * k / n) for k in range(n)]
    return polygon(((x + radius * cos(a), y + radius * sin(a)) for a in corners), class_)


def _middle(report: Facts) -> list[Markup]:
    outcome, value = max(report["outcome"].items(), key=lambda item: item[1]["p"])
    top, middle = MARGIN + RADIUS, WIDTH / 2
    return [
        label(middle, top - 22, words(outcome).capitalize(), "middle", "verdict"),
        label(middle, top + 8, f"{per_cent(value['p'])} %", "middle", "verdict number"),
    ]
