"""Votes that are assumed: the member votes so, the others know it and answer."""

from __future__ import annotations

from itertools import product
from math import exp, prod

import pytest
from conftest import Imagine
from typer.testing import CliRunner

from sim import convene, load_scenario
from sim.charter import Action
from sim.cli.app import app
from sim.errors import InvalidInput, UnscError
from sim.scenario import Scenario, scenario_of

WORLDS = 500


def test_all_votes_assumed_are_counted_exactly(imagine: Imagine) -> None:
    """P(adopted) is the sum over all roll calls that have enough votes and no veto."""
    chances = {
        "RUS": {"in_favour": 0.5, "abstaining": 0.3, "against": 0.2},
        "PAK": {"in_favour": 0.7, "against": 0.3},
        "FRA": {"in_favour": 0.1, "abstaining": 0.9},
    }
    scenario = imagine(dict.fromkeys(chances, 1.0), "charter.veto=[RUS]")
    scenario = scenario.with_settings({"assume": chances})
    adopted = sum(
        prod(chances[code].get(Action(a).words, 0) for code, a in zip(chances, call, strict=True))
        for call in product(Action, repeat=len(chances))
        if call.count(Action.IN_FAVOUR) >= 2 and call[0] != Action.AGAINST
    )
    assert convene(scenario, WORLDS).outcome["adopted"].p == pytest.approx(adopted, abs=1e-5)


def test_others_know_it_and_answer(imagine: Imagine) -> None:
    """A member that decides alone, given two assumed votes, chooses by its own logit.

    Of three with a quota of two, one in favour and one against leave the outcome to the third: its
    vote in favour is worth its gain, any other nothing.
    """
    gain, precision = 0.4, 3.0
    scenario = imagine({"FRA": gain, "PAK": 1.0, "SOM": 1.0})
    scenario = scenario.with_settings({"assume": {"PAK": "in_favour", "SOM": "against"}})
    report = convene(scenario, WORLDS).to_dict()
    expected = exp(precision * gain) / (exp(precision * gain) + 2)
    assert report["members"]["FRA"]["in_favour"] == pytest.approx(expected, abs=1e-4)
    assert report["outcome"]["adopted"]["p"] == pytest.approx(expected, abs=1e-4)


def test_it_is_the_behaviour_fixed(seed_vote: Scenario) -> None:
    """Assumed or fixed under its member, a vote gives the same numbers; a report says which."""
    assumed = seed_vote.with_settings({"assume": {"CHN": "against"}})
    fixed = seed_vote.with_settings({"members.CHN.behaviour": {"fixed": "against"}})
    assert assumed.behaviours == fixed.behaviours
    numbers = [convene(scenario, WORLDS).to_dict() for scenario in (assumed, fixed)]
    assert numbers[0]["members"] == numbers[1]["members"]
    assert numbers[0]["scenario"]["assume"]["CHN"]["against"] == 1
    again = scenario_of(dict(assumed.document))
    assert again.behaviours == assumed.behaviours
    assert again.document == assumed.document
    assert "assume" not in seed_vote.document


def test_the_command_line_takes_it() -> None:
    """`--assume` is a setting of `assume`, and the report says what was assumed."""
    words = ["run", "undof", "--on", "2026-12-18", "--worlds", "200", "--assume", "PAK=abstaining"]
    done = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    assert "Assumed, and known to all others: PAK abstaining." in done.output
    compared = CliRunner().invoke(app, ["compare", "undof", *words[4:]])
    assert "assume.PAK.abstaining" in compared.output


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("PAK=abstain", "Did you mean 'abstaining'?"),
        ("Pakistan=abstaining", "Did you mean 'PAK'?"),
        ("BRA=abstaining", "'BRA' is not a member on 2026-12-18"),
        ("PAK={abstaining: 0.5}", "chances that sum to 1"),
    ],
)
def test_what_cannot_be_assumed_is_refused(said: str, found: str) -> None:
    """Actions and members go by their names, and chances add up."""
    with pytest.raises(InvalidInput) as error:
        load_scenario("undof", [f"assume.{said}"], on="2026-12-18")
    assert found in str(error.value)


@pytest.mark.parametrize("option", ["--assume", "--given"])
def test_a_member_has_one_vote(option: str) -> None:
    """A member that is named with two votes is refused, whichever option names it."""
    twice = [option, "PAK=against", option, "PAK=abstaining"]
    with pytest.raises(UnscError, match=f"{option} PAK: both against and abstaining"):
        raise CliRunner().invoke(app, ["run", "undof", *twice]).exception or AssertionError
