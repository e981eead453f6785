"""What happened in every world, block by block, and how sure that makes each number."""

from sim.ensemble.ensemble import Ensemble
from sim.ensemble.given import Given
from sim.ensemble.tally import GAIN_TERMS, Interval, RollCall, Round, Tally, Worlds

__all__ = ["GAIN_TERMS", "Ensemble", "Given", "Interval", "RollCall", "Round", "Tally", "Worlds"]
