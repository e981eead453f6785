"""What one forecast costs once it is known what happened; 0 is perfect."""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats, Ints

FLOOR = 1e-6
"""Logarithms take probabilities below this as this: nobody loses more than 13.8 on one vote.

Source: assumed; without a floor one certain and wrong forecast would outweigh all others.
"""


def log_losses(p: Floats, observed: Ints) -> Floats:
    """Return minus the log probability of what happened, (n,), 0 to -log(`FLOOR`)."""
    return -np.log(np.maximum(p[np.arange(len(p)), observed], FLOOR))


def brier_losses(p: Floats, observed: Ints) -> Floats:
    """Return the squared distance from what happened, summed over the classes, (n,), 0 to 2.

    Source: Brier, Monthly Weather Review 78 (1950).
    """
    return np.asarray(((p - indicators(observed, p.shape[1])) ** 2).sum(axis=1))


def ranked_losses(p: Floats, observed: Ints) -> Floats:
    """Return the squared distances of the cumulated probabilities, summed, (n,), 0 to 2.

    The order is in favour < abstaining < against, so abstaining for against costs less than in
    favour for against. Not divided by the number of classes less one.

    Source: Epstein, Journal of Applied Meteorology 8 (1969); Murphy, the same 10 (1971).
    """
    gaps = np.cumsum(p - indicators(observed, p.shape[1]), axis=1)
    return np.asarray((gaps**2).sum(axis=1))


def indicators(observed: Ints, n_classes: int) -> Floats:
    """Return 1 in the column of what happened and 0 elsewhere, (n, K)."""
    return np.eye(n_classes)[observed]
