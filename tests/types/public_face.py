"""What a type checker must know of the public face; read by mypy, never run."""

from typing import assert_type

import numpy as np
from numpy.typing import NDArray

from sim import compare, convene, frontier, load_scenario, sensitivity
from sim.analysis import Frontier, Sensitivity
from sim.comparison import Comparison
from sim.ensemble import Interval
from sim.result import Result
from sim.scenario import Scenario

scenario = load_scenario("dprk-panel-2024", ["members.RUS.ties.PRK=0.4"])
assert_type(scenario, Scenario)

result = convene(
    scenario, worlds=1000, random_seed=1, workers=None, keep_worlds=True, on_progress=print
)
assert_type(result, Result)
assert_type(result.outcome["vetoed"], Interval)
assert_type(result.outcome["vetoed"].p, float)
assert_type(result.actions, NDArray[np.float64])
headline: object = result.to_dict()["headline"]

comparison = compare(result, convene(load_scenario("dprk-panel-2023"), keep_worlds=True))
assert_type(comparison, Comparison)
others: object = comparison.to_dict()["others"]

assert_type(sensitivity(scenario, 2000, total=True), Sensitivity)
assert_type(frontier(scenario, free={"review": (0, 1)}, member="RUS", adopted=0.8), Frontier)

# Each of these is a mistake, and mypy says so: it warns of a comment that ignores nothing.
load_scenario(2024)  # type: ignore[arg-type]
convene("dprk-panel-2024")  # type: ignore[arg-type]
convene(scenario, wolrds=1000)  # type: ignore[call-arg]
compare(scenario, scenario)  # type: ignore[arg-type]
result.outcomes  # type: ignore[attr-defined]  # noqa: B018
