"""The law: actions, tally, nine votes, concurring votes, veto, outcomes, exact chances."""

from sim.charter.probability import (
    Soundings,
    adopted_if,
    outcome_probabilities,
    table_columns,
    unblocked_probability,
    veto_probabilities,
)
from sim.charter.rules import DECIDED, N_ACTIONS, OUTCOMES, Action, Outcome, Rules

__all__ = [
    "DECIDED",
    "N_ACTIONS",
    "OUTCOMES",
    "Action",
    "Outcome",
    "Rules",
    "Soundings",
    "adopted_if",
    "outcome_probabilities",
    "table_columns",
    "unblocked_probability",
    "veto_probabilities",
]
