"""A member at work: what its capital wants in each world, and what it says it will do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim import choice
from sim.arrays import WorldArray
from sim.charter import N_ACTIONS
from sim.preferences import Estimate, drawn, trait_and_name

if TYPE_CHECKING:
    from sim.chamber.model import CouncilModel


class Delegation(mesa.Agent):
    """The Mesa agent of one member; its state is arrays over the model's worlds.

    What all members do at a time, the model does for them in one operation: the arrays are views of
    the model's.

    Attributes:
        seat: the member's number in the Council, 0 to M - 1.
        member: the State, its seat and its caucuses.
        pull: (D, W), how its gain rises with each provision that matters, at the lapse.
        salience: (D, W), 0 or more, what the provisions weigh.
        stance: (W,), what adoption of such a draft is worth to it, whatever the text says.
        own_shock: (W,), its own part of chance.
        voice: (W,), 0 or more.
        cost: (W,), 0 or more, of a negative vote: its restraint towards such a draft counted in,
            and that of a veto where its negative vote is one.
        gain: (W,), gain of adoption over lapse, by the text as it stands.
        adopted_if: (3, W), its belief P(adopted | its action), from the last soundings.
        position: (3, W), what it says it will do.
        answer: (3, W), what it would do by its latest beliefs.
    """

    model: CouncilModel

    def __init__(self, model: CouncilModel, seat: int) -> None:
        super().__init__(model)
        self.seat = seat
        self.member = model.scenario.council[seat]
        self.pull, self.salience = model.pulls[:, seat], model.saliences[:, seat]
        self._asking, self.stance, self._shared_shock, self.own_shock = model.other_terms[seat]
        self.voice, self.cost = model.voices[seat], model.costs[seat]
        self.gain = model.gains[seat]
        self.adopted_if = model.adopted_if[seat]
        self.position = model.positions[seat]
        self.answer = model.answers[seat]
        self._lay_out()

    @property
    def name(self) -> str:
        """The member's ISO 3166 alpha-3 code."""
        return self.member.code

    @property
    def drawn(self) -> dict[str, WorldArray]:
        """What was drawn of its preferences, each (W,), by setting: `ideal.scrutiny`, `voice`.

        Drawn anew each time, and the same: kept, it would be a third of the model's memory.
        """
        return self._draw()[0]

    def hear_caucuses(self, worth: WorldArray) -> None:
        """Add to each action's worth, (3, W), that of doing as its caucuses are expected to do."""
        for caucus, weight in self._caucuses.items():
            worth += weight * self.model.others_of(caucus, self.seat)

    def _draw(self) -> tuple[dict[str, WorldArray], WorldArray]:
        """Return what is drawn by setting, and all of it as one array, (K, W)."""
        counting = self._counting()
        values = drawn(counting, self.model.chance, self.name)
        return dict(zip(counting, values, strict=True)), values

    def _counting(self) -> dict[str, Estimate]:
        """Return the preferences that count before this draft, by setting: no others are drawn.

        Ideals by provision that matters come first, saliences follow.
        """
        scenario = self.model.scenario
        counting = scenario.preferences[self.seat].bearing_on(
            scenario.draft, self.member, bool(scenario.rules.holds_veto[self.seat])
        )
        return {
            setting: estimate
            for setting, estimate in counting.items()
            if not (trait_and_name(setting)[0].optional and estimate.is_nothing)
        }

    def _lay_out(self) -> None:
        """Set all that follows from the preferences alone."""
        draws, values = self._draw()
        n_mattering = len(self.model.mattering)
        self._weigh_text(*values[: 2 * n_mattering].reshape(2, n_mattering, -1))
        self._weigh_rest(draws)
        self._count_costs(draws)
        self._caucuses = {
            caucus: draws[setting].copy()  # a view would keep all draws
            for caucus in self.member.caucuses
            if (setting := f"caucuses.{caucus}") in draws
        }

    def _weigh_text(self, ideal: WorldArray, salience: WorldArray) -> None:
        """Set how the gain will follow the text."""
        lapse = self.model.lapse[self.model.mattering]
        self.salience[:] = salience
        choice.pull_of(lapse, ideal, salience, out=self.pull)

    def _weigh_rest(self, draws: Mapping[str, WorldArray]) -> None:
        """Set how the gain will follow the text's hostility, and the terms that follow neither."""
        model, draft = self.model, self.model.scenario.draft
        numbers = model.scenario.coefficients
        to_target = self._tie(draft.target, draws)
        np.multiply(to_target, -np.float32(numbers.shielding), out=model.pressures[self.seat])
        ties = [self._tie(state, draws) for state in draft.penholders]
        to_penholder = sum(ties[1:], start=ties[0]) / np.float32(len(ties))
        np.multiply(to_penholder, np.float32(numbers.asking), out=self._asking)
        self.stance[:] = _sum_of("stances", draft.kinds, draws)
        self._shared_shock[:] = model.shared_shock
        model.chance.normals("own_shock", self.name, out=self.own_shock)
        self.own_shock *= np.float32(numbers.own_shock)

    def _count_costs(self, draws: Mapping[str, WorldArray]) -> None:
        """Set what each action counts beside the outcome."""
        self.voice[:] = draws["voice"]
        restraint = _sum_of("restraint", self.model.scenario.draft.opposed, draws)
        np.maximum(draws["opposition_cost"] + restraint, 0, out=self.cost)
        self.cost += draws.get("veto_cost", np.float32(0))

    def _tie(self, state: str | None, draws: Mapping[str, WorldArray]) -> WorldArray | np.float32:
        """Return the tie to a State, (W,): 1 to itself, 0 to none."""
        if state is None or state == self.name:
            return np.float32(state is not None)
        return draws[f"ties.{state}"]


def _sum_of(
    kind: str, names: tuple[str, ...], draws: Mapping[str, WorldArray]
) -> WorldArray | np.float32:
    """Return the sum of those stances or restraints that were drawn, (W,); 0 if none was."""
    given = [draws[setting] for name in names if (setting := f"{kind}.{name}") in draws]
    return sum(given, start=np.float32(0))


def indifferent(n_members: int, n_worlds: int) -> WorldArray:
    """Return positions before anyone has spoken: all actions equally likely, (M, 3, W)."""
    return np.full((n_members, N_ACTIONS, n_worlds), 1 / N_ACTIONS, dtype=np.float32)
