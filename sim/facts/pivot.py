"""What would change a vote: how far each member's gain is from its next action."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import choice
from sim.arrays import AnyFloats
from sim.charter import Action
from sim.ensemble import Ensemble
from sim.ensemble.tally import rounded

SAME = 1e-6
"""Slopes that differ by less are the same: the lines do not meet."""

TURNS = 0.05
"""A step from one action to another counts if it moves the chance of adoption by this or more."""


def becomes_best(action: Action, utilities: AnyFloats, slopes: AnyFloats) -> float | None:
    """Return by how much the gain must change, at least, for an action to be worth most.

    At given beliefs utilities are straight lines in the gain, so it becomes so where its line meets
    the upmost of the others.

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


def turning(ensemble: Ensemble, m: int) -> dict[str, Any] | None:
    """Return how far a member's gain is from an action that would move the outcome.

    At the averages over worlds of its utilities and of its beliefs: near enough where worlds are
    alike, and one number where they are not.

    Returns:
        `now`, the action worth most to it; `next`, the nearest one by which the chance of adoption
        would be another by `TURNS` or more; `moves`, by how much; `at_gain`, from which gain on;
        `distance`, by how much the gain must change for that. None where there is no such action,
        and for who may not vote or takes no part.
    """
    if ensemble.scenario.rules.is_silent[m]:
        return None
    beliefs, voice = ensemble.mean("beliefs")[m], ensemble.scenario.preferences[m].voice.mean
    utilities = ensemble.mean("utilities")[m]
    slopes = choice.utility_slope(beliefs, np.asarray(voice))
    now = Action(int(utilities.argmax()))
    distances = {
        action: becomes_best(action, utilities, slopes)
        for action in Action
        if abs(beliefs[action] - beliefs[now]) >= TURNS
    }
    reached = {action: d for action, d in distances.items() if d is not None}
    if not reached:
        return None
    then = min(reached, key=lambda action: abs(reached[action]))
    return {
        "now": now.words,
        "next": then.words,
        "moves": rounded(beliefs[then] - beliefs[now]),
        "at_gain": rounded(ensemble.mean("gain")[m] + reached[then]),
        "distance": rounded(reached[then]),
    }
