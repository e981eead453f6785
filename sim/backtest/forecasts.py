"""Many forecasts side by side, and their weighted sums in many samples of votes at once.

A sample says how often it holds each vote: a column of ones is the record itself, one of zeros and
ones a part of it, one drawn with replacement a resample. Members' votes on one draft always stay
together. Shapes: votes first, samples last.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, Ints


@dataclass(frozen=True, eq=False)
class Forecasts:
    """Forecasts that each belong to a vote, and what happened.

    Args:
        p: (n, 3), the probability of each action, or of each outcome in the order of `DECIDED`;
            sums to 1 over the axis of length 3.
        observed: (n,), the index of what happened, 0 to 2.
        votes: (n,), the vote it belongs to, 0 to `n_votes` - 1.
        weights: (n,), at least 0, the same for all that belongs to one vote.
        shares: (n, 3), the share of each class among the votes before, above 0.
    """

    p: Floats
    observed: Ints
    votes: Ints
    weights: Floats
    shares: Floats

    @property
    def n_votes(self) -> int:
        """The number of votes."""
        return int(self.votes.max()) + 1

    def where(self, kept: NDArray[np.bool_]) -> Forecasts:
        """Return those of the forecasts that are kept, (n,)."""
        return Forecasts(*(getattr(self, f.name)[kept] for f in fields(self)))

    def sums(self, values: Floats, samples: Floats) -> Floats:
        """Return the weighted sum of the values in each sample.

        Args:
            values: (n, K).
            samples: (V, B), how often each vote is in each sample.

        Returns:
            (K, B).
        """
        by_vote = np.zeros((len(samples), values.shape[1]))
        np.add.at(by_vote, self.votes, self.weights[:, None] * values)
        return by_vote.T @ samples

    def means(self, values: Floats, samples: Floats) -> Floats:
        """Return the weighted mean of the values in each sample, (K, B) from (n, K)."""
        totals = self.sums(np.column_stack([values, np.ones(len(values))]), samples)
        return ratio(totals[:-1], totals[-1])


def ratio(above: Floats, below: Floats) -> Floats:
    """Return the ratio, NaN where the denominator is 0."""
    below = np.broadcast_to(below, above.shape)
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
