"""How likely the votes are, given unknowns and beliefs: value, slope, curvature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sim import choice
from sim.calibrate.forecasts import Floats
from sim.calibrate.hierarchy.prior import Prior
from sim.calibrate.hierarchy.terms import Design
from sim.charter import Action, adopted_if


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The log likelihood of n member votes, beliefs held: each member's separates.

    It is concave in the unknowns, since utilities are linear in them, so that a maximum is the
    only one.

    Args:
        design: the sums of unknowns.
        prior: its precision and voice.
        actions: (n,), what members did, values of `Action`.
        weights: (n,), what each counts.
        adopted_if: (3, n), beliefs P(adopted | action).
    """

    design: Design
    prior: Prior
    actions: NDArray[np.intp]
    weights: Floats
    adopted_if: Floats

    def p(self, unknowns: Floats) -> Floats:
        """Return the choice probabilities, (3, n)."""
        gain = self.design.gain_known + self.design.gain @ unknowns
        cost = self.design.cost_known + self.design.cost @ unknowns
        worth = choice.utilities(gain, self.adopted_if, self.prior.voice, cost, None)
        return choice.logit(worth, self.prior.precision)

    def value_and_slope(self, unknowns: Floats) -> tuple[float, Floats]:
        """Return the log likelihood and how it rises with each unknown, (p,)."""
        p = self.p(unknowns)
        rows = np.arange(len(self.actions))
        value = float(self.weights @ np.log(np.maximum(p[self.actions, rows], 1e-300)))
        surprise = -p
        surprise[self.actions, rows] += 1
        surprise *= self.weights * self.prior.precision
        by_gain = (surprise * self._slope).sum(axis=0)
        return value, self.design.gain.T @ by_gain - self.design.cost.T @ surprise[Action.AGAINST]

    def curvature(self, unknowns: Floats) -> Floats:
        """Return minus the second derivatives of the log likelihood, (p, p): exact."""
        p, slope = self.p(unknowns), self._slope
        mean = (p * slope).sum(axis=0)
        against = p[Action.AGAINST]
        scale = self.weights * self.prior.precision**2
        in_gain = scale * ((p * slope**2).sum(axis=0) - mean**2)
        in_cost = scale * against * (1 - against)
        mixed = scale * against * (mean - slope[Action.AGAINST])
        gain, cost = self.design.gain, self.design.cost
        across = gain.T @ sparse.diags_array(mixed) @ cost
        own = gain.T @ sparse.diags_array(in_gain) @ gain
        own += cost.T @ sparse.diags_array(in_cost) @ cost
        return np.asarray((own + across + across.T).toarray())

    @property
    def _slope(self) -> Floats:
        """How each action's utility rises with the gain, (3, n)."""
        slope = self.adopted_if.copy()
        slope[Action.IN_FAVOUR] += self.prior.voice
        slope[Action.AGAINST] -= self.prior.voice
        return slope


def beliefs(design: Design, p: Floats) -> Floats:
    """Return each member's P(adopted | action) if the others act with probabilities p: (3, n)."""
    believed = np.empty_like(p)
    for rules, rows in design.seats():
        of_members = adopted_if(p[:, rows].T[:, :, None], rules)
        believed[:, rows] = of_members[:, :, 0].T
    return believed
