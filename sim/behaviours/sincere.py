"""Votes by its gain alone, whatever the others do."""

from __future__ import annotations

import numpy as np

from sim import choice
from sim.arrays import WorldArray
from sim.behaviours.behaviour import Behaviour, Floor, Seats
from sim.charter import N_ACTIONS, Action
from sim.choice import actions_first

TAKES_SIDES = (
    np.eye(N_ACTIONS, dtype=np.float32)[Action.IN_FAVOUR]
    - np.eye(N_ACTIONS, dtype=np.float32)[Action.AGAINST]
)
"""What each action counts, per unit of gain: 1, 0 and -1."""


class Sincere(Behaviour):
    """In favour of what it gains by, against what it loses by, abstaining between the two.

    It has no beliefs, and neither voice nor costs move it: in favour is worth its gain, against
    minus its gain, abstaining nothing; better actions are the likelier, as by `quantal_response`.
    What the default does otherwise is strategic. Source: sincere voting (Farquharson 1969).
    """

    def answer(self, floor: Floor, seats: Seats, out: WorldArray) -> None:
        """Set the probabilities, proportional to exp(precision * gain * (1, 0, -1))."""
        worth = np.multiply(floor.gains[seats][:, None], TAKES_SIDES[:, None], out=out)
        choice.logit(actions_first(worth), floor.precision, out=actions_first(worth))

    def leverage(self, floor: Floor, seats: Seats, chances: WorldArray) -> WorldArray:
        """Return how P(adopted) rises with each gain, (n, W)."""
        slope = np.broadcast_to(TAKES_SIDES[:, None, None], actions_first(chances[seats]).shape)
        answers = actions_first(floor.answers[seats])
        return choice.leverage(answers, actions_first(chances[seats]), slope, floor.precision)
