"""The forecaster that knows how often each member took each action."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np

from sim.arrays import Floats
from sim.backtest.forecaster import Forecasting, independent
from sim.backtest.forecasters.baseline import Baseline
from sim.charter import N_ACTIONS
from sim.record import RecordedVote
from sim.record.rates import overall, shrunk
from sim.roster import Member


@dataclass(frozen=True)
class MemberRate(Baseline):
    """Each member acts as it did before, shrunk to its regional group, and that to all members.

    Args:
        member: votes of its group that each member begins with, at least 0. Source: assumed.
        group: votes of all members that each regional group begins with, above 0. Source: assumed.
    """

    name: ClassVar[str] = "member_rate"
    member: float = 10.0
    group: float = 30.0

    def learn(self, past: Sequence[RecordedVote], on: date) -> Forecasting:  # noqa: ARG002
        """Return forecasts from each member's own past."""
        everyone = overall(past)
        by_group = defaultdict[str, Floats](lambda: np.zeros(N_ACTIONS))
        by_member = by_group.copy()
        for vote in past:
            for member, action in zip(vote.council, vote.roll_call, strict=True):
                by_group[member.state.regional_group][action] += 1
                by_member[member.code][action] += 1

        def rate(member: Member) -> Floats:
            group = shrunk(by_group[member.state.regional_group], everyone, self.group)
            return shrunk(by_member[member.code], group, self.member)

        return lambda vote: independent(np.array([rate(m) for m in vote.council]), vote.rules)
