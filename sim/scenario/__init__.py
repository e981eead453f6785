"""A scenario from its files, frozen, or all their faults at once."""

from sim.scenario.load import (
    describe_file,
    load_scenario,
    read_preferences,
    scenario_of,
)
from sim.scenario.scenario import Observed, Scenario, check_scenario
from sim.scenario.schema import schema_of

__all__ = [
    "Observed",
    "Scenario",
    "check_scenario",
    "describe_file",
    "load_scenario",
    "read_preferences",
    "scenario_of",
    "schema_of",
]
