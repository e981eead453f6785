"""Why, what matters, what would pass: questions put to a scenario by running it again."""

from sim.analysis.explanation import Explanation, explain
from sim.analysis.sensitivity_analysis import Sensitivity, sensitivity
from sim.analysis.settings_shapley import explain_difference
from sim.analysis.trade_off import Frontier, frontier

__all__ = [
    "Explanation",
    "Frontier",
    "Sensitivity",
    "explain",
    "explain_difference",
    "frontier",
    "sensitivity",
]
