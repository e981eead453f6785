"""Why, what matters, what would pass: questions put to a scenario by running it again."""

from sim.analysis.sensitivity_analysis import Sensitivity, sensitivity

__all__ = ["Sensitivity", "sensitivity"]
