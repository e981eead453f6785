"""Variants of a scenario over the same worlds: P(adopted) in each, and what a change moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count

import numpy as np

from sim.arrays import Floats
from sim.chamber import voted
from sim.chamber.threads import map_in_threads
from sim.chance import Block
from sim.charter import ADOPTED
from sim.ensemble import Interval
from sim.scenario import Scenario

BAR_WORLDS = 8192
"""Worlds over which a single change is weighed, at most."""
Progress = Callable[[int, int], None]
"""Called with the number of runs done, and that of all."""


def p_adopted_in(scenario: Scenario, chance: Block) -> Floats:
    """Return P(adopted) in each world of a block, (W,)."""
    with voted(scenario, chance) as model:
        return model.p_outcome[ADOPTED].astype(np.float64)


def p_adopted_of(
    variants: Iterable[Scenario],
    chance: Block,
    workers: int | None,
    on_done: Callable[[], None] = lambda: None,
) -> Iterator[Floats]:
    """Yield P(adopted) of each variant in the same worlds, (W,), in their order."""
    runs = map_in_threads(lambda variant: p_adopted_in(variant, chance), iter(variants), workers)
    for found in runs:
        on_done()
        yield found


def mean_of(values: Floats, low: float = -1.0) -> Interval:
    """Return the mean over worlds with its 95 % interval, held within low..1."""
    mean, n = float(values.mean()), len(values)
    half = 1.96 * float(values.std(ddof=1)) / n**0.5 if n > 1 else 1 - low
    return Interval(mean, max(low, mean - half), min(1.0, mean + half))


def counter(on_progress: Progress | None, n: int) -> Callable[[], None]:
    """Return what to call after each of n runs."""
    done = count(1)
    return lambda: on_progress(next(done), n) if on_progress else None
