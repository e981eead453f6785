"""From gain to choice probabilities: pure arithmetic, arrays in, arrays out.

A trailing axis is worlds (W,); provisions (D, W) and actions (3, W) come before it. Members, if
there are several, stand between actions and worlds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.arrays import AnyFloats
from sim.charter import Action

SIDES = slice(Action.IN_FAVOUR, None, Action.AGAINST - Action.IN_FAVOUR)
"""In favour and against, of the axis of actions."""


def pull_of(
    lapse: AnyFloats, ideal: AnyFloats, salience: AnyFloats, out: AnyFloats | None = None
) -> AnyFloats:
    """Return how the gain rises with each provision at the lapse, 2 s (i - q): (D, W).

    Args:
        lapse: (D, 1), what stands otherwise, q.
        ideal: (D, W), the member's ideal i.
        salience: (D, W), its weight s, 0 or more.
        out: where to write it, (D, W); a new array if None.
    """
    pull = np.subtract(ideal, lapse, out=out)
    pull *= salience
    pull *= 2
    return pull


def text_gain(change: AnyFloats, pull: AnyFloats, salience: AnyFloats) -> AnyFloats:
    """Return what each provision is worth over the lapse: s[(q - i)^2 - (x - i)^2].

    Args:
        change: (D, W), x - q, how far the text as it reads in each world lies from the lapse.
        pull: (D, W), from `pull_of`.
        salience: (D, W), the member's weight s, 0 or more.

    Returns:
        (D, W), in units of gain; positive where the text is nearer to the ideal.

    Source: the spatial model of voting (Enelow and Hinich 1984), quadratic loss.
    """
    # The squares multiplied out by the change: what is large in both of them never meets.
    return change * (pull - salience * change)


def text_worth(
    change: AnyFloats,
    hostility: AnyFloats,
    pulls: AnyFloats,
    saliences: AnyFloats,
    pressures: AnyFloats,
) -> AnyFloats:
    """Return the part of the gain that follows the text: what it says, and on whom, (M, W).

    Args:
        change: (D, W), x - q.
        hostility: (W,), from `hostility_of`.
        pulls, saliences: (D, M, W).
        pressures: (M, W), from `pressure_of`.
    """
    worth = np.einsum("dmw,dw->mw", pulls, change)
    worth -= np.einsum("dmw,dw->mw", saliences, change * change)
    worth += pressures * hostility
    return worth


def gain(
    change: AnyFloats,
    hostility: AnyFloats,
    pulls: AnyFloats,
    saliences: AnyFloats,
    pressures: AnyFloats,
    rest: AnyFloats,
    out: AnyFloats | None = None,
) -> AnyFloats:
    """Return the gain of adoption over lapse of several members, (M, W): the model's equation.

    Everything that needs a gain calls this: the chamber with what it draws, the fit with the
    numbers that it looks for.

    Args:
        change, hostility, pulls, saliences, pressures: as in `text_worth`.
        rest: (M, W), what does not follow the text: who asks, stances, shocks.
        out: where to write it, (M, W); a new array if None.
    """
    worth = text_worth(change, hostility, pulls, saliences, pressures)
    return np.add(worth, rest, out=worth if out is None else out)


def weighted_slope(
    change: AnyFloats,
    hostility_weights: AnyFloats,
    pulls: AnyFloats,
    saliences: AnyFloats,
    pressures: AnyFloats,
    weights: AnyFloats,
) -> AnyFloats:
    """Return how the gains of several members, summed by weights, rise with each provision: (D, W).

    Args:
        change: (D, W).
        hostility_weights: (D, 1), h.
        pulls, saliences: (D, M, W).
        pressures, weights: (M, W).
    """
    slope = np.einsum("dmw,mw->dw", saliences, weights)
    slope *= -2 * change
    slope += np.einsum("dmw,mw->dw", pulls, weights)
    slope += hostility_weights * np.einsum("mw,mw->w", pressures, weights)
    return slope


def pressure_of(
    tie: AnyFloats | np.float32, shielding: float, out: AnyFloats | None = None
) -> AnyFloats:
    """Return how the gain rises with the text's hostility, by the tie to its target, (W,)."""
    return np.multiply(tie, -shielding, out=out)


