"""What a run gives: an ensemble, and the report on it as data."""

from __future__ import annotations

from sim.ensemble import Ensemble
from sim.facts.report import Report
from sim.facts.run import report_of


class Result(Ensemble):
    """All worlds of one scenario, as `convene` returns them."""

    def to_dict(self) -> Report:
        """Return the report as plain data, the same as `report.json`."""
        return report_of(self)
