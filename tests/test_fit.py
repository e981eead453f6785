"""The fit to the record: right derivatives, right levels, and truths found again."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace

import numpy as np
import pytest
from ranks import rank
from scipy import sparse
from simulated import fitted, roll_calls, unknowns_of_prior

from sim import load_scenario
from sim.backtest.forecasters.joint_fit import JointFit, forecast
from sim.backtest.tasks import unseen
from sim.charter import Rules, outcome_probabilities
from sim.consultation import answers_on
from sim.draws import Parameter, at_levels
from sim.fit import Prior, fit_record, read_prior, record_fit
from sim.fit.design import Design, lay_out
from sim.fit.likelihood import AT_ONCE, Likelihood, around, beliefs
from sim.fit.record_fit import RecordFit, fit_design
from sim.preferences import Estimate, Preferences
from sim.record import RecordedVote, read_record
from sim.roster import Member
from sim.scenario import Scenario

RECORD = read_record()
SEED_VOTE = "S-2024-255"
ON_DRAFT = 15
"""Votes of the small simulated records."""


@pytest.fixture(scope="module")
def prior() -> Prior:
    return read_prior()


@pytest.fixture(scope="module")
def small(prior: Prior) -> RecordFit:
    """The fit to the last votes of the record."""
    return fit_record(RECORD[-ON_DRAFT:], prior)


@pytest.fixture(scope="module")
def seat_fit(prior: Prior) -> RecordFit:
    """The fit to what came before the seed vote's year."""
    return fit_record([v for v in RECORD if 2021 <= v.date.year <= 2022], prior)


def seated(code: str) -> Member:
    return next(m for vote in reversed(RECORD) for m in vote.council if m.code == code)


def vote_on(vote_id: str) -> RecordedVote:
    return next(vote for vote in RECORD if vote.vote_id == vote_id)


def some_likelihood(prior: Prior, weighted: bool = False, averaged: bool = False) -> Likelihood:
    """Return the likelihood of the last three votes, beliefs from equal chances."""
    votes = RECORD[-3:]
    design = lay_out(votes, prior)
    actions = np.concatenate([vote.roll_call for vote in votes]).astype(np.intp)
    n, p = design.n_rows, len(design.parameters)
    weights = np.linspace(0.2, 2, n) if weighted else np.ones(n)
    points = around(design, 0.5 * np.eye(p) + 0.1, 0.4) if averaged else AT_ONCE
    return Likelihood(
        design, prior, actions, weights, beliefs(design, np.full((3, n), 1 / 3)), points
    )


FORMS = pytest.mark.parametrize(
    ("weighted", "averaged"), [(False, False), (True, False), (False, True), (True, True)]
)


def some_unknowns(design: Design) -> np.ndarray:
    return unknowns_of_prior(design, 1, np.random.default_rng(3))[:, 0]


@FORMS
def test_slope_is_that_of_the_value(prior, weighted, averaged):
    """The slope equals finite differences of the log likelihood."""
    likelihood = some_likelihood(prior, weighted, averaged)
    at, step = some_unknowns(likelihood.design), 1e-5
    _, slope = likelihood.value_and_slope(at)
    for k, unit in enumerate(np.eye(len(at))[:60] * step):
        up, down = (likelihood.value_and_slope(at + sign * unit)[0] for sign in (1, -1))
        assert (up - down) / (2 * step) == pytest.approx(slope[k], abs=1e-6)


@FORMS
def test_curvature_is_that_of_the_slope(prior, weighted, averaged):
    """The curvature equals finite differences of the slope, and nowhere bends upwards."""
    likelihood = some_likelihood(prior, weighted, averaged)
    at, step = some_unknowns(likelihood.design), 1e-5
    curvature = likelihood.curvature(at)
    for k, unit in enumerate(np.eye(len(at))[:60] * step):
        up, down = (likelihood.value_and_slope(at + sign * unit)[1] for sign in (1, -1))
        np.testing.assert_allclose((down - up) / (2 * step), curvature[k], atol=1e-6)
    assert np.linalg.eigvalsh(curvature).min() >= -1e-9


def test_points_have_the_spread_they_stand_for(prior):
    """Gains and costs of the points have the variances that unknowns and own shocks give them."""
    design = lay_out(RECORD[-3:], prior)
    covariance = 0.5 * np.eye(len(design.parameters)) + 0.1
    points = around(design, covariance, 0.4)
    gain = design.gain.toarray() * design.spreads
    cost = design.cost.toarray() * design.spreads
    for ours, theirs in (
        (points.gain**2, (gain @ covariance * gain).sum(axis=1) + 0.4**2),
        (points.cost**2, (cost @ covariance * cost).sum(axis=1)),
        (points.gain * points.cost, (gain @ covariance * cost).sum(axis=1)),
    ):
        np.testing.assert_allclose(points.share @ ours, theirs, atol=1e-9)


