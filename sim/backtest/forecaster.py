"""What every forecaster does: it learns from past votes, and then forecasts votes to come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

import numpy as np

from sim.arrays import Floats
from sim.charter import Rules, outcome_probabilities
from sim.record import RecordedVote


class Forecast(NamedTuple):
    """What a forecaster says of one vote.

    Args:
        actions: (M, 3), each member's probability of each `Action`; sums to 1 over actions.
        outcome: (3,), in the order of `DECIDED`; sums to 1.
    """

    actions: Floats
    outcome: Floats


Forecasting = Callable[[RecordedVote], Forecast]


class Forecaster(Protocol):
    """Whatever learns from past votes and then forecasts votes to come."""

    @property
    def name(self) -> str:
        """Its name, in one word: `member_rate`."""

    @property
    def version(self) -> int:
        """Changes whenever the same past and the same settings would give other forecasts."""

    @property
    def updates(self) -> bool:
        """Whether it may also see what was voted since the last refit, before the vote's day."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """All that its forecasts depend on besides the votes, as plain data."""

    def learn(self, past: Sequence[RecordedVote], on: date) -> Forecasting:
        """Return a function that forecasts a vote without seeing its roll call.

        Args:
            past: the votes it may know, in date order, perhaps none.
            on: the day of the refit. All of `past` is before it, unless the forecaster `updates`:
                then those from `on` up to the day before the vote follow.
        """


def identity(forecaster: Forecaster) -> dict[str, Any]:
    """Return what makes the forecaster the one it is, as plain data."""
    settings = dict(forecaster.settings)
    return {"name": forecaster.name, "version": forecaster.version, "settings": settings}


def independent(actions: Floats, rules: Rules) -> Forecast:
    """Return the forecast of members that act independently of one another.

    Args:
        actions: (M, 3), sums to 1 over actions.
        rules: how the vote is decided.
    """
    return Forecast(actions, np.asarray(outcome_probabilities(actions[:, :, None], rules)[:, 0]))
