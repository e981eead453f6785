"""Shares of the variance against models whose shares are known."""

from __future__ import annotations

from itertools import combinations, permutations
from math import comb

import numpy as np
import pytest

from sim.analysis.shapley_effects import effects
from sim.ensemble.indices import first_order


def ishigami(x):
    """Return the Ishigami function of (3, W) numbers from -pi to pi, with a = 7 and b = 0.1."""
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


V1, V2, V13 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 8 * 0.01 * np.pi**8 / 225
KNOWN = np.array([V1, V2, 0.0]) / (V1 + V2 + V13)
"""First-order indices of the Ishigami function (Ishigami and Homma 1990)."""


def clusters_of(n, n_clusters=400):
    return np.arange(n) * n_clusters // n


def test_the_ishigami_function():
    """Intervals hold the known indices in nearly all of forty samples, that of 0 among them."""
    rng, held = np.random.default_rng(5), np.zeros(3)
    for _ in range(40):
        x = rng.uniform(-np.pi, np.pi, (3, 4000))
        found = first_order(x.astype(np.float32), ishigami(x), clusters_of(4000))
        held += [i.low <= known <= i.high for i, known in zip(found, KNOWN, strict=True)]
        assert all(i.has_converged for i in found)
    assert np.all(held >= 36)


def test_a_linear_model_whose_inputs_share_draws():
    """Worlds that share a joint draw are no independent witnesses: the intervals know it."""
    rng, held = np.random.default_rng(6), np.zeros(4)
    correlation = 0.5 * np.eye(3) + 0.5
    weights, shock = np.array([1.0, 0.5, 0.0]), 1.5
    covariances = correlation @ weights
    variance = weights @ covariances + shock**2
    known = np.append(covariances**2, shock**2) / variance
    for _ in range(30):
        rows = np.linalg.cholesky(correlation) @ rng.normal(size=(3, 400))
        drawn, shocks = rng.integers(0, 400, 8000), rng.normal(size=8000)
        x = np.vstack([rows[:, drawn], shocks])
        y = weights @ x[:3] + shock * shocks
        found = first_order(x.astype(np.float32), y, np.unique(drawn, return_inverse=True)[1])
        held += [i.low <= share <= i.high for i, share in zip(found, known, strict=True)]
    assert np.all(held >= 26)


def test_few_clusters_do_not_converge():
    """Where a handful of draws is all there is, the interval is too wide to take the number."""
    rng = np.random.default_rng(7)
    drawn = rng.integers(0, 12, 5000)
    rows = rng.normal(size=12)
    found = first_order(rows[drawn][None].astype(np.float32), rows[drawn] ** 3, drawn)
    assert not found[0].has_converged


def orders_of(n_groups):
    return np.array([*permutations(range(n_groups))])


def shapley_of_linear(weights, covariance, groups):
    """Return the exact Shapley effects of groups in a linear model with normal inputs."""

    def explained(known):
        rows = np.concatenate([groups[g] for g in known]) if known else np.array([], int)
        if not len(rows):
            return 0.0
        with_y = covariance[rows] @ weights
        return float(with_y @ np.linalg.solve(covariance[np.ix_(rows, rows)], with_y))

    n = len(groups)
    values = np.zeros(n)
    for g in range(n):
        others = [k for k in range(n) if k != g]
        for size in range(n):
            for known in combinations(others, size):
                step = explained([*known, g]) - explained(list(known))
                values[g] += step / (n * comb(n - 1, size))
    return values


def test_shapley_effects_of_a_linear_model():
    """With normal inputs that vary together they are known exactly, and add up in each world."""
    rng = np.random.default_rng(2)
    half = rng.normal(size=(6, 6))
    covariance, weights = half @ half.T, rng.normal(size=6)
    groups = [np.array([0, 3]), np.array([1]), np.array([2, 4, 5])]
    factor = np.linalg.cholesky(covariance)
    x, other = ((factor @ rng.normal(size=(6, 40_000))).astype(np.float32) for _ in range(2))

    def of(values):
        return weights @ values.astype(np.float64)

    found = effects(of, x, other, covariance, groups, orders_of(3), total=True)
    known = shapley_of_linear(weights, covariance, groups)
    error = found.shapley.std(axis=1) / 200
    assert np.all(np.abs(found.shapley.mean(axis=1) - known) < 4 * error)
    np.testing.assert_allclose(
        found.shapley.sum(axis=0), (of(x) - of(other)) ** 2 / 2, rtol=1e-4, atol=1e-4
    )
    assert found.shapley.sum(axis=0).mean() == pytest.approx(
        weights @ covariance @ weights, rel=0.03
    )
    for g, rows in enumerate(groups):
        with_y = covariance[rows] @ weights
        alone = with_y @ np.linalg.solve(covariance[np.ix_(rows, rows)], with_y)
        assert found.closed[g].mean() == pytest.approx(alone, abs=0.05 * known.sum())
        rest = np.setdiff1d(np.arange(6), rows)
        explained = (covariance[rest] @ weights) @ np.linalg.solve(
            covariance[np.ix_(rest, rest)], covariance[rest] @ weights
        )
        left = weights @ covariance @ weights - explained
        assert found.total[g].mean() == pytest.approx(left, abs=0.05 * known.sum())


def test_one_number_under_two_names_is_shared_out():
    """Two inputs that are the same in every world get half each; an unrelated one has its own."""
    rng = np.random.default_rng(3)
    covariance = np.array([[1.0, 1, 0], [1, 1, 0], [0, 0, 1]])

    def drawn():
        one, two = rng.normal(size=(2, 20_000))
        return np.array([one, one, two], dtype=np.float32)

    def of(values):
        return values[0].astype(np.float64) + values[2]

    groups = [np.array([k]) for k in range(3)]
    found = effects(of, drawn(), drawn(), covariance, groups, orders_of(3))
    np.testing.assert_allclose(found.shapley.mean(axis=1), [0.5, 0.5, 1.0], atol=0.06)


def test_shapley_effects_of_the_ishigami_function():
    """Independent inputs: each has its own share and half of those it has with one other."""
    rng = np.random.default_rng(4)
    low = -np.pi
    x, other = (rng.uniform(low, -low, (3, 40_000)).astype(np.float32) for _ in range(2))
    covariance = np.eye(3) * np.pi**2 / 3
    groups = [np.array([k]) for k in range(3)]
    found = effects(ishigami, x, other, covariance, groups, orders_of(3), total=True)
    np.testing.assert_allclose(
        found.shapley.mean(axis=1), [V1 + V13 / 2, V2, V13 / 2], atol=0.03 * (V1 + V2 + V13)
    )
    np.testing.assert_allclose(
        found.total.mean(axis=1), [V1 + V13, V2, V13], atol=0.03 * (V1 + V2 + V13)
    )