def twice(design: Design) -> Design:
    """Return the design with each vote there twice, by the same unknowns."""
    n, first = design.n_rows, design.first
    return replace(
        design,
        gain=sparse.vstack([design.gain, design.gain], format="csr"),
        cost=sparse.vstack([design.cost, design.cost], format="csr"),
        gain_known=np.tile(design.gain_known, 2),
        cost_known=np.tile(design.cost_known, 2),
        heeds=sparse.block_diag([design.heeds, design.heeds], format="csr"),
        rules=design.rules * 2,
        first=np.concatenate([first, first[1:] + n]),
    )


def test_a_weight_of_two_is_a_vote_seen_twice(prior):
    """Weights count votes: mean and precision are the same either way."""
    design = lay_out(RECORD[-5:], prior)
    actions = np.concatenate([vote.roll_call for vote in RECORD[-5:]]).astype(np.intp)
    n, first = design.n_rows, np.array([0.8, 0.1, 0.1])
    heavy = fit_design(design, prior, actions, np.full(n, 2.0), first)
    again = fit_design(twice(design), prior, np.tile(actions, 2), np.ones(2 * n), first)
    np.testing.assert_allclose(heavy.mean, again.mean, atol=1e-4)
    np.testing.assert_allclose(heavy.covariance, again.covariance, atol=1e-4)


def test_old_votes_count_less(prior):
    """A vote of no weight is as good as none; a half-life makes the rest surer than the old."""
    votes = RECORD[-4:]
    none = fit_record(votes, prior, weights=np.zeros(4))
    np.testing.assert_allclose(none.mean, 0, atol=1e-6)
    np.testing.assert_allclose(none.covariance, np.eye(len(none.mean)), atol=1e-9)
    assert np.trace(fit_record(votes, prior, half_life=0.01).covariance) > np.trace(
        fit_record(votes, prior).covariance
    )


def test_without_votes_the_prior_comes_back(prior, capfd):
    """Nothing seen, nothing learnt, and nothing said about it by a library."""
    empty = fit_record((), prior)
    assert empty.mean.shape == (0,)
    for parameters in (
        [*at_levels("ties", "PRK", seated("CHN"))],
        [Parameter("shock", "", "vote", "0")],
    ):
        mean, spread = empty.total(parameters)
        assert mean == 0
        assert spread == pytest.approx(sum(prior.spread(x) ** 2 for x in parameters) ** 0.5)
    assert capfd.readouterr() == ("", "")


def test_the_same_bytes_again(prior, small):
    """The fit and its draws are the same whenever they are computed."""
    again = fit_record(RECORD[-ON_DRAFT:], prior)
    assert again.mean.tobytes() == small.mean.tobytes()
    assert again.factor.tobytes() == small.factor.tobytes()
    assert again.draws(5, 1).tobytes() == small.draws(5, 1).tobytes()
    assert small.draws(5, 1).tobytes() != small.draws(5, 2).tobytes()


def test_draws_have_the_covariance_they_should(small):
    """Draws spread as the covariance says, about the mean."""
    drawn = (small.draws(4000, 1) - small.mean[:, None]) / small.design.spreads[:, None]
    np.testing.assert_allclose(drawn.mean(axis=1), 0, atol=0.09)
    np.testing.assert_allclose(np.cov(drawn[:40]), small.covariance[:40, :40], atol=0.09)


def test_the_vote_that_is_forecast_is_not_looked_at(seat_fit):
    """A forecast is the same with its roll call blanked or turned round."""
    vote, drawn = vote_on(SEED_VOTE), seat_fit.draws(20, 1)
    blank, real = (forecast(seat_fit, drawn, v, 1) for v in (unseen(vote), vote))
    turned = forecast(seat_fit, drawn, replace(vote, roll_call=2 - vote.roll_call), 1)
    for other in (real, turned):
        assert other.actions.tobytes() == blank.actions.tobytes()
        assert other.outcome.tobytes() == blank.outcome.tobytes()


