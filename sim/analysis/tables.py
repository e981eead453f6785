"""Analyses as tables: for pandas, and the few that a notebook shows at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.facts.figures import Points, Share
from sim.facts.frontier import FrontierFacts
from sim.facts.sensitivity import GroupIndices, SensitivityFacts
from sim.frames import BOUNDS, Table
from sim.notebook import Shown

INTERVAL = ("share", "low", "high", "converged")
INDICES = ("shapley", "first_order", "total")
MOST_SHOWN = 5
"""Rows of a table in a notebook."""


def inputs(facts: SensitivityFacts) -> Table:
    """Return a row per number: its settings, what it is, and its first-order index."""
    return ("settings", "kind", *INTERVAL), [
        (", ".join(one["settings"]), one["kind"], *(one["first_order"][key] for key in INTERVAL))  # type: ignore[literal-required]
        for one in facts["inputs"]
    ]


def _groups(groups: list[GroupIndices]) -> Table:
    columns = (f"{index}{end}" for index in INDICES for end in ("", "_low", "_high"))
    rows: list[Sequence[Any]] = []
    for group in groups:
        shares = [group[index] for index in INDICES]  # type: ignore[literal-required]
        numbers = (x and x[key] for x in shares for key in INTERVAL[:3])
        rows.append((group["name"], group["numbers"], *numbers))
    return ("group", "numbers", *columns), rows


def bars(facts: SensitivityFacts) -> Table:
    """Return a row per move of a number: its values, and the differences of P(adopted)."""
    ends = ("at_low", "at_high")
    named = (f"{end}{'' if key == 'p' else f'_{key}'}" for end in ends for key in BOUNDS)
    described = ("setting", "by", "now", "low", "high")
    return (*described, *named), [
        (
            *(value for key, value in bar.items() if key in described),
            *bar["at_low"].values(),
            *bar["at_high"].values(),
        )
        for bar in facts["bars"]
    ]


def choices(facts: SensitivityFacts) -> Table:
    """Return a row per other choice: the difference of P(adopted)."""
    return ("choice", "settings", "difference", "low", "high"), [
        (c["choice"], ", ".join(c["settings"]), *(c["difference"][key] for key in BOUNDS))  # type: ignore[literal-required]
        for c in facts["choices"]
    ]


OF_A_SENSITIVITY = {
    "inputs": inputs,
    "kinds": lambda facts: _groups(facts["kinds"]),
    "owners": lambda facts: _groups(facts["owners"]),
    "bars": bars,
    "choices": choices,
}


def groups_shown(facts: SensitivityFacts) -> Shown:
    """Return the largest Shapley effects."""
    rows = [(g["name"], f"{100 * g['shapley']['share']:.0f}") for g in facts["owners"][:MOST_SHOWN]]
    return "Shares of the variance of P(adopted)", ("whose", "%"), rows


def bars_shown(facts: SensitivityFacts) -> Shown:
    """Return the widest bars."""
    rows = [
        (
            bar["setting"],
            f"{bar['low']:.3g} / {bar['high']:.3g}",
            f"{Points(bar['at_low']['p'])} / {Points(bar['at_high']['p'])}",
        )
        for bar in facts["bars"][:MOST_SHOWN]
    ]
    return "What moves P(adopted) most", ("setting", "to", "points"), rows


def points(facts: FrontierFacts) -> Table:
    """Return a row per text of the frontier: its worth, its chance, and its provisions."""
    columns = ("worth", "adopted", "low", "high", "distance", *facts["provisions"])
    return columns, [
        (
            point["worth"],
            *point["adopted"].values(),
            point["distance"],
            *point["text"].values(),
        )
        for point in facts["points"]
    ]


def moves(facts: FrontierFacts) -> Table:
    """Return a row per step of one provision of the tabled text."""
    return ("provision", "before", "after", "difference", "low", "high", "worth"), [
        (
            *(step["provision"], step["before"], step["after"]),
            *step["adopted"].values(),
            step["worth"],
        )
        for step in facts["moves"]
    ]


OF_A_FRONTIER = {"points": points, "moves": moves}


def points_shown(facts: FrontierFacts) -> Shown:
    """Return the frontier less its texts."""
    rows = [
        (f"{p['worth']:.2f}", Share(p["adopted"]["p"]), f"{p['distance']:.2f}")
        for p in facts["points"]
    ]
    columns = (f"worth to {facts['member']}", "adopted %", "distance from the tabled text")
    return "No text is both worth more and likelier", columns, rows
