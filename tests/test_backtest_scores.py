"""The scores of forecasts: against scikit-learn, against small examples, and under resampling."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom
from sklearn import metrics
from sklearn.isotonic import IsotonicRegression

from sim.backtest.bootstrap import clustered_resamples, differences, resamples, scored
from sim.backtest.corp import decomposition, reliability
from sim.backtest.forecasts import Forecasts
from sim.backtest.losses import FLOOR, brier_losses, log_losses, ranked_losses
from sim.backtest.scores import member_scores, outcome_scores

VOTES, SEATS = 40, 15


def unweighted(p, observed, votes=None) -> Forecasts:
    """Return forecasts that count alike; where no votes are given each is one by itself."""
    own = np.arange(len(p)) if votes is None else votes
    return Forecasts(p, observed, own, np.ones(len(p)), np.full((len(p), 3), 1 / 3))


@pytest.fixture(scope="module")
def members() -> Forecasts:
    """Member votes with equal forecasts among them, weighted by vote."""
    generator = np.random.default_rng(3)
    p = generator.dirichlet([4, 1, 0.5], size=VOTES * SEATS).round(2)
    p = 0.97 * p / p.sum(axis=1, keepdims=True) + 0.01
    observed = np.array([generator.choice(3, p=row) for row in p])
    weights = np.repeat(generator.uniform(0.2, 3, VOTES), SEATS)
    shares = np.tile([0.8, 0.15, 0.05], (len(p), 1))
    return Forecasts(p, observed, np.repeat(np.arange(VOTES), SEATS), weights, shares)


@pytest.fixture(scope="module")
def outcomes() -> Forecasts:
    """Outcomes of many votes, weighted."""
    generator = np.random.default_rng(5)
    p = generator.dirichlet([3, 1, 1], size=200)
    observed = np.array([generator.choice(3, p=row) for row in p])
    shares = generator.dirichlet([9, 3, 3], size=200)
    return Forecasts(p, observed, np.arange(200), generator.uniform(0.2, 3, 200), shares)


def test_member_scores_are_those_of_scikit_learn(members):
    """Each score that scikit-learn knows too is the same number, weights included."""
    scores = {name: value[0] for name, value in member_scores(members).items()}
    y, p, w = members.observed, members.p, members.weights
    predicted, dissent = p.argmax(axis=1), y != 0
    lifted = (p / members.shares).argmax(axis=1)
    macro = {"average": "macro", "sample_weight": w}
    roc = [metrics.roc_auc_score(y == k, p[:, k], sample_weight=w) for k in range(3)]
    expected = {
        "log_loss": metrics.log_loss(y, p, sample_weight=w),
        "accuracy": metrics.accuracy_score(y, predicted, sample_weight=w),
        "balanced_accuracy": metrics.balanced_accuracy_score(y, predicted, sample_weight=w),
        "macro_f1": metrics.f1_score(y, predicted, **macro),
        "balanced_accuracy_by_lift": metrics.balanced_accuracy_score(y, lifted, sample_weight=w),
        "macro_f1_by_lift": metrics.f1_score(y, lifted, **macro),
        "pr_auc": metrics.average_precision_score(np.eye(3)[y], p, **macro),
        "roc_auc": np.mean(roc),
        "pr_auc_dissent": metrics.average_precision_score(dissent, -p[:, 0], sample_weight=w),
        "roc_auc_dissent": roc[0],
    }
    for name, value in expected.items():
        assert scores[name] == pytest.approx(value), name
    assert scores["geometric_mean_probability"] == pytest.approx(np.exp(-scores["log_loss"]))


def test_outcome_scores_are_those_of_scikit_learn(outcomes):
    """Each score of adopted or not is the same number, with not adopted as the class."""
    scores = {name: value[0] for name, value in outcome_scores(outcomes).items()}
    failed, p, w = outcomes.observed > 0, 1 - outcomes.p[:, 0], outcomes.weights
    predicted, lifted = p > 0.5, p > 1 - outcomes.shares[:, 0]
    expected = {
        "log_loss": metrics.log_loss(failed, p, sample_weight=w),
        "brier": metrics.brier_score_loss(failed, p, sample_weight=w),
        "accuracy": metrics.accuracy_score(failed, predicted, sample_weight=w),
        "balanced_accuracy": metrics.balanced_accuracy_score(failed, predicted, sample_weight=w),
        "macro_f1": metrics.f1_score(failed, predicted, average="macro", sample_weight=w),
        "f1": metrics.f1_score(failed, predicted, sample_weight=w),
        "balanced_accuracy_by_lift": metrics.balanced_accuracy_score(
            failed, lifted, sample_weight=w
        ),
        "f1_by_lift": metrics.f1_score(failed, lifted, sample_weight=w),
        "pr_auc": metrics.average_precision_score(failed, p, sample_weight=w),
        "roc_auc": metrics.roc_auc_score(failed, p, sample_weight=w),
        "log_loss_of_three": metrics.log_loss(outcomes.observed, outcomes.p, sample_weight=w),
    }
    for name, value in expected.items():
        assert scores[name] == pytest.approx(value), name


def test_losses_of_one_vote():
    """The three losses of one forecast are what the definitions give by hand."""
    p, against = np.array([[0.5, 0.3, 0.2]]), np.array([2])
    assert log_losses(p, against) == pytest.approx([-np.log(0.2)])
    assert brier_losses(p, against) == pytest.approx([0.25 + 0.09 + 0.64])
    assert ranked_losses(p, against) == pytest.approx([0.5**2 + 0.8**2])


def test_a_near_miss_costs_less_than_a_far_one():
    """Abstaining forecast where against came costs less in ranks than in favour, not in Brier."""
    p, against = np.eye(3)[:2], np.array([2, 2])
    far, near = ranked_losses(p, against)
    assert near < far
    assert len(set(brier_losses(p, against))) == 1


def test_certainty_that_fails_costs_a_finite_amount():
    """A forecast of 0 for what happened costs as much as one of the floor."""
    assert log_losses(np.array([[1.0, 0, 0]]), np.array([1])) == pytest.approx([-np.log(FLOOR)])


def test_proportional_reduction_of_error():
    """Errors are set against those of each vote's modal action: 0 as good, 1 no error."""
    observed = np.array([0, 0, 1, 1, 1, 2])
    votes = np.array([0, 0, 0, 1, 1, 1])
    modal = unweighted(np.eye(3)[[0, 0, 0, 1, 1, 1]], observed, votes)
    right = unweighted(np.eye(3)[observed], observed, votes)
    in_favour = unweighted(np.eye(3)[[0] * 6], observed, votes)
    found = [member_scores(f)["apre"][0] for f in (modal, right, in_favour)]
    assert found == pytest.approx([0, 1, 1 - 4 / 2])


