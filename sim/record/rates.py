"""From counts to rates: no rate is 0, and few counts move a rate little."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.arrays import Floats
from sim.charter import N_ACTIONS
from sim.record.recorded_vote import RecordedVote

HALF = 0.5
"""Added to each count, so that nothing that can happen has probability 0 (Jeffreys' prior)."""


def shares(counts: Floats) -> Floats:
    """Return the counts with a half added to each, as shares."""
    return (counts + HALF) / (counts + HALF).sum()


def shrunk(counts: Floats, towards: Floats, pseudo: float) -> Floats:
    """Return the shares of the counts with `pseudo` more in the shares `towards`, (3,)."""
    return (counts + pseudo * towards) / (counts.sum() + pseudo)


def overall(past: Sequence[RecordedVote]) -> Floats:
    """Return how often each action was taken, (3,): above 0, sums to 1; half a vote is added."""
    counts = np.zeros(N_ACTIONS)
    for vote in past:
        counts += np.bincount(vote.roll_call, minlength=N_ACTIONS)
    return shares(counts)
