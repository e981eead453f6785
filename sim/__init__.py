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

from sim.version import __version__ as __version__

if TYPE_CHECKING:
    from sim.chamber import convene as convene
    from sim.comparison import compare as compare
    from sim.scenario import load_scenario as load_scenario

__all__ = ["compare", "convene", "load_scenario"]

_HOMES = {"compare": "sim.comparison", "convene": "sim.chamber", "load_scenario": "sim.scenario"}


def __getattr__(name: str) -> Any:
    """Return what the package offers, its room imported on first use: `import sim` is quick."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
