"""The hierarchical fit to the record: what defaults, groups and members want, and how surely."""

from sim.fit.prior import Prior, read_prior
from sim.fit.record_fit import RecordFit, fit_record

__all__ = ["Prior", "RecordFit", "fit_record", "read_prior"]
