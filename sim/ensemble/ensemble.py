"""All worlds of one scenario: estimates with intervals, and roll calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.charter import OUTCOMES, Outcome
from sim.ensemble.given import Given, given_sums, some_world_left, votes_of
from sim.ensemble.tally import GAIN_TERMS, Interval, RollCall, Tally, Worlds, interval, spread
from sim.errors import WorldsDoNotMatch
from sim.scenario import Scenario


@dataclass(frozen=True)
class Ensemble:
    """All worlds of one scenario, summed up.

    Args:
        scenario: what was simulated.
        random_seed: the run's seed.
        tally: sums over all worlds.
        veto_sets: member numbers of each set in `tally.vetoes`.
        roll_calls: (C, M) int8, the roll calls followed in `tally.roll_calls`.
        p_adopted: (W,), P(adopted) in each world of the first block.
        worlds: what is kept of each world, or None.
        condition: sums given that some members vote in a certain way, or None.
    """

    scenario: Scenario
    random_seed: int
    tally: Tally
    veto_sets: tuple[tuple[int, ...], ...]
    roll_calls: NDArray[np.int8]
    p_adopted: NDArray[np.float32]
    worlds: Worlds | None = None
    condition: Given | None = None

    @property
    def n_worlds(self) -> int:
        """How many worlds were simulated."""
        return int(self.tally.worlds)

    def kept(self) -> Worlds:
        """Return what was kept of each world.

        Raises:
            WorldsDoNotMatch: nothing was.
        """
        if self.worlds is None:
            raise WorldsDoNotMatch(
                f"{self.scenario.name}: its worlds were not kept; expected an ensemble from "
                "convene(..., keep_worlds=True)."
            )
        return self.worlds

    def given(self, votes: Mapping[str, object]) -> Self:
        """Return the same with what it tells that members vote in a certain way.

        The worlds kept are weighed by the chance of these votes; nothing is simulated again, and
        the other members do not know the votes beforehand, as they do of those that are assumed.

        Args:
            votes: by code, as `{"CHN": "against"}`.

        Raises:
            UnscError: a member without a seat, what is no vote, or votes that no world has.
            WorldsDoNotMatch: no world was kept.
        """
        kept, known = self.kept(), votes_of(self.scenario, votes)
        sums = given_sums(known, self.scenario, kept.choices, kept.p_outcome)
        return replace(self, condition=some_world_left(sums, self.scenario))

    def mean(self, total: Floats) -> Floats:
        """Return a sum of the tally divided by the worlds."""
        return np.asarray(total / self.tally.worlds)

    @property
    def outcome(self) -> dict[str, Interval]:
        """P(outcome) by name; exactly 0 where the penholder's rule leaves it out."""
        moments, tabling = (self.tally.outcome, self.tally.outcome_squared), self.scenario.tabling
        found: dict[str, Interval] = dict(zip(OUTCOMES, map(self._interval, *moments), strict=True))
        if not tabling.if_adoptable:
            found[Outcome.WITHDRAWN] = Interval(0.0, 0.0, 0.0)
        if not tabling.rollover_below:
            found[Outcome.ROLLED_OVER] = Interval(0.0, 0.0, 0.0)
        return found

    def p_adopted_between(
        self, low: float, high: float, calm: bool = False
    ) -> tuple[float, float] | None:
        """Return the quantiles of P(adopted) over worlds at two shares of them, to whole per cent.

        What is not known differs between worlds, so this does not narrow with their number.

        Args:
            low, high: the shares, 0 to 1.
            calm: over the worlds with next to no shared shock alone; None where there are none.
        """
        below = np.cumsum(self.tally.adopted_percent[int(calm)])
        if not below[-1]:
            return None
        found = np.searchsorted(below / below[-1], [low, high])
        return float(found[0] / 100), float(found[1] / 100)

    @property
    def enough(self) -> Interval:
        """Probability of the needed votes in favour, if put to the vote."""
        return self._interval(self.tally.enough, self.tally.enough_squared)

    @property
    def blocked(self) -> Interval:
        """Probability of blocking negative votes, if put to the vote, enough in favour or not."""
        return self._interval(self.tally.blocked, self.tally.blocked_squared)

    @property
    def actions(self) -> Floats:
        """Probability of each member's actions if put to the vote, shape (M, 3)."""
        return self.mean(self.tally.actions)

    @property
    def gain_sd(self) -> Floats:
        """Standard deviation between worlds of each member's gain, shape (M,)."""
        return spread(self.tally.gain, self.tally.gain_squared, self.n_worlds)

    @property
    def term_names(self) -> tuple[str, ...]:
        """What the last axis of `tally.terms` holds."""
        return (*(p.name for p in self.scenario.draft.provisions), *GAIN_TERMS)

    def by_probability(self) -> list[tuple[RollCall, float]]:
        """Return the followed roll calls with their probabilities, the likeliest first."""
        p = self.mean(self.tally.roll_calls)
        order = sorted(range(len(p)), key=lambda c: (-p[c], self.roll_calls[c].tobytes()))
        return [(self.roll_calls[c], float(p[c])) for c in order]

    def probability_of(self, roll_call: RollCall) -> float | None:
        """Return the probability of a roll call, or None where it was not followed."""
        same = np.flatnonzero((self.roll_calls == roll_call).all(axis=1))
        return float(self.mean(self.tally.roll_calls)[same[0]]) if len(same) else None

    def _interval(self, total: Floats, squares: Floats) -> Interval:
        return interval(float(total), float(squares), self.n_worlds)
