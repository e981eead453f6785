"""Shares as bars: chances with their intervals, and how three actions share a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup

from sim.ensemble.facts import per_cent
from sim.report.page.svg import WIDTH, box, chart, group, label, line
from sim.report.sections import ACTIONS, words

ROW = 26
BAR = 11
LEFT, RIGHT = 96.0, 46.0
"""What is left to labels and to values."""


@dataclass(frozen=True)
class Chance:
    """One bar: what it is of, how likely, and the interval of that where there is one."""

    label: str
    p: float
    low: float | None = None
    high: float | None = None


def chances(key: str, title: str, rows: Sequence[Chance]) -> Markup:
    """Return a bar for each chance, from 0 to 100 %."""
    described = "; ".join(f"{row.label} {per_cent(row.p)} %" for row in rows)
    inside = [piece for k, row in enumerate(rows) for piece in _chance(k * ROW, row)]
    return chart(key, title, f"{described}.", len(rows) * ROW, inside)


def _chance(top: float, row: Chance) -> Iterator[Markup]:
    scale, middle = WIDTH - LEFT - RIGHT, top + ROW / 2
    yield label(0, middle + 4, row.label)
    yield box(LEFT, middle - BAR / 2, scale, BAR, "rail")
    yield box(LEFT, middle - BAR / 2, scale * row.p, BAR, "share", f"{per_cent(row.p)} %")
    if row.low is not None and row.high is not None:
        low, high = LEFT + scale * row.low, LEFT + scale * row.high
        yield line(low, middle, high, middle, "interval")
        yield line(low, middle - 4, low, middle + 4, "interval")
        yield line(high, middle - 4, high, middle + 4, "interval")
    yield label(WIDTH, middle + 4, per_cent(row.p), "end", "label number")


def stacked(
    x: float, y: float, width: float, height: float, shares: Mapping[str, float]
) -> Markup:
    """Return a bar that three actions share, in favour first; what is left took no part."""
    told = ", ".join(f"{words(action)} {per_cent(shares[action])} %" for action in ACTIONS)
    ends = [0.0, *accumulate(shares[action] for action in ACTIONS)]
    parts = [
        box(x + width * start, y, width * (end - start), height, action)
        for action, start, end in zip(ACTIONS, ends, ends[1:], strict=False)
        if end > start
    ]
    return group(box(x, y, width, height, "rail"), *parts, told=told)


def columns(y: float, height: float, name: str, rounds: Iterable[Mapping[str, float]]) -> Markup:
    """Return a column for each round that the actions share from below, the name above them."""
    every = list(rounds)
    step = WIDTH / max(len(every), 1)
    parts = [label(0, y + 10, name)]
    for k, shares in enumerate(every):
        top = y + 16 + height
        for action in shares:
            top -= height * shares[action]
            told = f"round {k + 1}: {words(action)} {per_cent(shares[action])} %"
            parts.append(box(k * step, top, step - 2, height * shares[action], action, told))
    return group(*parts, line(0, y + 16 + height, WIDTH, y + 16 + height, "axis"))
