"""Plain forecasters that a model has to beat; none of their numbers was chosen by its score."""

from __future__ import annotations

from sim.calibrate.baselines.always_in_favour import AlwaysInFavour
from sim.calibrate.baselines.base_rate import BaseRate
from sim.calibrate.baselines.last_vote import LastVote
from sim.calibrate.baselines.logit import Logit
from sim.calibrate.baselines.member_rate import MemberRate
from sim.calibrate.forecaster import Forecaster

__all__ = ["AlwaysInFavour", "BaseRate", "LastVote", "Logit", "MemberRate", "baselines"]


def baselines() -> tuple[Forecaster, ...]:
    """Return the five plain forecasters, the plainest first."""
    return AlwaysInFavour(), BaseRate(), MemberRate(), LastVote(), Logit()
