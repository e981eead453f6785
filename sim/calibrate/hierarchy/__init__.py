"""The hierarchical fit to the record: what defaults, groups and members want, and how surely."""

from sim.calibrate.hierarchy.fit import RecordFit, fit_record
from sim.calibrate.hierarchy.model import Model
from sim.calibrate.hierarchy.prior import Prior, read_prior

__all__ = ["Model", "Prior", "RecordFit", "fit_record", "read_prior"]
