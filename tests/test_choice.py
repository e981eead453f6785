"""From gain to choice: probabilities that are some, derivatives that are right, votes as drawn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from sim import choice
from sim.charter import Action

Floats = NDArray[np.float64]

Y, A, N = Action
NUDGE = 1e-5


def floats(low: float, high: float, *shape: int) -> st.SearchStrategy[Floats]:
    """Arrays of numbers from low to high."""
    return arrays(np.float64, shape, elements=st.floats(low, high, allow_subnormal=False))


shares = floats(0, 1, 3, 2)


def gain_of(x: Floats, q: Floats, ideal: Floats, salience: Floats) -> Floats:
    """Return what each provision of a text is worth over the lapse."""
    return choice.text_gain(x - q, choice.pull_of(q, ideal, salience), salience)


def worth_of(gain: Floats, beliefs: Floats, voice: Floats, cost: Floats) -> Floats:
    """Return what each action is worth."""
    return choice.utilities(gain, beliefs, choice.expressive(gain, voice, cost))


def test_gain_in_words() -> None:
    """A text at 0.7 over a lapse at 0.2 for an ideal of 0.9 and a weight of 2 gains 0.9."""
    gain = gain_of(*(np.array([[x]]) for x in (0.7, 0.2, 0.9, 2.0)))
    assert gain == pytest.approx(2 * ((0.2 - 0.9) ** 2 - (0.7 - 0.9) ** 2))


@given(shares, floats(0, 1, 3, 1), shares, floats(0, 10, 3, 2))
def test_gain_is_loss_avoided(x: Floats, q: Floats, ideal: Floats, salience: Floats) -> None:
    """The gain is the weighted squared distance of the lapse less that of the text."""
    expected = salience * ((q - ideal) ** 2 - (x - ideal) ** 2)
    np.testing.assert_allclose(gain_of(x, q, ideal, salience), expected, atol=1e-12)


@given(shares, floats(0, 1, 3, 4, 2), floats(0, 10, 3, 4, 2))
def test_gains_of_all_at_a_time(change: Floats, pulls: Floats, saliences: Floats) -> None:
    """The gain is the sum over provisions, what the tie to the target makes of it, and the rest."""
    each = [choice.text_gain(change, pulls[:, m], saliences[:, m]).sum(axis=0) for m in range(4)]
    hostility, tie, rest = change[0], np.linspace(-1, 1, 4)[:, None], np.ones((4, 1))
    pressures = choice.pressure_of(tie, 2.5)
    gains = choice.gain(change, hostility, pulls, saliences, pressures, rest)
    np.testing.assert_allclose(gains, each - 2.5 * tie * hostility + 1, atol=1e-8)


@given(shares, floats(0, 1, 3, 1), shares, floats(0, 10, 3, 2), floats(-1, 1, 1, 2))
def test_slope_of_the_text(
    x: Floats, q: Floats, ideal: Floats, salience: Floats, weight: Floats
) -> None:
    """The weighted slope is what a small move of the text adds to the gain, by weight."""
    up, down = (gain_of(x + d, q, ideal, salience) for d in (NUDGE, -NUDGE))
    pulls, saliences = choice.pull_of(q, ideal, salience)[:, None], salience[:, None]
    no_target = np.zeros_like(q), pulls, saliences, 0 * weight
    slope = choice.weighted_slope(x - q, *no_target, weight)
    np.testing.assert_allclose(weight * (up - down) / (2 * NUDGE), slope, atol=1e-8)


def test_hostility_in_words() -> None:
    """A text is hostile by what it adds to the lapse, each provision at its weight."""
    change, weights = (np.array(v)[:, None] for v in ([0.5, -0.4], [1.0, -0.5]))
    assert choice.hostility_of(change, weights) == pytest.approx(0.5 + 0.2)


def test_utilities_in_words() -> None:
    """Each action is worth its chance of adoption, the voice for or against, less its costs."""
    gain, voice, cost, veto = (np.array([v]) for v in (-0.8, 0.5, 0.3, 0.4))
    beliefs = np.array([[0.9], [0.6], [0.0]])
    worth = worth_of(gain, beliefs, voice, cost + veto)[:, 0]
    assert worth == pytest.approx([1.4 * -0.8, 0.6 * -0.8, 0.5 * 0.8 - 0.3 - 0.4])
    assert worth_of(gain, beliefs, voice, cost)[N, 0] == pytest.approx(0.1)


@given(floats(-5, 5, 2), shares, floats(0, 5, 2))
def test_utility_slope(gain: Floats, beliefs: Floats, voice: Floats) -> None:
    """The slope of each action's utility is what a small rise of the gain gives."""
    cost = np.array([0.3, 0.1])
    up, down = (worth_of(gain + d, beliefs, voice, 2 * cost) for d in (NUDGE, -NUDGE))
    slope = choice.utility_slope(beliefs, voice)
    np.testing.assert_allclose((up - down) / (2 * NUDGE), slope, atol=1e-8)


