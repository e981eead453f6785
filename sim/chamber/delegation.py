"""A member at work: what its capital wants in each world, and what it says it will do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim import choice
from sim.chance import WorldArray
from sim.charter import N_ACTIONS
from sim.ensemble.tally import GAIN_TERMS
from sim.preferences import Estimate, drawn

if TYPE_CHECKING:
    from sim.chamber.model import CouncilModel


class Delegation(mesa.Agent):
    """The Mesa agent of one member; its state is arrays over the model's worlds.

    What all members do at a time, the model does for them in one operation: stance and own shock,
    and the arrays named from `pull` on, are views of the model's.

    Attributes:
        seat: the member's number in the Council, 0 to M - 1.
        member: the State, its seat and its caucuses.
        drawn: what was drawn of its preferences, each (W,), by setting: `ideal.scrutiny`, `voice`.
        ideal, salience: (D, W), by provision that matters.
        tie_to_target, tie_to_penholder: (W,), -1..1.
        stance: (W,), what adoption of such a draft is worth to it, whatever the text says.
        voice: (W,), 0 or more.
        opposition_cost: (W,), 0 or more, its restraint towards such a draft counted in.
        veto_cost: (W,), 0 where a negative vote of this member blocks nothing.
        own_shock: (W,), its own part of chance.
        pull: (D, W), how its gain rises with each provision at the lapse.
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
        self._draw()
        self._weigh_text()
        self._weigh_rest()
        self._count_costs()
        self.gain = model.gains[seat]
        self.adopted_if = model.adopted_if[seat]
        self.position = model.positions[seat]
        self.answer = model.answers[seat]

    @property
    def name(self) -> str:
        """The member's ISO 3166 alpha-3 code."""
        return self.member.code

    def terms(self) -> WorldArray:
        """Return what makes up the gain, (P + 5, W): each of P provisions, then `GAIN_TERMS`."""
        model = self.model
        n_provisions = len(model.text)
        terms = np.zeros((n_provisions + len(GAIN_TERMS), model.n_worlds), dtype=np.float32)
        terms[model.mattering] = choice.text_gain(model.change, self.pull, self.salience)
        terms[n_provisions] = model.pressures[self.seat] * model.hostility
        terms[n_provisions + 1 :] = model.other_terms[self.seat]
        return terms

    def hear_caucuses(self, worth: WorldArray) -> None:
        """Add to each action's worth, (3, W), that of doing as its caucuses are expected to do."""
        for caucus in self.member.caucuses:
            if (weight := self.drawn.get(f"caucuses.{caucus}")) is not None:
                worth += weight * self.model.others_of(caucus, self.seat)

    def _draw(self) -> None:
        counting = self._counting()
        values = drawn(counting, self.model.chance, self.name)
        self.drawn = dict(zip(counting, values, strict=True))
        n_mattering = len(self.model.mattering)
        self.ideal, self.salience = values[: 2 * n_mattering].reshape(2, n_mattering, -1)

    def _counting(self) -> dict[str, Estimate]:
        """Return the preferences that count before this draft, by setting: no others are drawn.

        Ideals by provision come first, saliences follow.
        """
        scenario, draft = self.model.scenario, self.model.scenario.draft
        wants = scenario.preferences[self.seat]
        names = [draft.provisions[d].name for d in self.model.mattering]
        counting = {f"ideal.{name}": wants.ideal[name] for name in names}
        counting |= {f"salience.{name}": wants.salience[name] for name in names}
        for state in (draft.target, *draft.penholders):
            if state not in (None, self.name):
                counting[f"ties.{state}"] = wants.tie_to(state)
        counting |= {"voice": wants.voice, "opposition_cost": wants.opposition_cost}
        if scenario.rules.holds_veto[self.seat]:
            counting["veto_cost"] = wants.veto_cost
        given = _named("stances", wants.stances, draft.kinds)
        given |= _named("restraint", wants.restraint, draft.opposed)
        given |= _named("caucuses", wants.caucuses, self.member.caucuses)
        return counting | {s: estimate for s, estimate in given.items() if not estimate.is_nothing}

    def _weigh_text(self) -> None:
        """Set how the gain will follow the text."""
        model = self.model
        model.saliences[:, self.seat] = self.salience
        self.pull = model.pulls[:, self.seat]
        choice.pull_of(model.lapse[model.mattering], self.ideal, self.salience, out=self.pull)
        self.tie_to_target = self._tie(model.scenario.draft.target)
        shielding = np.float32(model.scenario.coefficients.shielding)
        np.multiply(self.tie_to_target, -shielding, out=model.pressures[self.seat])

    def _weigh_rest(self) -> None:
        """Set the terms of the gain that do not follow the text."""
        model, scenario = self.model, self.model.scenario
        asking, self.stance, shared_shock, self.own_shock = model.other_terms[self.seat]
        ties = [self._tie(state) for state in scenario.draft.penholders]
        self.tie_to_penholder = sum(ties[1:], start=ties[0]) / np.float32(len(ties))
        np.multiply(self.tie_to_penholder, np.float32(scenario.coefficients.asking), out=asking)
        self.stance[:] = self._sum_of("stances", scenario.draft.kinds)
        shared_shock[:] = model.shared_shock
        model.chance.normals("own_shock", self.name, out=self.own_shock)
        self.own_shock *= np.float32(scenario.coefficients.own_shock)

    def _count_costs(self) -> None:
        """Set what each action counts beside the outcome."""
        restraint = self._sum_of("restraint", self.model.scenario.draft.opposed)
        self.voice = self.drawn["voice"]
        self.opposition_cost = np.maximum(self.drawn["opposition_cost"] + restraint, 0)
        self.veto_cost = self.drawn.get("veto_cost", np.zeros_like(self.voice))

    def _sum_of(self, kind: str, names: tuple[str, ...]) -> WorldArray | np.float32:
        """Return the sum of those stances or restraints that are given, (W,); 0 if none is."""
        given = [self.drawn[s] for name in names if (s := f"{kind}.{name}") in self.drawn]
        return sum(given, start=np.float32(0))

    def _tie(self, state: str | None) -> WorldArray:
        """Return the tie to a State: 1 to itself, 0 to none."""
        if state is None or state == self.name:
            return np.full(self.model.n_worlds, float(state is not None), dtype=np.float32)
        return self.drawn[f"ties.{state}"]


def _named(
    kind: str, estimates: Mapping[str, Estimate], names: tuple[str, ...]
) -> dict[str, Estimate]:
    """Return those of the estimates that have one of the names, by setting."""
    return {f"{kind}.{name}": estimates[name] for name in names if name in estimates}


def indifferent(n_members: int, n_worlds: int) -> WorldArray:
    """Return positions before anyone has spoken: all actions equally likely, (M, 3, W)."""
    return np.full((n_members, N_ACTIONS, n_worlds), 1 / N_ACTIONS, dtype=np.float32)