def test_nothing_but_the_actions_is_learnt_from(prior, seat_fit):
    """The design does not change with roll calls; the fit does."""
    votes = RECORD[-4:]
    real, blank = lay_out(votes, prior), lay_out([*map(unseen, votes)], prior)
    assert real.parameters == blank.parameters
    assert (real.gain != blank.gain).nnz == (real.cost != blank.cost).nnz == 0
    turned = [replace(v, roll_call=(2 - v.roll_call).astype(np.int8)) for v in votes]
    assert not np.allclose(fit_record(turned, prior).mean, fit_record(votes, prior).mean)


def test_strangers_are_as_uncertain_as_before_any_vote(prior, seat_fit):
    """A target, a penholder, a member never met: the prior's spread, on top of what is known."""
    for kind, name in (("ties", "ISL"), ("restraint", "ISL")):
        parameters = [*at_levels(kind, name, seated("USA"))]
        assert seat_fit.total(parameters) == (
            0.0,
            pytest.approx(sum(prior.spread(x) ** 2 for x in parameters) ** 0.5),
        )
    met, stranger = ([*at_levels("stances", "any", m)] for m in (seated("FRA"), newcomer()))
    own = prior.spread(stranger[-1])
    known = seat_fit.total(stranger[:-1])[1]
    assert seat_fit.total(stranger)[1] == pytest.approx((known**2 + own**2) ** 0.5)
    assert seat_fit.total(stranger)[1] > seat_fit.total(met)[1]


def newcomer() -> Member:
    """Return a member of the Western group that has never sat."""
    switzerland = seated("CHE")
    return replace(switzerland, state=replace(switzerland.state, code="ISL"))


def test_a_newcomer_is_forecast_less_surely(seat_fit):
    """Its gains spread wider over the draws than a permanent member's of the same group."""
    vote, drawn = vote_on(SEED_VOTE), seat_fit.draws(150, 1)
    seat = [m.code for m in vote.council].index("FRA")
    council = [*vote.council]
    council[seat] = replace(newcomer(), permanent=council[seat].permanent)
    spreads = []
    for changed in (vote, replace(vote, council=tuple(council))):
        chance = [
            forecast(seat_fit, drawn[:, [w]], changed, w).actions[seat, 0] for w in range(150)
        ]
        spreads.append(np.std(chance))
    assert spreads[1] > 1.2 * spreads[0]


def test_a_tie_to_oneself_is_one(prior):
    """The penholder's own wish for its draft is known, and counts as a full tie."""
    vote = vote_on(SEED_VOTE)
    design = lay_out([vote], prior)
    row = [m.code for m in vote.council].index("USA")
    others = [
        p.who
        for p, f in zip(design.parameters, design.gain.toarray()[row], strict=True)
        if f and p.name == "USA"
    ]
    assert others == []
    without = lay_out([replace(vote, penholders=("FRA",))], prior)
    assert design.gain_known[row] - without.gain_known[row] == pytest.approx(prior.asking)


def certain(scenario: Scenario) -> Scenario:
    """Return the scenario with all spreads and shocks 0."""

    def sure(value: object) -> object:
        if isinstance(value, Estimate):
            return replace(value, spread=0.0)
        return {k: sure(v) for k, v in value.items()} if isinstance(value, dict) else value

    def of(wants: Preferences) -> Preferences:
        plain = {f.name: getattr(wants, f.name) for f in fields(wants)}
        return replace(
            wants, **{k: sure(dict(v) if hasattr(v, "items") else v) for k, v in plain.items()}
        )

    return replace(
        scenario,
        preferences=tuple(map(of, scenario.preferences)),
        coefficients=replace(scenario.coefficients, shared_shock=0.0, own_shock=0.0),
        draft=replace(scenario.draft, reading_spread=np.zeros_like(scenario.draft.reading_spread)),
    )


@pytest.mark.parametrize("matter", ["substantive", "procedural"])
def test_consultations_are_the_chambers(prior, hold, matter):
    """From the same gains and costs the fit's consultations and the chamber's end alike.

    So do the gains and costs themselves, before any vote.
    """
    over = ["preferences=prior", f"charter.matter={matter}"]
    model = hold(certain(load_scenario("dprk-panel-2024", over)), 1)
    gain = np.array([d.gain for d in model.delegations], dtype=np.float64)
    cost = model.costs
    rules = model.scenario.rules
    ours = answers_on(gain, prior.voice, cost, prior.precision, rules, model.heeding)
    np.testing.assert_allclose(ours, model.answers, atol=1e-4)
    draft = model.scenario.draft
    vote = replace(vote_on(SEED_VOTE), text=draft.text, lapse=draft.lapse)
    vote = replace(vote, procedural=matter == "procedural")
    assert tuple(m.code for m in vote.council) == model.scenario.codes
    design = lay_out([vote], prior)
    np.testing.assert_allclose(design.gain_known, gain[:, 0], atol=1e-5)
    np.testing.assert_allclose(design.cost_known, cost[:, 0], atol=1e-5)
    np.testing.assert_allclose(
        design.answers(np.zeros((len(design.parameters), 1)), prior), model.answers, atol=1e-4
    )


