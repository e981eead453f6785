"""What several test modules share: small imagined councils, held to their vote."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping

import pytest
from hypothesis import HealthCheck, settings

from sim.catalogue import provisions
from sim.chamber import CouncilModel
from sim.scenario import Scenario, load_scenario

Imagine = Callable[..., Scenario]
Hold = Callable[..., CouncilModel]

HAND_SET = "preferences=assumed"
"""A setting for what needs numbers that no calibration moves, and members without stances."""

# The same examples each time where a change is to land, new ones wherever faults are looked for.
settings.register_profile(
    "council",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("council")


@pytest.fixture(scope="session")
def seed_vote() -> Scenario:
    """The vote of 28 March 2024."""
    return load_scenario("dprk-panel-2024")


@pytest.fixture(scope="session")
def imagine(tmp_path_factory: pytest.TempPathFactory) -> Imagine:
    """Return a function that seats a small council without any chance but that of the votes.

    The text has one provision that counts, scrutiny, from 0 at the lapse to 1; each member gains
    the number it is given from that. Nobody holds a veto. The first member holds the pen. Settings
    such as `charter.veto=[RUS]` are laid over it.
    """
    path = tmp_path_factory.mktemp("imagined") / "imagined.yaml"

    def build(gains: Mapping[str, float], *over: str) -> Scenario:
        path.write_text(json.dumps(_document(gains)), encoding="utf-8")
        return load_scenario(path, over)

    return build


@pytest.fixture(scope="session")
def hold() -> Hold:
    """Return a function that steps a new model of a scenario to its end."""

    def held(scenario: Scenario, *args: int) -> CouncilModel:
        model = CouncilModel(scenario, *args)
        while model.running:
            model.step()
        return model

    return held


def _document(gains: Mapping[str, float]) -> dict[str, object]:
    nothing = dict.fromkeys(provisions(), 0.0)
    return {
        "kind": "scenario",
        "title": "An imagined draft",
        "date": "2024-06-01",
        "council": list(gains),
        "draft": {
            "instrument": "other",
            "penholder": next(iter(gains)),
            "text": {n: {"value": float(n == "scrutiny"), "spread": 0.0} for n in nothing},
            "lapse": nothing,
        },
        "charter": {"quota": len(gains) // 2 + 1, "veto": []},
        "coefficients": {
            "precision": 3,
            **dict.fromkeys(("shielding", "asking", "shared_shock", "own_shock"), 0),
        },
        "defaults": {
            "ideal": nothing,
            "salience": nothing,
            **dict.fromkeys(("other_ties", "veto_cost", "opposition_cost", "voice"), 0.0),
        },
        "members": {
            code: {"ideal": {"scrutiny": float(g > 0)}, "salience": {"scrutiny": abs(g)}}
            for code, g in gains.items()
        },
    }
