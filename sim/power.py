"""Power before any preference is known: Shapley-Shubik and Banzhaf, with and without abstention.

Every number is exact: integers and fractions, counted by how many permanent and how many elected
members vote which way, never vote by vote. Members of one kind are alike, so a kind has one number.

Source: UN Charter, Article 27(3), for the rule, and ICJ, Namibia advisory opinion (1971), para. 22,
    for the abstention of a permanent member, which is no veto.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product
from math import comb, factorial

from sim.errors import Fault, InvalidInput, Place

MOST_MEMBERS = 40
"""Above this the exact counts take minutes."""


@dataclass(frozen=True)
class CouncilShape:
    """A council that adopts with `quota` votes in favour and fewer than `vetoes_needed` vetoes.

    The defaults are today's Council. That of 1945 had six elected members and a quota of seven.

    Args:
        n_permanent: permanent members, at least 0; only their negative votes are vetoes.
        n_elected: elected members, at least 0; at least one member in all.
        quota: votes in favour needed, from 1 to the number of members.
        vetoes_needed: vetoes that block, at least 1; above `n_permanent` nobody can block.

    Raises:
        InvalidInput: with every bound that is broken.

    Source: UN Charter, Articles 23(1) and 27(3), as signed in 1945 and as amended in 1965.
    """

    n_permanent: int = 5
    n_elected: int = 10
    quota: int = 9
    vetoes_needed: int = 1

    def __post_init__(self) -> None:
        place = Place("council shape")
        most = f"from 1 to n_permanent + n_elected = {self.n_members}"
        bounds = (
            ("n_permanent", self.n_permanent >= 0, "at least 0"),
            ("n_elected", self.n_elected >= 0, "at least 0"),
            ("n_members", self.n_members <= MOST_MEMBERS, f"at most {MOST_MEMBERS} members"),
            ("quota", 1 <= self.quota <= self.n_members, most),
            ("vetoes_needed", self.vetoes_needed >= 1, "at least 1"),
        )
        faults = [
            Fault(place, name, f"{getattr(self, name)} is out of bounds", f"allowed is {allowed}")
            for name, kept, allowed in bounds
            if not kept
        ]
        if faults:
            raise InvalidInput(faults)

    @property
    def n_members(self) -> int:
        """The number of members, permanent and elected."""
        return self.n_permanent + self.n_elected

    def adopts(self, in_favour: int, vetoes: int) -> bool:
        """Return whether a draft with these votes is adopted.

        Args:
            in_favour: votes in favour, from 0 to the number of members.
            vetoes: negative votes of permanent members, from 0 to `n_permanent`.
        """
        return in_favour >= self.quota and vetoes < self.vetoes_needed


@dataclass(frozen=True)
class Power:
    """The share of all voting power that one member of each kind has, from 0 to 1.

    A kind without members has 0.
    """

    permanent: Fraction
    elected: Fraction


@dataclass(frozen=True)
class BanzhafPower(Power):
    """The normalised Banzhaf index with the counts it is made of, all at least 0.

    `n_winning` counts the vote patterns of the whole council that adopt (without abstention these
    are the winning coalitions); the swings are those of one member of each kind.
    """

    n_winning: int
    swings_permanent: int
    swings_elected: int


def shapley_shubik(council: CouncilShape, *, abstention: bool) -> Power:
    """Return how often each member is the pivot of a roll call; over all members it sums to 1.

    Every order of the members and every pattern of their votes (two votes, or three with
    abstention) is equally likely. The pivot is the member after whose vote the outcome, adopted or
    not, is fixed whatever those called later do. With two votes this is the classical index, the
    share of orders in which the member turns a growing coalition from losing to winning.

    Args:
        council: the shape, within its own bounds.
        abstention: whether members may abstain.

    Returns:
        The index of one permanent and of one elected member, each from 0 to 1.

    Source: Shapley and Shubik, American Political Science Review 48 (1954); Felsenthal and
        Machover, Public Choice 87 (1996), for the roll call; Felsenthal and Machover,
        International Journal of Game Theory 26 (1997), and The Measurement of Voting Power (1998),
        for abstention.
    """
    # Roll calls in all: every order with every pattern.
    n_roll_calls = factorial(council.n_members) * (2 + abstention) ** council.n_members
    return Power(
        permanent=Fraction(_pivotal_roll_calls(council, True, abstention), n_roll_calls),
        elected=Fraction(_pivotal_roll_calls(council, False, abstention), n_roll_calls),
    )


def banzhaf(council: CouncilShape, *, abstention: bool) -> BanzhafPower:
    """Return each member's share of all swings, with the counts; over all members it sums to 1.

    A member's swings are the vote patterns that adopt and no longer do once the member alone moves
    one step down: in favour to against, or with abstention in favour to abstaining and abstaining
    to against. Only one of the two steps can change the outcome for given votes of the others, so
    a swing is also a pattern of the others under which in favour adopts and against does not.

    Args:
        council: the shape, within its own bounds.
        abstention: whether members may abstain.

    Returns:
        The index of one permanent and of one elected member, each from 0 to 1, and the counts.

    Source: Banzhaf, Rutgers Law Review 19 (1965); Felsenthal and Machover, International Journal of
        Game Theory 26 (1997), and The Measurement of Voting Power (1998), for abstention.
    """
    everyone = _tallies(council.n_permanent, council.n_elected, abstention)
    n_winning = sum(
        ways for in_favour, vetoes, ways in everyone if council.adopts(in_favour, vetoes)
    )
    permanent = _swings(council, True, abstention)
    elected = _swings(council, False, abstention)
    # Never 0: with the quota in its bounds all in favour adopts and all against does not.
    n_swings = council.n_permanent * permanent + council.n_elected * elected
    return BanzhafPower(
        permanent=Fraction(permanent, n_swings),
        elected=Fraction(elected, n_swings),
        n_winning=n_winning,
        swings_permanent=permanent,
        swings_elected=elected,
    )


def _tallies(n_permanent: int, n_elected: int, abstention: bool) -> Iterator[tuple[int, int, int]]:
    """Yield votes in favour, vetoes, and how many vote patterns of these members give them.

    Together they are all patterns, each counted once; none where a number of members is below 0.
    """
    for vetoes in range(n_permanent + 1):
        voting_on = n_permanent - vetoes
        # Without abstention whoever does not veto is in favour.
        for permanent in range(0 if abstention else voting_on, voting_on + 1):
            for elected in range(n_elected + 1):
                ways = comb(n_permanent, vetoes) * comb(voting_on, permanent)
                # The other elected members abstain or are against, which count the same.
                ways *= comb(n_elected, elected) * (1 + abstention) ** (n_elected - elected)
                yield permanent + elected, vetoes, ways


def _swings(council: CouncilShape, is_permanent: bool, abstention: bool) -> int:
    """Return in how many patterns of the others' votes the member's own vote decides, at least 0.

    A kind without members has none, since there are no others to leave out of it.
    """
    others = council.n_permanent - is_permanent, council.n_elected - (not is_permanent)
    return sum(
        ways
        for in_favour, vetoes, ways in _tallies(*others, abstention)
        if council.adopts(in_favour + 1, vetoes)
        and not council.adopts(in_favour, vetoes + is_permanent)
    )


def _pivotal_roll_calls(council: CouncilShape, is_permanent: bool, abstention: bool) -> int:
    """Return in how many roll calls (orders with patterns) the member is the pivot, at least 0.

    The orders are counted by who is called before the member: `permanent` and `elected` of the
    others, in any order, and then all the rest in any order, with votes that no longer matter.
    """
    n_votes = 2 + abstention
    others = council.n_permanent - is_permanent, council.n_elected - (not is_permanent)
    total = 0
    for permanent, elected in product(range(others[0] + 1), range(others[1] + 1)):
        before = permanent + elected
        after = council.n_members - 1 - before
        orders = comb(others[0], permanent) * comb(others[1], elected)
        orders *= factorial(before) * factorial(after)
        # What is fixed stays fixed, so of the patterns fixed with the member's vote those fixed
        # before it are taken away, once for each vote that it could add.
        by_then = permanent + is_permanent, elected + (not is_permanent)
        deciding = _fixed(council, *by_then, abstention)
        deciding -= n_votes * _fixed(council, permanent, elected, abstention)
        total += orders * n_votes**after * deciding
    return total


@cache
def _fixed(council: CouncilShape, permanent: int, elected: int, abstention: bool) -> int:
    """Return how many patterns of so many members' votes fix the outcome, whatever the rest do."""
    left = council.n_members - permanent - elected
    vetoes_left = council.n_permanent - permanent
    # More support never harms a draft, so its best and its worst case bound all the others.
    return sum(
        ways
        for in_favour, vetoes, ways in _tallies(permanent, elected, abstention)
        if council.adopts(in_favour + left, vetoes)
        == council.adopts(in_favour, vetoes + vetoes_left)
    )
