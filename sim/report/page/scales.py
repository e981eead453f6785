"""Texts on their scales from 0 to 1: the lapse, as tabled, as agreed."""

from __future__ import annotations

from markupsafe import Markup

from sim.facts.figures import words
from sim.facts.report import ProvisionText, Report
from sim.report.differences import Lettered
from sim.report.page.svg import EDGE, WIDTH, Scale, box, chart, dot, group, label, line, square

ACROSS = Scale([0.0, 1.0])
ROW = 52
STEP = 14
ROOM = 30
"""Letters of what an end of a scale means that find room under its half."""


def text_scales(report: Report) -> Markup:
    """Return each provision as it lies in the lapse, as tabled and at the deadline."""
    provisions = report["text"]
    rows = [_provision(k * ROW, name, p) for k, (name, p) in enumerate(provisions.items())]
    described = "; ".join(
        f"{words(name)}: lapse {p['lapse']:.2f}, tabled {p['tabled']:.2f}, at the deadline "
        f"{p['at_the_deadline']['mean']:.2f}"
        for name, p in provisions.items()
    )
    return chart("text", "The text on its scales", f"{described}.", len(rows) * ROW, rows)


def _provision(top: float, name: str, provision: ProvisionText) -> Markup:
    middle, (low, high) = top + 24, map(ACROSS, provision["red_lines"])
    agreed, sd = provision["at_the_deadline"]["mean"], provision["at_the_deadline"]["sd"]
    red_lines = [box(low, middle - 6, high - low, 12, "red-lines")] if high > low else []
    moved = [line(ACROSS(agreed), middle - 8, ACROSS(agreed), middle + 8, "threshold")]
    spread = [line(ACROSS(agreed - sd), middle, ACROSS(agreed + sd), middle, "spread")]
    return group(
        label(0, top + 11, words(name)),
        line(ACROSS(0), middle, ACROSS(1), middle, "axis"),
        *red_lines,
        *(spread if sd else []),
        dot(ACROSS(provision["lapse"]), middle, 5.5, "lapse"),
        square(ACROSS(provision["tabled"]), middle),
        *(moved if agreed != provision["tabled"] else []),
        label(0, top + 43, _short(f"← {provision['anchors'][0]}"), class_="small"),
        label(WIDTH, top + 43, _short(f"{provision['anchors'][-1]} →"), "end", "small"),
    )


def _short(words: str) -> str:
    return words if len(words) <= ROOM else f"{words[:ROOM]}…"


def compared_scales(sides: Lettered) -> Markup:
    """Return each provision of several scenarios: from the lapse to the text at the deadline."""
    names = list(dict.fromkeys(name for _, side in sides for name in side["text"]))
    row = 20 + STEP * len(sides)
    rows = [
        group(
            label(0, k * row + 11, words(name)),
            *(
                _change(k * row + 20 + STEP * n, letter, side["text"][name])
                for n, (letter, side) in enumerate(sides)
                if name in side["text"]
            ),
        )
        for k, name in enumerate(names)
    ]
    described = "From the lapse to the text at the deadline, for each scenario."
    return chart("text", "The texts on their scales", described, len(names) * row, rows)


def _change(y: float, letter: str, provision: ProvisionText) -> Markup:
    lapse, agreed = provision["lapse"], provision["at_the_deadline"]["mean"]
    start, width = 24.0, WIDTH - 24 - EDGE
    left, right = start + lapse * width, start + agreed * width
    return group(
        label(0, y + 4, letter, class_="small"),
        line(start, y, start + width, y, "axis"),
        line(left, y, right, y, "spread"),
        dot(left, y, 4, "lapse"),
        square(right, y),
        tooltip=f"{letter}: {lapse:.2f} to {agreed:.2f}",
    )
