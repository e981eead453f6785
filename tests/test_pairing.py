"""Minimally different worlds: what one change leaves as it was, and which way it moves a vote."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from conftest import HAND_SET
from numpy.typing import NDArray

from sim.chamber import CouncilModel, convene
from sim.chance import BLOCK
from sim.charter import Action
from sim.ensemble.tally import GAIN_TERMS
from sim.scenario import load_scenario

WORLDS = 500
SHOCKS = ("coefficients.shared_shock=0.3", "coefficients.own_shock=0.3")

Drawn = dict[str, NDArray[np.float32]]


def seated(*over: str) -> CouncilModel:
    """Return worlds of the seed vote before anyone has spoken."""
    under = (HAND_SET, *SHOCKS, "defaults.caucuses.E10.mean=0")
    return CouncilModel(load_scenario("dprk-panel-2024", [*under, *over]), WORLDS, 21, 2)


SUMMED = ("stances", "restraint", "caucuses")
"""Drawn only where they are given; stances and restraint show in the stance and in the cost."""


def drawn_by(model: CouncilModel) -> dict[str, Drawn]:
    """Return everything drawn for each member, by name, and for the draft and the world."""
    draft = model.scenario.draft
    names = [p.name for p, matters in zip(draft.provisions, draft.matters, strict=True) if matters]
    readings = model.change + model.lapse[model.active]
    found: dict[str, Drawn] = {
        "draft": dict(zip(names, readings - model.text[model.active], strict=True)),
        "world": {"shared_shock": model.shared_shock},
    }
    for d in model.delegations:
        own = {n: row for n, row in d.drawn.items() if not n.startswith(SUMMED)}
        asking = model.other_terms[d.seat, GAIN_TERMS.index("penholder") - 1]
        summed = {"asking": asking, "stance": d.stance, "cost": d.cost, "own_shock": d.own_shock}
        found[d.name] = own | summed
    return found


def changed(before: CouncilModel, after: CouncilModel) -> set[tuple[str, str]]:
    """Return what was drawn before, and is not drawn bit for bit the same after."""
    old, new = drawn_by(before), drawn_by(after)
    return {
        (owner, name)
        for owner in old
        for name in old[owner]
        if name not in new[owner] or not np.array_equal(old[owner][name], new[owner][name])
    }


def votes_by_chance_alone(*over: str) -> NDArray[np.int8]:
    """Return the votes of members without preference: what the uniforms alone decide."""
    model = seated("coefficients.precision=0", *over)
    while model.running:
        model.step()
    return model.votes


@pytest.mark.parametrize(
    ("over", "moved"),
    [
        ("members.RUS.ties.PRK=0", {("RUS", "ties.PRK")}),
        ("members.CHN.ideal.scrutiny=0.2", {("CHN", "ideal.scrutiny")}),
        ("members.SLE.salience.term={mean: 3, spread: 1}", {("SLE", "salience.term")}),
        ("members.RUS.ties.PRK={mean: 0.5, spread: 0}", {("RUS", "ties.PRK")}),
        ("members.GUY.voice.spread=0", {("GUY", "voice")}),
        ("members.FRA.veto_cost=0.1", {("FRA", "veto_cost"), ("FRA", "cost")}),
        ("members.KOR.ties.USA=-1", {("KOR", "ties.USA"), ("KOR", "asking")}),
        ("coefficients.shared_shock=0.4", {("world", "shared_shock")}),
        ("draft.text.scrutiny={value: 0.6, spread: 0.2}", {("draft", "scrutiny")}),
        ("consultations.rounds=30", set()),
        ("charter.quota=10", set()),
        ("members.CHN.caucuses.P5={mean: 1, spread: 0.5}", set()),
        ("members.CHN.stances.any={mean: 1, spread: 0.5}", {("CHN", "stance")}),
        ("members.CHN.stances.rival={mean: 1, spread: 0.5}", set()),
        ("members.CHN.restraint.PRK={mean: 1, spread: 0.5}", {("CHN", "cost")}),
        ("members.CHN.restraint.SYR={mean: 1, spread: 0.5}", set()),
        ("draft.rival=RUS", set()),
        ("coefficients.precision=1", set()),
    ],
)
def test_one_change_moves_one_draw(over: str, moved: set[tuple[str, str]]) -> None:
    """Changing one number leaves every other draw bit for bit the same."""
    assert changed(seated(), seated(over)) == moved


def test_another_penholder_moves_ties_to_it_alone() -> None:
    """With another penholder every member's tie is to another State, and no other draw differs."""
    moved = changed(seated(), seated("draft.penholder=FRA"))
    assert {name for _, name in moved} == {"ties.USA", "asking"}


