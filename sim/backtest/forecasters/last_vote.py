"""The forecaster that expects members to do again what they did last time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    """Members do what they did at the last vote on the same mandate, as surely as members do.

    How surely is counted over all pairs of votes in a row on one mandate. A member that did not sit
    then does what its regional group did, or what all members do where none of the group sat. A
    rival text is no vote of that row: none is forecast from it, and it is forecast as the first
    vote on a mandate is, from what all members do.

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
            actions = [_as_before(member, last, followed, everyone) for member in vote.council]
            return independent(np.array(actions), vote.rules)

        return forecast


def _followed(past: Sequence[RecordedVote]) -> Floats:
    """Return how often each action followed each in a row of votes, (3, 3), earlier one first."""
    counts = np.zeros((N_ACTIONS, N_ACTIONS))
    for before, after in _in_a_row(past):
        acted = _by_code(before)
        for code, action in _by_code(after).items():
            if code in acted:
                counts[acted[code], action] += 1
    return counts


def _in_a_row(past: Iterable[RecordedVote]) -> Iterator[tuple[RecordedVote, RecordedVote]]:
    """Yield each vote with the one before it on the same mandate, rival texts left out."""
    latest: dict[str, RecordedVote] = {}
    for vote in past:
        if vote.rival:
            continue
        if vote.mandate in latest:
            yield latest[vote.mandate], vote
        latest[vote.mandate] = vote


def _as_before(
    member: Member, last: RecordedVote | None, followed: Floats, everyone: Floats
) -> Floats:
    """Return the member's probability of each action after the last vote on the mandate, (3,)."""
    if last is None:
        return everyone
    acted = _by_code(last)
    if member.code in acted:
        return followed[acted[member.code]]
    own = member.state.regional_group
    group = [acted[m.code] for m in last.council if m.state.regional_group == own]
    return followed[group].mean(axis=0) if group else everyone


def _by_code(vote: RecordedVote) -> dict[str, int]:
    """Return what each member did, by its code."""
    return {m.code: int(action) for m, action in zip(vote.council, vote.roll_call, strict=True)}
