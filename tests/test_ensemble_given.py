"""Votes that are given: what they tell, from the worlds in which they are cast."""

from __future__ import annotations

import json
from itertools import product
from math import prod
from pathlib import Path

import numpy as np
import pytest
from conftest import Imagine
from typer.testing import CliRunner

from sim import convene, load_scenario
from sim.chance import BLOCK
from sim.charter import OUTCOMES, Action
from sim.cli.app import app
from sim.errors import UnscError, WorldsDoNotMatch
from sim.scenario import Scenario

WORLDS = 2000
UNSURE = ("coefficients.shared_shock=0.5", "coefficients.own_shock=0.5", "charter.veto=[RUS]")
GAINS = {"RUS": 0.3, "PAK": 0.6, "FRA": -0.2, "SOM": 0.4}


def unsc(*words: str) -> str:
    done = CliRunner().invoke(app, [*words], env={"COLUMNS": "80"})
    return done.output + (str(done.exception) if done.exception else "")


@pytest.mark.parametrize("action", Action)
def test_it_is_bayes_over_all_roll_calls(imagine: Imagine, action: Action) -> None:
    """P(outcome | vote) is a ratio of sums over worlds and all roll calls of four members."""
    scenario = imagine(GAINS, *UNSURE)
    result = convene(scenario, WORLDS, keep_worlds=True)
    p = result.kept().choices.astype(float)
    joint, of_vote = np.zeros(len(OUTCOMES)), 0.0
    for call in product(Action, repeat=len(GAINS)):
        if call[scenario.codes.index("FRA")] == action:
            chance = prod(p[m, a] for m, a in enumerate(call)).sum()
            decided = scenario.rules.decide(np.array(call, dtype=np.int8)[:, None])[0]
            joint[decided] += chance
            of_vote += chance
    learned = result.given({"FRA": action.words}).condition
    assert learned is not None
    assert learned.p == pytest.approx(of_vote / WORLDS, abs=1e-6)
    found = [interval.p for interval in learned.p_outcome]
    np.testing.assert_allclose(found, joint / of_vote, atol=1e-6)


def test_the_law_of_total_probability_holds() -> None:
    """Over a member's three votes, all chances add up to those without any given."""
    scenario = load_scenario("dprk-panel-2024", ["tabling.if_adoptable=0.02"])
    result = convene(scenario, WORLDS, keep_worlds=True)
    conditions = [result.given({"CHN": action}).condition for action in Action]
    assert all(conditions)
    p = sum(c.p for c in conditions if c)
    assert p == pytest.approx(1 - result.outcome["withdrawn"].p, abs=1e-6)
    outcome = sum(c.p * np.array([x.p for x in c.p_outcome]) for c in conditions if c)
    expected = [0 if name == "withdrawn" else result.outcome[name].p for name in OUTCOMES]
    np.testing.assert_allclose(outcome, expected, atol=1e-5)


def test_blocks_add_up_with_or_without_kept_worlds(seed_vote: Scenario) -> None:
    """A run that keeps nothing and one that keeps its worlds say the same, over several blocks."""
    votes = {"CHN": "against", "RUS": "against"}
    asked = convene(seed_vote, BLOCK + 500, 3, given=votes)
    kept = convene(seed_vote, BLOCK + 500, 3, keep_worlds=True).given(votes)
    assert asked.worlds is None
    one, other = asked.to_dict()["given"], kept.to_dict()["given"]
    assert one is not None
    assert other is not None
    assert one["p"] == other["p"]
    assert one["outcome"]["vetoed"]["p"] == pytest.approx(other["outcome"]["vetoed"]["p"], abs=1e-6)
    assert one["members"]["CHN"] == {"in_favour": 0, "abstaining": 0, "against": 1}


def test_intervals_cover_and_the_worlds_left_are_counted(imagine: Imagine) -> None:
    """Of 60 runs, about 95 % of intervals hold the value of a long one; a sure vote leaves all."""
    scenario = imagine(GAINS, *UNSURE)
    votes = {"FRA": "in_favour"}
    truth = convene(scenario, 200_000, 99, given=votes).condition
    assert truth is not None
    runs = [convene(scenario, 500, seed, given=votes).condition for seed in range(60)]
    covers = [r.p_outcome[0].low <= truth.p_outcome[0].p <= r.p_outcome[0].high for r in runs if r]
    assert 52 <= sum(covers) <= 60
    assert all(1 < r.n_worlds < 500 for r in runs if r)
    sure = scenario.with_settings({"assume.FRA": "in_favour"})
    assert convene(sure, 500, given=votes).condition.n_worlds == pytest.approx(500)  # type: ignore[union-attr]


