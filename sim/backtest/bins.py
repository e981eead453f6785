"""Reliability: whether what is forecast with 10 % happens in 10 % of the cases, bin by bin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.backtest.bootstrap import TAILS

N_BINS = 10
"""From 0 to 1, each 0.1 wide."""


@dataclass(frozen=True)
class Bin:
    """Forecasts of about the same probability, and how often what they forecast happened.

    Args:
        begins: the least probability in it, 0 to 0.9; the bin is 0.1 wide.
        count: how many forecasts, at least 1.
        mean_forecast: their mean, 0 to 1.
        observed: the share that happened, 0 to 1.
        low: the lower end of the share's 95 % interval, if every forecast was right.
        high: the upper end.
    """

    begins: float
    count: int
    mean_forecast: float
    observed: float
    low: float
    high: float

    @property
    def is_off(self) -> bool:
        """Whether the observed share is outside the interval."""
        return not self.low <= self.observed <= self.high


def reliability(p: Floats, happened: NDArray[np.bool_]) -> list[Bin]:
    """Return the bins, 0.1 wide, that hold a forecast.

    The interval is exact for the bin's own forecasts if the events are independent. Members' votes
    on one draft are not, so theirs is too narrow.

    Args:
        p: (n,), 0 to 1; a forecast of 1 belongs to the last bin.
        happened: (n,).
    """
    which = np.minimum((p * N_BINS).astype(int), N_BINS - 1)
    bins = []
    for k in sorted(set(which.tolist())):
        own, share = p[which == k], float(happened[which == k].mean())
        up_to = np.cumsum(poisson_binomial(own))
        low, high = np.minimum(np.searchsorted(up_to, TAILS), len(own)) / len(own)
        bins.append(Bin(k / N_BINS, len(own), float(own.mean()), share, float(low), float(high)))
    return bins


def poisson_binomial(p: Floats) -> Floats:
    """Return the probability of each number of successes of independent trials.

    Args:
        p: (n,), each trial's probability, 0 to 1.

    Returns:
        (n + 1,), sums to 1; exact, trial by trial.
    """
    return reduce(np.convolve, np.stack([1 - p, p], axis=1), np.ones(1))
