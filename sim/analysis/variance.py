"""Whose numbers explain how much of the variance of P(adopted) between worlds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from sim.analysis.given_worlds import p_adopted_with
from sim.analysis.paired import Progress, counter
from sim.analysis.shapley_effects import Effects, effects
from sim.arrays import Floats, WorldArray
from sim.chamber.threads import map_in_threads
from sim.chance import Block
from sim.ensemble.indices import Index
from sim.ensemble.inputs import Inputs

REDRAWN = (4096, 4096)
"""Worlds of each block in which groups are drawn anew, at most."""
PAIRS = 32
"""Pairs of orders of the groups in each block, one the reverse of the other."""
OTHER = 2**40
"""Added to a block's number for a second, independent draw of it: no run has so many blocks."""


@dataclass(frozen=True)
class Group:
    """A group of numbers and what it explains.

    Args:
        name: a member's code, or the kind of its numbers.
        numbers: how many there are.
        shapley, first_order, total: shares of the variance.
    """

    name: str
    numbers: int
    shapley: Index
    first_order: Index
    total: Index | None


def redrawn_worlds(n_worlds: int) -> list[int]:
    """Return the worlds of each block in which groups are drawn anew."""
    return [min(n, n_worlds // len(REDRAWN)) for n in REDRAWN]


def grouped(
    inputs: Inputs,
    by: str,
    n_worlds: int,
    seed: int,
    total: bool,
    workers: int | None,
    on_progress: Progress | None,
) -> tuple[Group, ...]:
    """Return what each group explains, by worlds in which groups are drawn anew."""
    groups, covariance, sizes = inputs.groups(by), inputs.covariance(), redrawn_worlds(n_worlds)
    done = counter(on_progress, len(sizes) * (1 + len(groups) * (2 + total)))

    def of(values: WorldArray) -> Floats:
        found = p_adopted_with(inputs, values, seed)
        done()
        return found

    def explained(number: int) -> Effects:
        far = (number, number + OTHER)
        x, other = (inputs.drawn(Block(seed, block, sizes[number])) for block in far)
        orders = _orders(len(groups), seed, number)
        return effects(of, x, other, covariance, [*groups.values()], orders, total)

    parts = map_in_threads(explained, iter(range(len(sizes))), workers)
    shapley, closed, open_ = reduce(Effects.joined, parts)
    variance = shapley.sum(axis=0)
    found = [
        Group(
            name,
            len(groups[name]),
            _share(shapley[g], variance),
            _share(closed[g], variance),
            None if open_ is None else _share(open_[g], variance),
        )
        for g, name in enumerate(groups)
    ]
    return tuple(sorted(found, key=lambda group: (-group.shapley.share, group.name)))


def _orders(n_groups: int, seed: int, block: int) -> NDArray[np.intp]:
    """Return orders of the groups, (B, G); each second one reverses the one before."""
    rng = np.random.default_rng([seed, block])
    drawn = [rng.permutation(n_groups) for _ in range(PAIRS)]
    return np.array([way for order in drawn for way in (order, order[::-1])])


def _share(part: Floats, variance: Floats) -> Index:
    """Return the mean of a part as a share of the mean variance, with its 95 % interval.

    Worlds that share a pair of orders are one witness. Source: the delta method for a ratio.
    """
    share = part.mean() / variance.mean()
    witnesses = np.array_split(part - share * variance, PAIRS * len(REDRAWN))
    error = np.std([w.mean() for w in witnesses]) / len(witnesses) ** 0.5 / variance.mean()
    return Index(float(share), float(share - 1.96 * error), float(share + 1.96 * error))