def asking_of(
    ties: Sequence[AnyFloats | np.float32], asking: float, out: AnyFloats | None = None
) -> AnyFloats:
    """Return what it is worth who asks, (W,), by the ties to those who hold the pen."""
    mean = sum(ties[1:], start=ties[0]) / len(ties) if ties else np.float32(0)
    return np.multiply(mean, asking, out=out)


def cost_of_opposing(
    opposition: AnyFloats,
    restraint: AnyFloats | np.float32,
    veto: AnyFloats | np.float32,
    out: AnyFloats | None = None,
) -> AnyFloats:
    """Return what a negative vote costs, (W,); below 0 where it pays to be seen against."""
    cost = np.add(opposition, restraint, out=out)
    cost += veto
    return cost


def hostility_of(change: AnyFloats, weights: AnyFloats) -> AnyFloats:
    """Return how hostile the text is to its target over the lapse, sum_d h_d (x_d - q_d): (W,)."""
    return (weights * change).sum(axis=0)


def expressive(
    gain: AnyFloats, voice: AnyFloats | float, cost: AnyFloats, out: AnyFloats | None = None
) -> AnyFloats:
    """Return what being seen in favour, and against, is worth whatever the outcome, less costs.

    Args:
        gain: (W,), gain of adoption over lapse.
        voice: (W,), weight of being seen on the right side.
        cost: (W,), cost of a negative vote, that of a veto counted in where it is one.
        out: where to write it, (2, W); a new array if None.

    Returns:
        (2, W), in the order of `SIDES`.
    """
    worth = np.empty((2, *gain.shape), dtype=gain.dtype) if out is None else out
    in_favour, against = worth
    np.multiply(voice, gain, out=in_favour)
    np.subtract(-cost, in_favour, out=against)
    return worth


def utilities(
    gain: AnyFloats, adopted_if: AnyFloats, expressive: AnyFloats, out: AnyFloats | None = None
) -> AnyFloats:
    """Return what each action is worth to a member: for the outcome, and for the record.

    Args:
        gain: (W,), gain of adoption over lapse.
        adopted_if: (3, W), P(adopted | the member takes the action), by its beliefs.
        expressive: (2, W), from `expressive`.
        out: where to write it, (3, W); a new array if None.

    Returns:
        (3, W).
    """
    worth = np.multiply(adopted_if, gain, out=out)
    worth[SIDES] += expressive
    return worth


def utility_slope(adopted_if: AnyFloats, voice: AnyFloats | float) -> AnyFloats:
    """Return how each action's utility rises with the gain, shape (3, W)."""
    slope = adopted_if.copy()
    slope[Action.IN_FAVOUR] += voice
    slope[Action.AGAINST] -= voice
    return slope


def logit(utility: AnyFloats, precision: float, out: AnyFloats | None = None) -> AnyFloats:
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


def leverage(p: AnyFloats, adopted_if: AnyFloats, slope: AnyFloats, precision: float) -> AnyFloats:
    """Return how P(adopted) rises with one member's gain, the others' chances as they are: (W,).

    Args:
        p: (3, W), the member's choice probabilities.
        adopted_if: (3, W), P(adopted | its action).
        slope: (3, W), from `utility_slope`.
        precision: as in `logit`.
    """
    average = np.einsum("a...,a...->...", p, slope)
    p_adopted = np.einsum("a...,a...->...", p, adopted_if)
    lifted = np.einsum("a...,a...,a...->...", p, adopted_if, slope)
    return precision * (lifted - p_adopted * average)


def cast(p: AnyFloats, uniforms: AnyFloats) -> NDArray[np.int8]:
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


def actions_first(values: AnyFloats) -> AnyFloats:
    """Return a view of (M, 3, W) values with the actions first, (3, M, W), as they are here."""
    return values.swapaxes(0, 1)
