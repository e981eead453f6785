"""First-order indices from given data: how much of the variance each input explains by itself.

The worlds that were simulated serve: nothing is run again. Worlds whose inputs are next to each
other in rank differ in all else, so the mean product of their y is what the input explains. Worlds
that share a joint draw of the preferences share more than the one input: only neighbours of
different clusters are paired, and the intervals go by clusters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import AnyFloats, Floats, WorldArray
from sim.ensemble.tally import Z

NEAR = 0.004
"""Worlds that are paired are no further apart than this share of all ranks."""
LAGS = 16
"""Each world is paired with so many others, evenly spread over those that are near."""
WIDE = 0.1
"""Where its 95 % interval is wider than this share of the variance, an index has not converged."""


class Index(NamedTuple):
    """A share of the variance with its 95 % interval, 0 to 1 but for noise."""

    share: float
    low: float
    high: float

    @property
    def has_converged(self) -> bool:
        """Whether the interval is narrow enough for the number to be taken as such."""
        return self.high - self.low <= WIDE


def first_order(inputs: WorldArray, y: Floats, clusters: NDArray[np.intp]) -> list[Index]:
    """Return the first-order index of each input: the share of the variance of E[y | input].

    Args:
        inputs: (K, W), in worlds drawn at random.
        y: (W,), what is explained; not the same in all worlds.
        clusters: (W,), the number of each world's cluster, from 0; worlds of different clusters
            are independent.

    Source: the rank estimator of Gamboa, Gremaud, Klein and Lagnoux (2022), "Global sensitivity
    analysis: a novel generation of mighty estimators based on rank statistics", over several
    neighbours; the jackknife over clusters for the intervals.
    """
    away, n = y - y.mean(), int(clusters.max()) + 1
    sizes, squares = (
        np.asarray(np.bincount(clusters, w, n), dtype=np.float64)
        for w in (np.ones_like(y), away**2)
    )
    lags = sorted({int(lag) for lag in np.linspace(1, max(1, NEAR * len(y)), LAGS)})
    return [
        _index(np.argsort(x, kind="stable"), away, clusters, sizes, squares, lags) for x in inputs
    ]


def _index(
    order: NDArray[np.intp],
    away: Floats,
    clusters: NDArray[np.intp],
    sizes: AnyFloats,
    squares: AnyFloats,
    lags: Sequence[int],
) -> Index:
    """Return the index of an input whose ranks give this order of the worlds."""
    away, clusters, n = away[order], clusters[order], len(sizes)
    products: Floats = np.zeros(n)
    pairs: Floats = np.zeros(n)  # of each cluster with all others
    for lag in lags:
        one, other = clusters[:-lag], clusters[lag:]
        apart = (one != other).astype(float)
        product = apart * away[:-lag] * away[lag:]
        for end in (one, other):
            products += np.bincount(end, product, n)
            pairs += np.bincount(end, apart, n)
    total, count, worlds = products.sum() / 2, pairs.sum() / 2, sizes.sum()
    share = total / count / (squares.sum() / worlds)
    variances = (squares.sum() - squares) / (worlds - sizes)
    without = (total - products) / (count - pairs) / variances
    error = float(((without - without.mean()) ** 2).sum() * (n - 1) / n) ** 0.5
    return Index(float(share), float(share - Z * error), float(share + Z * error))
