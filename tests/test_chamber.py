"""The Mesa room: equilibria that others compute too, and the order of business to its end."""

from __future__ import annotations

import gc
import weakref
from itertools import product

import mesa
import numpy as np
import pytest
from conftest import HAND_SET, Hold, Imagine
from hypothesis import given, settings
from hypothesis import strategies as st
from logit_games import EXPRESSIVE, GAMES, P3, PRECISIONS, equilibria, logit_response, payoffs
from numpy.typing import NDArray

from sim.catalogue import provisions
from sim.chamber import CouncilModel, Penholder, convene, session
from sim.chance import BLOCK
from sim.charter import DECIDED, OUTCOMES, Action, Outcome, outcome_probabilities
from sim.choice import pull_of
from sim.ensemble import GAIN_TERMS
from sim.errors import UnscError
from sim.scenario import Scenario, load_scenario

Y, A, N = Action
ADOPTED, VETOED, NOT_CARRIED = map(OUTCOMES.index, DECIDED)
WITHDRAWN, ROLLED_OVER = map(OUTCOMES.index, (Outcome.WITHDRAWN, Outcome.ROLLED_OVER))

UNTIL_SETTLED = ("consultations.rounds=200", "consultations.damping=0.2")


EQUILIBRIA = equilibria()


def test_the_table_has_every_game() -> None:
    """Whoever adds a game makes the table again: it has each game at each precision, no other."""
    assert list(EQUILIBRIA) == list(product(GAMES, PRECISIONS))


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("name", GAMES)
def test_quantal_response_equilibrium(
    imagine: Imagine, hold: Hold, name: str, precision: float
) -> None:
    """Consultations settle on the logit equilibrium that pygambit finds on the principal branch."""
    game, expected = GAMES[name], EQUILIBRIA[name, precision]
    over = (f"coefficients.precision={precision}", *UNTIL_SETTLED, *game.over)
    scenario = imagine(game.gains, *over)
    worth = payoffs(scenario, game.gains)
    np.testing.assert_allclose(logit_response(worth, expected, precision), expected, atol=2e-6)
    model = hold(scenario)
    np.testing.assert_allclose(model.positions[:, :, 0], expected, atol=1e-4)
    assert model.residual[0] < 1e-5


@pytest.mark.parametrize("n_rounds", [12, 60, 200])
@pytest.mark.parametrize("start", ["lapse", "ideal of the pen"])
@pytest.mark.parametrize(
    ("pen", "decisive", "lapse"),
    [(0.9, 0.5, 0.2), (0.6, 0.5, 0.2), (1.0, 0.4, 0.1), (0.8, 0.6, 0.0), (0.95, 0.5, 0.0)],
)
def test_agenda_setting(
    imagine: Imagine,
    hold: Hold,
    pen: float,
    decisive: float,
    lapse: float,
    start: str,
    n_rounds: int,
) -> None:
    """The pen gets its ideal or, if that is less, all that leaves the decisive member no worse off.

    Wherever the text starts, and however long the consultations last.
    Source: Romer and Rosenthal 1978.
    """
    model = hold(
        imagine(
            dict.fromkeys(("USA", "CHN", "RUS"), 1.0),
            f"draft.text.scrutiny.value={lapse if start == 'lapse' else pen}",
            f"draft.lapse.scrutiny={lapse}",
            f"draft.red_lines.scrutiny={{low: {lapse}, high: 1}}",
            f"members.USA.ideal.scrutiny={pen}",
            f"members.CHN.ideal.scrutiny={decisive}",
            f"members.RUS.ideal.scrutiny={lapse}",
            "coefficients.precision=1000",
            f"consultations.rounds={n_rounds}",
            "defaults.voice=0.5",
        )
    )
    assert model.text[0, 0] == pytest.approx(min(pen, 2 * decisive - lapse), abs=0.02)


def test_an_ordinary_mesa_model(seed_vote: Scenario) -> None:
    """With one world it is a Mesa model of fifteen agents that runs until the vote is taken."""
    model = CouncilModel(seed_vote, random_seed=7)
    assert isinstance(model, mesa.Model)
    assert len(model.agents) == 15
    assert all(isinstance(agent, mesa.Agent) for agent in model.agents)
    assert [type(d) for d in model.delegations if d.name == "USA"] == [Penholder]
    assert sum(isinstance(d, Penholder) for d in model.delegations) == 1
    steps = 0
    while model.running:
        assert not hasattr(model, "votes")
        model.step()
        steps += 1
    assert steps == len(model.trace) == seed_vote.consultations.rounds
    assert model.votes.shape == (15, 1)
    assert model.outcome[0] == seed_vote.rules.decide(model.votes)[0]


