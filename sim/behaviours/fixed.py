"""A vote that is known, or known chances."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import model_validator

from sim.arrays import WorldArray
from sim.behaviours.behaviour import Behaviour, Floor, Seats
from sim.charter import Action
from sim.reading.fields import Share

ActionName = Literal["in_favour", "abstaining", "against"]


class Fixed(Behaviour):
    """Votes as announced: `{fixed: abstaining}`, or `{fixed: {abstaining: 0.8, against: 0.2}}`.

    Everybody knows it from the start, and nothing moves it. Source: none; an announcement, or an
    assumption to be tried.
    """

    is_known = True

    fixed: ActionName | dict[ActionName, Share]

    @model_validator(mode="after")
    def _sums_to_one(self) -> Fixed:
        if abs(sum(self.chances) - 1) > 1e-6:
            raise ValueError("chances of the three actions sum to 1")
        return self

    @property
    def chances(self) -> tuple[float, ...]:
        """The probability of each `Action`."""
        given = self.fixed if isinstance(self.fixed, dict) else {self.fixed: 1.0}
        return tuple(given.get(action.words, 0.0) for action in Action)  # type: ignore[call-overload]

    @property
    def words(self) -> str:
        """The vote, or the chances of each."""
        if isinstance(self.fixed, str):
            return f"fixed: {self.fixed.replace('_', ' ')}"
        given = (f"{name.replace('_', ' ')} {p:g}" for name, p in self.fixed.items())
        return f"fixed: {', '.join(given)}"

    def answer(self, floor: Floor, seats: Seats, out: WorldArray) -> None:  # noqa: ARG002
        """Set the known chances."""
        out[:] = np.array(self.chances, dtype=np.float32)[:, None]
