"""The law: actions, tally, nine votes, concurring votes, veto, outcomes, exact chances."""

from sim.charter.probability import (
    Soundings,
    adopted_if,
    outcome_probabilities,
    table_columns,
    unblocked_probability,
    veto_probabilities,
)
from sim.charter.rules import (
    ACTIONS,
    ADOPTED,
    DECIDED,
    N_ACTIONS,
    OUTCOME_NAMES,
    OUTCOMES,
    Action,
    ActionName,
    Outcome,
    OutcomeName,
    Rules,
    at_the_deadline,
    ends,
)

__all__ = [
    "ACTIONS",
    "ADOPTED",
    "DECIDED",
    "N_ACTIONS",
    "OUTCOMES",
    "OUTCOME_NAMES",
    "Action",
    "ActionName",
    "Outcome",
    "OutcomeName",
    "Rules",
    "Soundings",
    "adopted_if",
    "at_the_deadline",
    "ends",
    "outcome_probabilities",
    "table_columns",
    "unblocked_probability",
    "veto_probabilities",
]
