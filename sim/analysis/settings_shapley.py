"""What each setting that differs between two scenarios adds to the difference in P(adopted).

The shares are Shapley values over the settings: what taking a setting over from the other scenario
adds, averaged over all orders in which the settings can be taken over. They sum to the whole
difference, and a setting that changes nothing has none. Exact for up to `MOST_EXACT` settings, by
all their subsets; beyond, over drawn orders, each with its reverse.

Source: Shapley (1953); for the drawing of orders Castro, Gomez and Tejada (2009), reversed pairs
Mitchell et al. (2022).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import count, pairwise
from math import factorial

import numpy as np

from sim.analysis.hybrids import Between
from sim.analysis.paired import mean_of, p_adopted_in
from sim.arguments import check_kind
from sim.arrays import Floats
from sim.chamber.memory import VARIANTS, checked_workers
from sim.chamber.threads import map_in_threads
from sim.chance import blocks
from sim.comparison import Comparison
from sim.ensemble import Ensemble
from sim.ensemble.tally import rounded
from sim.facts.comparison import Change, SettingShare, Why
from sim.facts.plain import plain
from sim.scenario import Scenario

MOST_EXACT = 8
"""Settings up to which all subsets are run: 256 of them."""
MOST_WORLDS = 2**18
"""Worlds that all subsets together have at most, if each then has `FEWEST` or more."""
FEWEST = 2048
ORDERS = 16
"""Orders that are drawn, each run with its reverse, where there are more settings."""

Subset = frozenset[str]


def explain_difference(
    comparison: Comparison,
    *,
    workers: int | None = None,
    on_run: Callable[[int], None] | None = None,
) -> Comparison:
    """Return the comparison with each difference in P(adopted) split over the settings.

    >>> from sim import compare, convene, explain_difference, load_scenario
    >>> base = load_scenario("dprk-panel-2024")
    >>> other = base.with_settings({"members.RUS.ties.PRK": 0.4, "draft.text.review": 0.6})
    >>> pair = (convene(s, worlds=1000, keep_worlds=True) for s in (base, other))
    >>> why = explain_difference(compare(*pair)).to_dict()["others"][0]["why"]
    >>> [share["setting"] for share in why["shares"]]
    ['members.RUS.ties.PRK', 'draft.text.review']

    Args:
        comparison: from `compare`.
        workers: runs side by side; one per processor if None.
        on_run: called with the number of runs done, after each.
    """
    done = count(1)
    tell = (lambda: on_run(next(done))) if on_run else lambda: None
    check_kind("comparison", comparison, Comparison, "what compare returns")
    base = comparison.base
    side_by_side = checked_workers(base.scenario, base.n_worlds, workers, models=VARIANTS)
    return replace(
        comparison, why=tuple(_why(base, other, side_by_side, tell) for other in comparison.others)
    )


def _why(base: Ensemble, other: Ensemble, workers: int, tell: Callable[[], None]) -> Why:
    """Return the shares of the settings in one difference."""
    between = Between.of(base.scenario, other.scenario)
    names = between.differing()
    if len(names) > MOST_EXACT:
        between, names = Grouped.of(base.scenario, other.scenario), grouped(names)
    is_exact = len(names) <= MOST_EXACT
    orders = [] if is_exact else drawn_orders(names, base.random_seed)
    subsets = [*subsets_of(names)] if is_exact else [*along(orders)]
    worlds = min(base.n_worlds, max(FEWEST, MOST_WORLDS // len(subsets)))

    def run(taken: Subset) -> Floats:
        found = adopted(between.taking(taken), worlds, base.random_seed)
        tell()
        return found

    values = dict(zip(subsets, map_in_threads(run, iter(subsets), workers), strict=True))
    shares = exact(names, values) if is_exact else sampled(names, values, orders)
    whole = values[frozenset(names)] - values[frozenset()]
    listed: list[SettingShare] = [
        {"setting": name, "share": share} for name, share in shares.items()
    ]
    return {
        "worlds": worlds,
        "runs": len(subsets),
        "exact": is_exact,
        "whole": plain(mean_of(whole)),
        "shares": sorted(listed, key=lambda item: -abs(item["share"]["p"])),
    }


def adopted(scenario: Scenario, worlds: int, random_seed: int) -> Floats:
    """Return P(adopted) in each world, (W,)."""
    return np.concatenate([p_adopted_in(scenario, b) for b in blocks(random_seed, worlds)])


def subsets_of(names: Sequence[str]) -> Iterable[Subset]:
    """Yield all subsets, the empty one first."""
    for number in range(2 ** len(names)):
        yield frozenset(name for k, name in enumerate(names) if number >> k & 1)


def exact(names: Sequence[str], values: dict[Subset, Floats]) -> dict[str, Change]:
    """Return the Shapley value of each name, by the worth of every subset in each world."""
    n = len(names)
    found = {}
    for name in names:
        in_worlds = sum(
            factorial(len(rest)) * factorial(n - len(rest) - 1) * (values[rest | {name}] - worth)
            for rest, worth in values.items()
            if name not in rest
        ) / factorial(n)
        found[name] = plain(mean_of(np.asarray(in_worlds)))
    return found


def drawn_orders(names: Sequence[str], random_seed: int) -> list[list[str]]:
    """Return drawn orders of the names, each followed by its reverse."""
    chance = np.random.default_rng(random_seed)
    drawn = [[names[k] for k in chance.permutation(len(names))] for _ in range(ORDERS)]
    return [order for one in drawn for order in (one, one[::-1])]


def along(orders: Iterable[Sequence[str]]) -> dict[Subset, None]:
    """Return the subsets that orders pass through, each once."""
    return {frozenset(order[:k]): None for order in orders for k in range(len(order) + 1)}


def sampled(
    names: Sequence[str], values: dict[Subset, Floats], orders: Sequence[Sequence[str]]
) -> dict[str, Change]:
    """Return about the Shapley value of each name, over drawn orders.

    The interval covers both the drawing of orders, by pairs of an order and its reverse, and that
    of worlds.
    """
    added: dict[str, list[Floats]] = {name: [] for name in names}
    for order in orders:
        passed = [frozenset(order[:k]) for k in range(len(order) + 1)]
        for name, (before, after) in zip(order, pairwise(passed), strict=True):
            added[name].append(values[after] - values[before])
    found = {}
    for name, every in added.items():
        in_worlds = np.mean(every, axis=0)
        pairs = np.mean(every, axis=1).reshape(-1, 2).mean(axis=1)
        n_pairs, n_worlds = len(pairs), len(in_worlds)
        variance = pairs.var(ddof=1) / n_pairs + in_worlds.var(ddof=n_worlds > 1) / n_worlds
        p, half = float(in_worlds.mean()), 1.96 * float(variance**0.5)
        low, high = max(-1.0, p - half), min(1.0, p + half)
        found[name] = Change(p=rounded(p), low=rounded(low), high=rounded(high))
    return found


def grouped(names: Iterable[str]) -> list[str]:
    """Return many names as fewer: all numbers of a member as one, all provisions as one."""
    return [*dict.fromkeys(group_of(name) for name in names)]


def group_of(name: str) -> str:
    """Return what a setting is part of: `members.RUS`, `draft.text`, or itself."""
    return ".".join(name.split(".")[:2]) if name.startswith(("members.", "draft.")) else name


class Grouped(Between):
    """Two scenarios whose differences are taken over by groups."""

    def taking(self, taken: Iterable[str]) -> Scenario:
        """Return the base with all that is in some groups as it is in the other scenario."""
        groups = set(taken)
        return super().taking({name for name in self.differing() if group_of(name) in groups})
