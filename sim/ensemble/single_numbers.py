"""How much of the variance each number explains by itself, from the worlds at hand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import AnyFloats, Floats, WorldArray
from sim.chance import blocks
from sim.ensemble.indices import Index, first_order
from sim.ensemble.inputs import Inputs

CLUSTERS = 400
"""Clusters of worlds for the intervals, where worlds share no draws that would say which."""
CANDIDATES = 12
"""Where the largest few are wanted, indices of so many are estimated: of what goes most with y."""


class SingleNumber(NamedTuple):
    """A number that differs between worlds, and what it explains by itself.

    Args:
        settings: where it is set; several where they are one number in every world.
        kind: what kind of number it is.
        first_order: its share of the variance.
    """

    settings: tuple[str, ...]
    kind: str
    first_order: Index


def single_numbers(
    inputs: Inputs, p_adopted: AnyFloats, random_seed: int, most: int | None = None
) -> tuple[SingleNumber, ...]:
    """Return the index of each number, the largest first, those that are one in every world once.

    Args:
        inputs: the numbers.
        p_adopted: (W,), in the first worlds of a run; not the same in all.
        random_seed: of that run.
        most: how many are wanted; all if None, which takes longer.
    """
    n = len(p_adopted)
    parts = list(blocks(random_seed, n))
    drawn = np.concatenate([inputs.drawn(part) for part in parts], axis=1)
    rows = [own for part in parts if (own := inputs.rows(part)) is not None]
    alone = np.arange(n) * min(n, CLUSTERS) // n
    clusters = np.unique(np.concatenate(rows), return_inverse=True)[1] if rows else alone
    same: dict[bytes, list[int]] = {}
    for k, values in enumerate(drawn):
        same.setdefault(values.tobytes(), []).append(k)
    groups, y = list(same.values()), p_adopted.astype(np.float64)
    if most is not None:
        goes_with = _goes_with(drawn[[group[0] for group in groups]], y)
        groups = [groups[k] for k in np.argsort(-goes_with, kind="stable")[:CANDIDATES]]
    found = first_order(drawn[[group[0] for group in groups]], y, clusters)
    every = (
        SingleNumber(tuple(inputs.each[k].path for k in group), inputs.each[group[0]].kind, index)
        for group, index in zip(groups, found, strict=True)
    )
    return tuple(sorted(every, key=lambda one: (-one.first_order.share, one.settings))[:most])


def _goes_with(drawn: WorldArray, y: Floats) -> Floats:
    """Return about how much of y goes with each number and with its square, (K,)."""
    away = (y - y.mean()).astype(np.float32)
    explained = np.zeros(len(drawn))
    for x in (drawn, drawn**2):
        x = x - x.mean(axis=1, keepdims=True)
        explained += (x @ away) ** 2 / np.maximum((x**2).sum(axis=1), np.finfo(np.float32).tiny)
    return explained
