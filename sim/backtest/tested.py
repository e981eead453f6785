"""The votes of a back-test, each forecaster's forecasts of them, and what was known before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.arrays import Floats
from sim.backtest.forecaster import Forecast
from sim.backtest.forecasts import Forecasts
from sim.backtest.scores import member_scores
from sim.catalogue import mandates
from sim.charter import DECIDED, N_ACTIONS
from sim.record import RecordedVote
from sim.record.base_rates import base_rate_weights
from sim.record.rates import shares

SIMULATOR = "simulator"
"""The name of the forecaster that is compared with all others."""


@dataclass(frozen=True, eq=False)
class Tested:
    """Votes, and each forecaster's forecasts of them.

    Args:
        votes: V votes in date order.
        forecasts: V forecasts by the name of the forecaster.
        settings: how it was run, as plain data without any time.
        past: the votes of the record before the first of them, in date order.
    """

    votes: tuple[RecordedVote, ...]
    forecasts: Mapping[str, tuple[Forecast, ...]]
    settings: Mapping[str, Any]
    past: tuple[RecordedVote, ...] = ()

    @cached_property
    def weights(self) -> Floats:
        """Weights that bring each year's outcomes back to the base rates, (V,)."""
        return base_rate_weights(self.votes)

    @property
    def matters(self) -> list[str]:
        """The matter of each vote, its mandate; one with neither mandate nor target is its own."""
        named = mandates()
        return [v.mandate if v.target or v.mandate in named else v.vote_id for v in self.votes]

    @cached_property
    def leading(self) -> str:
        """The simulator; without it, the forecaster with the least log loss on member votes."""
        losses = {n: member_scores(self.member_votes(n))["log_loss"][0] for n in self.forecasts}
        return SIMULATOR if SIMULATOR in losses else min(losses, key=lambda name: losses[name])

    def member_votes(self, name: str, weighted: bool = False) -> Forecasts:
        """Return a forecaster's forecasts of all member votes, in the order of votes and seats."""
        seats = [len(vote.council) for vote in self.votes]
        return Forecasts(
            np.concatenate([forecast.actions for forecast in self.forecasts[name]]),
            np.concatenate([vote.roll_call for vote in self.votes]).astype(np.intp),
            np.repeat(np.arange(len(self.votes)), seats),
            np.repeat(self._weights(weighted), seats),
            np.repeat(self._action_shares, seats, axis=0),
        )

    def outcomes(self, name: str, weighted: bool = False) -> Forecasts:
        """Return a forecaster's forecasts of all outcomes, in the order of votes."""
        return Forecasts(
            np.array([forecast.outcome for forecast in self.forecasts[name]]),
            np.array([DECIDED.index(vote.outcome) for vote in self.votes]),
            np.arange(len(self.votes)),
            self._weights(weighted),
            self._outcome_shares,
        )

    def _weights(self, weighted: bool) -> Floats:
        """Return what each vote counts, (V,)."""
        return self.weights if weighted else np.ones(len(self.votes))

    @cached_property
    def _action_shares(self) -> Floats:
        """The share of each action among all member votes of the days before, (V, 3)."""
        counts = [np.bincount(vote.roll_call, minlength=N_ACTIONS) for vote in self._record]
        return self._shares_before(np.array(counts, dtype=float))

    @cached_property
    def _outcome_shares(self) -> Floats:
        """The share of each outcome among all votes of the days before, (V, 3)."""
        decided = [DECIDED.index(vote.outcome) for vote in self._record]
        return self._shares_before(np.eye(len(DECIDED))[decided])

    @property
    def _record(self) -> tuple[RecordedVote, ...]:
        return (*self.past, *self.votes)

    def _shares_before(self, counts: Floats) -> Floats:
        """Return the shares of the classes before the day of each vote, half a count added, (V, 3).

        Args:
            counts: (N, 3), of the N votes of past and back-test.
        """
        so_far = np.vstack([np.zeros(3), np.cumsum(counts, axis=0)])
        days = [vote.date.toordinal() for vote in self._record]
        earlier = np.searchsorted(days, days[len(self.past) :])
        return np.array([shares(row) for row in so_far[earlier]])