def test_a_class_is_forecast_by_lift_where_it_is_likelier_than_before():
    """With 90 of 100 votes in favour before, 20 % against is a forecast of against by lift."""
    p, shares = np.array([[0.8, 0, 0.2], [0.95, 0.04, 0.01]]), np.array([[0.9, 0.05, 0.05]] * 2)
    scores = member_scores(Forecasts(p, np.array([2, 0]), np.arange(2), np.ones(2), shares))
    assert scores["balanced_accuracy"] == pytest.approx([0.5])
    assert scores["balanced_accuracy_by_lift"] == pytest.approx([1])


def test_a_class_that_never_came_is_left_out():
    """Balanced accuracy is over the actions observed; nothing to rank against is no number."""
    scores = member_scores(unweighted(np.tile([0.9, 0.1, 0], (4, 1)), np.zeros(4, int)))
    assert scores["balanced_accuracy"] == pytest.approx([1])
    assert np.isnan(scores["roc_auc"]).all()
    assert np.isnan(scores["apre"]).all()


def test_a_resample_scores_as_the_votes_it_holds(members, outcomes):
    """Counting a vote twice is the same as having it twice, for every score."""
    for score, forecasts in ((member_scores, members), (outcome_scores, outcomes)):
        drawn = resamples(forecasts.n_votes, random_seed=1, n_samples=3)
        found = score(forecasts, drawn)
        for b in range(3):
            picks = np.repeat(np.arange(forecasts.n_votes), drawn[:, b].astype(int))
            rows = [np.flatnonzero(forecasts.votes == vote) for vote in picks]
            copies = np.repeat(np.arange(len(picks)), [len(r) for r in rows])
            items = np.concatenate(rows)
            p, observed, weights, shares = (
                getattr(forecasts, name)[items] for name in ("p", "observed", "weights", "shares")
            )
            same = Forecasts(p, observed, copies, weights, shares)
            for name, value in score(same).items():
                assert found[name][b] == pytest.approx(value[0], nan_ok=True), name


