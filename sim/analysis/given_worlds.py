"""Worlds whose numbers are given to the chamber, not drawn by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.analysis.paired import p_adopted_in
from sim.arrays import Floats, WorldArray
from sim.chance import Block
from sim.draws import Draws
from sim.ensemble.inputs import EVERYBODY, Inputs


@dataclass(frozen=True, eq=False)
class GivenChance(Block):
    """The chance of worlds whose normal draws are given by purpose and owner."""

    given: Mapping[tuple[str, str], WorldArray]

    def normals(self, purpose: str, owner: str, out: WorldArray | None = None) -> WorldArray:
        """Return the draws that are given, or those of the stream where none are."""
        values = self.given.get((purpose, owner))
        if values is None:
            return super().normals(purpose, owner, out)
        if out is None:
            return values.copy()
        out[:] = values
        return out


@dataclass(frozen=True, eq=False, kw_only=True)
class GivenWeights(Draws):
    """Weights of memory that are given, (W,), by their path; preferences come from the chance."""

    given: Mapping[str, WorldArray]

    def joint(self, *_: object) -> None:
        """Return nothing: how preferences vary together is in what is given of them."""

    def sum_of(self, kind: str, factors: Mapping[str, float]) -> WorldArray:
        """Return how a sum of weights deviates from its mean, (W,)."""
        zero = np.zeros(self.n, dtype=np.float32)
        given = ((self.given.get(f"{kind}.{name}"), x) for name, x in factors.items())
        return sum((np.float32(x) * values for values, x in given if values is not None), zero)

    def of_worlds(self, chance: Block) -> NDArray[np.intp]:
        """Return each world's own number, (W,)."""
        return np.arange(chance.n_worlds)


def p_adopted_with(inputs: Inputs, values: WorldArray, random_seed: int = 0) -> Floats:
    """Return P(adopted) in worlds with these numbers, (W,), by the chamber itself.

    Args:
        inputs: the K numbers.
        values: (K, W), W up to a block.
        random_seed: of what is not given, which moves no probability.
    """
    n_worlds = values.shape[1]
    named = dict(zip(inputs.each, values, strict=True))
    chance = GivenChance(random_seed, 0, n_worlds, {(*one,): v for one, v in named.items()})
    scenario = inputs.scenario
    if scenario.draws:
        weights = {one.setting: v for one, v in named.items() if one.owner == EVERYBODY}
        nothing = np.zeros((0, n_worlds), dtype=np.int8)
        given = GivenWeights(
            parameters=(), steps=nothing, scale=np.zeros(0, np.float32), content=b"",
            given=weights,
        )  # fmt: skip
        scenario = replace(scenario, draws=given)
    return p_adopted_in(scenario, chance)
