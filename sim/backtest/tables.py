"""Every single forecast beside what happened, as tables: for CSV files and for pandas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.backtest.losses import log_losses
from sim.backtest.scores import binary, binary_losses
from sim.backtest.tested import Tested
from sim.charter import DECIDED, Action
from sim.frames import Table
from sim.reading import csv_table
from sim.record import RecordedVote

ABOUT = ("vote_id", "date", "mandate", "instrument")
DIGITS = 9
"""Significant digits of a probability or a loss in a CSV file."""


def forecasts(tested: Tested) -> Table:
    """Return a row per forecaster, vote and member: what was forecast, and what happened."""
    columns = ("forecaster", *ABOUT, "member", *(f"p_{a.name.lower()}" for a in Action))
    seats = [(vote, member.code) for vote in tested.votes for member in vote.council]
    rows: list[Sequence[Any]] = []
    for name in tested.forecasts:
        f = tested.member_votes(name)
        each = zip(seats, f.p.tolist(), f.observed, log_losses(f.p, f.observed), strict=True)
        rows += [
            (name, *_about(vote), code, *p, Action(took).name.lower(), float(loss))
            for (vote, code), p, took, loss in each
        ]
    return (*columns, "happened", "log_loss"), rows


def outcomes(tested: Tested) -> Table:
    """Return a row per forecaster and vote; both losses are of adopted or not."""
    columns = ("forecaster", *ABOUT, *(f"p_{outcome}" for outcome in DECIDED))
    rows: list[Sequence[Any]] = []
    for name in tested.forecasts:
        f = tested.outcomes(name)
        losses = binary_losses(*binary(f)).tolist()
        rows += [
            (name, *_about(vote), *p, str(vote.outcome), *loss)
            for vote, p, loss in zip(tested.votes, f.p.tolist(), losses, strict=True)
        ]
    return (*columns, "happened", "log_loss", "brier"), rows


TABLES = {"forecasts": forecasts, "outcomes": outcomes}


def as_csv(table: Table) -> str:
    """Return a table as CSV: the same numbers are always the same bytes."""
    columns, rows = table
    written = (
        [f"{cell:.{DIGITS}g}" if isinstance(cell, float) else str(cell) for cell in row]
        for row in rows
    )
    return csv_table.as_csv(columns, written)


def _about(vote: RecordedVote) -> tuple[str, ...]:
    return vote.vote_id, str(vote.date), vote.mandate, vote.instrument
