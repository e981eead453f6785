"""Studies: many variants of a scenario, or many mandates and days, kept point by point."""

from typing import TYPE_CHECKING, Any

from sim.studies.plan import Plan
from sim.studies.read import read_plan

if TYPE_CHECKING:
    from sim.studies.conduct import merge, study
    from sim.studies.result import Study

__all__ = ["Plan", "Study", "merge", "read_plan", "study"]

_HOMES = {"merge": "conduct", "study": "conduct", "Study": "result"}
"""Names whose modules run the chamber, and are imported on first use: mesa takes a second."""


def __getattr__(name: str) -> Any:
    """Return a name whose module is imported on first use."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'sim.studies' has no attribute {name!r}")
    return getattr(import_module(f"sim.studies.{_HOMES[name]}"), name)
