"""The forecasters of the back-test: the simulator, and the plain ones that it has to beat.

No number of a plain forecaster was chosen by its score.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from sim.backtest.forecaster import Forecaster
from sim.backtest.forecasters.ablation import ABLATIONS
from sim.backtest.forecasters.always_in_favour import AlwaysInFavour
from sim.backtest.forecasters.base_rate import BaseRate
from sim.backtest.forecasters.last_vote import LastVote
from sim.backtest.forecasters.logit import Logit
from sim.backtest.forecasters.member_rate import MemberRate
from sim.backtest.forecasters.regression import Regression
from sim.errors import UnscError, did_you_mean, listed

__all__ = [
    "ABLATIONS",
    "AlwaysInFavour",
    "BaseRate",
    "LastVote",
    "Logit",
    "MemberRate",
    "Regression",
    "ablations",
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


def ablations(names: Sequence[str]) -> tuple[Forecaster, ...]:
    """Return the simulator without each of these, of `ABLATIONS`; each is fitted anew.

    Raises:
        UnscError: one is none of them.
    """
    for name in names:
        if name not in ABLATIONS:
            found = f"without: '{name}'; expected one of {listed(ABLATIONS)}."
            raise UnscError(f"{found} {did_you_mean(name, ABLATIONS)}".rstrip())
    if not names:
        return ()
    from sim.backtest.forecasters.simulator import Simulator

    return tuple(Simulator(without=name) for name in dict.fromkeys(names))


def without_logit(everyone: tuple[Forecaster, ...]) -> tuple[Forecaster, ...]:
    """Return the forecasters that need no library besides those of the package."""
    return tuple(forecaster for forecaster in everyone if not isinstance(forecaster, Logit))


def has_scikit_learn() -> bool:
    """Return whether the logit's library is installed; it is an optional one."""
    return find_spec("sklearn") is not None
