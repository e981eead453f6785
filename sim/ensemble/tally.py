"""Sums over worlds, block by block, and what each world ended in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.charter import N_ACTIONS

RollCall = NDArray[np.int8]

GAIN_TERMS = ("target", "penholder", "stance", "habit", "shared_shock", "own_shock")
"""The terms of a gain that follow those of the provisions, in the order of the axis of terms."""

DIGITS = 6
"""Decimal places of every number in a report."""

UNSETTLED = 0.05
"""A world counts as unsettled where a last position is this far from the choice it leads to."""

Z = 1.96
"""Standard errors on either side of a 95 % interval."""

CALM = 0.25
"""A world is calm where the shared shock is within this many of its standard deviations of 0."""


@dataclass(frozen=True)
class Interval:
    """An estimate with the 95 % interval of its simulation error.

    The interval narrows with the number of worlds. What is not known of preferences and of how a
    text reads is in the estimate itself: it does not narrow.
    """

    p: float
    low: float
    high: float


@dataclass(frozen=True)
class Round:
    """Sums over worlds at the end of one round (means, once divided by the worlds)."""

    positions: Floats
    p_adopted: Floats
    text: Floats
    moved: Floats


@dataclass(frozen=True)
class Tally:
    """Sums over the worlds of one block, or of several added up."""

    worlds: Floats  # () number of worlds
    outcome: Floats  # (5,) exact outcome probabilities in the order of `OUTCOMES`
    outcome_squared: Floats
    adopted_percent: Floats  # (2, 101) worlds by P(adopted) in whole per cent: all, and the calm
    drawn: Floats  # (5,) outcomes of the drawn votes, in worlds
    actions: Floats  # (M, 3) choice probabilities at the vote
    beliefs: Floats  # (M, 3) chance of adoption given each action, by the last `Soundings`
    utilities: Floats  # (M, 3) what each action is worth at the vote, from `choice.utilities`
    gain: Floats  # (M,) gain of adoption over lapse, from `choice.gain`
    gain_squared: Floats
    terms: Floats  # (M, D + 6) what makes up each gain: each provision, then `GAIN_TERMS`
    enough: Floats  # () chance of the needed votes in favour
    enough_squared: Floats
    blocked: Floats  # () chance of a blocking negative vote
    blocked_squared: Floats
    in_favour: Floats  # (M + 1,) worlds by number of drawn votes in favour
    vetoes: Floats  # (S,) chance that exactly each set of veto holders vetoes
    roll_calls: Floats  # (C,) chance of each roll call that is followed
    fell_back: Floats  # () worlds in which the penholder fell back on a technical rollover
    text: Floats  # (D,) the text at the deadline
    text_squared: Floats
    residual: Floats  # () distance of last positions from the choices they lead to
    unsettled: Floats  # () worlds where that is `UNSETTLED` or more
    round_positions: Floats  # (R, M, 3)
    round_adopted: Floats  # (R,)
    round_text: Floats  # (R, D)
    round_moved: Floats  # (R, D)

    def __add__(self, other: Tally) -> Tally:
        """Return the sums over both."""
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Worlds:
    """What is kept of each world where that is asked for: `bytes_kept`."""

    votes: NDArray[np.int8]  # (M, W) drawn votes as `Action`; hypothetical where none was taken
    outcome: NDArray[np.int8]  # (W,) index in `OUTCOMES` of the drawn outcome
    p_outcome: NDArray[np.float32]  # (5, W) exact probabilities given those of the choices
    choices: NDArray[np.float32]  # (M, 3, W) each member's chance of each action at the vote

    @staticmethod
    def joined(parts: Sequence[Worlds]) -> Worlds:
        """Return the parts as one, in their order."""
        return Worlds(
            *(
                np.concatenate([getattr(part, f.name) for part in parts], axis=-1)
                for f in fields(Worlds)
            )
        )


def bytes_kept(n_members: int) -> int:
    """Return what is kept of each world of so many members, in bytes."""
    return 21 + 13 * n_members


def spread(total: Floats, squares: Floats, n: int) -> Floats:
    """Return the standard deviation of n values from their sum and their sum of squares."""
    if n < 2:
        return np.zeros_like(total)
    variance: Floats = np.maximum(squares - total**2 / n, 0) / (n - 1)
    return np.sqrt(variance)


def rounded(value: float | Floats) -> float:
    """Return a number as a report has it; never -0.0, which would print as such."""
    return round(float(value), DIGITS) + 0.0


def interval(total: float, squares: float, n: int, low: float = 0.0) -> Interval:
    """Return the mean of n values with its 95 % interval, held within low..1.

    From the sum of the values and that of their squares; n is 1 or more. Too narrow where n
    times the mean, or what it lacks to 1, is below some ten: few values then decide.

    Source: central limit theorem over worlds; the whole range where one world says nothing.
    """
    mean = total / n
    if n < 2:
        return Interval(mean, low, 1.0)
    half = Z * float(spread(np.asarray(total), np.asarray(squares), n)) / n**0.5
    return Interval(mean, max(low, mean - half), min(1.0, mean + half))


def most_frequent(votes: NDArray[np.int8], most: int) -> NDArray[np.int8]:
    """Return the most frequent columns of (M, W) votes as (C, M), the likeliest first."""
    # Numbers are sorted faster than rows; 40 votes, the most there are, fit into 64 bits.
    numbers = np.uint64(N_ACTIONS) ** np.arange(len(votes), dtype=np.uint64) @ votes.astype(
        np.uint64
    )
    _, firsts, counts = np.unique(numbers, return_index=True, return_counts=True)
    calls = votes.T[firsts]
    return calls[np.lexsort((*calls.T, -counts))[:most]]


def chance_of(roll_calls: NDArray[np.int8], p: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the chance of each roll call (C, M) given choice probabilities (M, 3, W): (C, W)."""
    members = np.arange(p.shape[0])
    return np.stack([p[members, call].prod(axis=0) for call in roll_calls])


def total(values: NDArray[np.floating] | NDArray[np.bool_]) -> Floats:
    """Return the sum over worlds, in double precision."""
    return np.asarray(np.einsum("...w->...", values, dtype=np.float64))
