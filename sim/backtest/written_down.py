"""Forecasts that were written down before a vote, scored once the record has the vote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
from typing_extensions import TypedDict

from sim.backtest.forecasters.base_rate import BaseRate
from sim.backtest.forecasters.last_vote import LastVote
from sim.backtest.losses import brier_losses, log_losses
from sim.charter import DECIDED
from sim.errors import Fault, InvalidInput, NotFound
from sim.facts.calendar import COLUMNS
from sim.reading.csv_table import Row, read_table
from sim.record import RecordedVote
from sim.roster import day_of

WINDOW = timedelta(45)
"""How far from the day that was forecast a vote may be that is meant (assumed): mandates are mostly
renewed in the weeks before they expire."""
SUM = 0.01
"""How far from 1 the chances of a row may sum: they were rounded."""


class WrittenDown(NamedTuple):
    """A forecast of a vote on a mandate: chances of adopted, vetoed and not carried."""

    day: date
    mandate: str
    chances: tuple[float, float, float]
    data_until: date


class Losses(TypedDict):
    """What forecasts of outcomes cost, on average: 0 is perfect."""

    brier: float
    log_loss: float


class Scored(TypedDict):
    """One forecast and the vote that it was of."""

    day: str
    mandate: str
    p_adopted: float
    voted_on: str
    outcome: str
    losses: dict[str, Losses]
    """By forecaster: the one written down, and those that know the votes before alone."""


class Score(TypedDict):
    """How good forecasts were: those of votes in the record, their mean, and those still open."""

    votes_until: str
    scored: list[Scored]
    mean: dict[str, Losses]
    still_open: list[list[str]]
    """Day and mandate."""


def read_forecasts(path: Path) -> list[WrittenDown]:
    """Return the forecasts of a file that `unsc calendar --record` wrote.

    Raises:
        InvalidInput: with all its faults at once.
        NotFound: no such file.
    """
    table = read_table(path, [*COLUMNS])
    faults = [*table.of_header, *table.faults]
    if set(COLUMNS) - set(table.columns):
        raise InvalidInput(faults)
    read = [_forecast(row, faults) for row in table.rows]
    if faults:
        raise InvalidInput(faults)
    return [forecast for forecast in read if forecast]


def score(forecasts: Sequence[WrittenDown], votes: Sequence[RecordedVote]) -> Score:
    """Return how good forecasts were beside the base rate and the last vote on the mandate.

    Args:
        forecasts: as they were written down.
        votes: the record in date order.
    """
    pairs = [(forecast, _meant(forecast, votes)) for forecast in forecasts]
    scored = [_scored(forecast, vote, votes) for forecast, vote in pairs if vote]
    forecasters = [*scored[0]["losses"]] if scored else []
    return {
        "votes_until": votes[-1].date.isoformat(),
        "scored": scored,
        "mean": {name: _mean([s["losses"][name] for s in scored]) for name in forecasters},
        "still_open": [[f.day.isoformat(), f.mandate] for f, vote in pairs if vote is None],
    }


def _forecast(row: Row, faults: list[Fault]) -> WrittenDown | None:
    """Return the forecast of a row, or note what is wrong with it."""
    cells = row.cells
    try:
        days = [day_of(cells[column]) for column in ("day", "data_until")]
        p = [float(cells[column]) for column in ("p_adopted", "p_vetoed", "p_not_carried")]
    except NotFound as error:
        faults.append(row.fault("day", str(error).split(";")[0], "expected a day as 2024-03-28"))
        return None
    except ValueError:
        found, allowed = "a chance is no number", "expected numbers from 0 to 1"
        faults.append(row.fault("p_adopted", found, allowed))
        return None
    except KeyError:  # a column that is missing, which is a fault already
        return None
    if not (all(0 <= x <= 1 for x in p) and abs(sum(p) - 1) <= SUM):
        allowed = "expected numbers from 0 to 1 that sum to 1"
        faults.append(row.fault("p_adopted", f"the chances sum to {sum(p):g}", allowed))
        return None
    return WrittenDown(days[0], cells["mandate"], (p[0], p[1], p[2]), days[1])


def _meant(forecast: WrittenDown, votes: Sequence[RecordedVote]) -> RecordedVote | None:
    """Return the vote that a forecast was of: the nearest on the mandate that was not yet known."""
    alike = [
        vote
        for vote in votes
        if vote.mandate == forecast.mandate
        and vote.date > forecast.data_until
        and abs(vote.date - forecast.day) <= WINDOW
    ]
    return min(alike, key=lambda vote: abs(vote.date - forecast.day), default=None)


def _scored(forecast: WrittenDown, vote: RecordedVote, votes: Sequence[RecordedVote]) -> Scored:
    """Return what a forecast cost, and what those would have that knew no more votes than it."""
    past = [v for v in votes if v.date <= forecast.data_until]
    others = {
        baseline.name: baseline.learn(past, vote.date)(vote).outcome
        for baseline in (BaseRate(), LastVote())
        if past
    }
    chances = {"this forecast": np.array(forecast.chances) / sum(forecast.chances), **others}
    observed = np.array([DECIDED.index(vote.outcome)])
    return {
        "day": forecast.day.isoformat(),
        "mandate": forecast.mandate,
        "p_adopted": forecast.chances[0],
        "voted_on": vote.date.isoformat(),
        "outcome": vote.outcome.value,
        "losses": {
            name: {
                "brier": round(float(brier_losses(p[None], observed)[0]), 6),
                "log_loss": round(float(log_losses(p[None], observed)[0]), 6),
            }
            for name, p in chances.items()
        },
    }


def _mean(losses: Sequence[Losses]) -> Losses:
    """Return the mean of losses."""
    return {
        "brier": round(sum(each["brier"] for each in losses) / len(losses), 6),
        "log_loss": round(sum(each["log_loss"] for each in losses) / len(losses), 6),
    }
