"""What the table of a study shows: its axes, means over them, its ends, what it hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.ensemble.indices import Index, first_order
from sim.facts.study import StudyFacts, Value
from sim.reading.node import is_number

ADOPTED = "adopted"
REPLICATES = "random_seed"
"""A column over which pictures and shares average: its values are chance alone."""
LEAST_POINTS = 20
"""Fewer points say nothing of what the table hangs on."""
SAME = 1e-9
"""Variances below this are none."""


class Adopted(NamedTuple):
    """P(adopted) with its 95 % interval, or the means of them over points."""

    p: float
    low: float
    high: float


class ShareOfTable(NamedTuple):
    """What one setting explains by itself of how P(adopted) differs between the points.

    Args:
        setting: its column.
        levels: how many values it has.
        share: of the variance, 0 to 1 but for noise.
        low, high: its 95 % interval; None where values come again, and the share is exact.
        converged: whether the interval is narrow enough for the share to be taken as such.
    """

    setting: str
    levels: int
    share: float
    low: float | None
    high: float | None
    converged: bool


def column(study: StudyFacts, name: str) -> list[Value]:
    """Return the cells of a column."""
    k = study["columns"].index(name)
    return [row[k] for row in study["rows"]]


def tells(study: StudyFacts) -> bool:
    """Return whether the table has any P(adopted) at all."""
    return ADOPTED in study["columns"] and bool(study["rows"])


def adopted(study: StudyFacts) -> list[Adopted]:
    """Return P(adopted) of each row."""
    names = (ADOPTED, f"{ADOPTED}_low", f"{ADOPTED}_high")
    return [Adopted(*each) for each in zip(*(column(study, n) for n in names), strict=True)]


def axes(study: StudyFacts) -> list[str]:
    """Return the settings that have several values, less replications."""
    varied = (name for name in study["settings"] if name != REPLICATES)
    return [name for name in varied if len(set(column(study, name))) > 1]


def levels(study: StudyFacts, name: str) -> list[Value]:
    """Return the values of a setting: numbers in their order, all else as they come."""
    values = [*dict.fromkeys(column(study, name))]
    return sorted(values, key=float) if all(map(is_number, values)) else values  # type: ignore[arg-type]


def means(study: StudyFacts, names: Sequence[str]) -> dict[tuple[Value, ...], Adopted]:
    """Return the mean of P(adopted), and of the ends of its interval, by values of settings."""
    places = zip(*(column(study, name) for name in names), strict=True)
    found: dict[tuple[Value, ...], list[Adopted]] = {}
    for place, each in zip(places, adopted(study), strict=True):
        found.setdefault(place, []).append(each)
    return {place: Adopted(*np.mean(rows, axis=0).tolist()) for place, rows in found.items()}


def ends(study: StudyFacts, most: int) -> tuple[list[int], list[int]]:
    """Return the rows with the highest P(adopted), and those with the lowest, the lowest first."""
    chances = [each.p for each in adopted(study)]
    order = sorted(range(len(chances)), key=lambda row: (-chances[row], row))
    n = min(most, len(order) // 2)
    return (order[:n], order[::-1][:n]) if n else (order, [])


def shares(study: StudyFacts) -> list[ShareOfTable]:
    """Return what each setting explains of the variance of the table, the largest share first.

    Where values of a setting come again, as in a grid, its share is that of the means by value,
    exact for these points. Where each point has its own, as in a sample, it is the first-order
    index by ranks, with its interval. None where the points are too few or all alike.
    """
    y = np.array([each.p for each in adopted(study)]) if tells(study) else np.zeros(0)
    if len(y) < LEAST_POINTS or y.var() < SAME:
        return []
    return sorted((_share(study, name, y) for name in axes(study)), key=lambda one: -one.share)


def _share(study: StudyFacts, name: str, y: Floats) -> ShareOfTable:
    values = column(study, name)
    every = levels(study, name)
    if 2 * len(every) > len(y) and all(map(is_number, every)):
        x = np.array([values], dtype=np.float32)
        index: Index = first_order(x, y, np.arange(len(y)))[0]
        return ShareOfTable(name, len(every), *index, index.has_converged)
    number = {value: k for k, value in enumerate(every)}
    group = np.array([number[value] for value in values])
    sizes = np.bincount(group)
    away = np.bincount(group, y) / sizes - y.mean()
    explained = float((sizes * away**2).sum() / len(y) / y.var())
    return ShareOfTable(name, len(every), explained, None, None, True)
