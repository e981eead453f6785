"""The page of a back-test: whether its forecasts can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from sim.facts.figures import words
from sim.report.backtest import OF_PARTS, backtest_sections, foreseen
from sim.report.page.page import Part, page
from sim.report.page.svg import (
    WIDTH,
    Point,
    Scale,
    chart,
    dot,
    group,
    line,
    polygon,
    polyline,
    square,
)
from sim.report.page.svg import label as text
from sim.report.scores import label, spelled
from sim.report.sections import Section

if TYPE_CHECKING:
    from sim.backtest.facts import BackTestFacts, StepFacts
    from sim.backtest.published import Of

ROW = 32
LEFT, TOP, SIDE = 32.0, 20.0, 340.0
"""Where the square of a reliability diagram begins, and how long its sides are."""
SHOWN = ("summary", "contested", "like", "worst", "provenance", "published")
"""What the sections begin with whose tables are open: the answer; all others are folded."""


def backtest_page(facts: BackTestFacts) -> str:
    """Return the page of a back-test: what `backtest.json` holds."""
    opening, *sections = backtest_sections(facts)
    parts = [Part(opening, lead=foreseen(facts))]
    for section in sections:
        parts.append(with_drawing(section, facts))
        if section.key == "summary" and facts["differences"]:
            parts.append(beside_the_others(facts))
    return page(opening.heading, parts)


def with_drawing(section: Section, facts: BackTestFacts) -> Part:
    """Return a section with the drawings that belong to it, its table folded if it is long."""
    kind, _, event = section.key.partition("-")
    folded = "" if kind in SHOWN else f"The table, {len(section.rows)} rows"
    if kind == "reliability":
        steps = {str(name): found["steps"] for name, found in facts["reliability"].items()}[event]
        return Part(section, [diagram(section, steps)], "reliability", folded=folded)
    return Part(section, folded=folded)


def beside_the_others(facts: BackTestFacts) -> Part:
    """Return the differences in the two losses that are shown first."""
    section = Section(
        "The simulator beside the others",
        [
            "The simulator's loss minus each of the others'. Left of the line the simulator is "
            "better; where an interval crosses it, the votes cannot tell."
        ],
        key="differences",
    )
    return Part(section, [intervals(facts, *which) for which in OF_PARTS], "differences")


def intervals(facts: BackTestFacts, of: Of, score: str) -> Markup:
    """Return the simulator's score less each other forecaster's, with its 95 % interval."""
    every = {name: scores[f"{of}.{score}"] for name, scores in facts["differences"].items()}
    values = {n: (d["difference"] or 0, d["low"] or 0, d["high"] or 0) for n, d in every.items()}
    scale = Scale([value for ends in values.values() for value in ends])
    title = f"{words(of).capitalize()}, {label(score)}"
    drawn = [text(0, 12, title, class_="strong")]
    for k, (name, (difference, low, high)) in enumerate(values.items(), start=1):
        y = k * ROW + 14
        drawn += [
            text(0, y - 9, words(name)),
            text(WIDTH, y - 9, spelled(difference, "+.3f"), "end", "number"),
            line(scale(0), y - 7, scale(0), y + 7, "axis"),
            line(scale(low), y, scale(high), y, "interval"),
            square(scale(difference), y),
        ]
    described = "; ".join(
        f"{words(n)} {d:+.3f}, {low:+.3f} to {high:+.3f}" for n, (d, low, high) in values.items()
    )
    height = (len(values) + 1) * ROW
    return chart(f"difference-in-{of}", title, f"{described}.", height, drawn)


def diagram(section: Section, steps: list[StepFacts]) -> Markup:
    """Return how often what was forecast happened, by the forecast, within its consistency band."""
    curve = [at(p, step["observed"]) for step in steps for p in (step["begins"], step["ends"])]
    drawn = [
        *(grid(share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)),
        polygon(band(steps), "band"),
        line(*at(0, 0), *at(1, 1), "diagonal"),
        polyline(curve, "curve"),
        *(
            group(
                dot(*at(step["mean_forecast"], step["observed"]), 3, "curve-dot"),
                tooltip=in_words(step),
            )
            for step in steps
        ),
        text(LEFT, TOP - 8, "happened, %", class_="small"),
        text(LEFT + SIDE, TOP + SIDE + 28, "forecast, %", "end", "small"),
    ]
    described = "; ".join(map(in_words, steps))
    return chart(section.key, section.heading, f"{described}.", TOP + SIDE + 34, drawn)


def at(forecast: float, happened: float) -> Point:
    """Return where a forecast and a share lie in the square."""
    return LEFT + SIDE * forecast, TOP + SIDE * (1 - happened)


def grid(share: float) -> Markup:
    """Return the lines of a share across and down, and its number at both axes."""
    (x, y), number = at(share, share), f"{100 * share:.0f}"
    return group(
        line(LEFT, y, LEFT + SIDE, y, "axis"),
        line(x, TOP, x, TOP + SIDE, "axis"),
        text(LEFT - 5, y + 4, number, "end", "small"),
        text(x, TOP + SIDE + 14, number, "middle", "small"),
    )


def band(steps: list[StepFacts]) -> list[Point]:
    """Return the outline of the consistency band, straight from step to step."""
    first, last = steps[0], steps[-1]
    forecasts = [first["begins"], *(step["mean_forecast"] for step in steps), last["ends"]]
    around = [first, *steps, last]
    low = [at(p, step["low"]) for p, step in zip(forecasts, around, strict=True)]
    high = [at(p, step["high"]) for p, step in zip(forecasts, around, strict=True)]
    return [*low, *reversed(high)]


def in_words(step: StepFacts) -> str:
    """Return a step in words."""
    return (
        f"{step['count']} forecasts around {step['mean_forecast']:.3f}: {step['observed']:.3f} "
        f"happened{', outside the band' if step['is_off'] else ''}"
    )
