"""The hierarchical fit to the record: what defaults, groups and members want, and how surely."""

from sim.backtest.forecasters.joint_fit import Model
from sim.fit.prior import Prior, read_prior
from sim.fit.record_fit import RecordFit, fit_record

__all__ = ["Model", "Prior", "RecordFit", "fit_record", "read_prior"]
