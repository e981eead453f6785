"""Looks for texts: what is worth most at each chance of adoption, and the nearest likely enough.

By sequential quadratic programming on the model's own slopes, from the best of many texts that
are spread over all that may be written. The slope of P(adopted) takes the others' beliefs as they
are, which is right to some per cent: enough to climb by, while what is reported is P(adopted)
itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from sim.analysis.text_trials import TextTrials, Trial, log_odds
from sim.arrays import Floats
from sim.chamber.threads import map_in_threads

SPREAD_OVER = 64
"""Texts that are tried before any search."""
MOST_CORNERS = 32
"""Corners of what may be written are tried up to this number."""
STARTS = 2
"""Searches for the text at each worth, from as many starting points."""
STEPS = 25
"""Steps of a search."""
SAME = 1e-6
CHANCES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Chances of adoption at which the text that is worth most is looked for."""
NEXT_TO_LIKELIEST = 0.002
"""The last text is worth most of those that are this near to the likeliest of all: what is beyond
it gives much away for nothing."""


def spread_over(trials: TextTrials) -> list[Floats]:
    """Return texts spread over all that may be written, and its corners where they are few.

    Source: the additive recurrence of Roberts (2018), a sequence of low discrepancy.
    """
    n, low, high = len(trials.free), trials.low[trials.free], trials.high[trials.free]
    root = 2.0
    for _ in range(30):
        root = (1 + root) ** (1 / (n + 1))
    points = (0.5 + np.outer(np.arange(1, SPREAD_OVER + 1), root ** -np.arange(1.0, n + 1))) % 1
    corners = np.array([*product((0.0, 1.0), repeat=n)]) if 2**n <= MOST_CORNERS else points[:0]
    return [trials.full(low + (high - low) * at) for at in (*corners, *points)]


def not_dominated(trials: Iterable[Trial]) -> list[Trial]:
    """Return the trials beside which no other is both worth more and likelier, by worth."""
    best, found = -1.0, []
    for trial in sorted(trials, key=lambda t: (-t.worth, -t.p_adopted)):
        if trial.p_adopted > best:
            best = trial.p_adopted
            found.append(trial)
    return found[::-1]


def trade_off(trials: TextTrials, workers: int | None) -> list[Trial]:
    """Return the text that is worth most at each chance of adoption, by worth; none beats another.

    Between the text that is worth most of all and the one that is likeliest.
    """
    tried = trials.side_by_side([trials.scenario.draft.text, *spread_over(trials)], workers)
    likeliest = _climbed(trials, max(tried, key=_likelihood.value), _likelihood)
    dearest = _climbed(trials, max(tried, key=_worth.value), _worth)
    known = [*tried, likeliest, dearest]
    highest = likeliest.p_adopted - NEXT_TO_LIKELIEST
    chances = [p for p in (*CHANCES, highest) if dearest.p_adopted < p <= highest]

    def at_least(p: float) -> Trial:
        starts = sorted((t for t in known if t.p_adopted >= p), key=lambda t: -t.worth)[:STARTS]
        floor = _Floor(_likelihood, log_odds(p))
        return max((_climbed(trials, start, _worth, floor) for start in starts), key=_worth.value)

    between = map_in_threads(at_least, iter(chances), workers)
    return not_dominated([dearest, *between] if chances else [dearest, likeliest])


def nearest(
    trials: TextTrials, tabled: Floats, least: float, known: Sequence[Trial], workers: int | None
) -> Trial | None:
    """Return the text that is likely enough and moves least from the tabled one, if any is.

    Args:
        trials: what may be written.
        tabled: (P,), the text to move from.
        least: the chance of adoption that is to be reached.
        known: texts to start from, those that are likely enough.
        workers: searches side by side.
    """
    able = [t for t in known if t.p_adopted >= least]
    starts = sorted(able, key=lambda t: distance(t.text, tabled))[: 2 * STARTS]
    searched = map_in_threads(
        lambda t: _nearest_from(trials, t, tabled, least), iter(starts), workers
    )
    reached = [t for t in [*searched, *able] if t.p_adopted >= least]
    return min(reached, key=lambda t: distance(t.text, tabled), default=None)


def distance(text: Floats, other: Floats) -> float:
    """Return how far two texts are apart: the moves of all provisions, added up."""
    return float(np.abs(text - other).sum())


class _Aim(NamedTuple):
    """What is to be as large as possible, and how it rises with each provision."""

    value: Callable[[Trial], float]
    slope: Callable[[Trial], Floats]


_likelihood = _Aim(lambda t: t.log_odds, lambda t: t.log_odds_slope)
_worth = _Aim(lambda t: t.worth, lambda t: t.worth_slope)


class _Floor(NamedTuple):
    """What must not fall below a value."""

    aim: _Aim
    least: float


def _climbed(trials: TextTrials, start: Trial, aim: _Aim, floor: _Floor | None = None) -> Trial:
    """Return the best text that a search from a start finds, above a floor if there is one."""
    free = trials.free
    seen = [start]

    def at(x: Floats) -> Trial:
        seen.append(trials.at(trials.full(x)))
        return seen[-1]

    constraints = () if floor is None else {
        "type": "ineq",
        "fun": lambda x: floor.aim.value(at(x)) - floor.least,
        "jac": lambda x: floor.aim.slope(at(x))[free],
    }  # fmt: skip
    minimize(
        lambda x: -aim.value(at(x)),
        start.text[free],
        jac=lambda x: -aim.slope(at(x))[free],
        bounds=list(zip(trials.low[free], trials.high[free], strict=True)),
        constraints=constraints,
        method="SLSQP",
        options={"maxiter": STEPS, "ftol": 1e-5},
    )
    able = [t for t in seen if floor is None or floor.aim.value(t) >= floor.least - SAME]
    return max(able, key=aim.value, default=start)


def _nearest_from(trials: TextTrials, start: Trial, tabled: Floats, least: float) -> Trial:
    """Return a text that is likely enough and as near as a search from a start finds one.

    Moves up and down are two numbers each, so that their sum has slopes.
    """
    free, n = trials.free, len(trials.free)
    own, needed = tabled[free], log_odds(least)
    seen = [start]

    def at(moves: Floats) -> Trial:
        seen.append(trials.at(trials.full(own + moves[:n] - moves[n:])))
        return seen[-1]

    def slope(moves: Floats) -> Floats:
        up = at(moves).log_odds_slope[free]
        return np.concatenate([up, -up])

    away = start.text[free] - own
    ups, downs = trials.high[free] - own, own - trials.low[free]
    minimize(
        lambda moves: float(moves.sum()),
        np.concatenate([np.maximum(away, 0), np.maximum(-away, 0)]),
        jac=lambda _: np.ones(2 * n),
        bounds=[(0.0, max(float(b), 0.0)) for b in (*ups, *downs)],
        constraints={"type": "ineq", "fun": lambda m: at(m).log_odds - needed, "jac": slope},
        method="SLSQP",
        options={"maxiter": STEPS, "ftol": 1e-4},
    )
    able = [t for t in seen if t.p_adopted >= least]
    return min(able, key=lambda t: distance(t.text, tabled))
