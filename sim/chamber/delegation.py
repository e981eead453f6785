"""A member at work: what its capital wants in each world, and how it chooses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import mesa
import numpy as np

from sim import choice
from sim.arrays import WorldArray
from sim.behaviours import Behaviour
from sim.chamber.state import CouncilState
from sim.consultation import Heeding
from sim.draws import drawn
from sim.traits import trait_and_name


class Delegation(mesa.Agent):
    """The Mesa agent of one member; its state is arrays over the model's worlds.

    The arrays are views of the model's: what all members do at once, the model does for them in one
    operation.

    Attributes:
        seat: the member's number in the Council, 0 to M - 1.
        member: the State, its seat and its caucuses.
        behaviour: how it chooses.
        pull: (D, W), how its gain rises with each active provision, at the lapse.
        salience: (D, W), 0 or more, the weights of the provisions.
        stance: (W,), what adoption of such a draft is worth to it, whatever the text says.
        habit: (W,), what its record on drafts like this adds to that.
        own_shock: (W,), its own part of chance.
        voice: (W,), 0 or more.
        cost: (W,), of a negative vote, including that of a veto where it would be one.
        gain: (W,), gain of adoption over lapse, by the text as it reads.
        adopted_if: (3, W), its beliefs P(adopted | its action), from the last soundings.
        position: (3, W), what it says it will do.
        answer: (3, W), what it would do by its latest beliefs.
    """

    model: CouncilState

    def __init__(self, model: CouncilState, seat: int, behaviour: Behaviour) -> None:
        super().__init__(model)
        self.seat = seat
        self.member = model.scenario.council[seat]
        self.behaviour = behaviour
        self.pull, self.salience = model.pulls[:, seat], model.saliences[:, seat]
        terms = model.other_terms[seat]
        self._asking, self.stance, self.habit, self._shared_shock, self.own_shock = terms
        self.voice, self.cost = model.voices[seat], model.costs[seat]
        self.gain = model.gains[seat]
        self.adopted_if = model.adopted_if[seat]
        self.position = model.positions[seat]
        self.answer = model.answers[seat]
        if model.like is not None and self._wants_as_in(model.like):
            self._take_over(model.like)
            return
        draws, values = self._draw()
        self._set_gain(draws, values)
        self._set_costs(draws)
        self._heed_memory(draws)
        model.heeding += self._heeds(draws)

    @property
    def name(self) -> str:
        """The member's ISO 3166 alpha-3 code."""
        return self.member.code

    def _wants_as_in(self, like: CouncilState) -> bool:
        mine, its = (
            (s.preferences[self.seat], s.rules.holds_veto[self.seat])
            for s in (self.model.scenario, like.scenario)
        )
        return bool(mine == its)

    def _take_over(self, like: CouncilState) -> None:
        """Take what was drawn in the same worlds from another model, the delegation's own."""
        seat, model = self.seat, self.model
        model.pulls[:, seat], model.saliences[:, seat] = (
            like.pulls[:, seat],
            like.saliences[:, seat],
        )
        for name in ("pressures", "other_terms", "voices", "costs"):
            getattr(model, name)[seat] = getattr(like, name)[seat]
        model.heeding += [heeding for heeding in like.heeding if heeding.seat == seat]

    @property
    def drawn(self) -> dict[str, WorldArray]:
        """What was drawn of its preferences, each (W,), by setting: `ideal.scrutiny`, `voice`.

        Drawn anew each time, and the same: kept, it would be a third of the model's memory.
        """
        return self._draw()[0]

    def _draw(self) -> tuple[dict[str, WorldArray], WorldArray]:
        """Return what is drawn by setting, and all of it as one array, (K, W)."""
        counting = self.model.scenario.counting[self.seat]
        draws, of_worlds = self.model.scenario.draws, self.model.of_worlds
        values = drawn(counting, self.model.chance, self.member, draws, of_worlds)
        return dict(zip(counting, values, strict=True)), values

    def _set_gain(self, draws: Mapping[str, WorldArray], values: WorldArray) -> None:
        """Set how the gain follows the text, and the terms that do not."""
        model, draft = self.model, self.model.scenario.draft
        numbers = model.scenario.coefficients
        n_active = len(model.active)
        ideal, salience = values[: 2 * n_active].reshape(2, n_active, -1)
        self.salience[:] = salience
        choice.pull_of(model.lapse[model.active], ideal, salience, out=self.pull)
        # Where it is known how it stands to a text on itself, `own_matter` says so instead.
        is_known = draft.relation and draft.target == self.name
        to_target = np.float32(0) if is_known else self._tie(draft.target, draws)
        choice.pressure_of(to_target, numbers.shielding, out=model.pressures[self.seat])
        to_penholders = [self._tie(state, draws) for state in draft.penholders]
        choice.asking_of(to_penholders, numbers.asking, out=self._asking)
        self._asking += self._sum_entering("penholder", draws)
        self.stance[:] = self._sum_entering("stance", draws)
        self._shared_shock[:] = model.shared_shock
        model.chance.normals("own_shock", self.member.shock_name, out=self.own_shock)
        self.own_shock *= np.float32(numbers.own_shock)

    def _set_costs(self, draws: Mapping[str, WorldArray]) -> None:
        """Set what each action counts beside the outcome."""
        self.voice[:] = draws["voice"]
        beyond = {s: cost for s, cost in draws.items() if s not in ("opposition_cost", "veto_cost")}
        veto = draws.get("veto_cost", np.float32(0))
        restraint = self._sum_entering("cost", beyond)
        choice.cost_of_opposing(draws["opposition_cost"], restraint, veto, out=self.cost)

    def _heed_memory(self, draws: Mapping[str, WorldArray]) -> None:
        """Set what its record on drafts like this adds to the gain, and to the cost of opposing."""
        self.habit[:] = 0
        if "habit" in draws:
            memory = self.model.scenario.draft.memory[self.name]
            of_gain, of_cost = map(self._vary, ("habit", "opposition_habit"), memory)
            known = self.model.scenario.coefficients.habits_of(memory)
            np.multiply(draws["habit"], of_gain + np.float32(known[0]), out=self.habit)
            self.cost += draws["habit"] * (of_cost + np.float32(known[1]))

    def _vary(self, kind: str, remembered: Mapping[str, float]) -> WorldArray | np.float32:
        """Return how far what a memory adds lies from its mean, (W,), as its weights vary."""
        draws, of_worlds = self.model.scenario.draws, self.model.of_worlds
        if draws is None or of_worlds is None:
            return np.float32(0)
        return draws.sum_of(f"coefficients.{kind}", remembered)[of_worlds]

    def _heeds(self, draws: Mapping[str, WorldArray]) -> Iterator[Heeding]:
        """Yield whom it heeds by how much, for each caucus."""
        for caucus in self.member.caucuses:
            others = [
                seat
                for seat, member in enumerate(self.model.scenario.council)
                if caucus in member.caucuses and seat != self.seat
            ]
            if others and (setting := f"caucuses.{caucus}") in draws:
                # A view of the weight would keep all draws.
                yield Heeding(self.seat, others, draws[setting].copy())

    def _tie(self, state: str | None, draws: Mapping[str, WorldArray]) -> WorldArray | np.float32:
        """Return the tie to a State, (W,): 1 to itself, 0 to none."""
        if state is None or state == self.name:
            return np.float32(state is not None)
        return draws[f"ties.{state}"]

    def _sum_entering(self, where: str, draws: Mapping[str, WorldArray]) -> WorldArray | np.float32:
        """Return the sum of what was drawn of the traits that enter a term or the cost, (W,)."""
        draft = self.model.scenario.draft
        entering = (
            values * np.float32(trait.factor_on(draft, name))
            for setting, values in draws.items()
            for trait, name in [trait_and_name(setting)]
            if trait.enters == where
        )
        return sum(entering, start=np.float32(0))
