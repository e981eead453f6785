"""The record, the fit and the back-test from Python, as a researcher would use them."""

import subprocess
import sys
from datetime import date
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from sim import backtest, fit, record

ROOMS = (record, fit, backtest)
UNTIL = date(2007, 12, 31)


@pytest.fixture(scope="module")
def votes():
    return record.read_record()


@pytest.fixture(scope="module")
def tested(votes):
    plain = backtest.baselines()[:2]
    return backtest.backtest(votes, plain, date(2016, 1, 1), date(2016, 12, 31), workers=1)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_what_it_exports(room):
    """Every name in `__all__` is there, and none hides a module of the room."""
    modules = {path.stem for path in Path(room.__file__).parent.iterdir()}
    assert not modules & set(room.__all__)
    assert all(getattr(room, name) is not None for name in room.__all__)


def test_a_room_says_which_name_it_lacks():
    """A misspelt name is refused as any module refuses it."""
    with pytest.raises(AttributeError, match="has no attribute 'fit_recrod'"):
        fit.fit_recrod  # noqa: B018


@pytest.mark.parametrize(
    ("room", "heavy"),
    [("record", {"scipy", "mesa"}), ("backtest", {"scipy", "mesa", "sklearn"}), ("fit", {"mesa"})],
)
def test_a_room_is_light(room, heavy):
    """Importing a room loads no library that only a part of it needs."""
    code = f"import sim.{room}, sys; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_the_record_is_weighted_back_to_all_decisions(votes):
    """Weights sum to the number of votes, as each year's do, and a year's decisions are known."""
    weights = record.base_rate_weights(votes)
    assert weights.sum() == pytest.approx(len(votes))
    assert sum(record.decisions_by_year()[2023]) > 0
    assert isinstance(votes[0], record.RecordedVote)


def test_a_record_is_written_and_read_again(tmp_path):
    """Rows in the columns of the record, written as one, are votes when they are read."""
    row = dict.fromkeys(record.COLUMNS, "") | {
        "vote_id": "S-2024-1",
        "date": "2024-06-03",
        "symbol": "S/2024/1",
        "title": "A renewal",
        "instrument": "panel_renewal",
        "outcome": "vetoed",
        "in_favour": "14",
        "against": "RUS",
    }
    path = tmp_path / "record.csv"
    with path.open("w", encoding="utf-8") as file:
        record.write_record([row], file)
    (vote,) = record.read_record(path)
    assert vote.outcome == "vetoed"


def test_two_forecasters_are_tested_and_scored(tested):
    """Scores of the forecasts are those that the back-test gives."""
    assert isinstance(tested, backtest.BackTest)
    assert len(tested.votes) > 5
    facts = tested.to_dict(100)
    for name in ("always_in_favour", "base_rate"):
        members, outcomes = tested.member_votes(name), tested.outcomes(name)
        losses = backtest.log_losses(members.p, members.observed)
        score = backtest.member_scores(members)["log_loss"][0]
        assert score == pytest.approx(losses.mean())
        assert facts["member_votes"][name]["log_loss"] == pytest.approx(score, abs=1e-6)
        brier = backtest.outcome_scores(outcomes)["brier"][0]
        assert facts["outcomes"][name]["brier"] == pytest.approx(brier, abs=1e-6)
        for loss in (backtest.brier_losses, backtest.ranked_losses):
            assert np.all(loss(members.p, members.observed) >= 0)


def test_two_forecasters_differ_within_an_interval(tested):
    """The difference of two scores lies in the interval of its resamples."""
    drawn = backtest.resamples(len(tested.votes), 1, 200)
    of, above = (tested.member_votes(name) for name in ("base_rate", "always_in_favour"))
    score = backtest.member_scores
    found = backtest.differences(
        score(of),
        score(above),
        backtest.scored(score, of, drawn),
        backtest.scored(score, above, drawn),
    )["log_loss"]
    assert isinstance(found, backtest.Difference)
    assert found.low <= found.difference <= found.high


def test_forecasts_are_pooled_into_steps(tested):
    """Each forecast is in one step of the reliability, whose Brier score parts exactly."""
    members = tested.member_votes("base_rate")
    in_favour = members.observed == 0
    steps = backtest.reliability(members.p[:, 0], in_favour, random_seed=1, n_samples=20)
    assert all(isinstance(step, backtest.Step) for step in steps)
    assert sum(step.count for step in steps) == len(members.p)
    parts = backtest.decomposition(members.p[:, 0], in_favour)
    assert isinstance(parts, backtest.Decomposition)
    assert parts.brier == pytest.approx(np.mean((members.p[:, 0] - in_favour) ** 2))


def test_a_forecaster_of_ones_own_takes_part(votes):
    """Whoever has a name, a version, settings and `learn` is a forecaster."""

    class Coin:
        name, version, updates, settings = "coin", 1, False, {}

        def learn(self, past, on):
            def forecast(vote):
                each = np.tile([0.5, 0.25, 0.25], (len(vote.council), 1))
                return backtest.independent(each, vote.rules)

            return forecast

    found = backtest.backtest(votes, [Coin()], date(2016, 1, 1), date(2016, 6, 30), workers=1)
    (first, *_) = found.forecasts["coin"]
    assert isinstance(first, backtest.Forecast)
    assert first.outcome.sum() == pytest.approx(1)


def test_votes_say_what_members_want(votes):
    """A fit to votes has a posterior of every unknown that they bear on."""
    few = [vote for vote in votes if vote.date <= UNTIL]
    prior = fit.read_prior()
    found = fit.fit_record(few, prior)
    assert isinstance(found, fit.RecordFit)
    assert len(found.mean) == len(found.design.parameters) > 0
    assert found.draws(10, 1).shape == (len(found.mean), 10)


def test_a_calibration_becomes_a_file():
    """What one vote says, met by few worlds, is a file of preferences that extends the prior."""
    from sim import load_scenario

    scenario = load_scenario("dprk-panel-2024", ["preferences=assumed"])
    learnt = fit.calibrate_to_vote(scenario, 2000, workers=1)
    assert isinstance(learnt, fit.SeedFit)
    assert "extends: assumed" in fit.preferences_text(learnt)


def test_modules_are_reached_beside_what_they_export():
    """The function of the back-test hides no module, nor do all forecasters hide their folder."""
    assert import_module("sim.backtest.run").backtest is backtest.backtest
    assert backtest.forecasters.all_forecasters is backtest.all_forecasters