def test_chunks_change_nothing(members, monkeypatch):
    """Scores of many samples are the same in one chunk and in many."""
    drawn = resamples(VOTES, random_seed=1, n_samples=50)
    whole = scored(member_scores, members, drawn)
    monkeypatch.setattr("sim.backtest.bootstrap._CHUNK", 20 * VOTES * SEATS)
    for name, values in scored(member_scores, members, drawn).items():
        np.testing.assert_allclose(values, whole[name], err_msg=name)


def test_resamples_draw_as_many_votes_with_replacement():
    """Each resample holds as many votes as the record, and a seed gives the same ones again."""
    drawn = resamples(30, random_seed=2, n_samples=400)
    assert (drawn.sum(axis=0) == 30).all()
    assert drawn.mean() == pytest.approx(1)
    np.testing.assert_array_equal(drawn, resamples(30, random_seed=2, n_samples=400))
    assert (drawn != resamples(30, random_seed=3, n_samples=400)).any()


def test_identical_forecasters_do_not_differ(members):
    """The interval of the difference between a forecaster and itself is zero to zero."""
    drawn = scored(member_scores, members, resamples(VOTES, 1, 50))
    point = member_scores(members)
    for name, d in differences(point, point, drawn, drawn).items():
        assert (d.difference, d.low, d.high) == (0, 0, 0), name


def test_intervals_hold_no_difference_as_often_as_they_say():
    """Between two equally good forecasters 95 % of the intervals hold zero, within error."""
    generator = np.random.default_rng(11)
    n_held, n_trials = 0, 200
    for trial in range(n_trials):
        p = np.full((60, 3), 1 / 3) + generator.uniform(-0.2, 0.2, (2, 60, 1)) * [1, -0.5, -0.5]
        observed = generator.integers(3, size=60)
        one, other = (unweighted(q, observed) for q in p)
        drawn = resamples(60, trial, 200)
        sides = [outcome_scores(f) for f in (one, other)]
        both = [scored(outcome_scores, f, drawn) for f in (one, other)]
        found = differences(*sides, *both)["brier_of_three"]
        n_held += found.low <= 0 <= found.high
    assert binom.cdf(n_held, n_trials, 0.95) > 0.001


def test_clusters_are_drawn_whole():
    """Votes of one mandate are drawn as often as each other, and as many clusters as there are."""
    clusters = ["a", "b", "a", "c", "b", "a"]
    drawn = clustered_resamples(clusters, random_seed=2, n_samples=300)
    assert (drawn[0] == drawn[2]).all()
    assert (drawn[0] == drawn[5]).all()
    assert (drawn[1] == drawn[4]).all()
    assert (drawn[0] + drawn[1] + drawn[3] == 3).all()
    alone = clustered_resamples(list("abcdef"), random_seed=2, n_samples=300)
    np.testing.assert_array_equal(alone, resamples(6, 2, 300))


def test_clusters_that_act_as_one_have_wider_intervals():
    """Of 400 votes in 20 mandates that end alike, the share's spread is that of 20, not of 400."""
    ends = np.repeat(np.arange(20) % 2, 20)
    names = [str(k) for k in np.repeat(np.arange(20), 20)]
    p = np.eye(3)[np.zeros(400, int)]
    forecasts = unweighted(p, ends)
    by_vote, by_mandate = (
        scored(outcome_scores, forecasts, drawn)["accuracy"].std()
        for drawn in (resamples(400, 1), clustered_resamples(names, 1))
    )
    assert by_vote == pytest.approx(0.5 / np.sqrt(400), rel=0.1)
    assert by_mandate == pytest.approx(0.5 / np.sqrt(20), rel=0.1)