def test_one_world_is_the_first_of_many(seed_vote: Scenario, hold: Hold) -> None:
    """A model of one world holds world 0 of the ensemble."""
    one, kept = hold(seed_vote, 1, 7), convene(seed_vote, 5000, 7, keep_worlds=True).worlds
    assert kept is not None
    np.testing.assert_array_equal(one.votes[:, 0], kept.votes[:, 0])
    assert one.outcome[0] == kept.outcome[0]
    np.testing.assert_allclose(one.p_outcome[:, 0], kept.p_outcome[:, 0], atol=1e-6)


@pytest.mark.parametrize("worlds", [0, BLOCK + 1])
def test_a_model_holds_one_block(seed_vote: Scenario, worlds: int) -> None:
    """A model refuses no worlds and more worlds than a block."""
    with pytest.raises(UnscError, match=r"worlds: [\d,]+; expected .* 1 to 24,576"):
        CouncilModel(seed_vote, worlds)


def tabled(rule: str, hold: Hold, *over: str) -> CouncilModel:
    """Return 2,000 worlds of the seed vote under a rule of tabling."""
    return hold(load_scenario("dprk-panel-2024", [f"tabling={rule}", *over]), 2000, 3)


RULES = ("always", "{if_adoptable: 0.8}", "{rollover_below: 0.8}", "{if_adoptable: 1}")


@pytest.mark.parametrize("rule", [*RULES, "{if_adoptable: 0.5, rollover_below: 0.9}"])
def test_every_world_ends(hold: Hold, rule: str) -> None:
    """Outcome probabilities lie in 0..1 and sum to 1 in every world, under every rule."""
    model = tabled(rule, hold)
    np.testing.assert_allclose(model.p_outcome.sum(axis=0), 1, atol=1e-5)
    assert model.p_outcome.min() >= 0
    assert model.p_outcome.max() < 1 + 1e-6


def test_always_tables(hold: Hold) -> None:
    """A penholder that always tables withdraws and rolls over nowhere."""
    model = tabled("always", hold)
    assert model.p_outcome[[WITHDRAWN, ROLLED_OVER]].max() == 0
    assert set(model.outcome) <= {ADOPTED, VETOED, NOT_CARRIED}


def test_withdraws_where_not_adoptable(hold: Hold) -> None:
    """The draft is withdrawn exactly in the worlds where P(adopted) is below the threshold."""
    p_adopted = tabled("always", hold).p_outcome[ADOPTED]
    model = tabled("{if_adoptable: 0.8}", hold)
    withdrawn = p_adopted < np.float32(0.8)
    assert 0 < withdrawn.sum() < len(withdrawn)
    np.testing.assert_array_equal(model.outcome == WITHDRAWN, withdrawn)
    np.testing.assert_array_equal(model.p_outcome[WITHDRAWN], withdrawn)
    np.testing.assert_array_equal(model.p_outcome[ADOPTED, ~withdrawn], p_adopted[~withdrawn])


def test_rolls_over_where_not_adoptable(hold: Hold) -> None:
    """The rollover is put to the vote exactly where P(adopted) is below the threshold.

    There the text is the rollover's and adoption is called rolled over; elsewhere nothing changes.
    """
    rollover = ("tabling.rollover={scrutiny: 0.3, term: 0.1}",)
    before, after = tabled("always", hold), tabled("{rollover_below: 0.8}", hold, *rollover)
    short = before.p_outcome[ADOPTED] < np.float32(0.8)
    assert 0 < short.sum() < len(short)
    np.testing.assert_array_equal(after.is_rolled_over, short)
    np.testing.assert_array_equal(after.p_outcome[:, ~short], before.p_outcome[:, ~short])
    np.testing.assert_array_equal(after.votes[:, ~short], before.votes[:, ~short])
    assert after.p_outcome[ADOPTED, short].max() == 0
    assert after.p_outcome[ROLLED_OVER, ~short].max() == 0
    assert set(after.outcome[short]) <= {VETOED, NOT_CARRIED, ROLLED_OVER}
    expected = after.scenario.draft.rollover.astype(np.float32)[:, None]
    np.testing.assert_array_equal(after.text[:, short], np.repeat(expected, short.sum(), axis=1))
    gained = after.p_outcome[ROLLED_OVER, short] - before.p_outcome[ADOPTED, short]
    assert gained.mean() > 0.1


