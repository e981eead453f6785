"""The plainest forecaster: everyone is in favour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np

from sim.backtest.forecaster import Forecasting, independent
from sim.backtest.forecasters.baseline import Baseline
from sim.record import RecordedVote


@dataclass(frozen=True)
class AlwaysInFavour(Baseline):
    """Everyone is in favour, but for a slip.

    Args:
        slip: the chance of each of the two other actions, above 0 and below 1/2. Source: assumed.
    """

    name: ClassVar[str] = "always_in_favour"
    slip: float = 1e-3

    def learn(self, past: Sequence[RecordedVote], on: date) -> Forecasting:  # noqa: ARG002
        """Return the same forecast for every vote."""
        share = np.array([1 - 2 * self.slip, self.slip, self.slip])
        return lambda vote: independent(np.tile(share, (len(vote.council), 1)), vote.rules)