def test_without_a_veto_nobody_pays_for_one(prior):
    """On a procedural vote costs hold no veto cost, and no veto stops nine members."""
    vote = vote_on(SEED_VOTE)
    real, procedural = (lay_out([replace(vote, procedural=p)], prior) for p in (False, True))
    permanent = np.array([m.permanent for m in vote.council])
    np.testing.assert_allclose(
        real.cost_known - procedural.cost_known, np.where(permanent, prior.mean("veto_cost"), 0)
    )
    gain = np.where(permanent, -3.0, 3.0)[:, None]
    cost = np.zeros_like(gain)
    for rules, stops in ((vote.rules, True), (Rules(np.zeros(15, dtype=bool)), False)):
        answers = answers_on(gain, prior.voice, cost, prior.precision, rules)
        assert (answers[permanent, 2] > 0.9).all()
        assert (outcome_probabilities(answers, rules)[0, 0] < 0.01) == stops


def test_the_forecaster_forecasts():
    """The simulator as a forecaster: probabilities, the same again, before any vote too."""
    model, vote = JointFit(worlds=30), unseen(vote_on(SEED_VOTE))
    for past in ((), RECORD[:10]):
        first, again = (model.learn(past, vote.date)(vote) for _ in range(2))
        np.testing.assert_allclose(first.actions.sum(axis=1), 1)
        assert first.outcome.sum() == pytest.approx(1)
        assert first.actions.tobytes() == again.actions.tobytes()


def test_truths_rank_evenly(prior):
    """Truths have any rank among draws of what was fitted to votes simulated from them.

    Source: Talts et al. 2018; the full form of it is `make sbc`.
    """
    found = rank(RECORD[-ON_DRAFT:], prior, sets=60, random_seed=7)
    assert {n: p for n, (_, p) in found.evenness.items() if p <= 0.01} == {}
    covered = [*found.coverage(0.9).values()]
    assert np.mean(covered) == pytest.approx(0.9, abs=0.04)


def test_ranks_tell_a_fit_that_is_not_right(prior, monkeypatch):
    """The plain mode is too near to the prior, and the same ranks say so."""
    monkeypatch.setattr(record_fit, "ROUNDS", 0)
    found = rank(RECORD[-ON_DRAFT:], prior, sets=120, random_seed=7)
    assert min(p for _, p in found.evenness.values()) < 0.01


@pytest.fixture(scope="module")
def recovered(prior: Prior) -> tuple[np.ndarray, RecordFit]:
    """True unknowns of a simulated record as long as the real one, and the fit to it."""
    design, generator = lay_out(RECORD, prior), np.random.Generator(np.random.SFC64(1))
    truth = unknowns_of_prior(design, 1, generator)
    calls = roll_calls(design, prior, truth, generator)
    return truth[:, 0], fitted(design, prior, calls[:, 0])


def test_intervals_cover_the_truths_of_a_whole_record(recovered):
    """Of the unknowns that votes inform, nine intervals in ten hold the truth, less their error."""
    truth, found = recovered
    spreads = found.covariance.diagonal() ** 0.5
    away = np.abs(truth - found.mean) / (found.design.spreads * spreads)
    informed = spreads < 0.8
    assert informed.sum() > 300
    sampling_error = (0.9 * 0.1 / informed.sum()) ** 0.5
    assert (away[informed] < 1.645).mean() >= 0.9 - 2 * sampling_error
    assert (away < 1.645).mean() == pytest.approx(0.9, abs=0.02)


def test_members_stances_are_found_again(recovered):
    """Members that have voted thirty times and more come out in their true order, roughly."""
    truth, found = recovered
    index, times = found.design.index, Counter(m.code for v in RECORD for m in v.council)
    levels = [[*at_levels("stances", "any", seated(c))] for c, n in times.items() if n >= 30]
    true = [truth[[index[x] for x in of]].sum() for of in levels]
    assert len(true) > 20
    assert np.corrcoef(true, [found.total(of)[0] for of in levels])[0, 1] > 0.7
