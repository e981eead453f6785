"""How sure a score is: scores on resamples of the votes, and paired differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.backtest.forecasts import Forecasts
from sim.backtest.scores import Scores

N_RESAMPLES = 2000
COVERAGE = 0.95
TAILS = ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2)

_CHUNK = 200_000
"""Numbers in the largest array of a chunk of samples: as many as a processor's cache holds."""
_FEWEST = 16
"""Samples in a chunk at least: the forecasts are sorted once per chunk."""


def resamples(n_votes: int, random_seed: int, n_samples: int = N_RESAMPLES) -> Floats:
    """Return how often each vote is drawn when V of them are drawn with replacement.

    Whole votes are drawn: member votes on one draft are not independent.

    Returns:
        (V, B), whole numbers; each column sums to V. Two forecasters scored on the same resamples
        are compared pair by pair.

    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993).
    """
    generator = np.random.Generator(np.random.PCG64(random_seed))
    drawn = generator.multinomial(n_votes, np.full(n_votes, 1 / n_votes), size=n_samples)
    return drawn.T.astype(float)


def clustered_resamples(
    clusters: Sequence[str], random_seed: int, n_samples: int = N_RESAMPLES
) -> Floats:
    """Return how often each vote is drawn when whole clusters are drawn with replacement, (V, B).

    Votes on one matter are not independent: what a forecaster misses once it may miss each time.
    The columns sum to V on average.

    Args:
        clusters: the name of each vote's cluster, V of them.
        random_seed, n_samples: as `resamples` takes them.

    Source: Cameron, Gelbach and Miller, Review of Economics and Statistics 90(3) (2008).
    """
    _, which = np.unique(clusters, return_inverse=True)
    return resamples(int(which.max()) + 1, random_seed, n_samples)[which]


def scored(
    score: Callable[[Forecasts, Floats], Scores], forecasts: Forecasts, samples: Floats
) -> dict[str, Floats]:
    """Return the scores on each of many samples, chunk by chunk so that memory stays small.

    Args:
        score: `member_scores` or `outcome_scores`.
        samples: (V, B).

    Returns:
        (B,) by the name of the score.
    """
    step = max(_FEWEST, _CHUNK // len(forecasts.p))
    parts = [
        score(forecasts, samples[:, first : first + step])
        for first in range(0, samples.shape[1], step)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@dataclass(frozen=True)
class Difference:
    """One forecaster's score less another's, with the bootstrap's 95 % interval."""

    difference: float
    low: float
    high: float


def differences(
    of: Scores, above: Scores, drawn_of: Scores, drawn_above: Scores
) -> dict[str, Difference]:
    """Return the paired difference of every score.

    Args:
        of: (1,) by name, the scores of one forecaster on the record itself.
        above: (1,) by name, those of the other.
        drawn_of: (B,) by name, the first one's scores on resamples of the votes.
        drawn_above: (B,) by name, the other's on the same resamples.

    Returns:
        By the name of the score, with percentile intervals; resamples in which the score is not a
        number are left out.
    """
    found = {}
    for name, drawn in drawn_above.items():
        values = drawn_of[name] - drawn
        known = values[~np.isnan(values)]
        low, high = np.quantile(known, TAILS) if len(known) else (np.nan, np.nan)
        found[name] = Difference(float(of[name][0] - above[name][0]), float(low), float(high))
    return found
