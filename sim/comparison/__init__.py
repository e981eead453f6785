"""Two or more ensembles over the same worlds: what changed, and why."""

from sim.comparison.comparison import Comparison, compare

__all__ = ["Comparison", "compare"]
