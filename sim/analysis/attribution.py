"""What each part of a member's reasoning adds to the log-odds between two of its votes.

In each world the log-odds of two actions are precision times the difference of what they are worth
(logit quantal response), and what an action is worth is a sum: each term of the gain, as often as
the action brings adoption about and once more as it is seen; what opposing costs; what acting as
one's caucuses is worth. So log-odds are a sum in each world, and so are their means over worlds:
these means are what is split here, with nothing left over and no order in which parts come. The
log-odds at averages would not be the mean of what happens in any world.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from sim import consultation
from sim.arrays import Floats
from sim.behaviours import DEFAULT
from sim.chamber import CouncilModel, Delegation
from sim.charter import ACTIONS, N_ACTIONS, Action
from sim.ensemble.tally import GAIN_TERMS, total
from sim.facts.explanation import Odds, Part, size_of
from sim.scenario import Scenario
from sim.traits import trait_and_name

OPPOSITION_HABIT = "opposition_habit"
"""The part that a member's record of voting against adds to the cost of opposing."""
SEEN = np.array([1.0, 0.0, -1.0])[:, None]
"""How often a gain counts for each action whatever the outcome, in units of `voice`."""
DIGITS = 8
"""Decimal places of parts, so many that some thirty of them sum to their whole within 1e-6."""


@dataclass(frozen=True)
class Worth:
    """Sums over worlds of what a member's actions are worth to it, by part, each (3, K) or (3,).

    Args:
        by_outcome: (3, T), each term of the gain as often as the action brings adoption about.
        seen: (3, T), the same whatever the outcome.
        costs: (3, C), what a vote against costs, by `cost_names`; below 0 where it costs.
        caucuses: (3, N), what acting as each caucus is worth.
        whole: (3,), what each action is worth, as the member weighs it.
    """

    by_outcome: Floats
    seen: Floats
    costs: Floats
    caucuses: Floats
    whole: Floats

    def __add__(self, other: Worth) -> Worth:
        """Return the sums over both."""
        return Worth(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def weighs(scenario: Scenario, seat: int) -> bool:
    """Return whether a member chooses by what its votes are worth to it, so that this has parts."""
    return scenario.behaviours[seat] == DEFAULT and not bool(scenario.rules.is_silent[seat])


class Worths:
    """What actions are worth to members, summed up over the blocks of a run.

    Args:
        seats: the members that weigh their actions.
    """

    def __init__(self, seats: Sequence[int]) -> None:
        self._seats = seats
        self._by_block: dict[int, list[Worth]] = {}

    def read(self, model: CouncilModel) -> None:
        """Take in one block's model after its vote."""
        by_action = [model.terms(model.adopted_if[:, action]) for action in Action]
        by_outcome, seen = np.stack(by_action, axis=1), model.terms(model.voices)
        self._by_block[model.chance.number] = [
            _summed(model, seat, by_outcome[seat], SEEN * seen[seat]) for seat in self._seats
        ]

    def averaged(self, worlds: int) -> dict[int, Worth]:
        """Return the averages over the run's worlds, by seat."""
        in_order = [self._by_block[k] for k in sorted(self._by_block)]
        *_, sums = accumulate(in_order, lambda one, other: [*map(Worth.__add__, one, other)])
        return {
            seat: Worth(*(getattr(own, f.name) / worlds for f in fields(own)))
            for seat, own in zip(self._seats, sums, strict=True)
        }


def _summed(model: CouncilModel, seat: int, by_outcome: Floats, seen: Floats) -> Worth:
    """Return the sums over the worlds of one model after its vote; the terms are given."""
    delegation = model.delegations[seat]
    costs = np.zeros((N_ACTIONS, len(by_cost := _costs(delegation))))
    costs[Action.AGAINST] = [-total(cost) for cost in by_cost.values()]
    whole = total(model.utilities(slice(seat, seat + 1))[0])
    return Worth(by_outcome, seen, costs, _caucuses(model, seat), whole)


def _costs(delegation: Delegation) -> dict[str, NDArray[np.floating]]:
    """Return what a vote against costs a member, (W,), by setting; what is left is its record's."""
    draft = delegation.model.scenario.draft
    by_setting = {
        setting: values * np.float32(trait.factor_on(draft, name))
        for setting, values in delegation.drawn.items()
        for trait, name in [trait_and_name(setting)]
        if trait.enters == "cost"
    }
    rest = delegation.cost - sum(by_setting.values(), start=np.float32(0))
    return {**by_setting, OPPOSITION_HABIT: rest}


def _caucuses(model: CouncilModel, seat: int) -> Floats:
    """Return what acting as each of its caucuses is worth to a member, (3, N)."""
    found = []
    for heeding in model.heeding:
        if heeding.seat == seat:
            worth = np.zeros((1, *model.positions.shape[1:]), dtype=np.float32)
            consultation.heed(worth, model.positions, [heeding._replace(seat=0)])
            found.append(total(worth[0]))
    return np.array(found).reshape(-1, N_ACTIONS).T


def part_names(scenario: Scenario, seat: int) -> tuple[list[str], list[str], list[str]]:
    """Return what the parts are of: terms of the gain, costs by setting, caucuses by setting."""
    terms = [*(p.name for p in scenario.draft.provisions), *GAIN_TERMS]
    counting = scenario.counting[seat]
    costs = [s for s in counting if trait_and_name(s)[0].enters == "cost"]
    heeded = [
        setting
        for caucus in scenario.council[seat].caucuses
        if (setting := f"caucuses.{caucus}") in counting
        and sum(caucus in member.caucuses for member in scenario.council) > 1
    ]
    return terms, [*costs, OPPOSITION_HABIT], heeded


def odds_over(over: Action, likeliest: Action, worth: Worth, scenario: Scenario, seat: int) -> Odds:
    """Return the parts of the mean log-odds of a member's likeliest vote over another."""

    def between(values: Floats) -> Floats:
        return np.asarray(scenario.coefficients.precision * (values[likeliest] - values[over]))

    terms, costs, heeded = part_names(scenario, seat)
    of_terms = zip(terms, between(worth.by_outcome), between(worth.seen), strict=True)
    parts = {name: _part(outcome, seen) for name, outcome, seen in of_terms}
    parts |= _on_record(costs, between(worth.costs)) | _on_record(heeded, between(worth.caucuses))
    kept = {name: part for name, part in parts.items() if any(part.values())}
    return {
        "over": ACTIONS[over],
        "whole": round(float(between(worth.whole)), DIGITS),
        "parts": dict(sorted(kept.items(), key=lambda item: -abs(size_of(item[1])))),
    }


def _on_record(names: list[str], values: Floats) -> dict[str, Part]:
    return {name: _part(0.0, value) for name, value in zip(names, values, strict=True)}


def _part(by_outcome: float, by_record: float) -> Part:
    return {
        "by_outcome": round(float(by_outcome), DIGITS) + 0.0,
        "by_record": round(float(by_record), DIGITS) + 0.0,
    }