def test_withdrawal_comes_before_rollover(hold: Hold) -> None:
    """Below both thresholds the draft is withdrawn; between them it is rolled over."""
    p = tabled("always", hold).p_outcome[ADOPTED]
    model = tabled("{if_adoptable: 0.5, rollover_below: 0.9}", hold)
    np.testing.assert_array_equal(model.outcome == WITHDRAWN, p < np.float32(0.5))
    between = (p >= np.float32(0.5)) & (p < np.float32(0.9))
    np.testing.assert_array_equal(model.is_rolled_over, between)


@pytest.mark.parametrize("key", ["must_abstain", "not_participating"])
def test_silent_members(hold: Hold, key: str) -> None:
    """A member that may not vote, or takes no part, is neither in favour nor against anywhere."""
    scenario = load_scenario("dprk-panel-2024", [f"charter.{key}=[RUS, DZA]", "observed=null"])
    model = hold(scenario, 500)
    words = {"must_abstain": "abstaining", "not_participating": "not_participating"}[key]
    for code in ("RUS", "DZA"):
        seat = scenario.codes.index(code)
        assert (model.votes[seat] == A).all()
        np.testing.assert_array_equal(model.answers[seat, A], 1)
        assert (model.leverages(model.adopted_if)[seat] == 0).all()
        assert scenario.words_for(seat, A) == words


def test_a_silent_veto_holder_does_not_veto(hold: Hold) -> None:
    """With Russia not participating nobody vetoes in its name: the draft's chances rise."""
    away = ["charter.not_participating=[RUS]", "observed=null"]
    vetoed = [
        hold(load_scenario("dprk-panel-2024", over), 500).p_outcome[VETOED].mean()
        for over in ([], away)
    ]
    assert vetoed[1] < vetoed[0] / 2


@pytest.mark.parametrize("action", [Y, N])
def test_caucuses_pull(imagine: Imagine, hold: Hold, action: Action) -> None:
    """A member drawn to its caucus does what the others do; one that keeps away does not."""
    sign = 1 if action == Y else -1
    gains = {"USA": 2.0 * sign, "FRA": 2.0 * sign, "GBR": 0.0}
    drawn_in, alone, away = (
        hold(imagine(gains, "defaults.voice=0.5", f"members.GBR.caucuses.P3={weight}")).positions
        for weight in (0.5, 0, -0.5)
    )
    seat = 1  # GBR: all three are permanent, and sit in the order of codes
    assert drawn_in[seat, action] > alone[seat, action] + 0.1 > away[seat, action] + 0.2
    np.testing.assert_allclose(alone[seat], 1 / 3, atol=1e-6)


PANEL = ("draft.instrument=panel_renewal", "draft.target=PRK")


@pytest.mark.parametrize(
    ("draft", "stances", "stance"),
    [
        ((), "{any: 0.7}", 0.7),
        ((), "{any: -0.4}", -0.4),
        ((), "{panel_renewal: 0.7}", 0.7),
        ((), "{sanctions_new: 0.7}", 0),
        (("draft.instrument=sanctions_new",), "{sanctions_new: 0.7}", 0.7),
        ((), "{rival: 0.7}", 0),
        (("draft.symbol=X",), "{rival: 0.7}", 0),
        (("draft.rival=FRA",), "{rival: 0.7}", 0.7),
        (("draft.rival=FRA",), "{any: 0.5, panel_renewal: 0.25, rival: -1, other: 9}", -0.25),
    ],
)
def test_a_stance_is_worth_itself(draft: tuple[str, ...], stances: str, stance: float) -> None:
    """Stances that hold of the draft raise the gain by their sum in every world, whatever it says.

    Nobody else's gain moves.
    """
    before, after = (
        CouncilModel(load_scenario("dprk-panel-2024", [HAND_SET, *draft, *over]), 300, 5)
        for over in ((), (f"members.FRA.stances={stances}",))
    )
    for old, new in zip(before.delegations, after.delegations, strict=True):
        moved = stance * (new.name == "FRA")
        np.testing.assert_array_equal(old.stance, 0)
        np.testing.assert_allclose(new.stance, np.full(300, moved), atol=1e-7)
        np.testing.assert_allclose(new.gain, old.gain + np.float32(moved), atol=1e-6)
    for seat in range(len(after.codes)):
        np.testing.assert_array_equal(after.text_worth(seat), before.text_worth(seat))
    others = [k for k, name in enumerate(GAIN_TERMS[1:]) if name != "stance"]
    np.testing.assert_array_equal(after.other_terms[:, others], before.other_terms[:, others])
    term = len(before.scenario.draft.provisions) + GAIN_TERMS.index("stance")
    np.testing.assert_array_equal(
        np.delete(after.terms(), term, axis=1), np.delete(before.terms(), term, axis=1)
    )
    is_french = np.array(after.scenario.codes) == "FRA"
    np.testing.assert_allclose(after.terms()[:, term], 300 * stance * is_french, atol=1e-4)


