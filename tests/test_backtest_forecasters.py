"""The plain forecasters: what each says of small pasts, and that it says probabilities."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sim.backtest.forecasters import (
    ABLATIONS,
    AlwaysInFavour,
    BaseRate,
    LastVote,
    Logit,
    MemberRate,
    ablations,
    baselines,
)
from sim.backtest.forecasters.simulator import Simulator, over_the_prior, scenario_on
from sim.behaviours.sincere import Sincere
from sim.chamber import convene
from sim.charter import DECIDED, Action
from sim.errors import UnscError
from sim.paths import PREFERENCES
from sim.reading.yaml12 import read
from sim.record import RecordedVote, read_record
from sim.record.base_rates import decisions_known
from sim.record.rates import overall
from sim.roster import council_on

Cast = Callable[..., RecordedVote]


@pytest.fixture(scope="module")
def record() -> tuple[RecordedVote, ...]:
    """The record as it is shipped."""
    return read_record()


@pytest.fixture(scope="module")
def cast(record) -> Cast:
    """Return a function that makes a vote on a day, with what some members did."""

    def build(
        day: str, mandate: str = "m", rival: tuple[str, ...] = (), **actions: int
    ) -> RecordedVote:
        council = council_on(date.fromisoformat(day))
        roll_call = np.array([actions.get(m.code, 0) for m in council], dtype=np.int8)
        made = replace(
            record[0],
            date=date.fromisoformat(day),
            mandate=mandate,
            rival=rival,
            procedural=False,
            council=council,
            roll_call=roll_call,
        )
        return replace(made, outcome=DECIDED[made.rules.decide(roll_call[:, None])[0]])

    return build


def of(vote: RecordedVote, code: str) -> int:
    """Return the seat of a member."""
    return [m.code for m in vote.council].index(code)


@pytest.mark.parametrize("forecaster", baselines(), ids=lambda f: f.name)
@pytest.mark.parametrize("n_past", [0, 1, 25])
def test_forecasts_are_probabilities(forecaster, n_past, record):
    """Whatever the past, also none, every forecast sums to 1 and rules nothing out."""
    forecast = forecaster.learn(record[:n_past], record[40].date)(record[40])
    assert forecast.actions.shape == (15, 3)
    np.testing.assert_allclose(forecast.actions.sum(axis=1), 1)
    assert forecast.outcome.sum() == pytest.approx(1)
    assert (forecast.actions > 0).all()
    assert (forecast.outcome > 0).all()


def test_names_are_those_of_the_report():
    """The six are called as the report calls them."""
    names = [f.name for f in baselines()]
    plain = ["always_in_favour", "base_rate", "member_rate", "last_vote"]
    assert names == [*plain, "logit", "regression"]


def test_always_in_favour_leaves_room_for_a_slip(record):
    """Each member is in favour with all but two slips, so five permanent ones veto five times."""
    slip = AlwaysInFavour().slip
    forecast = AlwaysInFavour().learn((), record[0].date)(record[0])
    np.testing.assert_allclose(forecast.actions[:, Action.IN_FAVOUR], 1 - 2 * slip)
    assert forecast.outcome[0] == pytest.approx((1 - slip) ** 5, abs=1e-6)


def test_base_rates_are_those_of_the_year_before(record):
    """A refit in 2016 knows the decisions of 2015 and not those of 2016."""
    outcome = BaseRate().learn((), date(2016, 1, 1))(record[0]).outcome
    unanimous, by_majority, vetoed, not_carried = decisions_known(2015)
    counts = np.array([unanimous + by_majority, vetoed, not_carried]) + 0.5
    np.testing.assert_allclose(outcome, counts / counts.sum())
    assert decisions_known(2015) != decisions_known(2016)


def test_years_without_a_table_use_the_latest_before():
    """The year after the table has its last rates, one before it none."""
    assert decisions_known(2100) == decisions_known(2023)
    assert decisions_known(1900) == (0, 0, 0, 0)


def test_base_rate_gives_all_members_the_shares_of_the_past(record):
    """Every member has the share of each action among all member votes, half a vote added."""
    forecast = BaseRate().learn(record[:50], date(2016, 1, 1))(record[60])
    counts = np.bincount(np.concatenate([v.roll_call for v in record[:50]]), minlength=3) + 0.5
    np.testing.assert_allclose(forecast.actions, np.tile(counts / counts.sum(), (15, 1)))


def test_member_rate_is_between_own_rate_and_group(cast):
    """Who was against each time is so forecast more than its group, and less than always."""
    past = [cast(f"2016-0{k}-01", RUS=Action.AGAINST) for k in range(1, 9)]
    vote = cast("2016-10-01")
    actions = MemberRate().learn(past, vote.date)(vote).actions
    russia, france = actions[of(vote, "RUS")], actions[of(vote, "FRA")]
    assert france[Action.AGAINST] < russia[Action.AGAINST] < 1
    assert russia[Action.AGAINST] > 8 / 18


def test_a_stranger_has_its_groups_rate(cast):
    """A member never seen is forecast as a group-mate that has no rate of its own."""
    past = [cast("2016-01-01", SEN=Action.ABSTAINING)]
    vote = cast("2020-01-02")  # Niger, South Africa and Tunisia: none sat in 2016
    actions = MemberRate().learn(past, vote.date)(vote).actions
    np.testing.assert_array_equal(actions[of(vote, "NER")], actions[of(vote, "ZAF")])
    assert actions[of(vote, "NER")][1] > actions[of(vote, "DEU")][1]


def test_last_vote_keeps_what_members_did(cast):
    """A member is likelier to abstain where it did last time on the mandate than elsewhere."""
    past = [cast(f"2016-0{k}-01", "m", CHN=Action.ABSTAINING) for k in range(1, 9)]
    past += [cast("2016-09-01", "other")]
    on_mandate, elsewhere = cast("2016-10-01", "m"), cast("2016-10-01", "other")
    forecast = LastVote().learn(past, date(2016, 10, 1))
    china = of(on_mandate, "CHN")
    assert forecast(on_mandate).actions[china, 1] > 0.4 > forecast(elsewhere).actions[china, 1]


def test_last_vote_passes_over_rival_texts(cast):
    """What was done on a rival text changes nothing for the next draft but the overall rate."""
    plain = [cast("2016-01-01"), cast("2016-02-01")]
    vote = cast("2016-03-01")
    rival = cast("2016-02-02", rival=("USA",), RUS=Action.AGAINST)
    actions = LastVote().learn([*plain, rival], vote.date)(vote).actions
    assert len(np.unique(actions.round(12), axis=0)) == 1  # all were in favour last time


def test_first_vote_on_a_mandate_has_the_overall_rate(cast):
    """With no vote on the mandate before, every member has the rate of all members."""
    past, vote = [cast("2016-01-01", "m", RUS=2)], cast("2016-02-01", "new")
    actions = LastVote().learn(past, vote.date)(vote).actions
    np.testing.assert_allclose(actions, np.tile(overall(past), (15, 1)))


def test_newcomers_follow_their_group(cast):
    """A member that did not sit last time does what its group did then."""
    past = [cast("2016-01-01"), cast("2016-02-01", SEN=1, AGO=1, EGY=1)]
    vote = cast("2020-01-02")
    actions = LastVote().learn(past, vote.date)(vote).actions
    assert actions[of(vote, "NER"), 0] != actions[of(vote, "DEU"), 0]


def test_logit_learns_who_is_against_what(record):
    """Taught on the record up to 2023, it expects Russia to dissent on aid to Syria, not France."""
    past = [v for v in record if v.date.year < 2023]
    vote = next(v for v in record if v.date.year == 2023 and v.instrument == "aid_access_renewal")
    actions = Logit(strengths=(0.3,)).learn(past, date(2023, 1, 1))(vote).actions
    assert actions[of(vote, "RUS"), 0] < 0.5 < actions[of(vote, "FRA"), 0]


def test_logit_without_scikit_learn_says_what_to_do(record, monkeypatch):
    """Where scikit-learn is missing the user reads what to install."""
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    with pytest.raises(UnscError, match="pip install"):
        Logit().learn(record[:30], record[30].date)


def test_learning_changes_no_vote(record):
    """A forecaster leaves the past as it was."""
    past: Sequence[RecordedVote] = record[:30]
    before = [v.roll_call.copy() for v in past]
    for forecaster in baselines():
        forecaster.learn(past, record[30].date)(record[30])
    assert all((v.roll_call == b).all() for v, b in zip(past, before, strict=True))


@pytest.fixture(scope="module")
def preferences():
    """The calibrated preferences, as the simulator reads them."""
    return over_the_prior(read(PREFERENCES / "calibrated.yaml").plain())


@pytest.fixture(scope="module")
def seed_vote(record):
    """The vote of 28 March 2024, of whose members the record remembers much."""
    return next(vote for vote in record if vote.vote_id == "S-2024-255")


def actions_of(vote, preferences, **behaviours):
    """Return what each member would do in a few worlds, (M, 3)."""
    return convene(scenario_on(vote, preferences), 500, 1, workers=1, **behaviours).actions


def test_without_habit_members_act_as_if_nothing_were_remembered(seed_vote, preferences):
    """Habit switched off is the same as no memory, and not the same as memory."""
    ablated = actions_of(seed_vote, ABLATIONS["habit"](preferences))
    forgotten = actions_of(replace(seed_vote, record=None), preferences)
    np.testing.assert_allclose(ablated, forgotten, atol=1e-6)
    assert np.abs(ablated - actions_of(seed_vote, preferences)).max() > 0.05


def test_without_beliefs_all_members_are_sincere(seed_vote, preferences):
    """It is the same as giving each of them that behaviour in Python."""
    ablated = actions_of(seed_vote, ABLATIONS["beliefs"](preferences))
    sincere = {member.code: Sincere() for member in seed_vote.council}
    given = actions_of(seed_vote, preferences, behaviours=sincere)
    np.testing.assert_allclose(ablated, given, atol=1e-6)


def test_without_coupling_nobody_heeds_a_caucus(seed_vote, preferences):
    """What Russia and China would do changes, and hardly what the others would."""
    ablated = actions_of(seed_vote, ABLATIONS["coupling"](preferences))
    codes = [m.code for m in seed_vote.council]
    moved = np.abs(ablated - actions_of(seed_vote, preferences)).max(axis=1)
    pair = [codes.index("CHN"), codes.index("RUS")]
    assert moved[pair].max() > 0.02
    assert np.delete(moved, pair).max() < 0.02


def test_without_sides_it_does_not_matter_to_the_gain_who_asks(seed_vote, preferences):
    """Only to those who hold the pen the draft is worth something for being theirs."""
    before, after = (
        convene(scenario_on(seed_vote, p), 500, 1, workers=1).to_dict()["members"]
        for p in (preferences, ABLATIONS["sides"](preferences))
    )
    others = before.keys() - {*seed_vote.penholders}
    assert min(abs(before[code]["terms"]["penholder"]) for code in others) > 0.01
    assert {after[code]["terms"]["penholder"] for code in others} == {0}


def test_ablations_have_names_of_their_own():
    """Each is a row of its own beside the simulator, once, and a slip is told what was meant."""
    found = ablations(["habit", "sides", "habit"])
    assert [f.name for f in found] == ["simulator_without_habit", "simulator_without_sides"]
    assert Simulator().name == "simulator"
    with pytest.raises(UnscError, match="Did you mean 'beliefs'"):
        ablations(["belief"])
