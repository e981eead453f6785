"""How many votes of a record were coded by a person, by a rule, and by nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from sim.record import RecordedVote
from sim.record.recorded_vote import HAND, NOBODY, RULE

MOST_OPEN = 0.1
"""The share of votes that nobody coded from which on it is said, and forecasts are wider. Source:
assumed."""


class CodingFacts(TypedDict):
    """How many votes have their kind of text from a person, a rule, or nobody."""

    hand: int
    rule: int
    nobody: int
    is_thin: bool


def coding_facts(votes: Sequence[RecordedVote]) -> CodingFacts:
    """Return who coded the votes; it is thin where `MOST_OPEN` or more of them are open."""
    by = [vote.coded_by for vote in votes]
    n_open = by.count(NOBODY)
    return {
        "hand": by.count(HAND),
        "rule": by.count(RULE),
        "nobody": n_open,
        "is_thin": n_open > 0 and n_open >= MOST_OPEN * len(votes),
    }
