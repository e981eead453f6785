"""What capitals want: which layer speaks, what evidence remains, how far draws go."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from conftest import HAND_SET
from hypothesis import given
from hypothesis import strategies as st

from sim.chance import BLOCK, Block
from sim.draws import drawn
from sim.preferences import ASSUMED, Estimate, Layer, in_force, settle
from sim.roster import council_on
from sim.scenario import Scenario, load_scenario
from sim.traits import TRAITS

ALWAYS = Layer(0.1)
FROM_2022 = Layer(0.2, since=date(2022, 2, 24))
FROM_2023 = Layer(0.3, since=date(2023, 9, 13))
MET = ("E05",)
RUSSIA = next(m for m in council_on(date(2024, 3, 28)) if m.code == "RUS")


@pytest.mark.parametrize(
    ("day", "layer"),
    [
        (date(2022, 2, 23), ALWAYS),
        (date(2022, 2, 24), FROM_2022),
        (date(2023, 9, 12), FROM_2022),
        (date(2023, 9, 13), FROM_2023),
    ],
)
def test_the_latest_that_holds(day: date, layer: Layer) -> None:
    """A dated value holds from its day on, until a later one does."""
    assert in_force([ALWAYS, FROM_2022, FROM_2023], day) is layer


def test_nothing_in_force() -> None:
    """Before the first dated value, and where nothing is said, nothing holds."""
    assert in_force([FROM_2022], date(2006, 1, 1)) is None
    assert in_force([], date(2024, 1, 1)) is None


@pytest.mark.parametrize(
    ("stack", "estimate"),
    [
        ([Layer(0.1, 0.2)], Estimate(0.1, 0.2)),
        ([Layer(0.1)], Estimate(0.1, 0.0)),
        ([Layer(0.1, 0.2), None, Layer(0.5)], Estimate(0.5, 0.2)),
        ([Layer(0.1, 0.2), Layer(spread=0.0)], Estimate(0.1, 0.0)),
        ([Layer(0.1, 0.2, MET), Layer(0.5)], Estimate(0.5, 0.2, ASSUMED)),
        ([Layer(0.1, 0.2, MET), Layer(spread=0.4)], Estimate(0.1, 0.4, MET)),
        ([Layer(0.1, 0.2), Layer(evidence=MET)], Estimate(0.1, 0.2, MET)),
        ([Layer(0.1), Layer(0.5, 0.3, MET)], Estimate(0.5, 0.3, MET)),
    ],
)
def test_later_layers_over_earlier(stack: list[Layer | None], estimate: Estimate) -> None:
    """A later layer replaces what it says; a mean without evidence is an assumed one."""
    assert settle(stack) == estimate


@pytest.mark.parametrize("stack", [[], [None], [Layer(spread=0.2, evidence=MET)]])
def test_no_mean_no_estimate(stack: list[Layer | None]) -> None:
    """Where no layer gives a mean there is no estimate, whatever else is said."""
    assert settle(stack) is None


def test_members_inherit() -> None:
    """A member of whom nothing is said has its group's numbers, and those the default spread."""
    scenario = load_scenario("dprk-panel-2024", [HAND_SET])
    of = dict(zip(scenario.codes, scenario.preferences, strict=True))
    assert of["SLE"].by_trait["ideal"]["coercion"] == of["MOZ"].by_trait["ideal"]["coercion"]
    assert (
        of["SLE"].by_trait["ideal"]["coercion"].mean != of["GUY"].by_trait["ideal"]["coercion"].mean
    )
    assert (
        of["SLE"].by_trait["ideal"]["coercion"].spread
        == of["GUY"].by_trait["ideal"]["coercion"].spread
        > 0
    )


def test_a_day_decides_which_tie_holds(seed_vote: Scenario) -> None:
    """Russia's tie to the DPRK is another the day before it was strengthened."""
    earlier = load_scenario("dprk-panel-2024", ["date='2023-09-12'", "observed=null"])
    before, after = (
        dict(zip(s.codes, s.preferences, strict=True))["RUS"].tie_to("PRK")
        for s in (earlier, seed_vote)
    )
    assert before.mean < after.mean
    assert before.evidence != after.evidence


def test_ties_that_nobody_names(seed_vote: Scenario) -> None:
    """The tie to a State that no layer names is the member's `other_ties`."""
    wants = seed_vote.preferences[0]
    assert wants.tie_to("MCO") is wants.by_trait["other_ties"][""]
    assert wants.estimates()["ideal.scrutiny"] is wants.by_trait["ideal"]["scrutiny"]


@pytest.mark.parametrize(("day", "stance"), [("2023-09-12", 0.5), ("2023-09-13", -0.5)])
def test_a_stance_may_be_dated(day: str, stance: float) -> None:
    """A dated stance holds from its day on, as any other preference does."""
    dated = "members.RUS.stances.any=[0.5, {since: '2023-09-13', mean: -0.5, evidence: E03}]"
    over = [HAND_SET, dated, f"date='{day}'", "observed=null"]
    scenario = load_scenario("dprk-panel-2024", over)
    of = dict(zip(scenario.codes, scenario.preferences, strict=True))
    assert of["RUS"].by_trait["stances"]["any"].mean == stance
    assert of["RUS"].estimates()["stances.any"] is of["RUS"].by_trait["stances"]["any"]
    assert not of["CHN"].by_trait["stances"]


