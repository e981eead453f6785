"""What one forecaster is asked of one year or month, and what it may know by then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, Literal

import numpy as np

from sim.arrays import Floats
from sim.backtest.cache import digest
from sim.backtest.forecaster import Forecast, Forecaster, identity
from sim.charter import N_ACTIONS, Outcome
from sim.record import RecordedVote
from sim.version import __version__

Refit = Literal["yearly", "monthly"]

_FORMAT = 1
"""Changes whenever the forecasts of a period would be packed or keyed in another way."""


@dataclass(frozen=True, eq=False)
class Period:
    """What one forecaster has to say of one period, and all that this depends on.

    Args:
        forecaster: who.
        on: the first day of the period, that of the refit.
        past: the votes that it may come to know within the period.
        votes: the votes of the period, unseen.
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
        return digest([_FORMAT, __version__, who, str(self.on), past, votes])

    @property
    def n_rows(self) -> int:
        """Rows of the packed forecasts: one for each member vote and one for each outcome."""
        return sum(len(vote.council) + 1 for vote in self.votes)

    def compute(self) -> Floats:
        """Return the packed forecasts of the period's votes, (`n_rows`, 3)."""
        forecasts: list[Forecast] = []
        if self.forecaster.updates:
            for day, votes in groupby(self.votes, key=lambda vote: vote.date):
                known = [vote for vote in self.past if vote.date < day]
                forecasts += map(self.forecaster.learn(known, self.on), votes)
        else:
            forecasts += map(self.forecaster.learn(self.past, self.on), self.votes)
        return self._packed(forecasts)

    def _packed(self, forecasts: Sequence[Forecast]) -> Floats:
        """Return the forecasts as rows, or refuse what is no probability.

        Raises:
            ValueError: a forecaster is at fault; no user's input leads here.
        """
        rows = np.vstack([np.vstack([f.actions, f.outcome]) for f in forecasts]).astype(np.float64)
        is_sound = rows.shape == (self.n_rows, N_ACTIONS) and np.all(rows >= -1e-9)
        if not is_sound or not np.allclose(rows.sum(axis=1), 1, atol=1e-6):
            raise ValueError(f"{self.forecaster.name}: forecasts from {self.on} are no probability")
        return np.clip(rows, 0, 1)

    def unpacked(self, rows: Floats) -> Iterator[Forecast]:
        """Yield the forecast of each vote from packed rows."""
        first = 0
        for vote in self.votes:
            last = first + len(vote.council)
            yield Forecast(rows[first:last], rows[last])
            first = last + 1


def periods(
    forecaster: Forecaster,
    record: Sequence[RecordedVote],
    votes: Sequence[RecordedVote],
    refit: Refit,
) -> Iterator[Period]:
    """Yield the forecaster's periods that hold a vote, in their order.

    Args:
        forecaster: who.
        record: all votes that there are, in the order of their days.
        votes: those to forecast, in the same order.
        refit: how often the forecaster learns anew, which begins a period.
    """

    def start(vote: RecordedVote) -> date:
        return vote.date.replace(day=1) if refit == "monthly" else vote.date.replace(month=1, day=1)

    for on, period in groupby(votes, key=start):
        held = tuple(period)
        until = held[-1].date if forecaster.updates else on
        past = tuple(vote for vote in record if vote.date < until)
        yield Period(forecaster, on, past, tuple(map(unseen, held)))


def unseen(vote: RecordedVote) -> RecordedVote:
    """Return the vote as a forecaster is shown it: without anything known only afterwards.

    The roll call is -1 throughout, which is no action; the outcome is withdrawn, which no vote on
    record has; a resolution's number would say that it was adopted.
    """
    return replace(
        vote,
        vote_id="",
        symbol="",
        roll_call=np.full_like(vote.roll_call, -1),
        not_participating=(),
        outcome=Outcome.WITHDRAWN,
        line=0,
    )


def visible(vote: RecordedVote) -> list[Any]:
    """Return everything a forecaster can see of a vote, as plain data."""
    return [
        vote.vote_id,
        str(vote.date),
        vote.symbol,
        vote.title,
        vote.instrument,
        vote.target,
        vote.penholders,
        vote.mandate,
        vote.rival,
        vote.procedural,
        [[m.code, m.state.regional_group, m.permanent, m.caucuses] for m in vote.council],
        vote.roll_call.tolist(),
        vote.not_participating,
        vote.outcome,
        vote.text.tolist(),
        vote.lapse.tolist(),
    ]
