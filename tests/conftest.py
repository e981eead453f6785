"""What several test modules share: small imagined councils, held to their vote."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

import pytest
from hypothesis import HealthCheck, settings
from imagined import imagined

from sim.chamber import CouncilModel
from sim.scenario import Scenario, load_scenario

Imagine = Callable[..., Scenario]
Hold = Callable[..., CouncilModel]

HAND_SET = "preferences=assumed"
"""A setting for what needs numbers that no calibration moves, and members without stances."""

# What the terminal is like must not show in what is tested; libraries read some of it on import.
for _name in ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "GITHUB_ACTIONS"):
    os.environ.pop(_name, None)

# The same examples each time where a change is to land, new ones wherever faults are looked for.
settings.register_profile(
    "council",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("council")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Refuse a test that is slow and does not say why."""
    if any(set(mark.kwargs) != {"reason"} for mark in item.iter_markers("slow")):
        raise pytest.UsageError(f"{item.nodeid}: expected slow(reason=...)")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what a user's commands have cached out of the tests, and theirs out of there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def seed_vote() -> Scenario:
    """The vote of 28 March 2024."""
    return load_scenario("dprk-panel-2024")


@pytest.fixture(scope="session")
def imagine(tmp_path_factory: pytest.TempPathFactory) -> Imagine:
    """Return a function that seats a small imagined council."""
    folder = tmp_path_factory.mktemp("imagined")

    def build(gains: Mapping[str, float], *over: str) -> Scenario:
        return imagined(folder, gains, *over)

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
