"""The Council's table: a seat for each member, shaped and coloured by its most likely vote."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, pi, radians, sin
from typing import NamedTuple

from markupsafe import Markup

from sim.charter import ACTIONS
from sim.facts.figures import Share, words
from sim.facts.report import Member, Report, VoteName
from sim.report.consultations import may_dissent
from sim.report.page.svg import WIDTH, chart, dot, group, label, polygon
from sim.report.sections import split

RADIUS = 124.0
SPACING = 38.0
SEAT = 14.5
MARGIN = 31.0
"""Above the table: a seat and its label."""
STEEP = 0.75
"""How far a label's direction leans aside at least for labels of neighbours not to touch."""
RING = 3.5
"""From the rim of a permanent member's seat to the ring round it."""


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
    """Return the Council with the answer in the middle.

    Those that may dissent stand out, with their chances; permanent members are ringed.
    """
    members = sorted(report["members"].items(), key=lambda item: item[1]["name"])
    places, doubtful = seats(len(members)), may_dissent(report)
    drawn, described, is_outside = [], [], False
    for (code, member), seat in zip(members, places, strict=True):
        chances = ", ".join(f"{words(action)} {Share(member[action])} %" for action in ACTIONS)
        rank = "permanent member, " if member["permanent"] else ""
        tooltip = f"{member['name']} ({code}): {rank}{words(member['most_likely'])}; {chances}"
        described.append(tooltip)
        stands_out, is_steep = code in doubtful, abs(seat.outwards[0]) >= STEEP
        is_outside = stands_out and (is_steep or not is_outside)  # where the last one's are not
        label_of = [_chances(member, seat, is_outside)] if stands_out else []
        drawn.append(group(*_seat(code, member, seat, stands_out), *label_of, tooltip=tooltip))
    height = max(place.y for place in places) + SEAT + RING + 3
    top = MARGIN + RADIUS
    drawn += _answer(report, top)
    title = "The Council by most likely vote"
    return chart("council", title, f"{'; '.join(described)}.", max(height, top + 40), drawn)


def _seat(code: str, member: Member, seat: Seat, stands_out: bool) -> Iterator[Markup]:
    """Yield the shape of a seat, its code, and the ring of a permanent member."""
    vote = member["most_likely"]
    faint = " faint" if vote == "in_favour" and not stands_out else ""
    yield shape(vote, seat.x, seat.y, SEAT, faint)
    yield label(seat.x, seat.y + 3.5, code, "middle", f"code on-{vote}{faint}")
    if member["permanent"]:
        yield dot(seat.x, seat.y, SEAT + RING, "permanent")


def _chances(member: Member, seat: Seat, is_outside: bool) -> Markup:
    """Return a member's chances beside its seat, outside of the horseshoe or inside."""
    (out_x, out_y), said = seat.outwards, str(split(member))
    if not is_outside:
        return label(seat.x - out_x * SEAT, seat.y + SEAT + 14, said, "middle", "chances")
    anchor = "middle" if abs(out_x) < 0.4 else "start" if out_x > 0 else "end"
    x, y = seat.x + out_x * (SEAT + 7), seat.y + out_y * (SEAT + 10) + 3.5
    return label(x, y, said, anchor, "chances")


def _answer(report: Report, middle: float) -> Iterator[Markup]:
    """Yield the likeliest outcome and the next, each with its probability."""
    every = sorted(report["outcome"].items(), key=lambda item: -item[1]["p"])
    (first, chance), (second, other) = every[:2]
    across = WIDTH / 2
    yield label(across, middle - 30, words(first).capitalize(), "middle", f"verdict is-{first}")
    yield label(across, middle + 2, f"{Share(chance['p'])} %", "middle", "verdict number")
    yield label(across, middle + 26, f"{words(second)} {Share(other['p'])} %", "middle", "chances")


def shape(vote: VoteName, x: float, y: float, size: float, faint: str = "") -> Markup:
    """Return the shape of a vote: a disc, a diamond, an octagon; a ring for who takes no part."""
    if vote in ("in_favour", "not_participating"):
        return dot(x, y, size, vote + faint)
    n, radius, first = (4, 1.22 * size, 0.0) if vote == "abstaining" else (8, 1.08 * size, 22.5)
    corners = [radians(first + 360 * k / n) for k in range(n)]
    return polygon(((x + radius * cos(a), y + radius * sin(a)) for a in corners), vote)