def test_members_bound_together_tell_of_one_another(imagine: Imagine) -> None:
    """Where a shock moves all alike, one vote against makes others likelier; alone, it does not."""
    for shock, tells in (("1", True), ("0", False)):
        over = (f"coefficients.shared_shock={shock}", "consultations.rounds=1")
        report = convene(imagine(GAINS, *over), WORLDS, given={"FRA": "against"}).to_dict()
        assert report["given"] is not None
        now, was = (
            side["SOM"]["against"] for side in (report["given"]["members"], report["members"])
        )
        assert (now > was + 0.02) is tells


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        ({"ITA": "against"}, "'ITA': not a member on 2024-03-28"),
        ({"China": "against"}, "Did you mean 'CHN'?"),
        ({"CHN": "abstain"}, "Did you mean 'abstaining'?"),
        ({"CHN": 2.5}, "is no vote"),
    ],
)
def test_what_cannot_be_given_is_refused(
    seed_vote: Scenario, votes: dict[str, object], said: str
) -> None:
    """Members and votes go by their names."""
    with pytest.raises(UnscError) as error:
        convene(seed_vote, 10, given=votes)
    assert said in str(error.value)


def test_votes_that_no_world_has_are_refused(seed_vote: Scenario) -> None:
    """Another vote than the one assumed, of one that takes no part, or where no vote is taken."""
    assumed = seed_vote.with_settings({"assume.CHN": "abstaining"})
    with pytest.raises(UnscError, match=r"in none of 10 worlds.* It is known how CHN votes"):
        convene(assumed, 10, given={"CHN": "against"})
    absent = seed_vote.with_settings({"charter.not_participating": ["CHN"]})
    with pytest.raises(UnscError, match="takes no part"):
        convene(absent, 10, given={"CHN": "against"})
    withdrawn = seed_vote.with_settings({"tabling.if_adoptable": 1})
    with pytest.raises(UnscError, match="in none of 10 worlds"):
        convene(withdrawn, 10, given={"CHN": "against"})
    with pytest.raises(WorldsDoNotMatch, match="not kept"):
        convene(seed_vote, 10).given({"CHN": "against"})


def test_the_command_line_shows_it_and_a_saved_report_runs_again(tmp_path: Path) -> None:
    """The brief has it beside the chances without, and the report runs again with it."""
    words = ("run", "dprk-panel-2024", "--worlds", "300", "--given", "CHN=against")
    printed = unsc(*words, "--out", str(tmp_path / "r"))
    assert "Given that CHN votes against" in printed
    assert "--assume CHN=against" in " ".join(printed.split())
    again = unsc("run", str(tmp_path / "r" / "report.json"), "--json")
    assert json.loads(again)["given"]["votes"] == {"CHN": "against"}
    assert "--given CHN=against" in (tmp_path / "r" / "report.md").read_text(encoding="utf-8")
    for votes, said in (
        (("CHN",), "as CHN=against"),
        (("CHN=against", "CHN=in_favour"), "expected one vote"),
    ):
        given = [word for vote in votes for word in ("--given", vote)]
        assert said in unsc("run", "dprk-panel-2024", *given)
    assert "expected one" in unsc("run", "undof", "unficyp", "--given", "CHN=against")


def test_few_worlds_and_an_unexpected_vote_are_warned_of() -> None:
    """A vote that the model all but excludes leaves few worlds, and the report says so."""
    printed = " ".join(unsc("run", "undof", "--worlds", "300", "--given", "USA=against").split())
    assert "all but excludes this" in printed
    assert "few worlds" in printed
    held_back = ("--set", "tabling.if_adoptable=0.5", "--given", "CHN=abstaining")
    rare = " ".join(unsc("run", "dprk-panel-2024", "--worlds", "3000", *held_back).split())
    assert "if a vote is taken)" in rare
    assert "all but excludes this" not in rare
