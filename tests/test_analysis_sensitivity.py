"""What an outcome hangs on: the model's own indices, bars that agree with runs, hard cases."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm, sobol_indices
from typer.testing import CliRunner

from sim import UnscError, convene, load_scenario, sensitivity
from sim.analysis.given_worlds import p_adopted_with
from sim.analysis.paired import p_adopted_in
from sim.chance import Block
from sim.cli.app import app
from sim.ensemble.indices import first_order
from sim.ensemble.inputs import KINDS, Inputs
from sim.facts.schema import adapter
from sim.facts.sensitivity import SensitivityFacts
from sim.report.page.sensitivity import sensitivity_page
from sim.report.sensitivity import sensitivity_sections
from sim.traits import TRAITS

SEED_VOTE = "dprk-panel-2024"


@pytest.fixture(scope="module")
def found():
    """Return the analysis of the seed vote."""
    return sensitivity(load_scenario(SEED_VOTE), worlds=4000, random_seed=3, total=True)


@pytest.mark.parametrize("name", [SEED_VOTE, "dprk-panel-2024-negotiated", "mli-sanctions-2023"])
def test_given_draws_are_those_of_the_chamber(name):
    """With the numbers that the chamber draws, given to it, every world is the same."""
    scenario, chance = load_scenario(name), Block(7, 0, 1500)
    inputs = Inputs.of(scenario)
    given = p_adopted_with(inputs, inputs.drawn(chance), random_seed=99)
    np.testing.assert_array_equal(given, p_adopted_in(scenario, chance))


def test_numbers_vary_as_the_covariance_says():
    """Many draws have the covariance of the joint draws; readings and shocks vary alone."""
    inputs = Inputs.of(load_scenario(SEED_VOTE))
    drawn, known = inputs.drawn(Block(1, 0, 20_000)), inputs.covariance()
    assert np.abs(np.cov(drawn) - known).max() < 0.06
    free = [k for k, one in enumerate(inputs.each) if one.owner == "draft"]
    np.testing.assert_array_equal(known[free], np.eye(len(inputs.each))[free])


def test_indices_from_given_data_are_those_of_scipy(imagine):
    """On the chamber itself, first-order indices agree with `sobol_indices` within intervals."""
    spreads = {"CHN": 0.9, "RUS": 0.6, "FRA": 0.3}
    scenario = imagine(
        {"USA": 1.0, "CHN": 0.5, "RUS": 0.5, "FRA": 0.5},
        *(
            f"members.{code}.opposition_cost={{mean: 0, spread: {x}}}"
            for code, x in spreads.items()
        ),
        "defaults.voice=0.5",
        "charter.veto=[CHN, RUS, FRA]",
        "coefficients.shared_shock=0.5",
    )
    inputs = Inputs.of(scenario)
    values = inputs.drawn(Block(0, 0, 20_000))
    found = first_order(values, p_adopted_with(inputs, values), np.arange(20_000) // 50)

    def of(x):
        return p_adopted_with(inputs, np.ascontiguousarray(x, dtype=np.float32))

    known = sobol_indices(
        func=of, n=4096, dists=[norm()] * len(inputs.each), rng=np.random.default_rng(1)
    )
    assert len(inputs.each) == 4
    for index, first in zip(found, known.first_order, strict=True):
        assert index.low - 0.02 <= first <= index.high + 0.02


def test_shapley_effects_add_up_to_the_variance(found):
    """Shares of members, and of kinds, add up to 1: as shown, to the last digit but rounding."""
    facts, inputs = found.to_dict(), Inputs.of(found.result.scenario)
    for groups in (facts["kinds"], facts["owners"]):
        assert sum(group["shapley"]["share"] for group in groups) == pytest.approx(1, abs=1e-4)
        assert all(group["total"] is not None for group in groups)
        assert sum(group["numbers"] for group in groups) == len(inputs.each)


def test_first_bars_agree_with_runs_by_set(found):
    """The first bars are what `--set` gives: a run with the number there, less one as it is."""
    scenario = load_scenario(SEED_VOTE)
    base = convene(scenario, 4000, 3).outcome["adopted"].p
    settings = set()
    for bar in found.tornado.bars[:6]:
        settings.add(bar.move.setting)
        for value, change in ((bar.move.low, bar.low), (bar.move.high, bar.high)):
            run = convene(scenario.with_settings({bar.move.setting: value}), 4000, 3)
            assert run.outcome["adopted"].p - base == pytest.approx(change.p, abs=1e-5)
    assert any(setting.startswith("members.RUS.") for setting in settings)
    for choice in found.choices[:2]:
        run = convene(scenario.with_settings(list(choice.settings)), 4000, 3)
        assert run.outcome["adopted"].p - base == pytest.approx(choice.difference.p, abs=1e-5)


def test_what_has_no_bar_moves_little(found):
    """The trial leaves out only numbers that moved less than those that it kept."""
    kept = {bar.move.setting for bar in found.tornado.bars if bar.move.by != "factor"}
    assert len(kept) == 40
    assert found.tornado.tried > 300
    assert found.tornado.largest_left_out < 0.01


def test_the_same_bytes_whatever_the_workers():
    """The facts depend on scenario, worlds and seed alone."""
    scenario = load_scenario(SEED_VOTE, ["tabling=always"])
    one, two = (json.dumps(sensitivity(scenario, 1000, 5, workers=n).to_dict()) for n in (1, 2))
    assert one == two


def test_progress_is_told(imagine):
    """It is called after each run with the number of all, and comes to its end."""
    told = []
    scenario = imagine({"USA": 1.0, "CHN": 0.2}, "coefficients.shared_shock=1")
    sensitivity(scenario, 1000, on_progress=lambda done, of: told.append((done, of)))
    assert told
    assert all(done <= of for done, of in told)
    assert sum(done == of for done, of in told) == 4


def test_an_outcome_that_is_certain_has_no_doubt_to_share_out(imagine):
    """Where nothing differs between worlds there are no shares, and a sentence says so."""
    facts = sensitivity(imagine({"USA": 1.0, "CHN": 0.2}), 1000).to_dict()
    assert facts["kinds"] == facts["owners"] == facts["inputs"] == []
    assert "to a tenth of a point: there is no doubt to share out" in facts["headline"]
    assert facts["bars"]
    assert "no doubt to share out" in sensitivity_page(facts)


def test_too_few_worlds_are_refused():
    """One world says nothing of what matters: that is a sentence, not a traceback."""
    with pytest.raises(UnscError, match=r"worlds: 1; expected a whole number from 1,000 to"):
        sensitivity(load_scenario(SEED_VOTE), 1)
    done = CliRunner().invoke(app, ["sensitivity", SEED_VOTE, "--worlds", "1"])
    assert "expected a whole number from 1,000" in str(done.exception)


def test_a_scenario_made_by_hand_has_no_other_choices(imagine):
    """Numbers are moved in it as in any other; rules can only be changed in what was read."""
    scenario = imagine({"USA": 1.0, "CHN": 0.2}, "coefficients.shared_shock=1")
    facts = sensitivity(replace(scenario, origin=None), 1000).to_dict()
    assert facts["choices"] == []
    assert facts["bars"]
    text = " ".join(s for section in sensitivity_sections(facts) for s in section.sentences)
    assert "made by hand" in text


def test_facts_are_of_the_types_that_they_say(found):
    """Every key is there, with a value of its type; shares of noise may lie below 0."""
    adapter(SensitivityFacts).validate_python(found.to_dict(), strict=True)


def test_text_in_a_title_stays_text(found):
    """Markup in a title is shown, and nothing of it runs."""
    facts = found.to_dict() | {"title": "<script>alert(1)</script>"}
    page = sensitivity_page(facts)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_tables_for_pandas(found):
    """Each table has a row for each entry, and an unknown one is refused by name."""
    facts = found.to_dict()
    for table in ("inputs", "kinds", "owners", "bars", "choices"):
        assert len(found.to_frame(table)) == len(facts[table])
    with pytest.raises(UnscError, match="expected one of inputs"):
        found.to_frame("input")
    assert facts["headline"] in repr(found)
    assert ". Shares of that variance: the shared shock " in facts["headline"]
    assert "_" not in facts["headline"].partition(" The number that")[0]
    assert "What moves P(adopted) most" in found._repr_html_()


def test_the_command_as_a_user_types_it(tmp_path):
    """It prints the ten that matter, and writes JSON, Markdown and a page."""
    out = tmp_path / "out"
    words = ["sensitivity", SEED_VOTE, "--worlds", "1500", "--out", str(out)]
    done = CliRunner().invoke(app, words, env={"COLUMNS": "80"})
    assert done.exit_code == 0, done.output
    assert max(map(len, done.stdout.splitlines())) <= 80
    facts = json.loads((out / "sensitivity.json").read_text(encoding="utf-8"))
    assert facts["headline"].split(".")[0] in " ".join(done.output.split())
    assert facts["bars"][0]["setting"].removeprefix("members.") in done.stdout
    page = (out / "sensitivity.html").read_text(encoding="utf-8")
    assert facts["bars"][0]["setting"] in page
    assert (out / "sensitivity.md").exists()


def test_every_trait_is_of_some_kind():
    """Whoever adds a trait says what kind of number it is, or no report could be made."""
    assert set(TRAITS) <= set(KINDS)
