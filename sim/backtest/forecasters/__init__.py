"""The forecasters of the back-test: the simulator, and the plain ones that it has to beat.

No number of a plain forecaster was chosen by its score.
"""

from __future__ import annotations

from importlib.util import find_spec

from sim.backtest.forecaster import Forecaster
from sim.backtest.forecasters.always_in_favour import AlwaysInFavour
from sim.backtest.forecasters.base_rate import BaseRate
from sim.backtest.forecasters.last_vote import LastVote
from sim.backtest.forecasters.logit import Logit
from sim.backtest.forecasters.member_rate import MemberRate
from sim.backtest.forecasters.regression import Regression

__all__ = [
    "AlwaysInFavour",
    "BaseRate",
    "LastVote",
    "Logit",
    "MemberRate",
    "Regression",
    "all_forecasters",
    "baselines",
    "has_scikit_learn",
    "without_logit",
]


def baselines() -> tuple[Forecaster, ...]:
    """Return the six plain forecasters, the plainest first."""
    return AlwaysInFavour(), BaseRate(), MemberRate(), LastVote(), Logit(), Regression()


def all_forecasters() -> tuple[Forecaster, ...]:
    """Return the simulator, the fit behind it and the six plain ones, in the order shown."""
    from sim.backtest.forecasters.joint_fit import JointFit  # slow to import: scipy and mesa
    from sim.backtest.forecasters.simulator import Simulator

    return Simulator(), JointFit(), *baselines()


def without_logit(everyone: tuple[Forecaster, ...]) -> tuple[Forecaster, ...]:
    """Return the forecasters that need no library besides those of the package."""
    return tuple(forecaster for forecaster in everyone if not isinstance(forecaster, Logit))


def has_scikit_learn() -> bool:
    """Return whether the logit's library is installed; it is an optional one."""
    return find_spec("sklearn") is not None
