"""Why, what matters, what would pass: questions put to a scenario by running it again."""

from sim.analysis.sensitivity_analysis import Sensitivity, sensitivity
from sim.analysis.trade_off import Frontier, frontier

__all__ = ["Frontier", "Sensitivity", "frontier", "sensitivity"]
