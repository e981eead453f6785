"""The page of which texts would pass."""

from __future__ import annotations

from markupsafe import Markup

from sim.facts.figures import Share
from sim.facts.frontier import FrontierFacts, TextFacts
from sim.report.frontier import frontier_sections
from sim.report.page.page import Part, page
from sim.report.page.svg import Point, chart, diamond, dot, group, label, line, polyline, square

LEFT, TOP, SIDE, HEIGHT = 40.0, 22.0, 340.0, 240.0
"""Where the picture of the frontier begins, and how wide and high it is."""
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


def frontier_page(facts: FrontierFacts) -> str:
    """Return the page of a frontier: what `frontier.json` holds."""
    opening, *sections = frontier_sections(facts)
    parts = [Part(opening, lead=facts["headline"])]
    for section in sections:
        if section.key == "frontier":
            folded = f"The table, {len(section.rows)} texts"
            parts.append(Part(section, [frontier(facts)], "frontier", folded=folded))
        else:
            many = section.key == "texts"
            parts.append(Part(section, folded=f"All {len(section.rows)} changes" if many else ""))
    return page(opening.heading, parts)


class Plane:
    """Worths across, chances of adoption upwards."""

    def __init__(self, worths: list[float]) -> None:
        low, high = min(worths), max(worths)
        room = (high - low) / 20 or 0.5
        self.low, self.high = low - room, high + room

    def at(self, worth: float, p: float) -> Point:
        """Return where a text lies."""
        share = (worth - self.low) / (self.high - self.low)
        return LEFT + SIDE * share, TOP + HEIGHT * (1 - p)


def frontier(facts: FrontierFacts) -> Markup:
    """Return the frontier as a line from the likeliest text to the one that is worth most."""
    points, tabled, best = facts["points"], facts["tabled"], facts["points"][facts["best"]]
    plane = Plane([point["worth"] for point in (*points, tabled)])
    curve = [plane.at(point["worth"], point["adopted"]["p"]) for point in points]
    x, y = plane.at(tabled["worth"], tabled["adopted"]["p"])
    described = "; ".join(map(in_words, points))
    drawn = [
        *(_share(plane, share) for share in SHARES),
        label(LEFT, TOP - 8, "adopted, %", class_="small"),
        *_worths(plane, facts["member"]),
        polyline(curve, "curve"),
        *(
            group(dot(*at, 3.5, "curve-dot"), tooltip=f"{n}: {in_words(point)}")
            for n, (at, point) in enumerate(zip(curve, points, strict=True), start=1)
        ),
        diamond(*plane.at(best["worth"], best["adopted"]["p"]), 5, 8),
        group(square(x, y, 8), tooltip=f"as tabled: {in_words(tabled)}"),
    ]
    title = f"Worth to {facts['member']} against the chance of adoption"
    return chart("frontier", title, f"{described}.", TOP + HEIGHT + 36, drawn)


def in_words(point: TextFacts) -> str:
    """Return a text's worth and chance in words."""
    return f"worth {point['worth']:.2f}, adopted {Share(point['adopted']['p'])} %"


def _share(plane: Plane, share: float) -> Markup:
    _, y = plane.at(plane.low, share)
    return group(
        line(LEFT, y, LEFT + SIDE, y, "axis"),
        label(LEFT - 5, y + 4, f"{100 * share:.0f}", "end", "small"),
    )


def _worths(plane: Plane, member: str) -> list[Markup]:
    bottom = TOP + HEIGHT + 14
    ticks = [plane.low + share * (plane.high - plane.low) for share in SHARES]
    return [
        *(label(plane.at(x, 0)[0], bottom, f"{x:.2f}", "middle", "small") for x in ticks),
        label(LEFT + SIDE, bottom + 16, f"worth to {member}", "end", "small"),
    ]
