"""Numbers as a report has them: rounded, by name, in an order that does not change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from sim.arrays import AnyFloats
from sim.charter import ACTIONS
from sim.ensemble.tally import Interval, rounded
from sim.facts import report


def plain(value: Interval) -> report.Chance:
    """Return an interval as plain data."""
    return {"p": rounded(value.p), "low": rounded(value.low), "high": rounded(value.high)}


def named(names: Iterable[str], values: Iterable[float]) -> dict[str, float]:
    """Return values, as a report has them, by their names."""
    return dict(zip(names, map(rounded, values), strict=True))


def by_action(values: AnyFloats) -> report.ByAction:
    """Return (3,) values by the names of the actions."""
    return cast(report.ByAction, named(ACTIONS, values))


def largest_first(shares: Mapping[str, float]) -> dict[str, float]:
    """Return the shares, rounded, that are above 0, the largest first."""
    kept = [(name, p) for name, p in named(shares, shares.values()).items() if p > 0]
    return dict(sorted(kept, key=lambda item: (-item[1], item[0])))
