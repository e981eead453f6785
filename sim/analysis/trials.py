"""Variants of a scenario, run over the same worlds: how members vote and how it ends, no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Self, TypeVar

import numpy as np

from sim.arrays import Floats
from sim.chamber import CouncilModel, voted
from sim.chamber.threads import map_in_threads
from sim.chance import Block, blocks
from sim.charter import ACTIONS, OUTCOME_NAMES, Action, ActionName, OutcomeName
from sim.ensemble.tally import rounded, total
from sim.facts.plain import by_action
from sim.facts.report import ByAction
from sim.scenario import Scenario
from sim.scenario.settings import Settings

FEW_WORLDS = 512
"""Worlds over which it is found where a change flips the vote, roughly."""
Item = TypeVar("Item")
Found = TypeVar("Found")


class Trial(NamedTuple):
    """What a variant comes to, averaged over worlds.

    Args:
        votes: (M, 3), the chance of each action by member.
        outcome: (5,), that of each outcome, in the order of `OUTCOMES`.
    """

    votes: Floats
    outcome: Floats

    def likeliest(self, seat: int) -> Action:
        """Return the likeliest vote of a member."""
        return Action(int(self.votes[seat].argmax()))

    def votes_of(self, seat: int) -> ByAction:
        """Return the chances of a member's votes as a report has them."""
        return by_action(self.votes[seat])

    def outcomes(self) -> dict[OutcomeName, float]:
        """Return the chances of the outcomes as a report has them."""
        return dict(zip(OUTCOME_NAMES, map(rounded, self.outcome), strict=True))


@dataclass(frozen=True)
class Trials:
    """Runs of variants of one scenario, each over the same worlds.

    As a context they hold what the scenario itself draws, so that a variant draws only what is
    other in it.

    Args:
        scenario: as it is.
        worlds, random_seed: of a run in full.
        workers: runs side by side, each on one thread.
        on_run: called after each.
    """

    scenario: Scenario
    worlds: int
    random_seed: int
    workers: int
    on_run: Callable[[], None] = lambda: None

    _prepared: dict[Block, CouncilModel] = field(default_factory=dict)

    def __enter__(self) -> Self:
        for n_worlds in {self.worlds, min(FEW_WORLDS, self.worlds)}:
            first = next(blocks(self.random_seed, n_worlds))
            self._prepared[first] = CouncilModel(
                self.scenario, first.n_worlds, self.random_seed, chance=first
            )
        return self

    def __exit__(self, *_: object) -> None:
        while self._prepared:
            self._prepared.popitem()[1].dissolve()

    def run(self, settings: Settings) -> Trial:
        """Return what a variant comes to, over all worlds."""
        return self._of(self.scenario.with_settings(settings), self.worlds)

    def quickly(self, variant: Scenario) -> Trial:
        """Return about what a variant comes to, over the first worlds.

        So few are no work for threads: they would wait for the interpreter, and for one another.
        """
        return self._of(variant, min(FEW_WORLDS, self.worlds))

    def _of(self, variant: Scenario, n_worlds: int) -> Trial:
        votes, outcome = np.zeros((len(variant.codes), len(Action))), np.zeros(len(OUTCOME_NAMES))
        for block in blocks(self.random_seed, n_worlds):
            with voted(variant, block, self._prepared.get(block)) as model:
                votes += total(model.answers)
                outcome += total(model.p_outcome)
        self.on_run()
        return Trial(votes / n_worlds, outcome / n_worlds)

    def side_by_side(self, work: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
        """Return what work finds of each item, in their order, several at a time."""
        return [*map_in_threads(work, iter(items), self.workers)]

    def if_they_voted(
        self, codes: Iterable[str]
    ) -> dict[str, dict[ActionName, dict[OutcomeName, float]]]:
        """Return the chance of each outcome by member and vote, all others knowing the vote."""
        votes = [(code, action) for code in codes for action in ACTIONS]
        found = self.side_by_side(lambda vote: self.run(assumed(*vote)), votes)
        outcomes: dict[str, dict[ActionName, dict[OutcomeName, float]]] = {}
        for (code, action), one in zip(votes, found, strict=True):
            outcomes.setdefault(code, {})[action] = one.outcomes()
        return outcomes


def assumed(code: str, vote: ActionName) -> str:
    """Return the setting of a vote that all others know, and answer."""
    return f"assume.{code}={vote}"
