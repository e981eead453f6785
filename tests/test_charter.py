"""The law: oracles in exact fractions, brute force on small councils, and 203 votes of record."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from sim.charter import (
    DECIDED,
    Action,
    Outcome,
    Rules,
    adopted_if,
    at_the_deadline,
    ends,
    outcome_probabilities,
    unblocked_probability,
    veto_probabilities,
)
from sim.paths import SEEDS
from sim.roster import council_on

Y, A, N = Action
PATTERNS = 3**15
P5 = np.arange(15) < 5
NOBODY = np.zeros(15, dtype=bool)
INDIFFERENT = np.full((15, 3, 1), 1 / 3)

Case = tuple[NDArray[np.float64], Rules]


def meaning_of(votes: Sequence[int], rules: Rules) -> tuple[str, list[int]]:
    """Return what a roll call means by the words of the law, and which veto holders are against."""
    against = [m for m, vote in enumerate(votes) if vote == N and rules.holds_veto[m]]
    if list(votes).count(Y) < rules.quota:
        return "not_carried", against
    return "adopted" if len(against) < rules.vetoes_needed else "vetoed", against


def counted_of(p: NDArray[np.float64], rules: Rules) -> dict[str, NDArray[np.float64]]:
    """Return the chance of each outcome, and of each set that vetoes, from all 3^M roll calls."""
    found: dict[str, NDArray[np.float64]] = {}
    for votes in product(Action, repeat=len(p)):
        chance = np.prod([p[m, vote] for m, vote in enumerate(votes)], axis=0)
        outcome, against = meaning_of(votes, rules)
        for key in [outcome, str(tuple(against))] if outcome == "vetoed" else [outcome]:
            found[key] = found.get(key, 0) + chance
    return found


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Choice probabilities, zeros and ones among them, in two worlds of a council of up to five."""
    n = draw(st.integers(1, 5))
    weights = draw(arrays(np.float64, (n, 3, 2), elements=st.integers(0, 5)))
    weights[:, A][weights.sum(axis=1) == 0] = 1
    holders = draw(arrays(np.bool_, n))
    rules = Rules(holders, draw(st.integers(1, n)), draw(st.integers(1, 3)))
    return weights / weights.sum(axis=1, keepdims=True), rules


def roll_call(in_favour: int, against: list[int], size: int = 15) -> NDArray[np.int8]:
    """Return a column of votes: these seats against, the first others in favour, the rest not."""
    votes = np.full((size, 1), A, dtype=np.int8)
    votes[against] = N
    votes[np.flatnonzero(votes[:, 0] == A)[:in_favour]] = Y
    return votes


@pytest.mark.parametrize(
    ("rules", "outcome", "patterns"),
    [
        (Rules(P5), Outcome.ADOPTED, 146796),
        (Rules(P5), Outcome.VETOED, 295551),
        (Rules(NOBODY), Outcome.ADOPTED, 442347),
        (Rules(NOBODY), Outcome.VETOED, 0),
        (Rules(P5, vetoes_needed=2), Outcome.ADOPTED, 339096),
    ],
)
def test_indifferent_council(rules: Rules, outcome: Outcome, patterns: int) -> None:
    """Fifteen indifferent members adopt or veto in exactly so many of the 3^15 roll calls."""
    chance = outcome_probabilities(INDIFFERENT, rules)[DECIDED.index(outcome), 0]
    assert chance == pytest.approx(patterns / PATTERNS, rel=1e-12, abs=1e-12)


@given(cases())
def test_outcomes_by_brute_force(case: Case) -> None:
    """The recursion gives each outcome the chance of the roll calls that mean it."""
    p, rules = case
    counted, chances = counted_of(p, rules), outcome_probabilities(p, rules)
    for outcome, chance in zip(DECIDED, chances, strict=True):
        np.testing.assert_allclose(chance, counted.get(outcome, 0), atol=1e-12)
    np.testing.assert_allclose(chances.sum(axis=0), 1, atol=1e-12)


@given(cases())
def test_unblocked_by_brute_force(case: Case) -> None:
    """A draft is not blocked in the roll calls with too few veto holders against."""
    p, rules = case
    at_any_number = Rules(rules.holds_veto, 0, rules.vetoes_needed)
    expected = counted_of(p, at_any_number).get("adopted", 0)
    np.testing.assert_allclose(unblocked_probability(p, rules), expected, atol=1e-12)


@pytest.mark.parametrize("quota", [1, 9, 15])
@pytest.mark.parametrize("needed", [1, 2])
@pytest.mark.parametrize("holders", [P5, P5[::-1], P5[(np.arange(15) * 4) % 15]])
def test_beliefs_of_a_whole_council(quota: int, needed: int, holders: NDArray[np.bool_]) -> None:
    """Of fifteen members, too, each believes what putting its action in by hand gives."""
    p = np.random.default_rng(1).dirichlet([1, 1, 1], (15, 3)).transpose(0, 2, 1)
    rules = Rules(holders, quota, needed)
    beliefs = adopted_if(p, rules)
    for member, action in product(range(15), Action):
        sure = p.copy()
        sure[member] = 0
        sure[member, action] = 1
        expected = outcome_probabilities(sure, rules)[DECIDED.index(Outcome.ADOPTED)]
        np.testing.assert_allclose(beliefs[member, action], expected, rtol=1e-9)


