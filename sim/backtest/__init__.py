"""Each vote forecast from the votes before it, by the model and plain forecasters, and scored."""

from sim.backtest.bootstrap import (
    Difference,
    clustered_resamples,
    differences,
    resamples,
    scored,
)
from sim.backtest.corp import Decomposition, Step, decomposition, reliability
from sim.backtest.forecaster import Forecast, Forecaster, Forecasting, independent
from sim.backtest.forecasters import all_forecasters, baselines
from sim.backtest.forecasts import Forecasts
from sim.backtest.losses import brier_losses, log_losses, ranked_losses
from sim.backtest.results import BackTest
from sim.backtest.run import backtest
from sim.backtest.scores import member_scores, outcome_scores

__all__ = [
    "backtest",
    "BackTest",
    "Forecaster",
    "Forecast",
    "Forecasting",
    "independent",
    "all_forecasters",
    "baselines",
    "Forecasts",
    "member_scores",
    "outcome_scores",
    "log_losses",
    "brier_losses",
    "ranked_losses",
    "reliability",
    "Step",
    "decomposition",
    "Decomposition",
    "resamples",
    "clustered_resamples",
    "scored",
    "differences",
    "Difference",
]
