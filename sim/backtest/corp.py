"""Reliability by the CORP approach: whether what is forecast with 10 % happens in 10 % of cases.

Nothing is binned by hand. Pooling adjacent violators finds the share that happened as the best
function of the forecast that never falls; forecasts with the same share are one step. The Brier
score then parts exactly into miscalibration - discrimination + uncertainty.

Source: Dimitriadis, Gneiting and Jordan, Stable reliability diagrams for probabilistic classifiers,
PNAS 118(8) (2021).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import AnyFloats, Floats, Ints
from sim.backtest.bootstrap import TAILS

N_SAMPLES = 1000
"""Resamples behind a consistency band."""


class Decomposition(NamedTuple):
    """What a Brier score is made of: `miscalibration - discrimination + uncertainty`.

    Miscalibration is what would be gained by forecasting the share of each step instead;
    discrimination what these shares gain over the share of all; uncertainty what that one costs.
    Each is from 0 to 1.
    """

    brier: float
    miscalibration: float
    discrimination: float
    uncertainty: float


@dataclass(frozen=True)
class Step:
    """Neighbouring forecasts that are pooled, and how often what they forecast happened.

    Args:
        begins: the least forecast in it, 0 to 1.
        ends: the greatest one.
        count: how many forecasts, at least 1.
        mean_forecast: their mean.
        observed: the share that happened, 0 to 1; it rises from step to step.
        low: the lower end of the 95 % consistency band at the mean forecast: where the share falls
            if every forecast is right.
        high: the upper end.
    """

    begins: float
    ends: float
    count: int
    mean_forecast: float
    observed: float
    low: float
    high: float

    @property
    def is_off(self) -> bool:
        """Whether the observed share is outside the band."""
        return not self.low <= self.observed <= self.high


def decomposition(p: Floats, happened: NDArray[np.bool_]) -> Decomposition:
    """Return what the Brier score of these forecasts is made of.

    Args:
        p: (n,), 0 to 1.
        happened: (n,).
    """
    _, where, counts = np.unique(p, return_inverse=True, return_counts=True)
    shares = _recalibrated(np.bincount(where, happened), counts)[where]
    base = float(happened.mean())
    brier, recalibrated = (float(np.mean((x - happened) ** 2)) for x in (p, shares))
    uncertainty = base * (1 - base)
    return Decomposition(brier, brier - recalibrated, uncertainty - recalibrated, uncertainty)


def reliability(
    p: Floats, happened: NDArray[np.bool_], random_seed: int, n_samples: int = N_SAMPLES
) -> list[Step]:
    """Return the steps of the share that happened, with their consistency bands.

    For the bands, forecasts are drawn with replacement, and what happens by these forecasts. Events
    are drawn one by one: members' votes on one draft are not independent, so their bands are too
    narrow.

    Args:
        p: (n,), 0 to 1.
        happened: (n,).
        random_seed: of the bands.
        n_samples: resamples behind them.
    """
    each, where, counts = np.unique(p, return_inverse=True, return_counts=True)
    shares = _recalibrated(np.bincount(where, happened), counts)
    starts = np.flatnonzero(np.diff(shares, prepend=-1.0))
    stops = np.append(starts[1:], len(each))
    sizes = np.add.reduceat(counts, starts)
    means = np.add.reduceat(counts * each, starts) / sizes
    low, high = np.quantile(_consistent(each, counts, means, random_seed, n_samples), TAILS, axis=0)
    columns = each[starts], each[stops - 1], sizes, means, shares[starts], low, high
    return [Step(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _consistent(each: Floats, counts: Ints, at: Floats, random_seed: int, n_samples: int) -> Floats:
    """Return the shares found at some forecasts in resamples of right forecasts, (B, n)."""
    generator = np.random.Generator(np.random.PCG64(random_seed))
    drawn = generator.multinomial(counts.sum(), counts / counts.sum(), size=n_samples)
    events = generator.binomial(drawn, each)
    found = []
    for n, hits in zip(drawn, events, strict=True):
        met = n > 0
        found.append(np.interp(at, each[met], _recalibrated(hits[met], n[met])))
    return np.array(found)


def _recalibrated(hits: AnyFloats | Ints, counts: Ints) -> Floats:
    """Return the shares nearest to `hits / counts` that never fall, (U,), counts being weights."""
    from scipy.optimize import isotonic_regression  # slow to import

    return np.asarray(isotonic_regression(hits / counts, weights=counts).x)
