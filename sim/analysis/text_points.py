"""Texts that were found, run in full, and single steps away from the tabled one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.analysis.paired import mean_of, p_adopted_of
from sim.analysis.text_search import distance
from sim.analysis.text_trials import TextTrials
from sim.arrays import Floats
from sim.chance import Block
from sim.charter import Action
from sim.ensemble import Interval
from sim.ensemble.tally import rounded
from sim.facts.calendar import LIKELY
from sim.facts.frontier import MoveFacts, TextFacts
from sim.facts.plain import plain
from sim.result import Result
from sim.scenario import Scenario

STEP = 0.1
"""By how much one provision of the tabled text is moved, to see what that buys."""


@dataclass(frozen=True, eq=False)
class Point:
    """A text and what it comes to.

    Args:
        text: (P,).
        result: its run.
        seat: of the member to which it is worth something.
    """

    text: Floats
    result: Result
    seat: int

    @property
    def adopted(self) -> Interval:
        """P(adopted)."""
        return self.result.outcome["adopted"]

    @cached_property
    def worth(self) -> float:
        """What adoption over the lapse is worth to the member, for what it says and on whom."""
        terms = self.result.mean(self.result.tally.terms)[self.seat]
        return float(terms[: len(self.text) + 1].sum())  # each provision, then the target

    def facts(self, tabled: Floats) -> TextFacts:
        """Return it as plain data."""
        scenario = self.result.scenario
        dissent = 1 - self.result.actions[:, Action.IN_FAVOUR]
        likely = [m for m in np.argsort(-dissent, kind="stable") if dissent[m] >= LIKELY]
        return {
            "text": dict(zip(names(scenario), map(rounded, self.text), strict=True)),
            "adopted": plain(self.adopted),
            "worth": rounded(self.worth),
            "distance": rounded(distance(self.text, tabled)),
            "dissenters": {scenario.codes[m]: rounded(dissent[m]) for m in likely},
        }


class StepTaken(NamedTuple):
    """One provision of the tabled text moved by a step.

    Args:
        provision: its number.
        before, after: its values.
        adopted: the paired difference of P(adopted).
        worth: by how much the worth changes.
    """

    provision: int
    before: float
    after: float
    adopted: Interval
    worth: float

    @property
    def bought(self) -> float:
        """How much likelier adoption is, per unit of worth given up; without end where none is."""
        if self.adopted.p <= 0:
            return self.adopted.p
        return self.adopted.p / -self.worth if self.worth < 0 else np.inf


def names(scenario: Scenario) -> list[str]:
    """Return the names of the provisions."""
    return [provision.name for provision in scenario.draft.provisions]


def best_of(points: Sequence[Point]) -> Iterator[Point]:
    """Yield the points that none beats, the one worth most first."""
    likeliest = -1.0
    for point in sorted(points, key=lambda p: (-p.worth, -p.adopted.p)):
        if point.adopted.p > likeliest:
            likeliest = point.adopted.p
            yield point


def steps_from_tabled(
    trials: TextTrials, chance: Block, workers: int | None
) -> tuple[StepTaken, ...]:
    """Return what each step of one provision of the tabled text does."""
    tabled = trials.scenario.draft.text
    moves = []
    for d in trials.free:
        for step in (-STEP, STEP):
            text = tabled.copy()
            text[d] = min(max(tabled[d] + step, trials.low[d]), trials.high[d])
            if text[d] != tabled[d]:
                moves.append((int(d), text))
    now, texts = trials.at(tabled), [text for _, text in moves]
    variants = (trials.with_text(text) for text in (tabled, *texts))
    base, *found = p_adopted_of(variants, chance, workers)
    steps = [
        StepTaken(
            d,
            float(tabled[d]),
            float(text[d]),
            mean_of(p - base),
            trials.at(text).worth - now.worth,
        )
        for (d, text), p in zip(moves, found, strict=True)
    ]
    return tuple(sorted(steps, key=lambda s: (-s.bought, -s.adopted.p, s.provision)))


def move_facts(step: StepTaken, provisions: Sequence[str]) -> MoveFacts:
    """Return a step as plain data, its provision by name."""
    return {
        "provision": provisions[step.provision],
        "before": rounded(step.before),
        "after": rounded(step.after),
        "adopted": plain(step.adopted),
        "worth": rounded(step.worth),
    }
