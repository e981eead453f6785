"""The points of a study: every combination, side by side, spread evenly, or from a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.draws import Joint
from sim.facts.study import Value

DIGITS = 10
"""Decimal places of a sampled value: it is written, hashed and typed again as that number."""


def steps(begin: float, end: float, n: int) -> list[float]:
    """Return n numbers from one to another, both included, evenly apart."""
    return [as_written(round(float(x), DIGITS)) for x in np.linspace(begin, end, n)]


def as_written(value: Any) -> Any:
    """Return a value as it is always written: whole numbers without a point, so 0.0 is 0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def unit_cube(kind: str, n: int, dimensions: int, random_seed: int) -> Floats:
    """Return n points in the unit cube, (n, dimensions), the same for the same random seed.

    Args:
        kind: `latin_hypercube` (of each dimension one point in each n-th of it) or `sobol`
            (scrambled; n a power of two, so that it is balanced).
        n, dimensions: how many, and of how many numbers.
        random_seed: of the sample alone.

    Source: McKay, Beckman and Conover (1979); Owen (1998); both by `scipy.stats.qmc`.
    """
    from scipy.stats import qmc

    chance = np.random.default_rng(random_seed)  # of positional meaning in all versions of scipy
    if kind == "sobol":
        points = qmc.Sobol(dimensions, seed=chance).random(n)
    else:
        points = qmc.LatinHypercube(dimensions, seed=chance).random(n)
    return np.asarray(points)


def between(cube: Floats, bounds: Sequence[tuple[float, float]]) -> list[tuple[Value, ...]]:
    """Return points of the unit cube, (n, d), between the bounds of each of d numbers."""
    low, high = np.array(bounds).T
    return [tuple(round(float(x), DIGITS) for x in row) for row in low + cube * (high - low)]


class Spread(NamedTuple):
    """A preference as far as it is not known.

    Args:
        mean, sd: of a normal number.
        low, high: the bounds that it is held within.
        joint: how it varies with others, or None where it varies by itself.
    """

    mean: float
    sd: float
    low: float
    high: float
    joint: Joint | None = None


def over_spreads(cube: Floats, spreads: Sequence[Spread]) -> list[tuple[Value, ...]]:
    """Return points of the unit cube, (n, 1 + d), as d normal numbers held within their bounds.

    Args:
        cube: from 0 to 1; its first column picks the joint draw of a point, as each world of a
            model has one, the others are each number's own.
        spreads: (d,).
    """
    from scipy.special import ndtri

    values = ndtri(np.clip(cube[:, 1:], 1e-9, 1 - 1e-9))
    for column, spread in zip(values.T, spreads, strict=True):
        if joint := spread.joint:
            draw = np.minimum((cube[:, 0] * len(joint.common)).astype(int), len(joint.common) - 1)
            column[:] = joint.common[draw] + joint.own * column
        column[:] = np.clip(spread.mean + spread.sd * column, spread.low, spread.high)
    return [tuple(round(float(x), DIGITS) for x in row) for row in values]


class Product(Sequence[tuple[Any, ...]]):
    """Every combination of rows of several sets, the last set's fastest; made as they are asked."""

    def __init__(self, sets: Sequence[Sequence[tuple[Any, ...]]]) -> None:
        self.sets = sets

    def __len__(self) -> int:
        n = 1
        for one in self.sets:
            n *= len(one)
        return n

    def __getitem__(self, k: Any) -> Any:
        if isinstance(k, slice):
            return [self[i] for i in range(*k.indices(len(self)))]
        if not 0 <= k < len(self):
            raise IndexError(k)
        found: tuple[Any, ...] = ()
        for one in reversed(self.sets):
            k, place = divmod(k, len(one))
            found = (*one[place], *found)
        return found


def tied(columns: Mapping[str, Sequence[Value]]) -> list[tuple[Value, ...]]:
    """Return lists of one length side by side, as rows."""
    return list(zip(*columns.values(), strict=True))