@pytest.fixture(scope="module")
def events():
    """Forecasts with ties, too sure of themselves, and what happened."""
    generator = np.random.default_rng(9)
    p = generator.beta(3, 1, 800).round(2)
    return p, generator.uniform(size=800) < 0.2 + 0.6 * p


def test_steps_are_the_isotonic_regression(events):
    """The share of each step is scikit-learn's, and the steps hold all forecasts in order."""
    p, happened = events
    steps = reliability(p, happened, random_seed=1, n_samples=20)
    isotonic = IsotonicRegression().fit(p, happened)
    for step in steps:
        inside = (p >= step.begins) & (p <= step.ends)
        assert step.count == inside.sum()
        assert step.observed == pytest.approx(happened[inside].mean())
        assert step.mean_forecast == pytest.approx(p[inside].mean())
        np.testing.assert_allclose(isotonic.predict(p[inside]), step.observed)
    assert sum(step.count for step in steps) == len(p)
    shares = [step.observed for step in steps]
    assert shares == sorted(set(shares))


def test_pooling_by_hand():
    """Of 0.2, 0.4, 0.6 and 0.8 the second happened, not the third: these two are one step."""
    p, happened = np.array([0.2, 0.4, 0.6, 0.8]), np.array([False, True, False, True])
    steps = reliability(p, happened, random_seed=1, n_samples=5)
    found = [(step.begins, step.ends, step.count, step.observed) for step in steps]
    assert found == [(0.2, 0.2, 1, 0), (0.4, 0.6, 2, 0.5), (0.8, 0.8, 1, 1)]
    parts = decomposition(p, happened)
    assert parts.brier == pytest.approx((0.04 + 0.36 + 0.36 + 0.04) / 4)
    assert parts.uncertainty == pytest.approx(0.25)
    assert parts.discrimination == pytest.approx(0.25 - 0.5 / 4)
    assert parts.miscalibration == pytest.approx(0.2 - 0.5 / 4)


def test_the_decomposition_adds_up(events):
    """The Brier score is miscalibration less discrimination plus uncertainty; none is below 0."""
    p, happened = events
    parts = decomposition(p, happened)
    assert parts.brier == pytest.approx(metrics.brier_score_loss(happened, p))
    sum_of_parts = parts.miscalibration - parts.discrimination + parts.uncertainty
    assert sum_of_parts == pytest.approx(parts.brier)
    recalibrated = IsotonicRegression().fit(p, happened).predict(p)
    gained = parts.brier - metrics.brier_score_loss(happened, recalibrated)
    assert parts.miscalibration == pytest.approx(gained)
    assert min(parts) >= 0
    constant = decomposition(np.full(10, 0.3), np.arange(10) < 3)
    assert constant.miscalibration == pytest.approx(0)
    assert constant.discrimination == pytest.approx(0)


def test_bands_hold_right_forecasts_and_not_wrong_ones():
    """Right forecasts are seldom off their band; forecasts of 0.9 that come true half the time are.

    Steps are chosen for what happened, so a few more than 5 % of right ones may be off.
    """
    generator = np.random.default_rng(7)
    n_off = n_steps = 0
    for trial in range(30):
        p = generator.uniform(size=300)
        steps = reliability(p, generator.uniform(size=300) < p, trial, n_samples=200)
        n_off, n_steps = n_off + sum(s.is_off for s in steps), n_steps + len(steps)
    assert 0 < n_off < 0.1 * n_steps
    wrong = reliability(np.full(40, 0.9), np.arange(40) % 2 == 0, 1)
    assert [step.is_off for step in wrong] == [True]
    band = wrong[0].low, wrong[0].high
    np.testing.assert_allclose(band, binom.ppf([0.025, 0.975], 40, 0.9) / 40, atol=0.026)
