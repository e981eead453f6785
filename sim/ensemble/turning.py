"""What would change a vote: how far each member's gain is from its next action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim import choice
from sim.charter import Action
from sim.ensemble.tally import rounded

if TYPE_CHECKING:
    from sim.ensemble.ensemble import Ensemble

Floats = NDArray[np.floating]


def next_action(utilities: Floats, slopes: Floats) -> tuple[Action, Action, float] | None:
    """Return the best action, the next one as the gain changes, and by how much it must change.

    At given beliefs utilities are straight lines in the gain, so the next action is the one whose
    line meets the best one's nearest to where the gain lies.

    Args:
        utilities: (3,), what each action is worth at the gain as it is.
        slopes: (3,), how that rises with the gain.

    Returns:
        None where no gain would make another action the better one.
    """
    best = Action(int(utilities.argmax()))
    changes = {
        action: float((utilities[best] - utilities[action]) / (slopes[action] - slopes[best]))
        for action in Action
        if not np.isclose(slopes[action], slopes[best], atol=1e-6)
    }
    if not changes:
        return None
    nearest = min(changes, key=lambda action: abs(changes[action]))
    return best, nearest, changes[nearest]


def turning(ensemble: Ensemble, m: int) -> dict[str, Any] | None:
    """Return what hangs on a member's vote, and how far its gain is from its next action.

    Both at the averages over worlds of its gain and of its beliefs.

    Returns:
        `swing`, by how much its vote moves the chance of adoption; `now`, the action worth most to
        it; `next`, the one that would be; `at_gain`, from which gain on; `distance`, by how much
        the gain must change for that. None for who may not vote or takes no part, and where no gain
        makes another action the better one.
    """
    if ensemble.scenario.rules.is_silent[m]:
        return None
    beliefs, voice = ensemble.mean("beliefs")[m], ensemble.scenario.preferences[m].voice.mean
    slopes = choice.utility_slope(beliefs, np.asarray(voice))
    found = next_action(ensemble.mean("utilities")[m], slopes)
    if found is None:
        return None
    now, then, distance = found
    return {
        "swing": rounded(beliefs.max() - beliefs.min()),
        "now": now.words,
        "next": then.words,
        "at_gain": rounded(ensemble.mean("gain")[m] + distance),
        "distance": rounded(distance),
    }
