"""unsc-sim: an agent-based simulator of votes in the United Nations Security Council.

>>> from sim import compare, convene, load_scenario
>>> base = convene(load_scenario("dprk-panel-2024"), worlds=2000, keep_worlds=True)
>>> other = convene(load_scenario("dprk-panel-2023"), worlds=2000, keep_worlds=True)
>>> change = compare(base, other).to_dict()["others"][0]["difference"]["adopted"]
>>> change["low"] > 0.5
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.errors import UnscError as UnscError
from sim.version import __version__ as __version__

if TYPE_CHECKING:
    from sim.analysis.explanation import Explanation as Explanation
    from sim.analysis.explanation import explain as explain
    from sim.analysis.sensitivity_analysis import Sensitivity as Sensitivity
    from sim.analysis.sensitivity_analysis import sensitivity as sensitivity
    from sim.analysis.settings_shapley import explain_difference as explain_difference
    from sim.analysis.trade_off import Frontier as Frontier
    from sim.analysis.trade_off import frontier as frontier
    from sim.chamber import CouncilModel as CouncilModel
    from sim.chamber import convene as convene
    from sim.comparison import Comparison as Comparison
    from sim.comparison import compare as compare
    from sim.result import Result as Result
    from sim.scenario import Scenario as Scenario
    from sim.scenario import load_scenario as load_scenario
    from sim.studies import Study as Study
    from sim.studies import study as study

_HOMES = {
    "load_scenario": "sim.scenario",
    "convene": "sim.chamber",
    "compare": "sim.comparison",
    "explain": "sim.analysis.explanation",
    "explain_difference": "sim.analysis.settings_shapley",
    "Scenario": "sim.scenario",
    "CouncilModel": "sim.chamber",
    "Result": "sim.result",
    "Comparison": "sim.comparison",
    "Explanation": "sim.analysis.explanation",
    "frontier": "sim.analysis.trade_off",
    "sensitivity": "sim.analysis.sensitivity_analysis",
    "Frontier": "sim.analysis.trade_off",
    "Sensitivity": "sim.analysis.sensitivity_analysis",
    "study": "sim.studies",
    "Study": "sim.studies",
}
"""Where each public name lives; its room is imported on first use, so `import sim` is quick."""

__all__ = [
    "load_scenario",
    "convene",
    "compare",
    "explain",
    "explain_difference",
    "Scenario",
    "CouncilModel",
    "Result",
    "Comparison",
    "Explanation",
    "sensitivity",
    "Sensitivity",
    "frontier",
    "Frontier",
    "study",
    "Study",
    "UnscError",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Return a public name from its room."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names alone."""
    return sorted(__all__)
