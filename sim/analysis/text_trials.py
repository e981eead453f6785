"""Texts before the same worlds: how likely each is adopted, what it is worth, and the slopes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, WorldArray
from sim.chamber import voted
from sim.chamber.threads import map_in_threads
from sim.chance import Block
from sim.charter import ADOPTED
from sim.scenario import Scenario

DIGITS = 4
"""Decimal places of a provision in a text: a finer difference nobody would draft."""
LEAST = 1e-7
"""P(adopted) nearer than this to 0 or 1 counts as so near, or its log-odds would be infinite."""


class Trial(NamedTuple):
    """What a text comes to, on average over worlds.

    Args:
        text: (P,).
        p_adopted: its chance of adoption.
        worth: what its adoption over the lapse is worth to a member, for what it says and on whom.
        p_slope, worth_slope: (P,), how the two rise with each provision.
    """

    text: Floats
    p_adopted: float
    worth: float
    p_slope: Floats
    worth_slope: Floats

    @property
    def log_odds(self) -> float:
        """The log-odds of adoption."""
        return log_odds(self.p_adopted)

    @property
    def log_odds_slope(self) -> Floats:
        """How they rise with each provision, (P,)."""
        p = min(max(self.p_adopted, LEAST), 1 - LEAST)
        return np.asarray(self.p_slope / (p * (1 - p)), dtype=np.float64)


@dataclass(frozen=True)
class TextTrials:
    """Texts that differ in some provisions, before the same worlds.

    Args:
        scenario: in which they are put to the vote, as they are.
        seat: of the member to which they are worth something.
        low, high: (P,), between which each provision may be; equal where it stays as it is.
        chance: the worlds.
        on_run: called after each run.
        done: every text that was tried, by its bytes.
    """

    scenario: Scenario
    seat: int
    low: Floats
    high: Floats
    chance: Block
    on_run: Callable[[], None] = lambda: None
    done: dict[bytes, Trial] = field(default_factory=dict)

    @property
    def free(self) -> NDArray[np.intp]:
        """The numbers of the provisions that may be moved."""
        return np.flatnonzero(self.low < self.high)

    def with_text(self, text: Floats) -> Scenario:
        """Return the scenario with another text, which nobody amends.

        Provisions that may be moved count, wherever they are: all texts then face the same draws.
        """
        draft = replace(self.scenario.draft, text=text, low=self.low, high=self.high)
        held = replace(self.scenario.consultations, amendments=False)
        return replace(self.scenario, draft=draft, consultations=held)

    def full(self, free: Floats) -> Floats:
        """Return the text that has these values where it may be moved."""
        text = self.scenario.draft.text.copy()
        text[self.free] = free
        return np.asarray(np.round(np.clip(text, self.low, self.high), DIGITS))

    def at(self, text: Floats) -> Trial:
        """Return what a text, (P,), comes to."""
        if text.tobytes() not in self.done:
            self.done[text.tobytes()] = self._tried(text)
            self.on_run()
        return self.done[text.tobytes()]

    def side_by_side(self, texts: Iterable[Floats], workers: int | None) -> list[Trial]:
        """Return what texts come to, in their order, several at a time."""
        return list(map_in_threads(self.at, iter(texts), workers))

    def _tried(self, text: Floats) -> Trial:
        with voted(self.with_text(text), self.chance) as model:
            model.soundings.take(model.answers, chances := np.empty_like(model.answers))
            own = np.zeros_like(model.gains)
            own[self.seat] = 1
            return Trial(
                text,
                _mean(model.p_outcome[ADOPTED]),
                _mean(model.text_worth(self.seat)),
                model.slope(model.leverages(chances)).mean(axis=1, dtype=np.float64),
                model.slope(own).mean(axis=1, dtype=np.float64),
            )


def log_odds(p: float) -> float:
    """Return the log-odds of a chance."""
    p = min(max(p, LEAST), 1 - LEAST)
    return float(np.log(p / (1 - p)))


def _mean(values: WorldArray) -> float:
    return float(values.mean(dtype=np.float64))
