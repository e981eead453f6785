"""The fit: a normal distribution that approximates the posterior of the unknowns.

Beliefs come from the two-step estimator of discrete games: choice probabilities are estimated
first and then taken as what members believed of one another, so that each member's likelihood
separates. What members want is a sum over levels (everybody, regional group, member), each with a
normal prior, and all members share one shock per vote.

Laplace's approximation, the posterior mode and the curvature there, comes first. With more unknowns
than votes, and most votes in favour, the mode is too close to the prior, as simulation-based
calibration shows for stances and costs. So the likelihood is then averaged over that normal
distribution, and mode and curvature are taken again: the variational normal approximation.

Source: Bajari, Hong, Krainer and Nekipelov (2010) for the two steps; Opper and Archambeau (2009)
for the variational normal approximation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize
from scipy.linalg import lapack

from sim.arrays import Floats
from sim.draws import Draws, Parameter
from sim.fit.design import Design, lay_out
from sim.fit.likelihood import AT_ONCE, Likelihood, around, beliefs
from sim.fit.prior import Prior
from sim.record import RecordedVote
from sim.record.memory import DAYS_OF_A_YEAR
from sim.record.rates import overall

STEPS = 2
"""How many times beliefs are taken from the choices fitted before."""
ROUNDS = 1
"""How many times the likelihood is then averaged over the distribution found before; a second
round moves no unknown by more than a tenth of its prior spread."""
HALF_LIFE = 8.0
"""Years after which a vote counts half. Chosen by score, among 4, 8 and none, on the back-test of
2016 to March 2024, as the fit was then: member log loss 0.391, 0.392 and 0.394, weighted to base
rates 0.250, 0.248 and 0.247."""
UNKNOWNS_OF_A_MEMBER = 12
"""About how many unknowns a record has for each of its members, besides one for each vote."""
N_DRAWS = 400
"""Joint draws that are kept beside a file of preferences."""


@dataclass(frozen=True, eq=False)
class RecordFit:
    """What some votes say about the unknowns: a normal distribution over all of them.

    Args:
        prior: what the fit starts from.
        design: the member votes.
        mean: (p,), of the unknowns.
        factor: (p, p), lower triangular; the precision matrix, each unknown measured in its prior
            spread, is `factor @ factor.T`.
        log_likelihood: of the votes at the mean, weighted.
        iterations: of the search in the last round.
    """

    prior: Prior
    design: Design
    mean: Floats
    factor: Floats
    log_likelihood: float
    iterations: int

    @cached_property
    def covariance(self) -> Floats:
        """The covariance of the unknowns, (p, p), each measured in its prior spread."""
        return _inverse(self.factor)

    def total(self, parameters: Sequence[Parameter]) -> tuple[float, float]:
        """Return mean and standard deviation of a sum of unknowns, met by a vote or not."""
        index = self.design.index
        met = [index[x] for x in parameters if x in index]
        unmet = sum(self.prior.spread(x) ** 2 for x in parameters if x not in index)
        spreads = self.design.spreads[met]
        known = spreads @ self.covariance[np.ix_(met, met)] @ spreads
        return float(self.mean[met].sum()), float(known + unmet) ** 0.5

    def joint(self, n: int = N_DRAWS, random_seed: int = 0) -> Draws:
        """Return n joint draws of all unknowns but those of single votes, as a file holds them."""
        kept = [k for k, x in enumerate(self.design.parameters) if x.level != "vote"]
        parameters = tuple(self.design.parameters[k] for k in kept)
        return Draws.of(parameters, self.draws(n, random_seed)[kept])

    def draws(self, n: int, random_seed: int) -> Floats:
        """Return n draws of the unknowns, (p, n)."""
        normals = np.random.Generator(np.random.SFC64(random_seed)).standard_normal(
            (len(self.mean), n)
        )
        spread = linalg.solve_triangular(
            self.factor, normals, lower=True, trans="T", check_finite=False
        )
        return self.mean[:, None] + self.design.spreads[:, None] * spread


def fit_record(
    votes: Sequence[RecordedVote],
    prior: Prior,
    on: date | None = None,
    half_life: float | None = None,
    weights: Floats | None = None,
) -> RecordFit:
    """Return what the votes say about the unknowns.

    Args:
        votes: those to learn from, perhaps none.
        prior: what the fit starts from.
        on: the day at which the age of a vote is measured; that of the last vote by default.
        half_life: years after which a vote counts half; all alike by default.
        weights: (V,), what each vote counts, as `base_rate_weights`; once each by default.
    """
    design = lay_out(votes, prior)
    seats = [len(vote.council) for vote in votes]
    each = np.ones(len(votes)) if weights is None else weights
    if half_life and votes:
        ages = [((on or votes[-1].date) - vote.date).days / DAYS_OF_A_YEAR for vote in votes]
        each = each * 0.5 ** (np.array(ages) / half_life)
    actions = np.array([action for vote in votes for action in vote.roll_call], dtype=np.intp)
    return fit_design(design, prior, actions, np.repeat(each, seats), overall(votes))


def memory_of_fit(votes: Sequence[RecordedVote]) -> float:
    """Return about the most memory that a fit to the votes takes, in GB, before it is begun.

    Source: measured on made records of up to 1,900 votes, and on the shipped one: the program; the
    rows of the design while it is laid out; some five dense matrices of the unknowns.
    """
    seats = [member.code for vote in votes for member in vote.council]
    n_unknowns = len(votes) + UNKNOWNS_OF_A_MEMBER * len(set(seats))
    return 0.1 + 15e-6 * len(seats) + 5 * 8e-9 * n_unknowns**2


def fit_design(
    design: Design,
    prior: Prior,
    actions: NDArray[np.intp],
    weights: Floats,
    first_beliefs: Floats,
) -> RecordFit:
    """Return what actions say about a design's unknowns.

    Args:
        design: n member votes.
        prior: what the fit starts from.
        actions: (n,), values of `Action`.
        weights: (n,), what each counts.
        first_beliefs: (3,), the action probabilities that the first beliefs rest on.
    """
    p = np.repeat(first_beliefs[:, None], design.n_rows, axis=1)
    scaled = np.zeros(len(design.parameters))
    for _ in range(STEPS):
        likelihood = Likelihood(design, prior, actions, weights, beliefs(design, p))
        scaled, iterations = _likeliest(likelihood, scaled)
        p = likelihood.p(design.spreads * scaled)
    factor = _factor(likelihood, scaled)
    for _ in range(ROUNDS):
        points = around(design, _inverse(factor), prior.own_shock)
        likelihood = replace(likelihood, beliefs=beliefs(design, p), points=points)
        scaled, iterations = _likeliest(likelihood, scaled)
        p, factor = likelihood.p(design.spreads * scaled), _factor(likelihood, scaled)
    mean = design.spreads * scaled
    value, _ = replace(likelihood, points=AT_ONCE).value_and_slope(mean)
    return RecordFit(prior, design, mean, factor, value, iterations)


def _factor(likelihood: Likelihood, scaled: Floats) -> Floats:
    """Return the factor of the precision matrix, (p, p), lower triangular, in prior spreads."""
    spreads = likelihood.design.spreads
    curvature = spreads[:, None] * likelihood.curvature(spreads * scaled) * spreads
    curvature[np.diag_indices_from(curvature)] += 1
    return linalg.cholesky(curvature, lower=True, overwrite_a=True, check_finite=False)


def _inverse(factor: Floats) -> Floats:
    """Return the inverse of `factor @ factor.T`, (p, p)."""
    if not len(factor):
        return factor
    inverse, _ = lapack.dpotri(factor, lower=True)
    lower = np.tril(inverse, -1)
    return lower + lower.T + np.diag(inverse.diagonal())


def _likeliest(likelihood: Likelihood, start: Floats) -> tuple[Floats, int]:
    """Return the posterior mode, in prior spreads, and the iterations it took."""
    spreads = likelihood.design.spreads

    def loss(scaled: Floats) -> tuple[float, Floats]:
        value, slope = likelihood.value_and_slope(spreads * scaled)
        return 0.5 * float(scaled @ scaled) - value, scaled - spreads * slope

    found = optimize.minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        options={"maxcor": 30, "maxiter": 2000, "maxfun": 4000, "ftol": 1e-12, "gtol": 1e-5},
    )
    return found.x, int(found.nit)
