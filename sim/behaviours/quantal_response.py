"""The default: better actions are the likelier, by beliefs about what the others will do."""

from __future__ import annotations

from sim import choice
from sim.arrays import WorldArray
from sim.behaviours.behaviour import Behaviour, Floor, Seats
from sim.choice import actions_first


class QuantalResponse(Behaviour):
    """Weighs how its own vote changes the outcome, how it is seen, and what opposing costs.

    Source: logit quantal response (McKelvey and Palfrey 1995).
    """

    def answer(self, floor: Floor, seats: Seats, out: WorldArray) -> None:
        """Set the probabilities, proportional to exp(precision * utility)."""
        worth = actions_first(floor.utilities(seats, out=out))
        choice.logit(worth, floor.precision, out=worth)

    def leverage(self, floor: Floor, seats: Seats, chances: WorldArray) -> WorldArray:
        """Return how P(adopted) rises with each gain, the others' chances as they are, (n, W)."""
        return choice.leverage(
            actions_first(floor.answers[seats]),
            actions_first(chances[seats]),
            choice.utility_slope(actions_first(floor.adopted_if[seats]), floor.voices[seats]),
            floor.precision,
        )