@given(floats(-2, 2, 2), shares, floats(0, 2, 2), st.floats(0, 10))
def test_leverage(gain: Floats, beliefs: Floats, voice: Floats, precision: float) -> None:
    """The leverage is what a small rise of one member's gain adds to P(adopted)."""
    cost = np.array([0.3, 0.1])

    def p(at: Floats) -> Floats:
        return choice.logit(worth_of(at, beliefs, voice, cost), precision)

    up, down = ((p(gain + d) * beliefs).sum(axis=0) for d in (NUDGE, -NUDGE))
    slope = choice.utility_slope(beliefs, voice)
    leverage = choice.leverage(p(gain), beliefs, slope, precision)
    np.testing.assert_allclose((up - down) / (2 * NUDGE), leverage, atol=1e-6)


@given(floats(-100, 100, 3, 2))
def test_no_precision_no_preference(utility: Floats) -> None:
    """At precision 0 all three actions are equally likely, whatever they are worth."""
    np.testing.assert_array_equal(choice.logit(utility, 0.0), 1 / 3)


@given(floats(-10, 10, 3, 2), st.floats(0, 20))
def test_logit_is_the_softmax(utility: Floats, precision: float) -> None:
    """Chances sum to 1, and their ratios are the exponentials of the differences."""
    p = choice.logit(utility, precision)
    np.testing.assert_allclose(p.sum(axis=0), 1, rtol=1e-12)
    with np.errstate(divide="ignore"):
        told_by_ratio = np.log(p[Y] / p[A])
    finite = np.isfinite(told_by_ratio)
    expected = (precision * (utility[Y] - utility[A]))[finite]
    np.testing.assert_allclose(told_by_ratio[finite], expected, atol=1e-9)


@given(floats(-1e30, 1e30, 3, 4))
def test_no_overflow(utility: Floats) -> None:
    """Utilities as large as 1e30 leave chances that sum to 1, with the best action not behind."""
    p = choice.logit(utility.astype(np.float32), 50.0)
    np.testing.assert_allclose(p.sum(axis=0), 1, rtol=1e-6)
    np.testing.assert_array_equal(p[utility.argmax(axis=0), np.arange(4)], p.max(axis=0))


@pytest.mark.parametrize("p", [(0.2, 0.5, 0.3), (0.97, 0.02, 0.01), (1 / 3, 1 / 3, 1 / 3)])
def test_votes_as_often_as_their_chances(p: tuple[float, ...]) -> None:
    """Each action is drawn as often as its chance says, within 4.5 standard errors."""
    n = 200_000
    uniforms = np.random.default_rng(4).random(n, dtype=np.float32)
    votes = choice.cast(np.repeat(np.array(p, "f4")[:, None], n, axis=1), uniforms)
    for action, chance in zip(Action, p, strict=True):
        error = np.sqrt(chance * (1 - chance) / n)
        assert abs((votes == action).mean() - chance) < 4.5 * error


@pytest.mark.parametrize("action", Action)
def test_a_sure_vote_is_sure(action: Action) -> None:
    """A member sure of an action takes it, whatever the uniform from 0 to just below 1."""
    uniforms = np.array([0, 0.5, 1 - 2**-24], dtype=np.float32)
    p = np.repeat(np.eye(3, dtype=np.float32)[action][:, None], 3, axis=1)
    assert (choice.cast(p, uniforms) == action).all()


def test_a_vote_moves_no_further_than_its_chances() -> None:
    """Under the same uniform a shift of 0.01 from against to in favour moves votes in 0.02."""
    uniforms = np.linspace(0, 1, 10_000, endpoint=False)
    before, after = (
        choice.cast(np.repeat(np.array(p)[:, None], 10_000, axis=1), uniforms)
        for p in ([0.40, 0.35, 0.25], [0.41, 0.35, 0.24])
    )
    assert (after <= before).all()
    assert (before != after).mean() == pytest.approx(0.02, abs=2e-4)
