"""The forecaster that knows how often each member did what."""

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
    """Each member acts as it did before, shrunk to its regional group and that to all members.

    Args:
        member: votes of its group that a member begins with, at least 0. Source: assumed.
        group: votes of all members that a regional group begins with, above 0. Source: assumed.
    """

    name: ClassVar[str] = "member_rate"
    member: float = 10.0
    group: float = 30.0

    def learn(self, past: Sequence[RecordedVote], on: date) -> Forecasting:  # noqa: ARG002
        """Return forecasts from each member's own past."""
        everyone = overall(past)
        by_group, by_member = _counted(past)

        def rate(member: Member) -> Floats:
            group = shrunk(by_group[member.state.regional_group], everyone, self.group)
            return shrunk(by_member[member.code], group, self.member)

        return lambda vote: independent(np.array([rate(m) for m in vote.council]), vote.rules)


Counts = defaultdict[str, Floats]


def _counted(past: Sequence[RecordedVote]) -> tuple[Counts, Counts]:
    """Return how often each action was taken, (3,), by regional group and by code of the member."""
    by_group, by_member = (defaultdict[str, Floats](lambda: np.zeros(N_ACTIONS)) for _ in range(2))
    for vote in past:
        for member, action in zip(vote.council, vote.roll_call, strict=True):
            by_group[member.state.regional_group][action] += 1
            by_member[member.code][action] += 1
    return by_group, by_member
