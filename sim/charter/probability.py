"""Exact chances of a draft, given each member's chances of each action.

Everything rests on one recursion over members: a table holds the probability of each pair
(negative votes of veto holders so far, votes in favour so far), the first below the number that
blocks, the second counted up to the quota and no further. Adding a member is one step of a
Poisson-binomial; what would block falls out of the table. Shapes: members first, worlds last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from sim.charter.rules import Action, Rules

Floats = NDArray[np.floating]
Bools = NDArray[np.bool_]

_Operation = tuple[np.ufunc, Floats, Floats, Floats]
"""Two arrays, what is done with them, and where the result is put."""

STAYS, VETO = 1, 2
"""What a ballot does to a table, after `IN_FAVOUR`: nothing, or one more veto."""


def outcome_probabilities(p: Floats, rules: Rules) -> Floats:
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


def veto_probabilities(p: Floats, rules: Rules) -> dict[tuple[int, ...], Floats]:
    """Return, for each set of veto holders, the probability that exactly they veto.

    Args:
        p: (M, 3, W) as in `outcome_probabilities`.
        rules: how this Council decides; at most some ten veto holders (their sets are listed).

    Returns:
        (W,) by ascending member numbers of those against; sums to `vetoed` over all sets.
    """
    holders = np.flatnonzero(rules.holds_veto)
    others = np.delete(p, holders, axis=0)
    table = _tally_of(others, rules.quota)
    sets = _veto_sets(_ballots(p, rules)[:, holders], holders.tolist(), (), table)
    return {who: table[0, -1] for who, table in sets if len(who) >= rules.vetoes_needed}


def unblocked_probability(p: Floats, rules: Rules) -> Floats:
    """Return the chance that too few veto holders are against to block, enough in favour or not.

    Args:
        p: (M, 3, W) as in `outcome_probabilities`.
        rules: how this Council decides; the quota does not matter here.

    Returns:
        (W,), 0 to 1: all that the table still holds.
    """
    holders = p[rules.holds_veto]  # nobody else blocks
    blocking = Rules(np.ones(len(holders), dtype=bool), 1, rules.vetoes_needed)
    return _tally(holders, blocking).sum(axis=(0, 1))


def _veto_sets(
    ballots: Floats, holders: list[int], against: tuple[int, ...], table: Floats
) -> Iterator[tuple[tuple[int, ...], Floats]]:
    """Yield each set of veto holders with its table of votes in favour, by depth first."""
    if not holders:
        yield against, table
        return
    table = table[:, -1 - len(holders) :]  # the rest cannot reach the quota any more
    rest = ballots[:, 1:]
    yield from _veto_sets(rest, holders[1:], against, _add(table, ballots[:, 0]))
    opposed = table * ballots[VETO, 0]
    yield from _veto_sets(rest, holders[1:], (*against, holders[0]), opposed)


def adopted_if(p: Floats, rules: Rules) -> Floats:
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
    """`adopted_if` for many rounds: its tables are kept from one to the next.

    A product over all members but one is needed for each member: the members are halved again and
    again, each half taking in the other first, so that no division and no table of M * M is needed.
    The tables of one halving grow side by side, in few large operations: two threads can then work
    at a time.

    Args:
        rules: how this Council decides.
        n_worlds: W.
        dtype: the precision of the probabilities.
    """

    def __init__(self, rules: Rules, n_worlds: int, dtype: DTypeLike = np.float32) -> None:
        self._rules = rules
        bracket = _bracket(rules.n_members, rules.quota)
        self._here = np.flatnonzero(bracket.seats >= 0)
        self._ballots = np.zeros((3, len(bracket.seats), n_worlds), dtype=dtype)
        self._ballots[STAYS, bracket.seats < 0] = 1
        size = bracket.n_largest * rules.vetoes_needed * n_worlds
        room = [np.empty(size, dtype=dtype) for _ in range(3)]
        table = _empty(rules, n_worlds, dtype)[None, :, : bracket.n_columns]
        self._operations: list[_Operation] = []
        for size, steps in bracket.halvings:
            # (G, 2, size) seats: each table divides in two, and each half takes in the other.
            theirs = self._ballots.reshape(3, -1, 2, size, n_worlds)[:, :, ::-1]
            table = table[:, None]
            for k, grows, shrinks in steps:
                table, operations = _adding(table, theirs[:, :, :, k], grows, shrinks, room)
                self._operations += operations
                room[0], room[1] = room[1], room[0]
            table = table.reshape(-1, *table.shape[2:])
        self._table = table

    def take(self, p: Floats, out: Floats) -> None:
        """Set `out` to P(adopted | member m takes the action), both (M, 3, W)."""
        _fill(self._ballots, self._here, p, self._rules)
        _carry_out(self._operations)
        _believe(self._table, self._here, self._rules.holds_veto, out)


class _Bracket(NamedTuple):
    """The order in which members are halved and taken in, and how wide tables must be for it.

    Args:
        seats: (L,) member numbers, L a power of 2; -1 keeps the place of nobody, where one half
            has a member fewer than the other.
        n_columns: columns of the first table.
        n_largest: columns of all tables of a halving together, at most.
        halvings: for each, the seats in a half, and what is taken in: the seat within the half,
            whether the tables grow by a column then, and whether they shrink by one.
    """

    seats: NDArray[np.intp]
    n_columns: int
    n_largest: int
    halvings: tuple[tuple[int, tuple[tuple[int, bool, bool], ...]], ...]


@lru_cache(maxsize=256)
def _bracket(n_members: int, quota: int) -> _Bracket:
    """Return the bracket of so many members.

    Of the votes in favour only those are kept that can have been cast by then, in any table, and
    can still come within one of the quota.
    """
    seats = _seated(list(range(n_members)), (n_members - 1).bit_length())
    spare = max(0, quota - (n_members - 1))  # the columns that nobody else's votes can reach
    first, last = 0, spare
    halvings, n_largest = [], 1 + spare
    taken_in, size = np.zeros((1, 1), dtype=int), len(seats)
    while size > 1:
        size //= 2
        is_taken = (seats >= 0).reshape(-1, 2, size)
        taken_in = np.repeat(taken_in.reshape(-1, 1), 2, axis=1)
        steps = []
        for k in np.flatnonzero(is_taken.any(axis=(0, 1))).tolist():
            taken_in = taken_in + is_taken[:, ::-1, k]
            so_far = taken_in[is_taken.any(axis=2)]
            fewest = max(0, quota - n_members + int(so_far.min()))
            most = min(quota, int(so_far.max()) + spare)
            steps.append((k, most > last, fewest > first))
            n_largest = max(n_largest, taken_in.size * (1 + most - first))
            first, last = fewest, most
        halvings.append((size, tuple(steps)))
    return _Bracket(seats, 1 + spare, n_largest, tuple(halvings))


def _seated(members: list[int], depth: int) -> NDArray[np.intp]:
    """Return the members in the order of a bracket of so many halvings, (2 ** depth,)."""
    if depth == 0:
        return np.array(members or [-1])
    half = len(members) // 2
    return np.concatenate([_seated(members[:half], depth - 1), _seated(members[half:], depth - 1)])


def _believe(table: Floats, here: NDArray[np.intp], holds_veto: Bools, out: Floats) -> None:
    """Set (M, 3, W) beliefs from each seat's table of the others, (L, V, 2, W).

    Args:
        table: its columns are one vote short of the quota, and the quota or more.
        here: (M,) the seats of the members.
        holds_veto: (M,) whose negative vote counts.
        out: (M, 3, W).
    """
    short, enough = table[:, 0, 0], table[:, 0, 1]
    if table.shape[1] > 1:
        short, enough = table[:, :, 0].sum(axis=1), table[:, :, 1].sum(axis=1)
    out[:, Action.ABSTAINING] = out[:, Action.AGAINST] = enough[here]
    np.add(out[:, Action.ABSTAINING], short[here], out=out[:, Action.IN_FAVOUR])
    out[holds_veto, Action.AGAINST] = table[here[holds_veto], :-1, 1].sum(axis=1)


def _tally(p: Floats, rules: Rules) -> Floats:
    """Return the table (V, K + 1, W) after all members."""
    spare = max(0, rules.quota - rules.n_members)  # columns that no votes reach
    table, ballots = _empty(rules, p.shape[-1], p.dtype)[:, : 1 + spare], _ballots(p, rules)
    for m in range(rules.n_members):
        table = _add(table, ballots[:, m], grows=table.shape[-2] <= rules.quota)
    return table


def _tally_of(p: Floats, quota: int) -> Floats:
    """Return the table (1, K + 1, W) of votes in favour among members that hold no veto."""
    return _tally(p, Rules(np.zeros(len(p), dtype=bool), quota))


def _empty(rules: Rules, n_worlds: int, dtype: DTypeLike) -> Floats:
    """Return the table before anyone has voted: no votes in favour, no veto, for sure."""
    table = np.zeros((rules.vetoes_needed, rules.quota + 1, n_worlds), dtype=dtype)
    table[0, 0] = 1
    return table


def _ballots(p: Floats, rules: Rules) -> Floats:
    """Return what each member does to a table, (3, M, W).

    The chance of one vote more in favour, of nothing, and of one veto more.
    """
    ballots = np.zeros((3, len(p), p.shape[-1]), dtype=p.dtype)
    _fill(ballots, np.arange(len(p)), p, rules)
    return ballots


def _fill(ballots: Floats, here: NDArray[np.intp], p: Floats, rules: Rules) -> None:
    """Set the ballots (3, L, W) of the members' seats from their probabilities (M, 3, W)."""
    holders = rules.holds_veto
    ballots[Action.IN_FAVOUR, here] = p[:, Action.IN_FAVOUR]
    ballots[STAYS, here] = 1 - p[:, Action.IN_FAVOUR]
    ballots[STAYS, here[holders]] = p[holders, Action.ABSTAINING]
    ballots[VETO, here[holders]] = p[holders, Action.AGAINST]


