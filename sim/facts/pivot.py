"""Who is pivotal: how far each member's gain is from an action that would change the outcome."""

from __future__ import annotations

import numpy as np

from sim import choice
from sim.arrays import AnyFloats
from sim.behaviours import DEFAULT
from sim.charter import ACTIONS, Action
from sim.ensemble import Ensemble
from sim.ensemble.tally import rounded
from sim.facts.report import Pivot

SAME = 1e-6
"""Slopes that differ by less are the same: the lines do not meet."""

PIVOTAL = 0.05
"""A member is pivotal if another action of its would change P(adopted) by this or more."""


def becomes_best(action: Action, utilities: AnyFloats, slopes: AnyFloats) -> float | None:
    """Return the least change of the gain that makes an action worth most.

    At given beliefs utilities are straight lines in the gain, so an action becomes the best where
    its line meets the highest of the others.

    Args:
        action: which.
        utilities: (3,), what each action is worth at the gain as it is.
        slopes: (3,), how that rises with the gain.

    Returns:
        0 if it is worth most as it is; None where no gain makes it so.
    """
    low, high = -np.inf, np.inf
    for other in set(Action) - {action}:
        ahead = float(utilities[action] - utilities[other])
        rises = float(slopes[action] - slopes[other])
        if abs(rises) < SAME:
            if ahead < 0:
                return None
        elif rises > 0:
            low = max(low, -ahead / rises)
        else:
            high = min(high, -ahead / rises)
    if low > high:
        return None
    return min(max(0.0, low), high) + 0.0


def pivot(ensemble: Ensemble, m: int) -> Pivot | None:
    """Return how far a member's gain is from an action that would change the outcome.

    At its utilities and beliefs averaged over worlds: near enough where worlds are alike, and one
    number where they are not.

    Returns:
        The nearest action that would change P(adopted) by `PIVOTAL` or more. None where there is
        none, and for a member that may not vote, takes no part, or does not choose by utility.
    """
    scenario = ensemble.scenario
    if scenario.rules.is_silent[m] or scenario.behaviours[m] != DEFAULT:
        return None
    beliefs = ensemble.mean(ensemble.tally.beliefs)[m]
    utilities = ensemble.mean(ensemble.tally.utilities)[m]
    slopes = choice.utility_slope(beliefs, scenario.preferences[m].voice.mean)
    now = Action(int(utilities.argmax()))
    distances = {
        action: becomes_best(action, utilities, slopes)
        for action in Action
        if abs(beliefs[action] - beliefs[now]) >= PIVOTAL
    }
    reached = {action: d for action, d in distances.items() if d is not None}
    if not reached:
        return None
    then = min(reached, key=lambda action: abs(reached[action]))
    return {
        "now": ACTIONS[now],
        "next": ACTIONS[then],
        "moves": rounded(beliefs[then] - beliefs[now]),
        "at_gain": rounded(ensemble.mean(ensemble.tally.gain)[m] + reached[then]),
        "distance": rounded(reached[then]),
    }
