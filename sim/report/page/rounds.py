"""The consultations round by round, as columns."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from sim.facts.run import per_cent
from sim.report.consultations import followed
from sim.report.page.bars import columns
from sim.report.page.svg import chart
from sim.report.sections import ACTIONS, Facts

PANEL = 84
COLUMN = 56
"""Height of a panel, and of the columns in it."""


def consultations(report: Facts) -> Markup:
    """Return P(adopted) round by round, and below what those who may dissent say."""
    rounds, codes = report["rounds"], followed(report)
    panels = [("P(adopted), from 0 to 100 %", [{"share": r["p_adopted"]} for r in rounds])]
    for code in codes:
        positions = [{a: r["positions"][code][a] for a in ACTIONS} for r in rounds]
        panels.append((f"{code} says", positions))
    ends = f"from {per_cent(rounds[0]['p_adopted'])} to {per_cent(rounds[-1]['p_adopted'])} %"
    described = f"P(adopted) goes {ends} over {len(rounds)} rounds."
    if codes:
        described += f" Below it, the positions of {', '.join(codes)}."
    return _panels("P(adopted) and stated positions by round", described, panels)


def adoption_by_round(sides: Sequence[tuple[str, Facts]]) -> Markup:
    """Return P(adopted) of several scenarios round by round, a panel each.

    Args:
        sides: a letter for each scenario, and its facts.
    """
    described = "; ".join(
        f"{letter} from {per_cent(side['p_adopted_by_round'][0])} to "
        f"{per_cent(side['p_adopted_by_round'][-1])} %"
        for letter, side in sides
    )
    panels = [
        (letter, [{"share": p} for p in side["p_adopted_by_round"]]) for letter, side in sides
    ]
    return _panels("P(adopted) by round", f"{described}.", panels)


def _panels(
    title: str, described: str, panels: Sequence[tuple[str, Sequence[dict[str, float]]]]
) -> Markup:
    drawn = [columns(k * PANEL, COLUMN, name, own) for k, (name, own) in enumerate(panels)]
    return chart("rounds", title, described, PANEL * len(panels), drawn)
