"""A vote that is known, or known chances."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import model_validator

from sim.arrays import WorldArray
from sim.behaviours.behaviour import Behaviour, Floor, Seats
from sim.charter import ACTIONS
from sim.reading.form import Form, OrWord, Share


class Chances(Form):
    """How likely each action is; those left out are not."""

    in_favour: Share = 0.0
    abstaining: Share = 0.0
    against: Share = 0.0

    @model_validator(mode="after")
    def _sum_to_one(self) -> Chances:
        if abs((total := self.in_favour + self.abstaining + self.against) - 1) > 1e-6:
            raise ValueError(f"chances that sum to 1, not to {total:g}")
        return self


KnownVote = Annotated[Chances, OrWord({action: {action: 1.0} for action in ACTIONS})]
"""The word of one action, which is then certain, or the chances of each."""


class Fixed(Behaviour):
    """Votes as announced: `{fixed: abstaining}`, or `{fixed: {abstaining: 0.8, against: 0.2}}`.

    Everybody knows it from the start, and nothing moves it. Source: none; an announcement, or an
    assumption to be tried.
    """

    is_known = True

    fixed: KnownVote

    @property
    def words(self) -> str:
        """The vote, or the chances of each."""
        given = self.fixed.model_dump(exclude_defaults=True)
        sure = len(given) == 1
        named = (f"{k.replace('_', ' ')}{'' if sure else f' {p:g}'}" for k, p in given.items())
        return f"fixed: {', '.join(named)}"

    def answer(self, floor: Floor, seats: Seats, out: WorldArray) -> None:  # noqa: ARG002
        """Set the known chances."""
        chances = [self.fixed.in_favour, self.fixed.abstaining, self.fixed.against]
        out[:] = np.array(chances, dtype=np.float32)[:, None]
