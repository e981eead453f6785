"""What happened in every world, block by block, and how sure that makes each number."""

from sim.ensemble.ensemble import Ensemble
from sim.ensemble.tally import GAIN_TERMS, Interval, RollCall, Round, Tally, Worlds

__all__ = ["GAIN_TERMS", "Ensemble", "Interval", "RollCall", "Round", "Tally", "Worlds"]
