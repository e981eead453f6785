"""A-priori voting power: published numbers exactly, and brute force on councils small enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InvalidInput
from sim.power import CouncilShape, Power, banzhaf, shapley_shubik

AGAINST, ABSTAINING, IN_FAVOUR = -1, 0, 1
TODAY, BEFORE_1966 = CouncilShape(), CouncilShape(5, 6, 7)


def small_councils(n_most: int) -> Iterator[CouncilShape]:
    """Yield every shape of up to `n_most` members whose veto takes one or two, or cannot happen."""
    for n_permanent, n_elected in product(range(n_most + 1), repeat=2):
        n_members = n_permanent + n_elected
        if n_members <= n_most:
            for quota, vetoes_needed in product(range(1, n_members + 1), (1, 2)):
                yield CouncilShape(n_permanent, n_elected, quota, vetoes_needed)


SMALL = [
    *small_councils(4),
    CouncilShape(2, 4, 4),
    CouncilShape(3, 3, 4),
    CouncilShape(3, 3, 3, 2),
    CouncilShape(4, 2, 3, 2),
    CouncilShape(3, 2, 2, 3),
    CouncilShape(0, 6, 4),
    CouncilShape(6, 0, 3, 2),
]


@st.composite
def councils(draw: st.DrawFn) -> CouncilShape:
    """Any shape of up to twelve members, with vetoes that may be out of reach."""
    n_permanent = draw(st.integers(0, 5))
    n_elected = draw(st.integers(0 if n_permanent else 1, 7))
    quota = draw(st.integers(1, n_permanent + n_elected))
    return CouncilShape(n_permanent, n_elected, quota, draw(st.integers(1, 6)))


def kinds_of(council: CouncilShape) -> str:
    """Return one letter per member: P permanent, E elected."""
    return "P" * council.n_permanent + "E" * council.n_elected


def is_adopted(council: CouncilShape, kinds: Sequence[str], votes: Sequence[int]) -> bool:
    """Return the outcome, straight from the text of the rule."""
    in_favour = [vote for vote in votes if vote == IN_FAVOUR]
    vetoes = [1 for kind, vote in zip(kinds, votes, strict=True) if (kind, vote) == ("P", AGAINST)]
    return len(in_favour) >= council.quota and len(vetoes) < council.vetoes_needed


def options(abstention: bool) -> tuple[int, ...]:
    """Return the votes open to a member, from least to most support."""
    return (AGAINST, ABSTAINING, IN_FAVOUR) if abstention else (AGAINST, IN_FAVOUR)


def shared(council: CouncilShape, counts: Counter[str], total: int) -> Power:
    """Return what one member of each kind has when the members of a kind share alike."""
    return Power(
        permanent=Fraction(counts["P"], total * max(1, council.n_permanent)),
        elected=Fraction(counts["E"], total * max(1, council.n_elected)),
    )


def roll_call_by_hand(council: CouncilShape, *, abstention: bool) -> Power:
    """Return the roll-call index by calling every roll and trying every continuation.

    Members of a kind are alike, so each order of the kinds stands for equally many of the members.
    """
    orders = set(permutations(kinds_of(council)))
    pivots: Counter[str] = Counter()
    for order in orders:

        @cache
        def outcomes(votes: tuple[int, ...], order: tuple[str, ...] = order) -> frozenset[bool]:
            if len(votes) == len(order):
                return frozenset({is_adopted(council, order, votes)})
            return frozenset().union(*(outcomes((*votes, vote)) for vote in options(abstention)))

        for votes in product(options(abstention), repeat=len(order)):
            called = next(n for n in range(len(order) + 1) if len(outcomes(votes[:n])) == 1)
            pivots[order[called - 1]] += 1
    return shared(council, pivots, len(orders) * len(options(abstention)) ** council.n_members)


def growing_coalition_by_hand(council: CouncilShape) -> Power:
    """Return the classical Shapley-Shubik index: who turns a growing coalition into a winning."""
    orders = set(permutations(kinds_of(council)))
    pivots: Counter[str] = Counter()
    for order in orders:
        joined = 0
        while not is_adopted(
            council, order, [IN_FAVOUR if n < joined else AGAINST for n in range(len(order))]
        ):
            joined += 1
        pivots[order[joined - 1]] += 1
    return shared(council, pivots, len(orders))


def swings_by_hand(council: CouncilShape, *, abstention: bool) -> tuple[int, Counter[str]]:
    """Return how many patterns adopt, and the swings of each kind when one moves a step down."""
    kinds, steps = kinds_of(council), options(abstention)
    n_winning, swings = 0, Counter[str]()
    for votes in product(steps, repeat=len(kinds)):
        if not is_adopted(council, kinds, votes):
            continue
        n_winning += 1
        for n, vote in enumerate(votes):
            if vote != AGAINST:
                lower = steps[steps.index(vote) - 1]
                swings[kinds[n]] += not is_adopted(
                    council, kinds, (*votes[:n], lower, *votes[n + 1 :])
                )
    return n_winning, swings


def test_shapley_shubik_today() -> None:
    """A permanent member of today's Council has 421/2145 of the power, an elected one 4/2145."""
    power = shapley_shubik(TODAY, abstention=False)
    assert power == Power(Fraction(421, 2145), Fraction(4, 2145))


def test_shapley_shubik_before_1966() -> None:
    """A permanent member of the Council of eleven had 76/385 of the power, an elected one 1/462."""
    power = shapley_shubik(BEFORE_1966, abstention=False)
    assert power == Power(Fraction(76, 385), Fraction(1, 462))


