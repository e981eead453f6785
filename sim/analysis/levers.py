"""What can be moved in a scenario, one number at a time: preferences and provisions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sim.draft import Draft
from sim.facts.explanation import FlipKind
from sim.scenario import Scenario
from sim.traits import trait_and_name

FINEST = 100
"""Changes are to a hundredth: nobody knows more of any of these numbers."""


@dataclass(frozen=True)
class Lever:
    """A number that can be moved, and how far.

    Args:
        kind: what it is.
        what: the trait and its name, or the provision.
        path: its setting.
        place: the member's seat, or the number of the provision.
        before: where it is.
        low, high: its bounds.
        spread: its own standard deviation, 0 where it has none.
    """

    kind: FlipKind
    what: str
    path: str
    place: int
    before: float
    low: float
    high: float
    spread: float

    def at(self, value: float) -> str:
        """Return the setting that puts the number somewhere else."""
        return f"{self.path}={value:g}"

    def quickly(self, scenario: Scenario, value: float) -> Scenario:
        """Return about the same variant, without reading the scenario again.

        What follows from a text by rule, as that of a technical rollover, stays as it was.
        """
        if self.kind == "text":
            text = scenario.draft.text.copy()
            text[self.place] = value
            return replace(scenario, draft=replace(scenario.draft, text=text))
        return scenario.with_mean(self.place, self.what, value)

    def outward(self, value: float) -> float:
        """Return the next hundredth from a value away from where the number is, within bounds."""
        beyond = math.ceil if value > self.before else math.floor
        return min(self.high, max(self.low, beyond(round(value * FINEST, 6)) / FINEST))


def preferences(scenario: Scenario, seat: int) -> Iterator[Lever]:
    """Yield the preferences of a member that count; of those that enter one sum, the least sure.

    Weights of provisions that are assumed without a spread are left out: as scales of the model
    they are nobody's wish.
    """
    found: dict[str, Lever] = {}
    for setting, estimate in scenario.counting[seat].items():
        trait, name = trait_and_name(setting)
        if trait.name == "salience" and not estimate.spread:
            continue
        path = f"members.{scenario.codes[seat]}.{setting}"
        bounds = trait.low, trait.high
        lever = Lever("preference", setting, path, seat, estimate.mean, *bounds, estimate.spread)
        entered = "gain" if trait.enters in ("penholder", "stance") else trait.enters or setting
        weight = abs(trait.factor_on(scenario.draft, name))
        if entered not in found or lever.spread * weight > found[entered].spread:
            found[entered] = lever
    yield from found.values()


def provisions(draft: Draft) -> Iterator[Lever]:
    """Yield the provisions of the text, each within its red lines where it has any."""
    for d, provision in enumerate(draft.provisions):
        low, high = float(draft.low[d]), float(draft.high[d])
        bounds = (low, high) if low < high else (0.0, 1.0)
        path, before = f"draft.text.{provision.name}", float(draft.text[d])
        yield Lever("text", provision.name, path, d, before, *bounds, 0.0)