@pytest.mark.parametrize("kind", ["stances", "restraint"])
def test_nothing_is_said_where_nobody_speaks(kind: str) -> None:
    """What no layer gives, or none yet, is no estimate; a spread alone is one around 0."""
    later, spread = "[{since: '2025-01-01', mean: 1}]", "{spread: 0.2, evidence: E03}"
    scenario = load_scenario(
        "dprk-panel-2024",
        [
            HAND_SET,
            f"groups.WEOG.{kind}.panel_renewal={later}",
            f"members.RUS.{kind}.panel_renewal={spread}",
        ],
    )
    given = {c: p.by_trait[kind] for c, p in zip(scenario.codes, scenario.preferences, strict=True)}
    assert given.pop("RUS") == {"panel_renewal": Estimate(0, 0.2, ("E03",))}
    assert not any(given.values())


@given(st.sampled_from(sorted(TRAITS)), st.floats(-6, 11), st.floats(0, 5))
def test_draws_stay_in_bounds(kind: str, mean: float, spread: float) -> None:
    """No draw leaves the bounds of its kind, whatever mean and spread it is drawn from."""
    low, high = TRAITS[kind].low, TRAITS[kind].high
    (draws,) = drawn({f"{kind}.x": Estimate(mean, spread)}, Block(1, 0, 200), RUSSIA)
    assert (draws.shape, draws.dtype) == ((200,), np.float32)
    assert low <= draws.min() <= draws.max() <= high


def test_draws_have_their_mean_and_spread() -> None:
    """Far from the bounds draws have the mean and the spread they are drawn from, within 5 SE."""
    (draws,) = drawn({"salience.x": Estimate(2.0, 0.3)}, Block(1, 0, BLOCK), RUSSIA)
    error = 0.3 / np.sqrt(BLOCK)
    assert abs(draws.mean(dtype=float) - 2) < 5 * error
    assert abs(draws.std(dtype=float) - 0.3) < 5 * error / np.sqrt(2)


def test_a_spread_moves_the_same_draw() -> None:
    """Twice the spread gives each world twice its distance from the mean: the draw is the same."""
    narrow, wide = (
        drawn({"salience.x": Estimate(2.0, s)}, Block(1, 0, 99), RUSSIA) for s in (0.1, 0.2)
    )
    np.testing.assert_allclose(wide - 2, 2 * (narrow - 2), atol=1e-6)


def test_estimates_are_drawn_each_for_itself() -> None:
    """What else is drawn, and in which order, changes no estimate's draws; the sure one is sure."""
    wants = {"ideal.x": Estimate(0.4, 0.2), "voice": Estimate(1.5, 0), "ties.CHN": Estimate(0, 1)}
    together = dict(zip(wants, drawn(wants, Block(1, 0, 99), RUSSIA), strict=True))
    for setting in reversed(wants):
        (alone,) = drawn({setting: wants[setting]}, Block(1, 0, 99), RUSSIA)
        np.testing.assert_array_equal(alone, together[setting])
    np.testing.assert_array_equal(together["voice"], np.float32(1.5))


ONE_MORE_TRAIT = """
import json, sys
from sim.traits import TRAITS, Trait

TRAITS["gratitude"] = Trait(
    "gratitude", -2, 2, "gain", "what a member owes those who hold the pen", "State",
    names_on=lambda draft, *_: draft.penholders, optional=True, enters="gain",
)
from sim.chamber import CouncilModel
from sim.errors import InvalidInput
from sim.facts.evidence import evidence_of
from sim.scenario import load_scenario, schema_of

said = "members.RUS.gratitude={USA: {mean: 0.5, spread: 0.2, evidence: E05}, PRK: 1}"
scenario = load_scenario("dprk-panel-2024", [said])
model = CouncilModel(scenario, 50)
wrong = []
for setting in ("gratitude.USA=3", "gratitude.XYZ=1", "gratitud=1"):
    try:
        load_scenario("dprk-panel-2024", [f"members.RUS.{setting}"])
    except InvalidInput as error:
        wrong += [f"{fault.found}; {fault.allowed}. {fault.advice}" for fault in error.faults]
print(json.dumps({
    "cited": evidence_of(scenario)["cited"].get("members.RUS.gratitude.USA"),
    "document": scenario.document["members"]["RUS"]["gratitude"],
    "schema": schema_of("scenario")["$defs"]["Traits"]["properties"]["gratitude"]["description"],
    "drawn": {d.name: [s for s in d.drawn if "gratitude" in s] for d in model.delegations},
    "wrong": wrong,
}))
"""


def test_a_new_trait_is_one_row() -> None:
    """A row more in TRAITS, and files give it, faults name it, evidence and draws count it."""
    ran = subprocess.run(
        [sys.executable, "-c", ONE_MORE_TRAIT], capture_output=True, text=True, check=True
    )
    found = json.loads(ran.stdout)
    assert found["cited"] == ["E05"]
    assert found["document"]["USA"] == {"mean": 0.5, "spread": 0.2, "evidence": ["E05"]}
    assert found["document"]["PRK"]["mean"] == 1
    assert found["schema"] == "what a member owes those who hold the pen (gain; -2 to 2)"
    assert found["drawn"].pop("RUS") == ["gratitude.USA"]
    assert not any(found["drawn"].values())
    bounds, name, key = found["wrong"]
    assert bounds.startswith("found 3; expected a number from -2 to 2")
    assert name.startswith("'XYZ' is not a State")
    assert key.endswith("Did you mean 'gratitude'?")
