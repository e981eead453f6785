"""From votes to preferences: what defaults, groups and members want, and how surely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.fit.prior import Prior, read_prior
from sim.fit.record_fit import RecordFit, fit_record

if TYPE_CHECKING:
    from sim.fit.calibration import Calibration as Calibration
    from sim.fit.calibration import calibrate_to_record as calibrate_to_record
    from sim.fit.seed_fit import SeedFit as SeedFit
    from sim.fit.seed_vote import calibrate_to_vote as calibrate_to_vote
    from sim.fit.writing import calibrated_text as calibrated_text
    from sim.fit.writing import preferences_text as preferences_text

__all__ = [
    "read_prior",
    "Prior",
    "fit_record",
    "RecordFit",
    "calibrate_to_record",
    "Calibration",
    "calibrated_text",
    "calibrate_to_vote",
    "SeedFit",
    "preferences_text",
]

_HOMES = {
    "Calibration": "calibration",
    "calibrate_to_record": "calibration",
    "SeedFit": "seed_fit",
    "calibrate_to_vote": "seed_vote",
    "calibrated_text": "writing",
    "preferences_text": "writing",
}
"""Names whose modules run the chamber, and are imported on first use: mesa takes a second."""


def __getattr__(name: str) -> Any:
    """Return a name whose module is imported on first use."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'sim.fit' has no attribute {name!r}")
    return getattr(import_module(f"sim.fit.{_HOMES[name]}"), name)
