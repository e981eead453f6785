"""From gain to choice probabilities: pure arithmetic, arrays in, arrays out.

A trailing axis is worlds (W,); provisions (D, W) and actions (3, W) come before it. Members, if
there are several, stand between actions and worlds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.charter import Action

Floats = NDArray[np.floating]


def text_gain(reading: Floats, lapse: Floats, ideal: Floats, salience: Floats) -> Floats:
    """Return what each provision is worth over the lapse: s[(q - i)^2 - (x - i)^2].

    Args:
        reading: (D, W), the text x as it reads in each world.
        lapse: (D, 1), what stands otherwise, q.
        ideal: (D, W), the member's ideal i.
        salience: (D, W), its weight s, 0 or more.

    Returns:
        (D, W), in units of gain; positive where the text is nearer to the ideal.

    Source: the spatial model of voting (Enelow and Hinich 1984), quadratic loss.
    """
    # The two squares multiplied out: one product less, and no cancellation of large squares.
    return salience * (reading - lapse) * (2 * ideal - reading - lapse)


def text_slope(reading: Floats, ideal: Floats, salience: Floats) -> Floats:
    """Return how `text_gain` rises with each provision, shape (D, W)."""
    return 2 * salience * (ideal - reading)


def hostility_of(reading: Floats, lapse: Floats, weights: Floats) -> Floats:
    """Return how hostile the text is to its target over the lapse, sum_d h_d (x_d - q_d): (W,)."""
    return (weights * (reading - lapse)).sum(axis=0)


def utilities(
    gain: Floats,
    adopted_if: Floats,
    voice: Floats | float,
    opposition_cost: Floats,
    veto_cost: Floats | None,
    out: Floats | None = None,
) -> Floats:
    """Return what each action is worth to a member: for the outcome, for the record, less costs.

    Args:
        gain: (W,), gain of adoption over lapse.
        adopted_if: (3, W), P(adopted | the member takes the action), by its beliefs.
        voice: (W,), weight of being seen on the right side.
        opposition_cost: (W,), cost of a negative vote.
        veto_cost: (W,), further cost of a negative vote that is a veto; None for who holds none.
        out: where to write it, (3, W); a new array if None.

    Returns:
        (3, W).
    """
    worth, said = np.multiply(adopted_if, gain, out=out), voice * gain
    worth[Action.IN_FAVOUR] += said
    worth[Action.AGAINST] -= said + opposition_cost
    if veto_cost is not None:
        worth[Action.AGAINST] -= veto_cost
    return worth


def utility_slope(adopted_if: Floats, voice: Floats) -> Floats:
    """Return how each action's utility rises with the gain, shape (3, W)."""
    slope = adopted_if.copy()
    slope[Action.IN_FAVOUR] += voice
    slope[Action.AGAINST] -= voice
    return slope


def logit(utility: Floats, precision: float, out: Floats | None = None) -> Floats:
    """Return the probability of each action, proportional to exp(precision * utility).

    Args:
        utility: (3, W).
        precision: 0 or more; 0 makes all actions equally likely.
        out: where to write them, (3, W), the utilities themselves if need be; new if None.

    Returns:
        (3, W), sums to 1 over actions.

    Source: logit quantal response (McKelvey and Palfrey 1995).
    """
    weight = np.subtract(utility, utility.max(axis=0), out=out)
    weight *= precision
    np.exp(weight, out=weight)
    weight /= weight.sum(axis=0)
    return weight


def leverage(p: Floats, adopted_if: Floats, slope: Floats, precision: float) -> Floats:
    """Return how P(adopted) rises with one member's gain, the others' chances as they are: (W,).

    Args:
        p: (3, W), the member's choice probabilities.
        adopted_if: (3, W), P(adopted | its action).
        slope: (3, W), from `utility_slope`.
        precision: as in `logit`.
    """
    average = (p * slope).sum(axis=0)
    return precision * (adopted_if * p * (slope - average)).sum(axis=0)


def cast(p: Floats, uniforms: Floats) -> NDArray[np.int8]:
    """Return one action a world drawn from the choice probabilities.

    One uniform against two cumulative probabilities, in the order in favour, abstaining, against:
    the same uniform in two scenarios then moves a vote no further than the probabilities moved.

    Args:
        p: (..., 3, W).
        uniforms: (..., W), in [0, 1).

    Returns:
        (..., W), values of `Action`.
    """
    in_favour = p[..., Action.IN_FAVOUR, :]
    # By the chance of against, not by adding the other two: their sum rounds to less than 1.
    not_against = np.maximum(in_favour, 1 - p[..., Action.AGAINST, :])
    return (uniforms >= in_favour).astype(np.int8) + (uniforms >= not_against).astype(np.int8)
