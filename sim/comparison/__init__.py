"""Two or more ensembles over the same worlds: what changed, and why."""

from sim.comparison.comparison import Comparison, check_number, compare

__all__ = ["Comparison", "check_number", "compare"]
