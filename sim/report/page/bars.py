"""Shares as bars: chances with their intervals, how actions share a whole, round by round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup

from sim.charter import ACTIONS
from sim.facts.figures import Points, Share, words
from sim.facts.report import ByAction, Report
from sim.report.consultations import followed
from sim.report.differences import Lettered
from sim.report.page.svg import WIDTH, box, chart, group, label, line

ROW = 32
BAR = 10
"""Heights of a row, its label above its bar, and of a bar."""
PANEL = 84
COLUMN = 56
FOOT = 14
"""Heights of a panel, of the columns in it, and of the words under the last."""
NEUTRAL = "share"
"""The colour of a probability that is of nothing in particular."""
Panel = tuple[str, Sequence[dict[str, float]]]
"""Its name, and for each round the shares of a column by their class."""


@dataclass(frozen=True)
class Chance:
    """One bar: what it is of, how likely, and the interval of that where there is one."""

    label: str
    p: float
    low: float | None = None
    high: float | None = None
    colour: str = NEUTRAL


def colour_of(outcome: str) -> str:
    """Return the colour of the votes that bring an outcome about, or the neutral one."""
    return {"adopted": "in_favour", "vetoed": "against"}.get(outcome, NEUTRAL)


def chances(key: str, title: str, rows: Sequence[Chance]) -> Markup:
    """Return a bar for each chance, from 0 to 100 %."""
    described = "; ".join(f"{row.label} {Share(row.p)} %" for row in rows)
    drawn = []
    for k, row in enumerate(rows):
        y, share = k * ROW + 17, str(Share(row.p))
        rail = box(0, y, WIDTH, BAR, "rail")
        bar = box(0, y, WIDTH * row.p, BAR, row.colour, f"{share} %")
        drawn += _row(y, row, share, [rail, bar], 0, WIDTH)
    return chart(key, title, f"{described}.", len(rows) * ROW, drawn)


def differences(key: str, title: str, rows: Sequence[Chance]) -> Markup:
    """Return a bar from the middle for each difference, from -100 to +100 points."""
    half = WIDTH / 2
    described = "; ".join(f"{row.label} {Points(row.p)} points" for row in rows)
    drawn = [line(half, 0, half, len(rows) * ROW, "axis")]
    for k, row in enumerate(rows):
        y, reach = k * ROW + 17, half * row.p
        bar = box(half + min(reach, 0), y, abs(reach), BAR, row.colour)
        drawn += _row(y, row, str(Points(row.p)), [bar], half, half)
    return chart(key, title, f"{described}.", len(rows) * ROW, drawn)


def _row(
    y: float, row: Chance, number: str, bars: list[Markup], zero: float, unit: float
) -> list[Markup]:
    """Return label and number above the bars, and the interval across them where there is one."""
    drawn = [label(0, y - 5, row.label), label(WIDTH, y - 5, number, "end", "number"), *bars]
    if row.low is not None and row.high is not None:
        low, high, middle = zero + unit * row.low, zero + unit * row.high, y + BAR / 2
        ends = (line(x, middle - 5, x, middle + 5, "interval") for x in (low, high))
        drawn.append(group(line(low, middle, high, middle, "interval"), *ends))
    return drawn


def stacked(y: float, shares: ByAction) -> Markup:
    """Return a bar that three actions share, in favour first; what is left took no part."""
    tooltip = ", ".join(f"{words(action)} {Share(shares[action])} %" for action in ACTIONS)
    ends = [0.0, *accumulate(shares[action] for action in ACTIONS)]
    parts = [
        box(WIDTH * start, y, WIDTH * (end - start), BAR, action)
        for action, start, end in zip(ACTIONS, ends, ends[1:], strict=False)
        if end > start
    ]
    return group(box(0, y, WIDTH, BAR, "rail"), *parts, tooltip=tooltip)


def consultations(report: Report) -> Markup:
    """Return P(adopted) round by round, and below the positions of those who may dissent."""
    rounds, codes = report["rounds"], followed(report)
    panels: list[Panel] = [
        ("P(adopted), from 0 to 100 %", [{"share": r["p_adopted"]} for r in rounds])
    ]
    for code in codes:
        positions = [{str(a): r["positions"][code][a] for a in ACTIONS} for r in rounds]
        panels.append((f"Position of {code}, 100 % in all", positions))
    ends = f"from {Share(rounds[0]['p_adopted'])} to {Share(rounds[-1]['p_adopted'])} %"
    described = f"P(adopted) goes {ends} over {len(rounds)} rounds."
    if codes:
        described += f" Below it, the positions of {', '.join(codes)}."
    return _panels("P(adopted) and stated positions by round", described, panels)


def adoption_by_round(sides: Lettered) -> Markup:
    """Return P(adopted) of several scenarios round by round, a panel each."""
    described = "; ".join(
        f"{letter} from {Share(side['p_adopted_by_round'][0])} to "
        f"{Share(side['p_adopted_by_round'][-1])} %"
        for letter, side in sides
    )
    panels: list[Panel] = [
        (letter, [{"share": p} for p in side["p_adopted_by_round"]]) for letter, side in sides
    ]
    return _panels("P(adopted) by round", f"{described}.", panels)


def _panels(title: str, described: str, panels: Sequence[Panel]) -> Markup:
    drawn = [_columns(k * PANEL, name, own) for k, (name, own) in enumerate(panels)]
    height, n = PANEL * len(panels), max(len(own) for _, own in panels)
    drawn += [
        label(0, height + 2, "← round 1", class_="small"),
        label(WIDTH, height + 2, f"round {n}, then the vote →", "end", "small"),
    ]
    return chart("rounds", title, described, height + FOOT, drawn)


def _columns(y: float, name: str, rounds: Sequence[Mapping[str, float]]) -> Markup:
    """Return a column for each round that the actions share from below, the name above them."""
    step, bottom = WIDTH / max(len(rounds), 1), y + 16 + COLUMN
    parts = [label(0, y + 10, name)]
    for k, shares in enumerate(rounds):
        top = float(bottom)
        for action, share in shares.items():
            top -= COLUMN * share
            tooltip = f"round {k + 1}: {words(action)} {Share(share)} %"
            parts.append(box(k * step, top, step - 2, COLUMN * share, action, tooltip))
    return group(*parts, line(0, bottom, WIDTH, bottom, "axis"))
