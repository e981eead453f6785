"""A value on a provision's scale, in words."""

from __future__ import annotations

from sim.facts.frontier import ScaleFacts
from sim.facts.report import ProvisionText

MONTHS = "months / "
"""The unit of a scale whose values are months divided by a number begins with this."""
NEAR = 0.1
"""A value this near to an anchor is told by it."""


def text_words(scale: ScaleFacts | ProvisionText, value: float) -> str:
    """Return a value in words: `between “a review with a date” and ...`, `9 months`."""
    unit, anchors = scale["unit"], scale["anchors"]
    if unit.startswith(MONTHS):
        return f"{value * float(unit.removeprefix(MONTHS)):.2g} months"
    places = dict(zip((0.0, 0.5, 1.0), anchors, strict=True))
    near = min(places, key=lambda place: abs(place - value))
    if abs(near - value) <= NEAR:
        return places[near]
    low, high = (0.0, 0.5) if value < 1 / 2 else (0.5, 1.0)
    return f"between “{places[low]}” and “{places[high]}”"
