"""Who takes part in the back-test: the model, and the plain forecasters that it has to beat."""

from __future__ import annotations

from importlib.util import find_spec

from sim.backtest.forecaster import Forecaster
from sim.backtest.forecasters import Logit, baselines


def forecasters() -> tuple[Forecaster, ...]:
    """Return the model and the five plain forecasters, in the order in which they are shown."""
    from sim.fit import Model  # slow to import, and not needed to name the others

    return Model(), *baselines()


def without_logit(everyone: tuple[Forecaster, ...]) -> tuple[Forecaster, ...]:
    """Return the forecasters that need nothing but what the package itself needs."""
    return tuple(forecaster for forecaster in everyone if not isinstance(forecaster, Logit))


def has_scikit_learn() -> bool:
    """Return whether the logit's library is installed; it is one for development."""
    return find_spec("sklearn") is not None
