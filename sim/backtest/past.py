"""Forecasts of former votes on a mandate, read from the files of a back-test."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sim.backtest.tested import SIMULATOR
from sim.charter import DECIDED
from sim.errors import InvalidInput, NotFound
from sim.facts.mandates import PastForecast, past_forecast
from sim.paths import SEEDS
from sim.reading.csv_table import Row, read_table
from sim.record.shipped import votes_on

SHIPPED = SEEDS / "backtest"
"""The forecasts behind the scores of the README, of votes from 2016 on."""


def written_forecasts(folder: Path, mandate: str, before: date | None = None) -> list[PastForecast]:
    """Return the simulator's forecasts of votes on a mandate, each from earlier votes alone.

    Args:
        folder: what `unsc backtest --out` wrote.
        mandate: its name in one word.
        before: only of votes before this day.

    Raises:
        NotFound: the folder holds no such files, or nothing of the mandate.
        InvalidInput: with all faults of a file at once.
    """
    chances = {row.cells["vote_id"]: row for row in _rows(folder, "outcomes", mandate)}
    members: dict[str, dict[str, float]] = {}
    for row in _rows(folder, "forecasts", mandate):
        of_vote = members.setdefault(row.cells["vote_id"], {})
        of_vote[row.cells["member"]] = 1 - _chance(row, "p_in_favour")
    found = [
        past_forecast(
            vote,
            {name: _chance(chances[vote.vote_id], f"p_{name}") for name in DECIDED},
            members.get(vote.vote_id, {}),
        )
        for vote in votes_on(mandate, before)
        if vote.vote_id in chances
    ]
    if not found:
        raise NotFound(
            f"{folder}: no forecast of the simulator on {mandate}; expected a back-test."
        )
    return found


def _rows(folder: Path, name: str, mandate: str) -> list[Row]:
    """Return the simulator's rows of a table on a mandate."""
    columns = {
        "outcomes": [f"p_{outcome}" for outcome in DECIDED],
        "forecasts": ["member", "p_in_favour"],
    }
    table = read_table(folder / f"{name}.csv", ["forecaster", "vote_id", "mandate", *columns[name]])
    table.refuse()
    wanted = {"forecaster": SIMULATOR, "mandate": mandate}
    return [row for row in table.rows if wanted.items() <= row.cells.items()]


def _chance(row: Row, column: str) -> float:
    """Return a probability.

    Raises:
        InvalidInput: it is none.
    """
    try:
        if 0 <= (p := float(row.cells[column])) <= 1:
            return p
    except ValueError:
        pass
    found = f"found '{row.cells[column]}'"
    raise InvalidInput([row.fault(column, found, "expected a number from 0 to 1")])
