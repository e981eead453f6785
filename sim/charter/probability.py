"""Exact chances of a draft, given each member's chances of each action.

Everything rests on one recursion over members: a table holds the probability of each pair
(negative votes of veto holders so far, votes in favour so far), the first below the number that
blocks, the second counted up to the quota and no further. Adding a member is one step of a
Poisson-binomial; what would block leaves the table. Shapes: members first, worlds last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import DTypeLike

from sim.arrays import AnyFloats
from sim.charter.rules import Action, Rules

_Operation = tuple[Callable[..., object], tuple[AnyFloats, ...], AnyFloats]
"""An operation, its operands, and where its result goes."""

STAYS, VETO = 1, 2
"""What a ballot does to a table, after `IN_FAVOUR`: nothing, or one more veto."""


def outcome_probabilities(p: AnyFloats, rules: Rules) -> AnyFloats:
    """Return the probability that a draft is adopted, vetoed or not carried.

    Args:
        p: (M, 3, W), each member's probability of each `Action`; sums to 1 over actions.
        rules: how this Council decides.

    Returns:
        (3, W) in the order of `DECIDED`, in the precision of `p`; sums to 1.

    Source: Charter, Article 27(3); exact, members independent within a world.
    """
    adopted = _tally(p, rules)[:, -1].sum(axis=0)
    table = _tally(p, without_veto(rules))[0]
    enough, not_carried = table[-1], table[:-1].sum(axis=0)  # a sum has no negative rounding
    return np.stack([adopted, np.maximum(enough - adopted, 0), not_carried])


def veto_probabilities(p: AnyFloats, rules: Rules) -> dict[tuple[int, ...], AnyFloats]:
    """Return, for each set of veto holders, the probability that exactly they veto.

    Args:
        p: (M, 3, W) as in `outcome_probabilities`.
        rules: how this Council decides; about ten veto holders at most, as all sets are listed.

    Returns:
        (W,) by ascending member numbers of those against; sums to `vetoed` over all sets.
    """
    holders = np.flatnonzero(rules.holds_veto)
    others = np.delete(p, holders, axis=0)
    table = _tally(others, Rules(np.zeros(len(others), dtype=bool), rules.quota))
    sets = _veto_sets(_fill(np.zeros_like(p), p, rules)[holders], holders.tolist(), (), table)
    return {who: table[0, -1] for who, table in sets if len(who) >= rules.vetoes_needed}


def unblocked_probability(p: AnyFloats, rules: Rules) -> AnyFloats:
    """Return the probability that too few veto holders are against to block, whoever is in favour.

    Args:
        p: (M, 3, W) as in `outcome_probabilities`.
        rules: how this Council decides; the quota does not matter here.

    Returns:
        (W,), 0 to 1.
    """
    holders = p[rules.holds_veto]  # nobody else blocks
    blocking = Rules(np.ones(len(holders), dtype=bool), 1, rules.vetoes_needed)
    return _tally(holders, blocking).sum(axis=(0, 1))


def _veto_sets(
    ballots: AnyFloats, holders: list[int], against: tuple[int, ...], table: AnyFloats
) -> Iterator[tuple[tuple[int, ...], AnyFloats]]:
    """Yield each set of veto holders with its table of votes in favour, depth first."""
    if not holders:
        yield against, table
        return
    table = table[:, -1 - len(holders) :]  # the rest cannot reach the quota any more
    rest = ballots[1:]
    yield from _veto_sets(rest, holders[1:], against, _add(table, ballots[0]))
    opposed = table * ballots[0, VETO]
    yield from _veto_sets(rest, holders[1:], (*against, holders[0]), opposed)


def adopted_if(p: AnyFloats, rules: Rules) -> AnyFloats:
    """Return each member's chance that the draft is adopted, for each action it could take.

    Args:
        p: (M, 3, W) as in `outcome_probabilities`; the others act independently with these.
        rules: how this Council decides.

    Returns:
        (M, 3, W): P(adopted | member m takes the action).
    """
    beliefs = np.empty_like(p)
    Soundings(rules, p.shape[-1], p.dtype).take(p, beliefs)
    return beliefs


class Soundings:
    """`adopted_if` for many rounds, with all tables laid out once.

    Members are taken in the order of their seats. For each, two tables meet: how the count may be
    before it, and how likely adoption is from where its action leaves the count. So no product over
    all but one is needed for each member.

    Args:
        rules: how this Council decides.
        n_worlds: W.
        dtype: the precision of the probabilities.

    Source: the forward and the backward recursion of hidden Markov models (Rabiner 1989).
    """

    def __init__(self, rules: Rules, n_worlds: int, dtype: DTypeLike = np.float32) -> None:
        self._rules = rules
        self._ballots = np.empty((rules.n_members, 3, n_worlds), dtype)
        self._spare = np.empty((rules.vetoes_needed, rules.quota + 1, n_worlds), dtype)
        self._before = _Tables(rules, n_worlds, dtype)
        self._before.columns(0, 0, 0)[:] = _nobody(rules, n_worlds, dtype)
        self._after = _Tables(rules, n_worlds, dtype)
        for m in range(rules.quota, rules.n_members + 1):  # the last of them have nothing to add
            self._after.columns(m, rules.quota, rules.quota + 1)[:] = 1
        members = range(rules.n_members)
        self._forward = [step for m in members[:-1] for step in self._steps_forward(m)]
        self._backward = [[], *(list(self._steps_backward(m)) for m in members[1:])]
        self._meetings = []  # the tables that meet in each member: before it; after it and its vote
        for m in members:
            first, last = self._before.first[m], min(m, rules.quota)
            before = self._before.columns(m, first, last)
            self._meetings.append((before, self._after.pairs(m + 1, first, last)))

    def take(self, p: AnyFloats, out: AnyFloats) -> None:
        """Set `out` to P(adopted | member m takes the action), both (M, 3, W)."""
        _fill(self._ballots, p, self._rules)
        _carry_out(self._forward)
        for m in reversed(range(self._rules.n_members)):
            np.einsum("vcw,vcwk->kw", *self._meetings[m], out=out[m, Action.ABSTAINING :: -1])
            _carry_out(self._backward[m])
        self._oppose(out)

    def _steps_forward(self, m: int) -> Iterator[_Operation]:
        """Yield what makes the table before the next member from that before this one."""
        before, quota = self._before, self._rules.quota
        first, last = before.first[m + 1], min(m + 1, quota)
        new = before.columns(m + 1, first, last)
        pairs = before.pairs(m, first - 1, last - 1)
        yield _weigh_pairs, (pairs, self._ballots[m, Action.IN_FAVOUR : STAYS + 1]), new
        if m >= quota:  # more than enough is enough
            enough = before.columns(m, quota, quota)
            yield from self._and_add(enough, self._ballots[m, Action.IN_FAVOUR], new[:, -1:])
        if self._counts_vetoes(m):
            old = before.columns(m, first, last)
            yield from self._and_add(old[:-1], self._ballots[m, VETO], new[1:])

    def _steps_backward(self, m: int) -> Iterator[_Operation]:
        """Yield what makes the chances of adoption before this member from those after it."""
        after, rules = self._after, self._rules
        is_blocked_later = m >= rules.quota and bool(rules.holds_veto[m:].any())
        first, last = after.first[m], min(m, rules.quota - (not is_blocked_later))
        new = after.columns(m, first, last)
        yield _weigh_pairs, (after.pairs(m + 1, first, last), self._ballots[m, STAYS::-1]), new
        if self._counts_vetoes(m):
            old = after.columns(m + 1, first, last)
            yield from self._and_add(old[1:], self._ballots[m, VETO], new[:-1])
        if is_blocked_later:  # more than enough is enough
            yield np.positive, (new[:, -1:],), after.columns(m, rules.quota + 1, rules.quota + 1)

    def _oppose(self, out: AnyFloats) -> None:
        """Set the chances of adoption if a member is against, those if it abstains being set."""
        out[:, Action.AGAINST] = out[:, Action.ABSTAINING]
        for m in np.flatnonzero(self._rules.holds_veto).tolist():
            out[m, Action.AGAINST] = 0
            if self._counts_vetoes(m):
                before, after = self._meetings[m]
                np.einsum("vcw,vcw->w", before[:-1], after[1:, ..., 0], out=out[m, Action.AGAINST])

    def _counts_vetoes(self, m: int) -> bool:
        """Whether a negative vote of this member is one of several that are needed to block."""
        return self._rules.vetoes_needed > 1 and bool(self._rules.holds_veto[m])

    def _and_add(
        self, values: AnyFloats, chance: AnyFloats, out: AnyFloats
    ) -> Iterator[_Operation]:
        """Yield what adds values, (V, C, W), times a chance, (W,), to others."""
        product = self._spare[: values.shape[0], : values.shape[1]]
        yield np.multiply, (values, chance), product
        yield np.add, (out, product), out


_weigh_pairs = partial(np.einsum, "vcwk,kw->vcw")
"""One column and the next, (V, C, W, 2), by the chances (2, W) that the vote comes from there."""


class _Tables:
    """A table (V, C, W) for each number of members that were taken in, 0 to M, in one array.

    Only those votes in favour have a column that can have been cast by then and can still come to
    the quota, which stands for more as well. One column below them and one above are 0 until set.

    Attributes:
        first: (M + 1,), the fewest votes in favour that still matter, by members taken in.
    """

    def __init__(self, rules: Rules, n_worlds: int, dtype: DTypeLike) -> None:
        members = range(rules.n_members + 1)
        self.first, widths = _columns(rules)
        self._begins = [sum(widths[:m]) + 1 - self.first[m] for m in members]
        self._values = np.empty((rules.vetoes_needed, sum(widths), n_worlds), dtype)
        self._pairs = sliding_window_view(self._values, 2, axis=1)
        ends = np.cumsum(widths)
        self._values[:, ends - widths] = self._values[:, ends - 1] = 0

    def columns(self, m: int, first: int, last: int) -> AnyFloats:
        """Return these columns of the table after m members, (V, C, W)."""
        return self._values[:, self._begins[m] + first : self._begins[m] + last + 1]

    def pairs(self, m: int, first: int, last: int) -> AnyFloats:
        """Return each of these columns and the next one, (V, C, W, 2)."""
        return self._pairs[:, self._begins[m] + first : self._begins[m] + last + 1]


def table_columns(rules: Rules) -> int:
    """Return how many columns the tables of one recursion have: what soundings take of memory."""
    return sum(_columns(rules)[1])


def _columns(rules: Rules) -> tuple[list[int], list[int]]:
    """Return the fewest votes in favour that still matter, and the columns, by members taken in."""
    members = range(rules.n_members + 1)
    first = [max(0, rules.quota - (rules.n_members - m)) for m in members]
    return first, [min(m, rules.quota) + 3 - first[m] for m in members]


def _tally(p: AnyFloats, rules: Rules) -> AnyFloats:
    """Return the table (V, K + 1, W) after all members."""
    spare = max(0, rules.quota - rules.n_members)  # columns that no votes reach
    table = _nobody(rules, p.shape[-1], p.dtype, 1 + spare)
    ballots = _fill(np.zeros_like(p), p, rules)
    for m in range(rules.n_members):
        table = _add(table, ballots[m], grows=table.shape[-2] <= rules.quota)
    return table


def _nobody(rules: Rules, n_worlds: int, dtype: DTypeLike, n_columns: int = 1) -> AnyFloats:
    """Return the table before anyone has voted: no votes in favour, no veto, for sure."""
    table = np.zeros((rules.vetoes_needed, n_columns, n_worlds), dtype=dtype)
    table[0, 0] = 1
    return table


def _fill(ballots: AnyFloats, p: AnyFloats, rules: Rules) -> AnyFloats:
    """Set and return what each member does to a table, (M, 3, W) as its probabilities are.

    The chance of one vote more in favour, of nothing, and, where it holds a veto, of one veto more.
    """
    ballots[:, Action.IN_FAVOUR] = p[:, Action.IN_FAVOUR]
    np.subtract(1, p[:, Action.IN_FAVOUR], out=ballots[:, STAYS])
    for m in np.flatnonzero(rules.holds_veto):
        ballots[m, STAYS:] = p[m, Action.ABSTAINING :]
    return ballots


def _add(table: AnyFloats, ballots: AnyFloats, grows: bool = False) -> AnyFloats:
    """Return the table (V, C, W) with one more member taken in.

    Args:
        table: by votes in favour.
        ballots: (3, W), the member's, from `_fill`.
        grows: whether the last column lies below the quota: one more is then added, instead of
            counting up to there and no further.
    """
    in_favour, stays, veto = ballots
    n_vetoes, n_columns, n_worlds = table.shape
    new = np.zeros((n_vetoes, n_columns + grows, n_worlds), dtype=table.dtype)
    np.multiply(table, stays, out=new[:, :n_columns])
    one_more = table * in_favour
    new[:, 1:] += one_more[:, : n_columns - 1 + grows]
    if not grows:
        new[:, -1] += one_more[:, -1]
    new[1:, :n_columns] += table[:-1] * veto
    return new


def _carry_out(operations: Iterable[_Operation]) -> None:
    for operate, operands, out in operations:
        operate(*operands, out=out)


def without_veto(rules: Rules) -> Rules:
    """Return the same rules with nobody's negative vote blocking."""
    return Rules(np.zeros_like(rules.holds_veto), rules.quota)
