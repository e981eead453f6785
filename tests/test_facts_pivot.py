"""Who is pivotal: where the lines of what actions are worth meet."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.chamber import convene
from sim.charter import Action
from sim.facts.pivot import becomes_best
from sim.scenario import load_scenario


def lines(utilities, slopes):
    return np.array(utilities, dtype=float), np.array(slopes, dtype=float)


@given(
    st.lists(st.floats(-5, 5), min_size=3, max_size=3),
    st.lists(st.integers(-4, 4), min_size=3, max_size=3),
)
def test_an_action_becomes_best_where_it_is_said_to(utilities, slopes):
    """Just beyond the change that is told the action is worth most, and short of it it is not."""
    worth, rises = lines(utilities, slopes)
    for action in Action:
        change = becomes_best(action, worth, rises)
        every = [becomes_best(a, worth, rises) for a in Action]
        assert 0.0 in every  # something is worth most as it is
        if change is None:
            for gain in np.linspace(-50, 50, 41):
                assert (worth + gain * rises)[action] < (worth + gain * rises).max() + 1e-9
        else:
            there = worth + change * rises
            assert there[action] >= there.max() - 1e-9
            short = worth + 0.9 * change * rises
            assert abs(change) < 1e-6 or short[action] < short.max()


def test_lines_that_are_known_meet_where_they_do():
    """A vote against gives way to abstaining at once, and to a vote in favour only beyond that."""
    worth, rises = lines([-3, -1, 1], [2, 1, 0])
    assert becomes_best(Action.AGAINST, worth, rises) == 0
    assert becomes_best(Action.ABSTAINING, worth, rises) == pytest.approx(2)
    assert becomes_best(Action.IN_FAVOUR, worth, rises) == pytest.approx(2)
    assert becomes_best(Action.ABSTAINING, *lines([5, -9, 5], [1, 0, -1])) is None
    assert becomes_best(Action.ABSTAINING, *lines([1, 0, -1], [0, 0, 0])) is None


def test_what_would_change_the_seed_vote():
    """Russia abstains if it gains enough, and no other member would move more."""
    members = convene(load_scenario("dprk-panel-2024"), 4000).to_dict()["members"]
    russia = members["RUS"]["pivot"]
    assert (russia["now"], russia["next"]) == ("against", "abstaining")
    assert russia["moves"] > 0.5
    assert russia["at_gain"] == pytest.approx(
        members["RUS"]["gain"]["mean"] + russia["distance"], abs=1e-5
    )
    pivots = {code: m["pivot"]["moves"] for code, m in members.items() if m["pivot"]}
    assert max(pivots, key=pivots.__getitem__) == "RUS"
    assert set(pivots) <= {"CHN", "FRA", "GBR", "RUS", "USA"}
