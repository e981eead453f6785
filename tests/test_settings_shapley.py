"""The difference between two scenarios split over what differs."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from typer.testing import CliRunner

from sim import compare, convene, explain_difference, load_scenario
from sim.analysis import settings_shapley
from sim.analysis.hybrids import Between
from sim.analysis.settings_shapley import (
    adopted,
    along,
    drawn_orders,
    exact,
    group_of,
    sampled,
    subsets_of,
)
from sim.cli.app import app
from sim.scenario import scenario_of

WORLDS = 1500
PAIRS = [
    ("dprk-panel-2024", "dprk-panel-2023"),
    ("dprk-panel-2024", "dprk-panel-2024-negotiated"),
    ("dprk-panel-2024", "dprk-panel-2024-two-vetoes"),
    ("dprk-panel-2024", "dprk-panel-2024-procedural"),
    ("dprk-panel-2024", "dprk-panel-2024-rollover"),
    ("dprk-panel-2024", "dprk-panel-2024-rival"),
    ("dprk-panel-2024", "dprk-panel-2026"),
    ("mli-sanctions-2023", "ssd-sanctions-2023"),
    ("syr-aid-2023", "dprk-sanctions-2022"),
]


def of_settings(*settings):
    """Return the comparison of the seed vote with itself under settings."""
    base = load_scenario("dprk-panel-2024")
    pair = (base, base.with_settings([*settings]))
    return compare(*(convene(s, WORLDS, keep_worlds=True) for s in pair))


@pytest.mark.parametrize(("base", "other"), PAIRS)
def test_all_that_differs_makes_the_other_scenario(base, other):
    """Taking everything over gives the other scenario's worlds bit for bit; nothing, the base's."""
    between = Between.of(load_scenario(base), load_scenario(other))
    names = between.differing()
    assert len(names) == len(set(names)) > 0
    for taken, scenario in ((set(), between.base), (set(names), between.other)):
        mine, its = (adopted(s, 300, 0) for s in (between.taking(taken), scenario))
        assert np.array_equal(mine, its)


def test_a_provision_that_one_draft_has_is_a_difference_of_its_own():
    """The other draft leaves it as it is; what members want of it moves nothing there."""
    own = {"unit": "u", "at_0": "a", "at_half": "b", "at_1": "c"}
    document = {
        "kind": "scenario",
        "title": "With a provision of its own",
        "extends": "dprk-panel-2023",
        "provisions": {"own": own},
        "draft": {"text": {"own": 0.9}, "lapse": {"own": 0.1}},
        "defaults": {"ideal": {"own": 0.5}, "salience": {"own": 1.0}},
    }
    base, other = load_scenario("dprk-panel-2024"), scenario_of(document)
    for one, two in ((base, other), (other, base)):
        between = Between.of(one, two)
        names = between.differing()
        assert {"draft.text.own", "seats"} < set(names)
        assert not any("ideal.own" in name or "salience.own" in name for name in names)
        for taken, scenario in ((set(), one), (set(names), two)):
            mine, its = (adopted(s, 200, 0) for s in (between.taking(taken), scenario))
            assert np.array_equal(mine, its)
        for name in names:
            adopted(between.taking({name}), 20, 0)
            adopted(between.taking(set(names) - {name}), 20, 0)


def test_the_same_scenario_differs_in_nothing():
    """And there is nothing to split."""
    scenario = load_scenario("dprk-panel-2024")
    assert Between.of(scenario, scenario.with_settings([])).differing() == []
    pair = [convene(scenario, 200, keep_worlds=True)] * 2
    why = explain_difference(compare(*pair)).to_dict()["others"][0]["why"]
    assert (why["shares"], why["whole"]["p"]) == ([], 0)


def test_shares_sum_to_the_whole_and_name_what_differs():
    """They sum to the difference that the comparison itself has, and rank what matters first."""
    comparison = of_settings("members.RUS.ties.PRK=0.4", "draft.text.review=0.6")
    other = explain_difference(comparison).to_dict()["others"][0]
    why = other["why"]
    assert [one["setting"] for one in why["shares"]] == [
        "members.RUS.ties.PRK",
        "draft.text.review",
    ]
    total = sum(one["share"]["p"] for one in why["shares"])
    assert total == pytest.approx(other["difference"]["adopted"]["p"], abs=1e-5)
    assert (why["exact"], why["runs"], why["worlds"]) == (True, 4, WORLDS)
    for one in why["shares"]:
        share = one["share"]
        assert share["low"] < share["p"] < share["high"]


def test_shapley_is_the_mean_over_all_orders():
    """By all subsets, and by walking every order, the shares are the same."""
    names = ["a", "b", "c", "d"]
    chance = np.random.default_rng(1)
    values = {taken: chance.random(5) - 0.5 for taken in subsets_of(names)}
    assert len(values) == 16
    shares = exact(names, values)
    for name in names:
        steps = []
        for order in permutations(names):
            before = frozenset(order[: order.index(name)])
            steps.append(values[before | {name}].mean() - values[before].mean())
        assert shares[name]["p"] == pytest.approx(np.mean(steps), abs=1e-6)


def test_what_adds_by_itself_has_just_that():
    """Where each setting adds a number whatever the others, drawn orders find it exactly."""
    names = [f"n{k}" for k in range(10)]
    adds = dict(zip(names, np.linspace(-0.05, 0.05, 10), strict=True))
    orders = drawn_orders(names, 0)
    values = {taken: np.full(3, sum(adds[n] for n in taken)) for taken in along(orders)}
    for name, share in sampled(names, values, orders).items():
        assert share["p"] == pytest.approx(adds[name], abs=1e-6)
        assert share["high"] - share["low"] < 1e-6


def test_drawn_orders_agree_with_all_of_them():
    """With pairs that count only together, the interval holds the exact share."""
    names = [f"n{k}" for k in range(9)]

    def worth(taken):
        together = sum(0.1 for a, b in combinations(names, 2) if {a, b} <= taken and b == "n8")
        return np.full(4, together)

    orders = drawn_orders(names, 3)
    assert orders[1] == orders[0][::-1]
    found = sampled(names, {t: worth(t) for t in along(orders)}, orders)
    whole = exact(names, {t: worth(t) for t in subsets_of(names)})
    hits = [found[n]["low"] <= whole[n]["p"] <= found[n]["high"] for n in names]
    assert sum(hits) >= 8
    total = sum(share["p"] for share in found.values())
    assert total == pytest.approx(worth(set(names)).mean(), abs=1e-5)


def test_beyond_eight_settings_are_grouped_and_drawn(monkeypatch):
    """Numbers of one member count as one; what is still too much is drawn, and said to be."""
    assert group_of("members.RUS.ties.PRK") == "members.RUS"
    assert [group_of(n) for n in ("draft.text.review", "draft", "memory")] == [
        "draft.text",
        "draft",
        "memory",
    ]
    monkeypatch.setattr(settings_shapley, "MOST_EXACT", 2)
    comparison = of_settings(
        "members.RUS.ties.PRK=0.4",
        "members.RUS.stances.any=0.6",
        "members.CHN.ties.PRK=0.4",
        "draft.text.review=0.6",
        "charter.quota=10",
    )
    why = explain_difference(comparison).to_dict()["others"][0]["why"]
    assert not why["exact"]
    assert {one["setting"] for one in why["shares"]} == {
        "members.RUS",
        "members.CHN",
        "draft.text",
        "charter",
    }
    total = sum(one["share"]["p"] for one in why["shares"])
    assert total == pytest.approx(why["whole"]["p"], abs=1e-5)


def test_compare_says_why(tmp_path):
    """In a sentence and a table, in the files too, and a saved comparison repeats it."""
    run = CliRunner().invoke
    words = ["compare", "dprk-panel-2024", "--set", "members.RUS.ties.PRK=0.4", "--why"]
    done = run(
        app, [*words, "--worlds", "600", "--out", str(tmp_path / "c")], env={"COLUMNS": "80"}
    )
    assert done.exit_code == 0, done.output
    assert "from RUS: tie to PRK." in " ".join(done.output.split())
    again = run(app, ["compare", str(tmp_path / "c" / "compare.json")])
    assert again.exit_code == 0, again.output
    assert "Why: the difference in adoption" in again.output
    silent = run(app, [*words[:-1], "--worlds", "600"])
    assert "Why:" not in silent.output
    assert "Why" in (tmp_path / "c" / "compare.html").read_text()
