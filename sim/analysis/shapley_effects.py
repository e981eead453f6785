"""Shapley effects of groups of inputs that vary together: shares of the variance that add up.

Where inputs vary together, first-order indices count what they share many times over, and their
sum says nothing. The Shapley value shares it out: a group's effect is what knowing it explains
beyond what is known already, averaged over all orders in which groups become known (Owen 2014;
Song, Nelson and Staum 2016). The effects add up to the variance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from sim.arrays import Floats, WorldArray

Groups = Sequence[NDArray[np.intp]]
"""The numbers of the inputs of each group."""
Function = Callable[[WorldArray], Floats]
"""From inputs, (K, W), to what is explained, (W,)."""
JITTER = 1e-6
"""Added to the variances of inputs, so that some may be one and the same number."""


class Effects(NamedTuple):
    """What each group explains, by world, (G, W): its mean is a part of the variance.

    Args:
        shapley: its Shapley effect; in each world they add up to half the squared difference of y
            between the two sets of inputs, whose mean is the variance.
        closed: what it explains by itself, its closed first-order index.
        total: what stays open if all others are known, its total index; None if not wanted.
    """

    shapley: Floats
    closed: Floats
    total: Floats | None

    def joined(self, other: Effects) -> Effects:
        """Return both, one after the other."""
        total = None
        if self.total is not None and other.total is not None:
            total = np.concatenate([self.total, other.total], axis=1)
        shapley = np.concatenate([self.shapley, other.shapley], axis=1)
        return Effects(shapley, np.concatenate([self.closed, other.closed], axis=1), total)


def effects(
    of: Function,
    x: WorldArray,
    other: WorldArray,
    covariance: Floats,
    groups: Groups,
    orders: NDArray[np.intp],
    total: bool = False,
) -> Effects:
    """Return what groups of inputs explain of the variance of y, in each world.

    Args:
        of: y; called 1 + 2 G times, and G times more for total indices.
        x, other: (K, W), two independent sets of inputs in the same worlds, of mean 0.
        covariance: (K, K), how inputs vary together; taken as normal where one is drawn anew given
            others.
        groups: G of them, 1 or more, that hold every input once.
        orders: (B, G), orders in which the groups become known, each in as many worlds.
        total: whether total indices are wanted.

    Source: the estimator of Goda (2021), "A simple algorithm for global sensitivity analysis with
    Shapley effects", which needs y with some groups drawn anew only; conditional draws by the
    Cholesky factor in the order of the groups make it one for inputs that vary together. Of the
    total indices: Jansen (1999).
    """
    whole, nothing = of(x), of(other)
    shapley, closed, open_ = (np.empty((len(groups), x.shape[1])) for _ in range(3))
    edges = np.linspace(0, x.shape[1], len(orders) + 1).astype(int)
    batches = [slice(*ends) for ends in pairwise(edges)]
    mixed = [
        _Mixed(x[:, batch], other[:, batch], covariance, [groups[g] for g in order])
        for batch, order in zip(batches, orders, strict=True)
    ]
    before = nothing
    for place in range(len(groups)):
        is_last = place + 1 == len(groups)
        after = whole if is_last else of(np.concatenate([m.next() for m in mixed], axis=1))
        step = _explained(whole, before, after)
        for batch, order in zip(batches, orders, strict=True):
            shapley[order[place], batch] = step[batch]
        before = after
    for g, group in enumerate(groups):
        closed[g] = _explained(whole, nothing, of(_Mixed(x, other, covariance, [group]).next()))
        if total:
            rest = np.setdiff1d(np.arange(len(x)), group)
            others_known = of(_Mixed(x, other, covariance, [rest]).next())
            open_[g] = _explained(whole, others_known, whole)
    return Effects(shapley, closed, open_ if total else None)


def _explained(whole: Floats, before: Floats, after: Floats) -> Floats:
    """Return what a step from fewer known groups to more explains, whose mean is its part.

    The mean of y * (after - before) is; half of the difference of their squares, of mean 0, takes
    most of its noise.
    """
    return (whole - (before + after) / 2) * (after - before)


class _Mixed:
    """Inputs of which the first groups are those of x, and the others are drawn given them."""

    def __init__(
        self, x: WorldArray, other: WorldArray, covariance: Floats, groups: Groups
    ) -> None:
        rows = np.concatenate(groups)
        self._ends = np.cumsum([0, *map(len, groups)])
        self._known, self._values = 0, other.copy()
        own = covariance[np.ix_(rows, rows)] + JITTER * np.eye(len(rows))
        factor = np.linalg.cholesky(own)
        # What is new in each input after those before it, and how all inputs go with that.
        self._new = solve_triangular(factor, (x - other)[rows], lower=True).astype(np.float32)
        going_with = solve_triangular(factor, covariance[rows], lower=True).T
        self._going_with = going_with.astype(np.float32)

    def next(self) -> WorldArray:
        """Return inputs of which one group more is known, (K, W)."""
        start, end = self._ends[self._known : self._known + 2]
        self._known += 1
        self._values = self._values + self._going_with[:, start:end] @ self._new[start:end]
        return self._values
