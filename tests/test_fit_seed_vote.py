"""Learning from one vote: the weights are exact, and what is written can be run."""

import numpy as np
import pytest
from conftest import HAND_SET

from sim import convene, load_scenario
from sim.errors import UnscError
from sim.fit import calibrate_to_vote, preferences_text
from sim.fit.seed_vote import SMALLEST_SHARE
from sim.scenario import read_preferences

WORLDS = 20_000


def seed_vote(*over):
    return load_scenario("dprk-panel-2024", [HAND_SET, *over])


@pytest.fixture(scope="module")
def fit():
    return calibrate_to_vote(seed_vote(), WORLDS)


def learnt(fit, setting):
    return next(x for x in fit.learnt if x.setting == setting)


def test_the_prior_is_the_simulation(fit):
    """Before the vote, the fit says what the simulation says of the same worlds."""
    ensemble = convene(fit.scenario, WORLDS)
    observed = ensemble.probability_of(fit.scenario.observed_roll_call)
    assert fit.p_before == pytest.approx(observed, abs=1e-6)
    np.testing.assert_allclose(fit.actions_before, ensemble.actions, atol=1e-6)


def test_the_vote_becomes_likelier_and_members_with_it(fit):
    """After the vote its roll call is likelier, and so is what each wavering member did."""
    assert fit.p_after > fit.p_before
    assert fit.p_after >= 0.5
    codes = fit.scenario.codes
    after = fit.actions_after
    assert after[codes.index("RUS"), 2] >= 0.97
    assert after[codes.index("CHN"), 1] >= 0.75
    others = [m for m, code in enumerate(codes) if code not in ("CHN", "RUS")]
    assert after[others, 0].min() >= 0.95


def test_one_preference_is_learnt_as_by_hand():
    """With one preference uncertain, the weights give the posterior that integration gives."""
    settings = ["members.CHN.ties.PRK={mean: 0.3, spread: 0.25}", "coefficients.shared_shock=0"]
    settings += ["coefficients.own_shock=0"]
    scenario = seed_vote(*settings)
    fit = calibrate_to_vote(scenario, WORLDS)
    found = learnt(fit, "members.CHN.ties.PRK")
    grid = np.linspace(-0.7, 1.0, 35)
    likelihood = []
    for tie in grid:
        fixed = f"members.CHN.ties.PRK={{mean: {tie}, spread: 0}}"
        one = convene(seed_vote(*settings, fixed), 1000)
        likelihood.append(one.probability_of(scenario.observed_roll_call))
    weights = np.exp(-0.5 * ((grid - 0.3) / 0.25) ** 2)
    prior = (weights @ grid) / weights.sum()
    posterior = ((weights * likelihood) @ grid) / (weights @ np.array(likelihood))
    assert found.shift * 0.25 == pytest.approx(posterior - prior, abs=0.012)
    assert found.is_informed


def test_preferences_that_cannot_matter_are_not_said_to_be_learnt(fit):
    """A vote that turns on Russia and China says nothing of a sure member's ideals."""
    assert not learnt(fit, "members.SVN.ideal.relief").is_informed
    assert learnt(fit, "members.SVN.ideal.relief").shift == pytest.approx(0, abs=0.04)


def test_an_unlikely_vote_is_tempered():
    """Where few worlds could have held the vote, the weights are tempered to keep enough."""
    unlikely = seed_vote("members.RUS.ties.PRK={mean: -0.6, spread: 0.2}")
    fit = calibrate_to_vote(unlikely, WORLDS)
    assert 0 < fit.temper < 1
    assert fit.effective_worlds == pytest.approx(SMALLEST_SHARE * WORLDS, rel=0.02)


@pytest.mark.parametrize("workers", [1, 3])
def test_the_fit_does_not_depend_on_workers(fit, workers):
    """The same worlds give the same digits, however many threads hold them."""
    again = calibrate_to_vote(fit.scenario, WORLDS, workers=workers)
    assert again.to_dict() == fit.to_dict()


def test_what_is_written_runs_and_keeps_evidence_and_dates(fit, tmp_path):
    """The file extends the one it came from: the vote is likelier, notes and dates survive."""
    path = tmp_path / "learnt.yaml"
    path.write_text(preferences_text(fit), encoding="utf-8")
    assert preferences_text(fit) == path.read_text(encoding="utf-8")
    form = read_preferences(path)
    assert "S-2024-255" in form.members["CHN"].ties["PRK"][0].evidence
    assert len(form.members["RUS"].ties["PRK"]) == 2
    dated = form.members["RUS"].ties["PRK"][1]
    assert str(dated.since) == "2023-09-13"
    assert dated.note == "arms transfers and the meeting at Vostochny"
    moved = form.members["CHN"].ideal["scrutiny"][0].note
    assert moved.startswith("Backed every renewal to 2023")
    assert "; prior 0.5 ± 0.08, moved by " in moved
    with_it = load_scenario("dprk-panel-2024", [f"preferences={path}"])
    after = convene(with_it, WORLDS).probability_of(with_it.observed_roll_call)
    assert after > fit.p_before


@pytest.mark.parametrize(
    ("name", "settings", "reason"),
    [
        ("dprk-panel-2026", [], "no observed vote"),
        (
            "dprk-panel-2024",
            ["draft.red_lines.review={low: 0.1, high: 0.6}", "observed.outcome=vetoed"],
            "can still move",
        ),
    ],
)
def test_what_cannot_be_learnt_from_is_refused(name, settings, reason):
    """Without a real vote, or with a text that still moves, there is nothing to weigh by."""
    with pytest.raises(UnscError, match=reason):
        calibrate_to_vote(load_scenario(name, settings), 100)
