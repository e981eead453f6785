"""The forecaster that expects members to do again what they did last time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np

from sim.arrays import Floats
from sim.backtest.forecaster import Forecast, Forecasting, independent
from sim.backtest.forecasters.baseline import Baseline
from sim.charter import N_ACTIONS
from sim.record import RecordedVote
from sim.record.rates import overall, shrunk
from sim.roster import Member


@dataclass(frozen=True)
class LastVote(Baseline):
    """Members do what they did at the last vote on the same mandate, as reliably as members do.

    How reliably is counted over all pairs of consecutive votes on one mandate. A member that did
    not sit then does what its regional group did, or what all members do if none of the group sat.
    Rival texts are left out of those pairs, and are forecast like the first vote on a mandate: from
    what all members do.

    Args:
        pseudo: votes of all members added to what followed each action, above 0. Source: assumed.
    """

    name: ClassVar[str] = "last_vote"
    updates: ClassVar[bool] = True
    pseudo: float = 10.0

    def learn(self, past: Sequence[RecordedVote], on: date) -> Forecasting:  # noqa: ARG002
        """Return forecasts from the last vote on each mandate."""
        everyone = overall(past)
        latest = {vote.mandate: vote for vote in past if not vote.rival}
        followed = np.array([shrunk(row, everyone, self.pseudo) for row in _followed(past)])

        def forecast(vote: RecordedVote) -> Forecast:
            last = None if vote.rival else latest.get(vote.mandate)
            acted = _by_code(last) if last else {}

            def expected(member: Member) -> Floats:
                if member.code in acted:
                    return followed[acted[member.code]]
                own, council = member.state.regional_group, last.council if last else ()
                group = [acted[m.code] for m in council if m.state.regional_group == own]
                return followed[group].mean(axis=0) if group else everyone

            return independent(np.array([expected(m) for m in vote.council]), vote.rules)

        return forecast


def _followed(past: Sequence[RecordedVote]) -> Floats:
    """Return how often each action followed each on one mandate, (3, 3), the earlier first."""
    counts = np.zeros((N_ACTIONS, N_ACTIONS))
    latest: dict[str, dict[str, int]] = {}
    for vote in past:
        if not vote.rival:
            before, after = latest.get(vote.mandate, {}), _by_code(vote)
            for code in before.keys() & after.keys():
                counts[before[code], after[code]] += 1
            latest[vote.mandate] = after
    return counts


def _by_code(vote: RecordedVote) -> dict[str, int]:
    """Return what each member did, by its code."""
    return {m.code: int(action) for m, action in zip(vote.council, vote.roll_call, strict=True)}