@pytest.mark.parametrize(
    "over",
    [
        "members.RUS.ties.PRK=0",
        "members.CHN.ideal.scrutiny={mean: 0.2, spread: 0}",
        "draft.text.review=0.9",
        "members.RUS.stances.any={mean: 2, spread: 1}",
        "charter.must_abstain=[]",
    ],
)
def test_votes_hang_on_the_same_chance(over: str) -> None:
    """The chance by which members vote is bit for bit the same, whatever they prefer."""
    np.testing.assert_array_equal(votes_by_chance_alone(), votes_by_chance_alone(over))


def test_a_seat_changes_hands_alone() -> None:
    """Where one seat goes to another State the other fourteen draw what they drew."""
    council = [m.code for m in seated().scenario.council]
    swapped = ["NOR" if code == "CHE" else code for code in council]
    over = (f"council=[{', '.join(swapped)}]", "observed=null")
    before, after = drawn_by(seated()), drawn_by(seated(*over))
    assert set(before) - set(after) == {"CHE"}
    for owner in set(before) & set(after):
        for name, values in before[owner].items():
            np.testing.assert_array_equal(values, after[owner][name])


def test_a_new_provision_leaves_old_draws() -> None:
    """A scenario that adds a provision draws the old ones as before, and the votes' chance too."""
    new = (
        "provisions.reporting={unit: days, at_0: never, at_half: monthly, at_1: daily}",
        "draft.text.reporting=0.8",
        "draft.lapse.reporting=0.1",
        "defaults.ideal.reporting={mean: 0.5, spread: 0.1}",
        "defaults.salience.reporting={mean: 1, spread: 0.1}",
    )
    before, after = seated(), seated(*new)
    assert changed(before, after) == set()
    assert "ideal.reporting" in drawn_by(after)["RUS"]
    assert drawn_by(after)["RUS"]["ideal.reporting"].std() > 0.05
    np.testing.assert_array_equal(votes_by_chance_alone(), votes_by_chance_alone(*new))


@cache
def p_against(code: str, *over: str) -> float:
    """Return the probability that a member votes against in a block of the seed vote's worlds."""
    ensemble = convene(load_scenario("dprk-panel-2024", over), BLOCK, 1)
    return float(ensemble.actions[ensemble.scenario.codes.index(code), Action.AGAINST])


def test_china_steps_forward_where_russia_steps_back() -> None:
    """The less Russia is tied to the target, the more China opposes: no veto to hide behind.

    The tie of -0.27 is Russia's of before September 2023.
    """
    tied, untied, as_before = (
        p_against("CHN", *over)
        for over in ((), ("members.RUS.ties.PRK=0",), ("members.RUS.ties.PRK=-0.27",))
    )
    assert tied + 0.005 < untied < as_before
    assert tied + 0.02 < as_before


def test_a_review_clause_softens_russia() -> None:
    """A review clause in the text lowers the chance that Russia votes against."""
    assert p_against("RUS", "draft.text.review=0.9") < p_against("RUS") - 0.05


def test_a_dearer_veto_is_cast_less_often() -> None:
    """Raising what a veto costs Russia lowers the chance that it votes against."""
    assert p_against("RUS", "members.RUS.veto_cost=2") < p_against("RUS") - 0.05


def test_restraint_towards_the_target_lowers_the_chance_of_opposing() -> None:
    """What a vote against a text on the DPRK costs Russia counts; one on another State does not."""
    plain = p_against("RUS")
    assert p_against("RUS", "members.RUS.restraint.PRK=2") < plain - 0.05
    assert p_against("RUS", "members.RUS.restraint.panel_renewal=2") < plain - 0.05
    assert p_against("RUS", "members.RUS.restraint={SYR: 1, sanctions_new: 1}") == plain


def test_nothing_is_drawn_of_kinds_that_do_not_hold() -> None:
    """What is said of other kinds of draft is not drawn, nor what is 0 without a spread."""
    stances = "members.CHN.stances={any: {mean: 1, spread: 0.5}, panel_renewal: 0, rival: 1}"
    restraint = "members.CHN.restraint={PRK: {spread: 0.1}, SYR: 1, sanctions_new: 1, other: 1}"
    by_name = {d.name: d.drawn for d in seated(stances, restraint).delegations}
    new = {n for n in by_name["CHN"] if n.startswith(("stances", "restraint"))}
    assert new == {"stances.any", "restraint.PRK"}
    assert by_name["CHN"]["stances.any"].std() > 0.4
    assert not [n for n in by_name["RUS"] if n.startswith(("stances", "restraint"))]


def test_a_procedural_matter_frees_no_veto() -> None:
    """On a procedural matter Russia's negative vote blocks nothing, and nothing is vetoed."""
    over = ("charter.matter=procedural", "observed=null")
    ensemble = convene(load_scenario("dprk-panel-2024", over), 2000, 1)
    assert ensemble.to_dict()["vetoed_by"] == {}
    assert ensemble.to_dict()["outcome"]["vetoed"]["p"] == 0