def text_worth(model: CouncilModel) -> NDArray[np.float32]:
    """Return what the text is worth to the pen in each world, for what it says."""
    return np.asarray(model.text_worth(model.penholder.seat))


def test_a_stance_is_no_reason_to_amend() -> None:
    """The pen weighs a text by what it says: a stance of its own adds nothing to its worth."""
    lines = "draft.red_lines={scrutiny: {low: 0.4, high: 0.7}, review: {low: 0.1, high: 0.6}}"
    worth = [
        text_worth(CouncilModel(load_scenario("dprk-panel-2024", [lines, *over]), 100))
        for over in ((), ("members.USA.stances.any=1",))
    ]
    np.testing.assert_array_equal(*worth)


@pytest.mark.parametrize(
    ("restraint", "cost"),
    [
        ("{}", 0.2),
        ("{panel_renewal: 0.5}", 0.7),
        ("{PRK: 0.5}", 0.7),
        ("{panel_renewal: 0.5, PRK: 0.25}", 0.95),
        ("{sanctions_new: 0.5, SYR: 0.5}", 0.2),
        ("{PRK: -0.1}", 0.1),
        ("{PRK: -5}", -4.8),
    ],
)
def test_restraint_is_a_cost(imagine: Imagine, hold: Hold, restraint: str, cost: float) -> None:
    """Restraints that hold of the draft come to the cost of opposing, below 0 too.

    The dearer a vote against, the seldomer it is cast, and a cost that is the same changes nothing.
    """
    over = (*PANEL, "defaults.opposition_cost=0.2", "defaults.voice=0.4")
    before, after = (
        hold(imagine(P3, *over, f"members.GBR.restraint={said}")) for said in ("{}", restraint)
    )
    seat = 1  # GBR: all three are permanent, and sit in the order of codes
    np.testing.assert_allclose(after.delegations[seat].cost, cost, atol=1e-7)
    moved = float((after.answers[seat, N] - before.answers[seat, N])[0])
    if cost == 0.2:
        assert moved == 0
    else:
        assert (moved < -0.01) == (cost > 0.2)
        assert abs(moved) > 0.01


def test_opposing_may_pay(imagine: Imagine) -> None:
    """Where restraint is drawn far below the cost of opposing, the cost is below 0 there."""
    over = (*PANEL, "defaults.opposition_cost=0.2", "defaults.restraint.PRK={spread: 1}")
    for delegation in CouncilModel(imagine(P3, *over), 500).delegations:
        drawn = delegation.drawn["restraint.PRK"]
        np.testing.assert_allclose(delegation.cost, np.float32(0.2) + drawn, atol=1e-6)
        assert (delegation.cost < 0).mean() > 0.2


@settings(max_examples=15)
@given(
    lines=st.dictionaries(
        st.sampled_from(sorted(provisions())),
        st.tuples(st.floats(0, 0.5), st.floats(0.5, 1)),
        min_size=1,
    ),
    step=st.floats(0.01, 1),
    block=st.integers(0, 9),
)
def test_red_lines_hold(lines: dict[str, tuple[float, float]], step: float, block: int) -> None:
    """The text never leaves the red lines, and provisions without any never move."""
    red = {
        f"draft.red_lines.{n}": f"{{low: {low}, high: {high}}}" for n, (low, high) in lines.items()
    }
    over = [f"{key}={value}" for key, value in red.items()]
    over += [f"draft.text.{n}.value=0.5" for n in lines]
    scenario = load_scenario("dprk-panel-2024", [*over, f"consultations.step={step}"])
    model = CouncilModel(scenario, 50, 1, block)
    low, high = (x.astype(np.float32)[:, None] for x in (scenario.draft.low, scenario.draft.high))
    while model.running:
        before = model.text.copy()
        model.step()
        assert (model.text >= low - 1e-6).all()
        assert (model.text <= high + 1e-6).all()
        assert (np.count_nonzero(model.text != before, axis=0) <= 1).all()