def test_shapley_shubik_today_with_abstention() -> None:
    """With abstention a permanent member has 0.1634 of the power, an elected one 0.0183."""
    power = shapley_shubik(TODAY, abstention=True)
    assert power.permanent == Fraction(118525786, 725416965)
    assert power.elected == Fraction(26557607, 1450833930)
    assert f"{float(power.permanent):.4f} {float(power.elected):.4f}" == "0.1634 0.0183"


def test_banzhaf_today() -> None:
    """Today 848 coalitions win, and an elected member is decisive in 84 of them."""
    power = banzhaf(TODAY, abstention=False)
    assert (power.permanent, power.elected) == (Fraction(106, 635), Fraction(21, 1270))
    assert (power.n_winning, power.swings_permanent, power.swings_elected) == (848, 848, 84)


def test_banzhaf_before_1966() -> None:
    """A permanent member of the Council of eleven had 19/105 of the swings, an elected one 1/63."""
    power = banzhaf(BEFORE_1966, abstention=False)
    assert (power.permanent, power.elected) == (Fraction(19, 105), Fraction(1, 63))


def test_banzhaf_today_with_abstention() -> None:
    """With abstention an elected member has just under half the swings of a permanent one."""
    power = banzhaf(TODAY, abstention=True)
    assert (power.permanent, power.elected) == (Fraction(9028, 89435), Fraction(8859, 178870))
    assert power.elected * 2 < power.permanent


@pytest.mark.parametrize("abstention", [False, True])
def test_shapley_shubik_by_hand(abstention: bool) -> None:
    """On small councils the counts agree with calling every roll in every order."""
    for council in SMALL:
        by_hand = roll_call_by_hand(council, abstention=abstention)
        assert shapley_shubik(council, abstention=abstention) == by_hand, council


def test_shapley_shubik_is_the_classical_index() -> None:
    """Without abstention the roll call has the same pivots as the growing coalition."""
    for council in [*SMALL, CouncilShape(3, 5, 5, 2)]:
        by_hand = growing_coalition_by_hand(council)
        assert shapley_shubik(council, abstention=False) == by_hand, council


@pytest.mark.parametrize("abstention", [False, True])
def test_banzhaf_by_hand(abstention: bool) -> None:
    """On small councils indices, swings and winning patterns agree with trying every pattern."""
    for council in SMALL:
        power = banzhaf(council, abstention=abstention)
        n_winning, swings = swings_by_hand(council, abstention=abstention)
        by_hand = shared(council, swings, swings.total())
        assert Power(power.permanent, power.elected) == by_hand, council
        assert power.swings_permanent * council.n_permanent == swings["P"], council
        assert power.swings_elected * council.n_elected == swings["E"], council
        assert power.n_winning == n_winning, council


def test_small_councils_cover_the_rules() -> None:
    """The councils tried by hand include some without permanent members and with two vetoes."""
    assert any(council.n_permanent == 0 for council in SMALL)
    assert any(council.vetoes_needed == 2 <= council.n_permanent for council in SMALL)
    assert max(council.n_members for council in SMALL) == 6


@given(council=councils(), abstention=st.booleans())
def test_power_sums_to_one(council: CouncilShape, abstention: bool) -> None:
    """Over all members each index sums to exactly 1."""
    for index in (shapley_shubik, banzhaf):
        power = index(council, abstention=abstention)
        shares = council.n_permanent * power.permanent + council.n_elected * power.elected
        assert shares == 1


@given(council=councils(), abstention=st.booleans())
def test_a_veto_never_weakens(council: CouncilShape, abstention: bool) -> None:
    """A permanent member is never weaker than an elected one, and no stronger without a veto."""
    if council.n_permanent and council.n_elected:
        for index in (shapley_shubik, banzhaf):
            power = index(council, abstention=abstention)
            assert power.permanent >= power.elected
            if council.vetoes_needed > council.n_permanent:
                assert power.permanent == power.elected


@pytest.mark.parametrize("abstention", [False, True])
def test_without_permanent_members(abstention: bool) -> None:
    """Ten elected members alone have a tenth each, and the kind that is missing has nothing."""
    council = CouncilShape(0, 10, 6)
    tenth = Power(Fraction(0), Fraction(1, 10))
    assert shapley_shubik(council, abstention=abstention) == tenth
    power = banzhaf(council, abstention=abstention)
    assert Power(power.permanent, power.elected) == tenth
    assert power.swings_permanent == 0


def test_the_council_of_today() -> None:
    """A shape that nobody describes is today's: five permanent and ten elected, nine in favour."""
    assert CouncilShape() == CouncilShape(5, 10, 9, 1)


@pytest.mark.parametrize(
    ("shape", "paths"),
    [
        ((-1, 3, 1, 1), ["n_permanent"]),
        ((5, -1, 3, 1), ["n_elected"]),
        ((5, 10, 0, 1), ["quota"]),
        ((5, 10, 16, 1), ["quota"]),
        ((0, 0, 1, 1), ["quota"]),
        ((5, 10, 9, 0), ["vetoes_needed"]),
        ((-1, -1, 0, 0), ["n_elected", "n_permanent", "quota", "vetoes_needed"]),
    ],
)
def test_a_shape_out_of_bounds(shape: tuple[int, int, int, int], paths: list[str]) -> None:
    """A shape out of bounds is refused with every fault named at once."""
    with pytest.raises(InvalidInput) as refused:
        CouncilShape(*shape)
    assert [fault.path for fault in refused.value.faults] == paths
