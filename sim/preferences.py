"""What capitals want: means with spreads, some of them dated, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.arrays import WorldArray
from sim.chance import Block

ASSUMED = ("assumed",)
"""Evidence of a number that nobody measured."""

BOUNDS: Mapping[str, tuple[float, float]] = {
    "ideal": (0.0, 1.0),
    "salience": (0.0, 10.0),
    "ties": (-1.0, 1.0),
    "veto_cost": (0.0, 10.0),
    "opposition_cost": (0.0, 10.0),
    "voice": (0.0, 5.0),
    "caucuses": (-5.0, 5.0),
    "stances": (-10.0, 10.0),
    "restraint": (-10.0, 10.0),
}
"""Lowest and highest value of each kind of preference; draws beyond are set to the bound."""


@dataclass(frozen=True)
class Estimate:
    """A number as far as it is known.

    Args:
        mean: the middle of what is held possible.
        spread: standard deviation between worlds, 0 or more.
        evidence: ids of statements and votes that support it, or `ASSUMED`.
    """

    mean: float
    spread: float
    evidence: tuple[str, ...] = ASSUMED

    @property
    def is_nothing(self) -> bool:
        """Whether it is 0 for sure."""
        return self.mean == self.spread == 0


def drawn(estimates: Mapping[str, Estimate], chance: Block, owner: str) -> WorldArray:
    """Return one value a world of each estimate, shape (K, W), held within the bounds of its kind.

    Args:
        estimates: K of them by setting: `ideal.scrutiny`, `voice`.
        chance: the worlds.
        owner: whose estimates they are.
    """
    values = np.empty((len(estimates), chance.n_worlds), dtype=np.float32)
    for row, (setting, estimate) in zip(values, estimates.items(), strict=True):
        if estimate.spread:
            chance.normals(setting, owner, out=row)
        else:
            row.fill(0)
    numbers = [
        (e.mean, e.spread, *BOUNDS[setting.partition(".")[0]]) for setting, e in estimates.items()
    ]
    means, spreads, lows, highs = np.array(numbers, dtype=np.float32).reshape(-1, 4).T[..., None]
    values *= spreads
    values += means
    return np.clip(values, lows, highs, out=values)


@dataclass(frozen=True)
class Layer:
    """What one layer (defaults, a group, a member, a scenario) says of one preference.

    Each part that is None is left to the layer below. A layer with `since` speaks only from that
    day on.
    """

    mean: float | None = None
    spread: float | None = None
    evidence: tuple[str, ...] | None = None
    since: date | None = None


def in_force(layers: Iterable[Layer], day: date) -> Layer | None:
    """Return the latest of a preference's dated layers that holds on that day, if any does."""
    held = [x for x in layers if x.since is None or x.since <= day]
    return held[-1] if held else None


def settle(stack: Iterable[Layer | None]) -> Estimate | None:
    """Return the estimate that the layers give, later ones over earlier ones.

    A layer that gives a mean without evidence makes the number an assumed one, whatever the layer
    below cited. None if no layer gives a mean; a spread that nobody gives is 0.
    """
    settled = Layer()
    for layer in filter(None, stack):
        if layer.mean is not None:
            settled = replace(settled, mean=layer.mean, evidence=layer.evidence or ASSUMED)
        elif layer.evidence is not None:
            settled = replace(settled, evidence=layer.evidence)
        if layer.spread is not None:
            settled = replace(settled, spread=layer.spread)
    if settled.mean is None:
        return None
    return Estimate(settled.mean, settled.spread or 0.0, settled.evidence or ASSUMED)


@dataclass(frozen=True)
class Preferences:
    """What one capital wants on the day of the vote.

    Args:
        ideal: by provision, where on its scale the member would have the text, 0..1.
        salience: by provision, how much the distance from there counts, 0..10.
        ties: to other States, -1 (adversary) to 1 (ally), by code.
        other_ties: to any State not in `ties`.
        veto_cost: what casting a veto costs it, in units of gain; veto holders only.
        opposition_cost: what voting against costs it, in units of gain.
        voice: what being seen on the right side counts beside the outcome, 0..5.
        caucuses: weight of acting with each caucus, in units of gain.
        stances: by a kind of draft (`Draft.kinds`), what adopting one is worth whatever the text
            says, in units of gain, -10..10; 0 where a kind is not named.
        restraint: by an instrument or the code of a target (`Draft.opposed`), what voting against
            costs beyond `opposition_cost`, in units of gain, -10..10; 0 where it is not named.
    """

    ideal: Mapping[str, Estimate]
    salience: Mapping[str, Estimate]
    ties: Mapping[str, Estimate]
    other_ties: Estimate
    veto_cost: Estimate
    opposition_cost: Estimate
    voice: Estimate
    caucuses: Mapping[str, Estimate]
    stances: Mapping[str, Estimate]
    restraint: Mapping[str, Estimate]

    def tie_to(self, state: str) -> Estimate:
        """Return the tie to a State."""
        return self.ties.get(state, self.other_ties)

    def estimates(self) -> dict[str, Estimate]:
        """Return every estimate by its dotted setting: `ideal.scrutiny`, `voice`."""
        flat: dict[str, Estimate] = {}
        for kind, value in vars(self).items():
            if isinstance(value, Estimate):
                flat[kind] = value
            else:
                flat |= {f"{kind}.{name}": estimate for name, estimate in value.items()}
        return flat


@dataclass(frozen=True)
class Coefficients:
    """The numbers of the model that belong to no member.

    Args:
        precision: lambda, how sharply members choose the better action, per unit of utility.
        shielding: kappa, how much a tie to the target weighs against a hostile text.
        asking: alpha, how much a tie to the penholder weighs.
        shared_shock: standard deviation of the shock that all members of a world share.
        own_shock: standard deviation of each member's own shock.
        hostility: (D,), how hostile to the target a unit of each provision is.
        evidence: by coefficient, ids that support it, or `ASSUMED`.
    """

    precision: float
    shielding: float
    asking: float
    shared_shock: float
    own_shock: float
    hostility: NDArray[np.float64]
    evidence: Mapping[str, tuple[str, ...]]
