"""What differs between worlds, as one array: drawn as the chamber draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, WorldArray
from sim.chance import Block
from sim.draws import Parameter
from sim.scenario import Scenario

KINDS: Mapping[str, str] = {
    "ideal": "ideals and saliences",
    "salience": "ideals and saliences",
    "ties": "ties",
    "other_ties": "ties",
    "veto_cost": "costs of opposing",
    "opposition_cost": "costs of opposing",
    "restraint": "costs of opposing",
    "voice": "voice and caucuses",
    "caucuses": "voice and caucuses",
    "stances": "stances",
    "sides": "who asks",
    "own_draft": "who asks",
    "own_rival": "who asks",
    "own_matter": "stances",
    "coefficients": "habit",
    "habit": "habit",
    "reading": "reading of the text",
    "shared_shock": "shared shock",
    "own_shock": "own shocks",
}
"""The kind of each input, by the first word of its setting."""
WEIGHTS = ("coefficients.habit", "coefficients.opposition_habit")
"""The weights of memory, which vary with the preferences."""
EVERYBODY = "council"


class Input(NamedTuple):
    """One number that differs between worlds.

    Args:
        setting: what it is of: `ties.PRK`, `reading.scrutiny`, `coefficients.habit.own`.
        owner: whose it is: a member's code, a bloc's name, `draft`, or `EVERYBODY`.
    """

    setting: str
    owner: str

    @property
    def path(self) -> str:
        """Where a file sets it, as `members.RUS.ties.PRK`; what it is called, where none does."""
        if self.setting.startswith("reading."):
            return f"draft.text{self.setting.removeprefix('reading')}.spread"
        if self.setting == "own_shock":
            return f"coefficients.own_shock, of {self.owner}"
        if self.owner == EVERYBODY:
            return self.setting if "." in self.setting else f"coefficients.{self.setting}"
        return f"members.{self.owner}.{self.setting}"

    @property
    def kind(self) -> str:
        """What kind of number it is, in words."""
        return KINDS[self.setting.partition(".")[0]]

    @property
    def whose(self) -> str:
        """The member, or what it is of that belongs to no member, in words."""
        return self.kind if self.owner in (EVERYBODY, "draft") else self.owner


def inputs_of(scenario: Scenario) -> tuple[Input, ...]:
    """Return every number that differs between the worlds of a scenario."""
    draft, numbers = scenario.draft, scenario.coefficients
    found = [
        Input(setting, code)
        for code, counting in zip(scenario.codes, scenario.counting, strict=True)
        for setting, estimate in counting.items()
        if estimate.spread
    ]
    if scenario.draws:
        found += [
            Input(f"{kind}.{name}", EVERYBODY)
            for kind in WEIGHTS
            for name in _remembered(scenario, kind)
            if Parameter(kind, name, "default", "") in scenario.draws.index
        ]
    read = zip(draft.provisions, draft.reading_spread, draft.matters, strict=True)
    found += [Input(f"reading.{p.name}", "draft") for p, spread, counts in read if spread * counts]
    if numbers.shared_shock:
        found.append(Input("shared_shock", EVERYBODY))
    if numbers.own_shock:
        names = dict.fromkeys(member.shock_name for member in scenario.council)
        found += [Input("own_shock", name) for name in names]
    return tuple(found)


def _remembered(scenario: Scenario, kind: str) -> Sequence[str]:
    """Return the kinds of memory that some member has and whose weight varies."""
    of = "dissent" if kind == WEIGHTS[0] else "against"
    return sorted({name for each in scenario.draft.memory.values() for name in getattr(each, of)})


@dataclass(frozen=True)
class Inputs:
    """The K numbers that differ between the worlds of a scenario.

    Preferences, readings and shocks are in units of their own spread, less their mean.
    """

    scenario: Scenario
    each: tuple[Input, ...]

    @classmethod
    def of(cls, scenario: Scenario) -> Self:
        """Return those of a scenario."""
        return cls(scenario, inputs_of(scenario))

    def drawn(self, chance: Block) -> WorldArray:
        """Return what the chamber draws in these worlds, (K, W)."""
        values = np.empty((len(self.each), chance.n_worlds), dtype=np.float32)
        rows = self.rows(chance)
        for out, one in zip(values, self.each, strict=True):
            common, own = self._joint(one)
            if own:
                chance.normals(one.setting, one.owner, out=out)
                out *= np.float32(own)
            else:
                out.fill(0)
            if common is not None and rows is not None:
                out += common[rows]
        return values

    def rows(self, chance: Block) -> NDArray[np.intp] | None:
        """Return the joint draw that each world has, (W,), or None where there are none."""
        return self.scenario.draws.of_worlds(chance) if self.scenario.draws else None

    def covariance(self) -> Floats:
        """Return how the numbers vary together, (K, K)."""
        parts = [self._joint(one) for one in self.each]
        n = self.scenario.draws.n if self.scenario.draws else 1
        common = np.array([np.zeros(n) if c is None else c for c, _ in parts], dtype=np.float64)
        return common @ common.T / n + np.diag([own**2 for _, own in parts])

    def _joint(self, one: Input) -> tuple[WorldArray | None, float]:
        """Return what a number has from the joint draws, (n,), and its share by itself."""
        draws = self.scenario.draws
        if draws is None or one.owner == "draft" or one.setting in ("shared_shock", "own_shock"):
            return None, 1.0
        if one.owner == EVERYBODY:
            kind, name = one.setting.rsplit(".", 1)
            return draws.deviations(Parameter(kind, name, "default", "")), 0.0
        member = self.scenario.council[self.scenario.codes.index(one.owner)]
        joint = draws.joint(one.setting, member)
        return (joint.common, float(joint.own)) if joint else (None, 1.0)

    def groups(self, by: str) -> dict[str, NDArray[np.intp]]:
        """Return the numbers of the inputs of each group, by `kind` or `whose`."""
        found: dict[str, list[int]] = {}
        for k, one in enumerate(self.each):
            found.setdefault(getattr(one, by), []).append(k)
        return {name: np.array(numbers) for name, numbers in found.items()}
