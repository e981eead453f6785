"""The Council's table: a seat for each member, shaped and coloured by its most likely vote."""

from __future__ import annotations

from math import cos, pi, radians, sin
from typing import NamedTuple

from markupsafe import Markup

from sim.facts.figures import Share
from sim.facts.report import ACTIONS, Report, VoteName
from sim.report.page.svg import WIDTH, chart, dot, group, label, polygon
from sim.report.sections import split, words

RADIUS = 118.0
SPACING = 42.0
SEAT = 16.0
MARGIN = 48.0
"""Above the table: a seat and its label."""


class Seat(NamedTuple):
    """Where a seat is, and in which direction from the middle of the table its label lies."""

    x: float
    y: float
    outwards: tuple[float, float]


def seats(n: int) -> list[Seat]:
    """Return n seats round a horseshoe, evenly spaced, open below; its legs grow with n."""
    middle, bend, found = WIDTH / 2, RADIUS * pi / 2, []
    for k in range(n):
        along = (k - (n - 1) / 2) * SPACING  # from the head of the table, to the left below 0
        if abs(along) <= bend:
            out = (sin(along / RADIUS), -cos(along / RADIUS))
            seat = Seat(middle + RADIUS * out[0], MARGIN + RADIUS + RADIUS * out[1], out)
        else:
            side = 1.0 if along > 0 else -1.0
            y = MARGIN + RADIUS + abs(along) - bend
            seat = Seat(middle + side * RADIUS, y, (side, 0.0))
        found.append(seat)
    return found


def horseshoe(report: Report) -> Markup:
    """Return the Council with each member's chances, and the answer in the middle."""
    members = sorted(report["members"].items(), key=lambda item: item[1]["name"])
    places = seats(len(members))
    drawn, described = [], []
    for (code, member), seat in zip(members, places, strict=True):
        chances = ", ".join(f"{words(action)} {Share(member[action])} %" for action in ACTIONS)
        vote = member["most_likely"]
        tooltip = f"{member['name']} ({code}): {words(vote)}; {chances}"
        out_x, out_y = seat.outwards
        anchor = "middle" if abs(out_x) < 0.4 else "start" if out_x > 0 else "end"
        x, y = seat.x + out_x * (SEAT + 5), seat.y + out_y * (SEAT + 9) + 3.5
        described.append(tooltip)
        drawn.append(
            group(
                shape(vote, seat.x, seat.y, SEAT),
                label(seat.x, seat.y + 3.5, code, "middle", f"code on-{vote}"),
                label(x, y, str(split(member)), anchor, "small"),
                tooltip=tooltip,
            )
        )
    outcome, value = max(report["outcome"].items(), key=lambda item: item[1]["p"])
    top, middle = MARGIN + RADIUS, WIDTH / 2
    drawn += [
        label(middle, top - 22, words(outcome).capitalize(), "middle", "verdict"),
        label(middle, top + 8, f"{Share(value['p'])} %", "middle", "verdict number"),
    ]
    height = max(max(place.y for place in places) + SEAT, top + 40) + 6
    title = "The Council by most likely vote"
    return chart("council", title, f"{'; '.join(described)}.", height, drawn)


def shape(vote: VoteName, x: float, y: float, size: float) -> Markup:
    """Return the shape of a vote: a disc, a diamond, an octagon; a ring for who takes no part."""
    if vote in ("in_favour", "not_participating"):
        return dot(x, y, size, vote)
    n, radius, first = (4, 1.22 * size, 0.0) if vote == "abstaining" else (8, 1.08 * size, 22.5)
    corners = [radians(first + 360 * k / n) for k in range(n)]
    return polygon(((x + radius * cos(a), y + radius * sin(a)) for a in corners), vote)
