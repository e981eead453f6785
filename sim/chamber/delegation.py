"""A member at work: what its capital wants in each world, and what it says it will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim import choice
from sim.chance import WorldArray
from sim.charter import N_ACTIONS
from sim.preferences import Estimate

if TYPE_CHECKING:
    from sim.chamber.model import CouncilModel


class Delegation(mesa.Agent):
    """The Mesa agent of one member; its state is arrays over the model's worlds.

    Attributes:
        seat: the member's number in the Council, 0 to M - 1.
        member: the State, its seat and its caucuses.
        ideal, salience: (D, W).
        tie_to_target, tie_to_penholder: (W,), -1..1.
        stance: (W,), what adoption of such a draft is worth to it, whatever the text says.
        voice: (W,), 0 or more.
        opposition_cost: (W,), 0 or more, its restraint towards such a draft counted in.
        veto_cost: (W,), 0 where a negative vote of this member blocks nothing.
        own_shock: (W,), its own part of chance.
        drawn: what was drawn of its preferences, each (W,), by setting: `ideal.scrutiny`, `voice`.
        gain: (W,), gain of adoption over lapse, by the text as it stands.
        adopted_if: (3, W), its belief P(adopted | its action), from the last soundings.
        position: (3, W), what it says it will do.
        answer: (3, W), what it would do by its latest beliefs.
    """

    model: CouncilModel

    def __init__(self, model: CouncilModel, seat: int) -> None:
        super().__init__(model)
        scenario = model.scenario
        self.seat = seat
        self.member = scenario.council[seat]
        self._wants = scenario.preferences[seat]
        self.drawn: dict[str, WorldArray] = {}
        self._hears_caucus = {
            name: self._draw(weight, "caucuses", f"caucuses.{name}")
            for name, weight in self._wants.caucuses.items()
            if name in self.member.caucuses and (weight.mean or weight.spread)
        }
        self.ideal = self._draw_each("ideal")
        self.salience = self._draw_each("salience")
        self.tie_to_target = self._tie(scenario.draft.target)
        self.tie_to_penholder = self._tie_to_pens(scenario.draft.penholders)
        self.voice = self._draw(self._wants.voice, "voice", "voice")
        self.stance = self._sum_of("stances", scenario.draft.kinds)
        restraint = self._sum_of("restraint", scenario.draft.opposed)
        self.opposition_cost = np.maximum(self._cost("opposition_cost") + restraint, 0)
        holds_veto = scenario.rules.holds_veto[seat]
        self.veto_cost = self._cost("veto_cost") if holds_veto else np.zeros_like(self.voice)
        own_shock = model.chance.normals("own_shock", self.name)
        self.own_shock = np.float32(scenario.coefficients.own_shock) * own_shock
        self.gain = model.gains[seat]
        self.adopted_if = model.adopted_if[seat]
        self.position = model.positions[seat]
        self.answer = model.answers[seat]
        self.weigh()

    @property
    def name(self) -> str:
        """The member's ISO 3166 alpha-3 code."""
        return self.member.code

    def weigh(self) -> None:
        """Set the gain of the text as it stands: text, target, penholder, stance, shocks."""
        self.terms().sum(axis=0, out=self.gain)

    def terms(self) -> WorldArray:
        """Return what makes up the gain, (D + 5, W): each provision, then `GAIN_TERMS`."""
        model, numbers = self.model, self.model.scenario.coefficients
        by_provision = choice.text_gain(model.reading, model.lapse, self.ideal, self.salience)
        others = np.stack(
            [
                -np.float32(numbers.shielding) * self.tie_to_target * model.hostility,
                np.float32(numbers.asking) * self.tie_to_penholder,
                self.stance,
                model.shared_shock,
                self.own_shock,
            ]
        )
        return np.concatenate([by_provision, others])

    def hear_caucuses(self, worth: WorldArray) -> None:
        """Add to each action's worth, (3, W), that of doing as its caucuses are expected to do."""
        for caucus, weight in self._hears_caucus.items():
            worth += weight * self.model.others_of(caucus, self.seat)

    def gain_slope(self) -> WorldArray:
        """Return how the gain rises with each provision, shape (D, W)."""
        model, numbers = self.model, self.model.scenario.coefficients
        slope = choice.text_slope(model.reading, self.ideal, self.salience)
        slope -= np.float32(numbers.shielding) * model.hostility_weights * self.tie_to_target
        return slope

    def leverage(self, chances: WorldArray) -> WorldArray:
        """Return how P(adopted) rises with this member's gain, shape (W,).

        Args:
            chances: (3, W), P(adopted | its action), by what the others would do.
        """
        if self.model.scenario.rules.is_silent[self.seat]:
            return np.zeros_like(self.gain)
        slope = choice.utility_slope(self.adopted_if, self.voice)
        return choice.leverage(self.answer, chances, slope, self.model.precision)

    def _draw(self, estimate: Estimate, kind: str, purpose: str) -> WorldArray:
        self.drawn[purpose] = estimate.draw(self.model.chance, kind, purpose, self.member.code)
        return self.drawn[purpose]

    def _draw_each(self, kind: str) -> WorldArray:
        """Return (D, W) draws of an ideal or a salience; nothing is drawn where it cannot count."""
        estimates, draft = getattr(self._wants, kind), self.model.scenario.draft
        drawn = np.zeros((len(draft.provisions), self.model.n_worlds), dtype=np.float32)
        for d, (provision, matters) in enumerate(zip(draft.provisions, draft.matters, strict=True)):
            if matters:
                purpose = f"{kind}.{provision.name}"
                drawn[d] = self._draw(estimates[provision.name], kind, purpose)
                self.drawn[purpose] = drawn[d]  # so that it is kept once
        return drawn

    def _sum_of(self, kind: str, names: tuple[str, ...]) -> WorldArray:
        """Return the sum of the stances or restraints of these names, (W,); 0 where none is given.

        As with caucuses, nothing is drawn where it cannot count.
        """
        given = {n: e for n, e in getattr(self._wants, kind).items() if n in names}
        drawn = [self._draw(e, kind, f"{kind}.{n}") for n, e in given.items() if e.mean or e.spread]
        return sum(drawn, start=np.zeros(self.model.n_worlds, dtype=np.float32))

    def _cost(self, kind: str) -> WorldArray:
        return self._draw(getattr(self._wants, kind), kind, kind)

    def _tie(self, state: str | None) -> WorldArray:
        """Return the tie to a State: 1 to itself, 0 to none."""
        if state is None or state == self.member.code:
            return np.full(self.model.n_worlds, float(state is not None), dtype=np.float32)
        return self._draw(self._wants.tie_to(state), "ties", f"ties.{state}")

    def _tie_to_pens(self, penholders: tuple[str, ...]) -> WorldArray:
        """Return the mean tie to those who hold the pen."""
        return np.mean([self._tie(state) for state in penholders], axis=0, dtype=np.float32)


def indifferent(n_members: int, n_worlds: int) -> WorldArray:
    """Return positions before anyone has spoken: all actions equally likely, (M, 3, W)."""
    return np.full((n_members, N_ACTIONS, n_worlds), 1 / N_ACTIONS, dtype=np.float32)
