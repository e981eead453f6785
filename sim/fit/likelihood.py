"""The likelihood of the votes, given unknowns and beliefs: value, slope, curvature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sim import choice
from sim.arrays import Floats
from sim.charter import Action, adopted_if
from sim.fit.design import Design
from sim.fit.prior import Prior


class Points(NamedTuple):
    """Points around the gains and costs that the unknowns give, with their weights.

    Args:
        gain, cost: (K, n), the offset of each point.
        share: (K,), the points' weights, which sum to 1.
    """

    gain: Floats
    cost: Floats
    share: Floats


class Beliefs(NamedTuple):
    """What members believe of one another.

    Args:
        adopted_if: (3, n), P(adopted | action).
        company: (3, n), what acting as their caucuses are expected to adds.
    """

    adopted_if: Floats
    company: Floats


AT_ONCE = Points(np.zeros((1, 1)), np.zeros((1, 1)), np.ones(1))
"""Gains and costs are exactly what the unknowns give."""
ROWS_AT_ONCE = 1024
"""Rows whose spreads are computed at once: all of 28,000 would take more than 1 GB."""
_ANGLES = np.arange(6) * np.pi / 3
_CORNERS = np.vstack([[0.0, 0.0], 2 * np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)])
_SHARES = np.array([1 / 2, *[1 / 12] * 6])
"""The centre and a hexagon: exact for polynomials of degree 5 in two standard normals.

Source: Stroud and Secrest (1963), the formula of seven points.
"""


def around(design: Design, covariance: Floats, own_shock: float) -> Points:
    """Return points that represent the normal spread of each row's gain and cost.

    Args:
        design: n rows.
        covariance: (p, p), of the unknowns, each measured in its prior spread.
        own_shock: standard deviation of what else moves each gain.
    """
    gain = (design.gain @ sparse.diags_array(design.spreads)).tocsr()
    cost = (design.cost @ sparse.diags_array(design.spreads)).tocsr()
    blocks = [slice(row, row + ROWS_AT_ONCE) for row in range(0, design.n_rows, ROWS_AT_ONCE)]
    spreads = [_spreads(gain[rows], cost[rows], covariance, own_shock) for rows in blocks]
    of_gain, shared, left = np.hstack(spreads or [np.empty((3, 0))])
    x, y = _CORNERS.T[:, :, None]
    return Points(x * of_gain, x * shared + y * left, _SHARES)


def _spreads(
    gain: sparse.csr_array, cost: sparse.csr_array, covariance: Floats, own_shock: float
) -> Floats:
    """Return the spread of each row's gain, and its cost's with it and beyond it, (3, n)."""
    with_gain, with_cost = gain @ covariance, cost @ covariance
    of_gain = np.sqrt(_by_row(gain, with_gain) + own_shock**2)
    shared = _by_row(cost, with_gain) / np.maximum(of_gain, 1e-12)
    left = np.sqrt(np.maximum(_by_row(cost, with_cost) - shared**2, 0))
    return np.stack([of_gain, shared, left])


def _by_row(factors: sparse.csr_array, others: Floats) -> Floats:
    """Return the sum of products within each row, (n,)."""
    return np.asarray(factors.multiply(others).sum(axis=1)).ravel()


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The log likelihood of n member votes; with beliefs held fixed, each member's separates.

    Utilities are linear in the unknowns, so it is concave in them and has one maximum. Averaged
    over points it is its expectation under a normal distribution of the unknowns, concave in the
    mean.

    Args:
        design: the sums of unknowns.
        prior: its precision and voice.
        actions: (n,), what members did, values of `Action`.
        weights: (n,), what each counts.
        beliefs: what members believe of one another.
        points: the K points to average over.
    """

    design: Design
    prior: Prior
    actions: NDArray[np.intp]
    weights: Floats
    beliefs: Beliefs
    points: Points = AT_ONCE

    def p(self, unknowns: Floats) -> Floats:
        """Return the choice probabilities, (3, n), averaged over the points."""
        return np.asarray(np.einsum("k,akn->an", self.points.share, self.p_at_points(unknowns)))

    def p_at_points(self, unknowns: Floats) -> Floats:
        """Return the choice probabilities at each point, (3, K, n)."""
        gain = self.design.gain_known + self.design.gain @ unknowns + self.points.gain
        cost = self.design.cost_known + self.design.cost @ unknowns + self.points.cost
        expressive = choice.expressive(gain, self.prior.voice, cost)
        worth = choice.utilities(gain, self.beliefs.adopted_if[:, None], expressive)
        worth += self.beliefs.company[:, None]
        return np.asarray(choice.logit(worth, self.prior.precision), dtype=np.float64)

    def value_and_slope(self, unknowns: Floats) -> tuple[float, Floats]:
        """Return the log likelihood and how it rises with each unknown, (p,)."""
        p, share = self.p_at_points(unknowns), self.points.share
        rows = np.arange(len(self.actions))
        logs = np.log(np.maximum(p[self.actions, :, rows], 1e-300))
        value = float(self.weights @ (logs @ share))
        surprise = -np.einsum("k,akn->an", share, p)
        surprise[self.actions, rows] += 1
        surprise *= self.weights * self.prior.precision
        by_gain = (surprise * self._slope).sum(axis=0)
        return value, self.design.gain.T @ by_gain - self.design.cost.T @ surprise[Action.AGAINST]

    def curvature(self, unknowns: Floats) -> Floats:
        """Return minus the second derivatives of the log likelihood, (p, p): exact."""
        p, slope, share = self.p_at_points(unknowns), self._slope[:, None], self.points.share
        mean = (p * slope).sum(axis=0)
        against = p[Action.AGAINST]
        scale = self.weights * self.prior.precision**2
        in_gain = scale * (share @ ((p * slope**2).sum(axis=0) - mean**2))
        in_cost = scale * (share @ (against * (1 - against)))
        mixed = scale * (share @ (against * (mean - slope[Action.AGAINST])))
        gain, cost = self.design.gain, self.design.cost
        across = gain.T @ sparse.diags_array(mixed) @ cost
        own = gain.T @ sparse.diags_array(in_gain) @ gain
        own += cost.T @ sparse.diags_array(in_cost) @ cost
        return np.asarray((own + across + across.T).toarray())

    @property
    def _slope(self) -> Floats:
        """How each action's utility rises with the gain, (3, n)."""
        return np.asarray(
            choice.utility_slope(self.beliefs.adopted_if, self.prior.voice), np.float64
        )


def beliefs(design: Design, p: Floats) -> Beliefs:
    """Return what each member believes if the others act with probabilities p, (3, n)."""
    believed = np.empty_like(p)
    for rules, rows in design.seats():
        of_members = adopted_if(p[:, rows].T[:, :, None], rules)
        believed[:, rows] = of_members[:, :, 0].T
    return Beliefs(believed, (design.heeds @ p.T).T)