@given(cases())
def test_beliefs_by_brute_force(case: Case) -> None:
    """What adoption hangs on is the same as with the member's action put in by hand."""
    p, rules = case
    beliefs = adopted_if(p, rules)
    for member, action in product(range(len(p)), Action):
        sure = p.copy()
        sure[member] = 0
        sure[member, action] = 1
        adopted = counted_of(sure, rules).get("adopted", 0)
        np.testing.assert_allclose(beliefs[member, action], adopted, atol=1e-12)


@given(cases())
def test_veto_sets_by_brute_force(case: Case) -> None:
    """Each set of vetoing members has the chance of its roll calls, and the sets sum to vetoed."""
    p, rules = case
    counted, sets = counted_of(p, rules), veto_probabilities(p, rules)
    for who, chance in sets.items():
        np.testing.assert_allclose(chance, counted.get(str(who), 0), atol=1e-12)
    vetoed = outcome_probabilities(p, rules)[1]
    np.testing.assert_allclose(sum(sets.values()), vetoed, atol=1e-12)


@given(cases())
def test_decide_reads_the_law(case: Case) -> None:
    """Every roll call of a small council means what the words of Article 27 say it means."""
    _, rules = case
    calls = np.array(list(product(Action, repeat=rules.n_members)), dtype=np.int8)
    decided = [DECIDED[d] for d in rules.decide(calls.T)]
    assert decided == [meaning_of(votes, rules)[0] for votes in calls]


@pytest.mark.parametrize(
    ("votes", "rules", "outcome"),
    [
        pytest.param(roll_call(8, [4, 7]), Rules(P5), "not_carried", id="30-Dec-2014, 8-2-5"),
        pytest.param(roll_call(13, [3]), Rules(P5), "vetoed", id="28-Mar-2024, 13-1-1"),
        pytest.param(roll_call(13, [0, 3]), Rules(P5), "vetoed", id="26-May-2022, 13-2-0"),
        pytest.param(roll_call(11, [3]), Rules(NOBODY), "adopted", id="R2623, procedural"),
        pytest.param(roll_call(11, [3]), Rules(P5), "vetoed", id="R2623, were it substantive"),
        pytest.param(roll_call(9, [5, 6, 7, 8, 9, 10]), Rules(P5), "adopted", id="six elected"),
        pytest.param(roll_call(10, [3]), Rules(P5, vetoes_needed=2), "adopted", id="one of two"),
        pytest.param(roll_call(7, [10], 11), Rules(P5[:11], 7), "adopted", id="before 1966"),
    ],
)
def test_historic_tallies(votes: NDArray[np.int8], rules: Rules, outcome: str) -> None:
    """A tally means what the Council took it to mean."""
    assert DECIDED[rules.decide(votes)[0]] == outcome


def test_ends_are_chances_from_which_the_deadline_can_be_read() -> None:
    """Adopted, withdrawn or rolled over: chances sum to 1, and tell what the penholder did."""
    p_decided = np.array([[0.5, 0.5, 0.5], [0.3, 0.3, 0.3], [0.2, 0.2, 0.2]], dtype=np.float32)
    is_tabled, is_rolled_over = np.array([[True, False, True], [False, False, True]])
    p = ends(p_decided, is_tabled, is_rolled_over)
    assert p.dtype == np.float32
    expected = [[0.5, 0.3, 0.2, 0, 0], [0, 0, 0, 1, 0], [0, 0.3, 0.2, 0, 0.5]]
    np.testing.assert_array_equal(p.T, np.array(expected, dtype=np.float32))
    np.testing.assert_array_equal(at_the_deadline(p), [is_tabled, is_rolled_over])


def test_who_is_silent() -> None:
    """Those who must abstain and those who take no part are silent, and nobody else."""
    must, away = np.arange(15) == 3, np.arange(15) == 7
    assert np.flatnonzero(Rules(P5, must_abstain=must, takes_no_part=away).is_silent).tolist() == [
        3,
        7,
    ]
    assert np.flatnonzero(Rules(P5, takes_no_part=away).is_silent).tolist() == [7]
    assert not Rules(P5).is_silent.any()


def test_the_record() -> None:
    """All 1,111 votes of the record were decided, and counted, as these rules decide and count."""
    with (SEEDS / "votes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1111
    wrong = [row["vote_id"] for row in rows if _as_decided(row) != _as_recorded(row)]
    assert wrong == []


def _as_recorded(row: dict[str, str]) -> tuple[str, int]:
    return row["outcome"], int(row["in_favour"])


def _as_decided(row: dict[str, str]) -> tuple[str, int]:
    council = council_on(date.fromisoformat(row["date"]))
    codes = [member.code for member in council]
    votes = np.full((len(codes), 1), Y, dtype=np.int8)
    for action, column in ((N, "against"), (A, "abstaining"), (A, "not_participating")):
        votes[[codes.index(code) for code in row[column].split()]] = action
    procedural = row["vote_id"] == "R2623"
    rules = Rules(NOBODY if procedural else np.array([m.permanent for m in council]))
    return str(DECIDED[rules.decide(votes)[0]]), int((votes == Y).sum())
