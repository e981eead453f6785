"""All decisions of the Council by year, and weights that give a selection the same shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.charter import DECIDED, Action, Outcome
from sim.paths import seed_rows
from sim.record.recorded_vote import RecordedVote

KINDS = ("unanimous", "by_majority", *DECIDED[1:])
"""The kinds of decisions: adopted without and with other votes, vetoed, not carried."""


@cache
def decisions_by_year() -> Mapping[int, tuple[int, ...]]:
    """Return how many decisions of each of the `KINDS` each year had.

    Source: `seeds/base_rates.csv`.
    """
    rows = seed_rows("base_rates.csv")
    return dict(sorted((int(r["year"]), tuple(int(r[k]) for k in KINDS)) for r in rows))


def decisions_known(year: int) -> tuple[int, ...]:
    """Return the decisions of the year, else of the latest year before it, else zeros."""
    known = [y for y in decisions_by_year() if y <= year]
    return decisions_by_year()[max(known)] if known else (0,) * len(KINDS)


def base_rate_weights(votes: Sequence[RecordedVote]) -> NDArray[np.float64]:
    """Return weights under which each year's outcomes have the shares of all decisions that year.

    The outcomes are the `KINDS`. Where a year of the sample lacks one, the others keep their shares
    among themselves. A year that is not in the table takes the shares of the latest before it.

    Returns:
        (V,), at least 0; those of a year sum to its number of votes.

    Source: `seeds/base_rates.csv`.
    """
    kinds = np.array(
        [
            KINDS.index(v.outcome)
            if v.outcome is not Outcome.ADOPTED
            else int(np.any(v.roll_call != Action.IN_FAVOUR))
            for v in votes
        ]
    )
    years = np.array([v.date.year for v in votes])
    weights = np.ones(len(votes))
    for year in np.unique(years):
        counts = np.bincount(kinds[years == year], minlength=len(KINDS))
        rates = np.where(counts > 0, decisions_known(int(year)), 0)
        if rates.sum():
            wanted = rates / rates.sum() * counts.sum()
            by_kind = np.divide(wanted, counts, out=np.zeros(len(KINDS)), where=counts > 0)
            weights[years == year] = by_kind[kinds[years == year]]
    return weights
