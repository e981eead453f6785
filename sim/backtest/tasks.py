"""What one forecaster has to forecast between two refits, and what it may know by then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import groupby
from typing import Any, Literal

import numpy as np

from sim.arrays import Floats
from sim.backtest.cache import are_probabilities, code_digest, digest
from sim.backtest.forecaster import Forecast, Forecaster, identity
from sim.charter import N_ACTIONS, Outcome
from sim.record import RecordedVote

Refit = Literal["yearly", "monthly", "vote"]
"""How often forecasters learn anew: each year or month with a vote, or each day with one."""

_FORMAT = 1
"""Changes whenever the forecasts of a task would be packed or keyed in another way."""


@dataclass(frozen=True, eq=False)
class Task:
    """What one forecaster has to forecast between two refits, and all that this depends on.

    Args:
        forecaster: who.
        on: the day of the refit: the first of the year or month, or the day of the votes.
        past: the votes that the forecaster may come to know within it.
        votes: the votes to forecast, unseen.
    """

    forecaster: Forecaster
    on: date
    past: tuple[RecordedVote, ...]
    votes: tuple[RecordedVote, ...]

    @property
    def key(self) -> str:
        """A hash of all that the forecasts depend on."""
        past, votes = ([visible(vote) for vote in part] for part in (self.past, self.votes))
        who = identity(self.forecaster)
        return digest([_FORMAT, code_digest(), who, str(self.on), past, votes])

    @property
    def n_rows(self) -> int:
        """Rows of the packed forecasts: one per member vote and one per outcome."""
        return sum(len(vote.council) + 1 for vote in self.votes)

    def compute(self) -> Floats:
        """Return the packed forecasts of the task's votes, (`n_rows`, 3).

        Raises:
            ValueError: a forecast is no probability; the forecaster is at fault, not the user.
        """
        forecasts: list[Forecast] = []
        if self.forecaster.updates:
            for day, votes in groupby(self.votes, key=lambda vote: vote.date):
                known = [vote for vote in self.past if vote.date < day]
                forecasts += map(self.forecaster.learn(known, self.on), votes)
        else:
            forecasts += map(self.forecaster.learn(self.past, self.on), self.votes)
        rows = np.vstack([np.vstack([f.actions, f.outcome]) for f in forecasts]).astype(np.float64)
        if rows.shape != (self.n_rows, N_ACTIONS) or not are_probabilities(rows):
            raise ValueError(f"{self.forecaster.name}: forecasts from {self.on} are no probability")
        return np.clip(rows, 0, 1)

    def unpacked(self, rows: Floats) -> Iterator[Forecast]:
        """Yield the forecast of each vote from packed rows."""
        first = 0
        for vote in self.votes:
            last = first + len(vote.council)
            yield Forecast(rows[first:last], rows[last])
            first = last + 1


def tasks_of(
    forecaster: Forecaster,
    record: Sequence[RecordedVote],
    votes: Sequence[RecordedVote],
    refit: Refit,
) -> Iterator[Task]:
    """Yield the forecaster's tasks in date order, one for each year, month or day with a vote.

    Args:
        forecaster: who.
        record: all votes, in date order.
        votes: those to forecast, in the same order.
        refit: how often the forecaster learns anew, which begins a task.
    """
    first = {"yearly": {"month": 1, "day": 1}, "monthly": {"day": 1}, "vote": {}}[refit]
    for on, group in groupby(votes, key=lambda vote: vote.date.replace(**first)):
        asked = tuple(group)
        until = asked[-1].date if forecaster.updates else on
        past = tuple(vote for vote in record if vote.date < until)
        yield Task(forecaster, on, past, tuple(map(unseen, asked)))


def unseen(vote: RecordedVote) -> RecordedVote:
    """Return the vote as a forecaster sees it: without anything known only afterwards.

    The roll call is -1 throughout, which is no action; the outcome is withdrawn, which no vote of
    the record has; a resolution's number would say that it was adopted. Of the record it keeps what
    is remembered of its members, which is of earlier days alone.
    """
    return replace(
        vote,
        vote_id="",
        symbol="",
        roll_call=np.full_like(vote.roll_call, -1),
        not_participating=(),
        outcome=Outcome.WITHDRAWN,
        line=0,
        record=None,
        remembered=vote.memory,
    )


def visible(vote: RecordedVote) -> list[Any]:
    """Return everything a forecaster can see of a vote, as plain data, field by field."""
    seats = [[m.code, m.state.regional_group, m.permanent, m.caucuses] for m in vote.council]
    hidden = ("line", "record", "remembered")
    seen = {f.name: getattr(vote, f.name) for f in fields(vote) if f.name not in hidden}
    seen["memory"] = {code: [*memory] for code, memory in vote.memory.items()}
    arrays = {n: value.tolist() for n, value in seen.items() if isinstance(value, np.ndarray)}
    return [*(seen | arrays | {"date": str(vote.date), "council": seats}).values()]
