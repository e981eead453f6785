"""Does as another member is expected to do."""

from __future__ import annotations

from sim.arrays import WorldArray
from sim.behaviours.behaviour import Behaviour, Floor, Seats
from sim.behaviours.quantal_response import QuantalResponse
from sim.reading.form import Code, Share

OWN_MIND = QuantalResponse()


class Follows(Behaviour):
    """Takes its cue from a leader: `{follows: CHN}`, or `{follows: CHN, weight: 0.7}`.

    With the weight it takes each action as likely as the leader said last that it would; with the
    rest it makes up its own mind by `quantal_response`. The text moves it through the leader only.

    Source: cue-taking (Matthews and Stimson 1975).
    """

    follows: Code
    weight: Share = 1.0

    @property
    def words(self) -> str:
        """Whom it follows, and how far."""
        return f"follows {self.follows}" + (f" by {self.weight:g}" if self.weight < 1 else "")

    @property
    def leader(self) -> str:
        """Whom it follows."""
        return self.follows

    def answer(self, floor: Floor, seats: Seats, out: WorldArray) -> None:
        """Set the probabilities: a mixture of the leader's position and its own answer."""
        OWN_MIND.answer(floor, seats, out)
        out *= 1 - self.weight
        out += self.weight * floor.positions[floor.codes.index(self.follows)]
