"""Plain forecasters that a model has to beat; none of their numbers was chosen by its score."""

from __future__ import annotations

from sim.backtest.forecaster import Forecaster
from sim.backtest.forecasters.always_in_favour import AlwaysInFavour
from sim.backtest.forecasters.base_rate import BaseRate
from sim.backtest.forecasters.last_vote import LastVote
from sim.backtest.forecasters.logit import Logit
from sim.backtest.forecasters.member_rate import MemberRate

__all__ = ["AlwaysInFavour", "BaseRate", "LastVote", "Logit", "MemberRate", "baselines"]


def baselines() -> tuple[Forecaster, ...]:
    """Return the five plain forecasters, the plainest first."""
    return AlwaysInFavour(), BaseRate(), MemberRate(), LastVote(), Logit()
