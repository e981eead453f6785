"""The consultations round by round, as columns."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from sim.facts.figures import Share
from sim.facts.report import ACTIONS, Report
from sim.report.consultations import followed
from sim.report.differences import Lettered
from sim.report.page.bars import columns
from sim.report.page.svg import chart

PANEL = 84
COLUMN = 56
"""Height of a panel, and of the columns in it."""
Panel = tuple[str, Sequence[dict[str, float]]]
"""Its name, and for each round the shares of a column by their class."""


def consultations(report: Report) -> Markup:
    """Return P(adopted) round by round, and below the positions of those who may dissent."""
    rounds, codes = report["rounds"], followed(report)
    panels: list[Panel] = [
        ("P(adopted), from 0 to 100 %", [{"share": r["p_adopted"]} for r in rounds])
    ]
    for code in codes:
        positions = [{str(a): r["positions"][code][a] for a in ACTIONS} for r in rounds]
        panels.append((f"Position of {code}", positions))
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
    drawn = [columns(k * PANEL, COLUMN, name, own) for k, (name, own) in enumerate(panels)]
    return chart("rounds", title, described, PANEL * len(panels), drawn)
