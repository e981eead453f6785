"""What a behaviour is: how those who have it turn what they hear into what they would do."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.arrays import WorldArray
from sim.reading.form import Form

Seats = slice | NDArray[np.intp]
"""The seats of all members that have a behaviour: they answer in one operation."""


class Floor(Protocol):
    """What everybody in the room can see, as arrays over all members and worlds.

    Attributes:
        precision: how sharply members choose in this round.
        gains: (M, W), gain of adoption over lapse, by the text as it reads.
        voices, costs: (M, W), what being seen on the right side counts; what a negative vote costs.
        adopted_if: (M, 3, W), beliefs P(adopted | action), from the last soundings.
        positions, answers: (M, 3, W), what members said last that they will do, and what they would
            have done by their latest beliefs.
    """

    precision: float
    gains: WorldArray
    voices: WorldArray
    costs: WorldArray
    adopted_if: WorldArray
    positions: WorldArray
    answers: WorldArray

    @property
    def codes(self) -> Sequence[str]:
        """The members' codes in the order of the seats."""

    def utilities(self, seats: Seats = ..., out: WorldArray | None = None) -> WorldArray:
        """Return what each action is worth to the members in these seats, (n, 3, W)."""


class Behaviour(Form, ABC):
    """How a member chooses. The fields of a subclass are its settings, as YAML writes them."""

    is_known: ClassVar[bool] = False
    """Whether all know from the start what it will do, which is then the same in all worlds."""

    @classmethod
    def name(cls) -> str:
        """Return the name that YAML and reports give it: `QuantalResponse` is quantal_response."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @property
    def words(self) -> str:
        """What reports call it, its settings included: `follows CHN`."""
        return self.name().replace("_", " ")

    @property
    def leader(self) -> str | None:
        """The code of the member that it looks at, who must have a seat; None if it needs none."""
        return None

    @abstractmethod
    def answer(self, floor: Floor, seats: Seats, out: WorldArray) -> None:
        """Set what the members in these seats would do now.

        Args:
            floor: what they can see.
            seats: n of them.
            out: (n, 3, W), to be set to the probability of each `Action`; sums to 1 over actions.
        """

    def leverage(
        self,
        floor: Floor,  # noqa: ARG002  who overrides this needs it
        seats: Seats,
        chances: WorldArray,
    ) -> WorldArray:
        """Return how P(adopted) rises with the gain of each member in these seats, (n, W).

        The penholder amends by it. It is 0 for whoever does not answer to the text itself.

        Args:
            floor: what they can see.
            seats: n of them.
            chances: (M, 3, W), P(adopted | action) if all act by their answers.
        """
        return np.zeros_like(chances[seats, 0])

    def as_plain(self) -> str | Mapping[str, Any]:
        """Return it as a file writes it: its name, or a mapping of its settings."""
        settings = self.model_dump(mode="json", exclude_defaults=True)
        return settings or self.name()
