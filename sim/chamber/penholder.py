"""The member that holds the pen: it moves the text inside its red lines."""

from __future__ import annotations

import numpy as np

from sim.arrays import WorldArray
from sim.behaviours import Behaviour
from sim.chamber.delegation import Delegation
from sim.chamber.state import CouncilState

SMALLEST_STEP = 0.005
"""A provision whose step has been halved below this is agreed: a difference nobody would draft."""

LENGTHENING = np.float32(1.2)
"""Growth of a step whose way is kept."""


class Penholder(Delegation):
    """The delegation that drafts.

    Attributes (beside a delegation's):
        step: (P, W), how far it would next move each provision, 0..1.
        direction: (P, W), the way in which each provision last paid: -1, 0, 1.
    """

    def __init__(self, model: CouncilState, seat: int, behaviour: Behaviour) -> None:
        super().__init__(model, seat, behaviour)
        shape = (len(model.scenario.draft.provisions), model.n_worlds)
        self.step = np.full(shape, model.scenario.consultations.step, dtype=np.float32)
        self.direction = np.zeros(shape, dtype=np.float32)

    def value_slope(self) -> WorldArray:
        """Return how P(adopted) * (worth of the text) rises with each provision, shape (P, W).

        The worth is that of text and target only: who asks, and chance, do not depend on what it
        writes. P(adopted) is by the members' answers, not by their positions, which lag behind:
        otherwise a text that nobody would vote for looks adoptable for rounds.
        """
        model = self.model
        model.soundings.take(model.answers, chances := np.empty_like(model.answers))
        p_adopted = (model.answers[self.seat] * chances[self.seat]).sum(axis=0)
        weights = model.leverages(chances) * model.text_worth(self.seat)
        weights[self.seat] += p_adopted
        return model.slope(weights)

    def amend(self) -> WorldArray:
        """Move one provision a world along the steepest rise of the value; return the move.

        While precision still rises, so that the best text moves, steps grow again where the way
        is kept; a step that turns back is halved, and at full precision a provision comes to rest
        where no move pays.

        Returns:
            (P, W), how far each provision moved, 0 for all but one of a world's.

        Source: agenda setting with a reversion point (Romer and Rosenthal 1978); the control of
        steps is that of Rprop (Riedmiller and Braun 1993).
        """
        model = self.model
        way = np.sign(slope := self.value_slope())
        agreement = way * self.direction
        self.step[agreement < 0] /= 2
        if model.precision_is_rising:
            longest = np.float32(model.scenario.consultations.step)
            grown = np.minimum(self.step * LENGTHENING, longest)
            self.step = np.where(agreement > 0, grown, self.step)
        self.direction = way
        room = np.where(way > 0, model.high - model.text, model.text - model.low)
        reach = np.minimum(self.step, room)
        is_agreed = (self.step < SMALLEST_STEP) & (not model.precision_is_rising)
        pays = np.where(is_agreed, 0, np.abs(slope)) * reach
        chosen = (np.arange(len(way))[:, None] == pays.argmax(axis=0)) & (pays > 0)
        move = np.where(chosen, way * reach, 0).astype(np.float32)
        model.text += move
        return move