def test_amendments_pay(hold: Hold) -> None:
    """What the pen moves within its red lines makes adoption likelier, on average over worlds."""
    lines = "draft.red_lines={scrutiny: {low: 0.4, high: 0.7}, review: {low: 0.1, high: 0.6}}"
    fixed, moved = (
        hold(load_scenario("dprk-panel-2024", [lines, f"consultations.amendments={on}"]), 1000)
        for on in ("false", "true")
    )
    assert moved.p_outcome[ADOPTED].mean() > fixed.p_outcome[ADOPTED].mean() + 0.02
    worth = [m.p_outcome[ADOPTED] * text_worth(m) for m in (fixed, moved)]
    assert worth[1].mean() > worth[0].mean()


def test_slope_of_the_pens_value(imagine: Imagine, hold: Hold) -> None:
    """The analytic slope is what a small move of the text gives, beliefs being what they are."""
    over = ("draft.text.scrutiny.value=0.6", "consultations.amendments=false", *EXPRESSIVE)
    model = hold(imagine(P3, "charter.veto=[GBR]", *over, *UNTIL_SETTLED))
    slope = model.penholder.value_slope()[0, 0]
    up, down = (_value_at(model, nudge) for nudge in (0.01, -0.01))
    assert slope == pytest.approx((up - down) / 0.02, rel=5e-3)


def _value_at(model: CouncilModel, nudge: float) -> float:
    """Return P(adopted) * worth to the pen, once all have read a text that differs by `nudge`."""
    model.text += np.float32(nudge)
    model.read_text()
    model.weigh()
    model.text -= np.float32(nudge)
    model.answer(model.precision)
    p_adopted = outcome_probabilities(model.answers.astype(float), model.scenario.rules)[0, 0]
    return float(p_adopted * text_worth(model)[0])


def test_what_is_drawn_again_is_what_counted(seed_vote: Scenario) -> None:
    """A delegation says of its preferences what its gains and costs were made of."""
    model = CouncilModel(seed_vote, 200, 3)
    for delegation in model.delegations:
        drawn = delegation.drawn
        ideals, saliences = (
            np.stack([v for s, v in drawn.items() if s.startswith(kind)])
            for kind in ("ideal.", "salience.")
        )
        lapse = model.lapse[model.active]
        np.testing.assert_array_equal(delegation.salience, saliences)
        np.testing.assert_array_equal(delegation.pull, pull_of(lapse, ideals, saliences))
        np.testing.assert_array_equal(delegation.voice, drawn["voice"])


def test_why_a_member_votes_so(seed_vote: Scenario, hold: Hold) -> None:
    """The terms of a gain sum to the gain: nothing that moves a member is left unsaid."""
    for random_seed in range(20):
        model = hold(seed_vote, 1, random_seed)
        np.testing.assert_allclose(model.terms().sum(axis=1), model.gains[:, 0], atol=1e-6)
    n_terms = len(seed_vote.draft.provisions) + len(GAIN_TERMS)
    assert model.terms().shape == (len(seed_vote.council), n_terms)


def test_outcomes_have_their_places() -> None:
    """The axis of outcomes has the order that files and reports use."""
    assert OUTCOMES[: len(DECIDED)] == DECIDED == ("adopted", "vetoed", "not_carried")
    assert OUTCOMES[ROLLED_OVER] is Outcome.ROLLED_OVER


@pytest.mark.parametrize("workers", [1, 2])
def test_no_model_outlives_its_block(monkeypatch, workers):
    """Memory does not grow with worlds: a model is gone once counted, with no collector's help."""
    models = []

    class Watched(CouncilModel):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            models.append(weakref.ref(self))

    monkeypatch.setattr(session, "CouncilModel", Watched)
    gc.collect()
    gc.disable()
    try:
        convene(load_scenario("dprk-panel-2024"), 2 * BLOCK + 1, workers=workers)
        assert [model() for model in models] == [None, None, None]
    finally:
        gc.enable()


def test_a_fault_in_the_first_stretch_reaches_the_caller(monkeypatch):
    """The other blocks wait for the first: they must not wait for one that failed."""

    def fail(*_):
        raise ArithmeticError("as on purpose")

    monkeypatch.setattr(session, "_followed", fail)
    with pytest.raises(ArithmeticError, match="on purpose"):
        convene(load_scenario("dprk-panel-2024"), 2 * BLOCK, workers=2)
