"""Exact against sampled: drawn votes agree with their chances, intervals hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import Imagine
from numpy.polynomial.hermite_e import hermegauss
from scipy.special import expit

from sim.chamber import convene
from sim.charter import OUTCOMES, Outcome
from sim.ensemble import Ensemble, Interval
from sim.ensemble.tally import interval, most_frequent, spread
from sim.scenario import Scenario, load_scenario

WORLDS, MANY = 20_000, 100_000
TABLING = ("always", "{if_adoptable: 0.5}", "{rollover_below: 0.7}")


@pytest.fixture(scope="module")
def many(seed_vote: Scenario) -> Ensemble:
    """So many worlds of the seed vote that their error does not count."""
    return convene(seed_vote, MANY, 1)


@pytest.mark.parametrize("rule", TABLING)
def test_drawn_outcomes(rule: str) -> None:
    """Drawn outcomes are as frequent as their exact chances say, within 4 standard errors."""
    scenario = load_scenario("dprk-panel-2024", [f"tabling={rule}"])
    ensemble = convene(scenario, WORLDS, 5)
    for k, outcome in enumerate(OUTCOMES):
        p = ensemble.outcome[outcome].p
        error = np.sqrt(max(p * (1 - p), 1e-7) / ensemble.n_worlds)
        assert abs(ensemble.mean(ensemble.tally.drawn)[k] - p) < 4 * error + 1e-6, outcome


def test_indifferent_council_as_drawn() -> None:
    """Fifteen indifferent members' drawn votes come to the oracle's fractions, within 4 SE."""
    ensemble = convene(load_scenario("dprk-panel-2024", ["coefficients.precision=0"]), WORLDS, 3)
    for k, (outcome, patterns) in enumerate([("adopted", 146796), ("vetoed", 295551)]):
        p = patterns / 3**15
        assert ensemble.outcome[Outcome(outcome)].p == pytest.approx(p, abs=1e-6)
        assert abs(ensemble.mean(ensemble.tally.drawn)[k] - p) < 4 * np.sqrt(p * (1 - p) / WORLDS)


def test_drawn_votes_in_favour(many: Ensemble) -> None:
    """The drawn votes in favour average to the sum of the members' chances, within 4 SE."""
    counts, p = np.arange(16), many.mean(many.tally.in_favour)
    drawn, expected = (counts * p).sum(), many.actions[:, 0].sum()
    variance = (counts**2 * p).sum() - drawn**2
    assert abs(drawn - expected) < 4 * np.sqrt(variance / MANY)


@pytest.fixture(scope="module")
def small_runs(seed_vote: Scenario) -> list[Ensemble]:
    """Sixty runs of 500 worlds."""
    return [convene(seed_vote, 500, seed, workers=1) for seed in range(100, 160)]


@pytest.mark.parametrize("what", ["adopted", "vetoed", "blocked"])
def test_intervals_cover(small_runs: list[Ensemble], many: Ensemble, what: str) -> None:
    """Of 60 intervals from 500 worlds each, 85 to 100 % hold the value of 100,000 worlds."""

    def interval_of(ensemble: Ensemble) -> Interval:
        return ensemble.blocked if what == "blocked" else ensemble.outcome[Outcome(what)]

    truth = interval_of(many).p
    covering = [i.low <= truth <= i.high for i in map(interval_of, small_runs)]
    assert 0.85 <= np.mean(covering) <= 1


@pytest.mark.parametrize(("middle", "least"), [(-4, 0.93), (-6, 0.91), (-12, 0)])
def test_intervals_are_too_narrow_for_what_is_rare(middle: float, least: float) -> None:
    """Of chances with normal log-odds, intervals hold a mean of ten worlds of 1,000 or more.

    What hardly ever happens they miss more often than they say, by less than three worlds. The mean
    is known from quadrature.
    """
    at, weights = hermegauss(200)
    truth = weights @ expit(middle + 3 * at) / weights.sum()
    generator, n, runs = np.random.default_rng(1), 1000, 600
    chances = expit(middle + 3 * generator.standard_normal((runs, n)))
    found = [interval(p.sum(), (p**2).sum(), n) for p in chances]
    missed = [max(i.low - truth, truth - i.high) for i in found]
    share = np.mean(np.array(missed) <= 0)
    if least:
        assert n * truth > 10
        assert least < share < 0.98
    else:
        assert n * truth < 1
        assert share < 0.85
        assert max(missed) < 3 / n


def test_intervals_narrow_with_the_root_of_the_worlds(seed_vote: Scenario, many: Ensemble) -> None:
    """A hundred times as many worlds give an interval a tenth as wide, on average over seeds.

    Few worlds hold few that are adopted, so that a single width says little.
    """
    few = [convene(seed_vote, MANY // 100, seed).outcome[Outcome.VETOED] for seed in range(20)]
    narrow = many.outcome[Outcome.VETOED]
    wide = np.mean([i.high - i.low for i in few])
    assert wide / (narrow.high - narrow.low) == pytest.approx(10, rel=0.15)


def test_one_world_says_nothing(imagine: Imagine) -> None:
    """One world's interval is the whole range."""
    found = convene(imagine({"USA": 1.0, "FRA": 0.5}), 1, 1).outcome[Outcome.ADOPTED]
    assert (found.low, found.high) == (0, 1)
    assert 0 < found.p < 1


def test_spread_is_the_standard_deviation() -> None:
    """The spread from two sums is the standard deviation of a sample."""
    values = np.random.default_rng(1).normal(3, 0.5, 400)
    found = spread(np.asarray(values.sum()), np.asarray((values**2).sum()), 400)
    assert found == pytest.approx(values.std(ddof=1))
    assert spread(np.asarray(2.0), np.asarray(4.0), 1) == 0


def test_intervals_stay_in_range() -> None:
    """An interval near an end of the range stops there and holds its own estimate."""
    near = interval(0.5, 0.3, 400)
    assert near.low == 0 < near.p < near.high < 1
    tilt = interval(-350.0, 349.0, 400, low=-1.0)
    assert -1 <= tilt.low < tilt.p < tilt.high < 0


def test_most_frequent_first() -> None:
    """Roll calls come by how often they were drawn, and equals in the same order in every run."""
    drawn = [[0, 0], [2, 1], [0, 0], [1, 0], [0, 1], [1, 0], [0, 0]]
    votes = np.array(drawn, dtype=np.int8).T
    assert most_frequent(votes, 2).tolist() == [[0, 0], [1, 0]]
    np.testing.assert_array_equal(most_frequent(votes, 4), most_frequent(votes[:, ::-1], 4))
