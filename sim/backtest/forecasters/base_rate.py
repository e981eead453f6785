"""The forecaster that knows only how often each action and each outcome occurs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, ClassVar

import numpy as np

from sim.backtest.forecaster import Forecast, Forecasting
from sim.backtest.forecasters.baseline import Baseline
from sim.record import RecordedVote
from sim.record.base_rates import decisions_by_year, decisions_known
from sim.record.rates import overall, shares


@dataclass(frozen=True)
class BaseRate(Baseline):
    """Members act as all members did in the past; outcomes are those of the year before the refit.

    The members' part comes from the record, which is rich in contested votes; the outcomes' part
    from all decisions of the Council (`seeds/base_rates.csv`), half a decision added to each.
    """

    name: ClassVar[str] = "base_rate"

    @property
    def settings(self) -> Mapping[str, Any]:
        """A hash of the table of all decisions."""
        return {"decisions": sha256(repr(decisions_by_year()).encode()).hexdigest()}

    def learn(self, past: Sequence[RecordedVote], on: date) -> Forecasting:
        """Return the same forecast for every vote."""
        share = overall(past)
        unanimous, by_majority, *failed = decisions_known(on.year - 1)
        outcome = shares(np.array([unanimous + by_majority, *failed], dtype=float))
        return lambda vote: Forecast(np.tile(share, (len(vote.council), 1)), outcome)