def _add(table: Floats, ballots: Floats, grows: bool = False) -> Floats:
    """Return the table with one more member taken in; arguments as for `_adding`."""
    new, operations = _adding(table, ballots, grows)
    _carry_out(operations)
    return new


def _carry_out(operations: Iterable[_Operation]) -> None:
    for operate, left, right, out in operations:
        operate(left, right, out)


def _adding(
    table: Floats,
    ballots: Floats,
    grows: bool = False,
    shrinks: bool = False,
    room: Sequence[Floats] | None = None,
) -> tuple[Floats, list[_Operation]]:
    """Return where the table with one more member taken in will be, and what will make it.

    Laying out arrays takes as long as small operations on them: a table that is made again and
    again is laid out once.

    Args:
        table: (..., V, C, W), by votes in favour, from as few as still matter.
        ballots: (3, ..., W), as in `_ballots`, one member's for each table.
        grows: whether the last column lies below the quota: one more is then added, instead of
            counting up to there and no further.
        shrinks: whether as few votes as in the first column no longer matter.
        room: flat arrays to work in, the first for what is returned, the last for what is not
            kept; new ones if None.

    Returns:
        (..., V, C + grows - shrinks, W), not set yet.
    """
    in_favour, stays, veto = ballots[..., None, None, :]
    kept, low = table[..., int(shrinks) :, :], table[..., : table.shape[-2] - grows, :]
    wide, n_worlds = (*ballots.shape[1:-1], table.shape[-3]), table.shape[-1]
    n_kept, n_low = kept.shape[-2], low.shape[-2]
    first, spare = (room[0], room[-1]) if room else (None, None)
    new = _within(first, (*wide, n_kept + grows, n_worlds), table.dtype)
    one_more = _within(spare, (*wide, n_low, n_worlds), table.dtype)
    as_many, last = new[..., :n_kept, :], new[..., -1:, :]
    operations: list[_Operation] = [(np.multiply, kept, stays, as_many)]
    if n_low:
        operations.append((np.multiply, low, in_favour, one_more))
    if grows:
        operations.append((np.multiply, table[..., -1:, :], in_favour, last))
    else:
        operations.append((np.add, last, one_more[..., -1:, :], last))
    if (fewer := one_more[..., : table.shape[-2] - 1, :]).shape[-2]:
        above = as_many[..., 1 - shrinks :, :]
        operations.append((np.add, above, fewer, above))
    if table.shape[-3] > 1:
        blocked = _within(spare, (*wide[:-1], wide[-1] - 1, n_kept, n_worlds), table.dtype)
        less_one = as_many[..., 1:, :, :]
        operations.append((np.multiply, kept[..., :-1, :, :], veto, blocked))
        operations.append((np.add, less_one, blocked, less_one))
    return new, operations


def _within(flat: Floats | None, shape: tuple[int, ...], dtype: DTypeLike) -> Floats:
    """Return an array of this shape, its values not set, in the flat one if there is one."""
    return np.empty(shape, dtype) if flat is None else flat[: prod(shape)].reshape(shape)


def without_veto(rules: Rules) -> Rules:
    """Return the same rules with nobody's negative vote blocking."""
    return Rules(np.zeros_like(rules.holds_veto), rules.quota)
