"""Studies: many variants of a scenario, or many mandates and days, kept point by point."""

from sim.studies.conduct import merge, study
from sim.studies.plan import Plan
from sim.studies.read import read_plan
from sim.studies.result import Study

__all__ = ["Plan", "Study", "merge", "read_plan", "study"]
