"""How far the votes of a record part from what a fit says of them, where few of them are coded.

What a text is that nobody coded moves all members alike, one way or the other, and no preference
knows which. So where many votes are open, what members share in a vote (`shared_shock`) is taken to
be as wide as makes the votes of the past likeliest, if that is wider than the prior has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import optimize

from sim.arrays import Floats
from sim.facts.coding import coding_facts
from sim.fit.likelihood import AT_ONCE, Likelihood, Points, beliefs
from sim.fit.record_fit import RecordFit
from sim.preferences import Estimate
from sim.record import RecordedVote

MOST = 4.0
"""The widest that is tried, on the scale of gains."""
N_NODES = 15
"""Points at which each shock is integrated."""
STEP = 0.05
"""How far apart the curvature is taken."""


def widened_shock(fit: RecordFit, votes: Sequence[RecordedVote]) -> Estimate | None:
    """Return the standard deviation of what members share in a vote, None where most are coded.

    The marginal likelihood of all roll calls, the shock of each integrated out, is the greatest
    there; the other unknowns are held at their means, and beliefs at those of the fit.

    Args:
        fit: to the votes.
        votes: what it was fitted to.

    Source: empirical Bayes; Gauss and Hermite's rule for the integral.
    """
    if not coding_facts(votes)["is_thin"]:
        return None
    nodes, shares = np.polynomial.hermite_e.hermegauss(N_NODES)
    actions = np.array([action for vote in votes for action in vote.roll_call], dtype=np.intp)
    # As if the shocks were not known: each vote's own is what is integrated out.
    shared = np.array([x.level == "vote" for x in fit.design.parameters])
    unknowns = np.where(shared, 0.0, fit.mean)
    uniform = np.full((3, fit.design.n_rows), 1 / 3)
    likelihood = Likelihood(
        fit.design, fit.prior, actions, np.ones(len(actions)), beliefs(fit.design, uniform), AT_ONCE
    )
    believed = beliefs(fit.design, likelihood.p(fit.mean))
    believed = beliefs(fit.design, replace(likelihood, beliefs=believed).p(fit.mean))
    likelihood = replace(likelihood, beliefs=believed)

    def loss(width: float) -> float:
        points = Points(width * nodes[:, None], np.zeros((len(nodes), 1)), shares / shares.sum())
        return -_marginal(replace(likelihood, points=points), unknowns)

    found = optimize.minimize_scalar(loss, bounds=(fit.prior.shared_shock, MOST), method="bounded")
    curvature = (loss(found.x + STEP) - 2 * found.fun + loss(found.x - STEP)) / STEP**2
    return Estimate(float(found.x), max(curvature, 1.0) ** -0.5)


def _marginal(likelihood: Likelihood, unknowns: Floats) -> float:
    """Return the log likelihood of the roll calls, each averaged over the points."""
    p = likelihood.p_at_points(unknowns)
    logs = np.log(np.maximum(p[likelihood.actions, :, np.arange(len(likelihood.actions))], 1e-300))
    first = likelihood.design.first[:-1].astype(np.intp)
    by_vote = np.add.reduceat(logs, first, axis=0)
    most = by_vote.max(axis=1, keepdims=True)
    return float(np.sum(most[:, 0] + np.log(np.exp(by_vote - most) @ likelihood.points.share)))
