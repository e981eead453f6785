"""Exact chances of a draft, given each member's chances of each action.

Everything rests on one recursion over members: a table holds the probability of each pair
(negative votes of veto holders so far, votes in favour so far), the first below the number that
blocks, the second counted up to the quota and no further. Adding a member is one step of a
Poisson-binomial; what would block falls out of the table. Shapes: members first, worlds last.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.charter.rules import Action, Rules

Floats = NDArray[np.floating]


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
    sets = _veto_sets(p[holders], holders.tolist(), (), _tally_of(others, rules.quota))
    return {who: table[0, -1] for who, table in sets if len(who) >= rules.vetoes_needed}


def unblocked_probability(p: Floats, rules: Rules) -> Floats:
    """Return the chance that too few veto holders are against to block, enough in favour or not.

    Args:
        p: (M, 3, W) as in `outcome_probabilities`.
        rules: how this Council decides; the quota does not matter here.

    Returns:
        (W,), 0 to 1: all that the table still holds.
    """
    return _tally(p, Rules(rules.holds_veto, 1, rules.vetoes_needed)).sum(axis=(0, 1))


def _veto_sets(
    p: Floats, holders: list[int], against: tuple[int, ...], table: Floats
) -> Iterator[tuple[tuple[int, ...], Floats]]:
    """Yield each set of veto holders with its table of votes in favour, by depth first."""
    if not holders:
        yield against, table
        return
    table = table[:, -1 - len(holders) :]  # the rest cannot reach the quota any more
    yield from _veto_sets(p[1:], holders[1:], against, _add(table, p[0], holds_veto=True))
    opposed = table * p[0, Action.AGAINST]
    yield from _veto_sets(p[1:], holders[1:], (*against, holders[0]), opposed)


def adopted_if(p: Floats, rules: Rules) -> Floats:
    """Return each member's chance that the draft is adopted, for each action it could take.

    The others act independently with their probabilities `p`. A product over all members but one
    is needed for each member: the members are halved again and again, each half taking in the
    other first, so that no division and no table of M * M is needed. Of the votes in favour only
    those are kept that can have been cast by then and can still come within one of the quota.

    Args:
        p: (M, 3, W) as in `outcome_probabilities`.
        rules: how this Council decides.

    Returns:
        (M, 3, W): P(adopted | member m takes the action).
    """
    result = np.empty_like(p)
    # Wide enough to grow to the quota with every other member taken in.
    n_columns = 1 + max(0, rules.quota - (rules.n_members - 1))
    table = _empty(p, rules)[:, :n_columns]
    _leave_one_out(list(range(rules.n_members)), table, p, rules, result)
    return result


def _leave_one_out(
    members: list[int], table: Floats, p: Floats, rules: Rules, result: Floats
) -> None:
    """Fill `result` for `members`, given the table (V, C, W) of everyone else."""
    if len(members) == 1:
        _fill(result[members[0]], table, bool(rules.holds_veto[members[0]]))
        return
    half = len(members) // 2
    for mine, theirs in ((members[:half], members[half:]), (members[half:], members[:half])):
        taken_in, n_left = table, len(members) - 1
        for m in theirs:
            n_left -= 1
            taken_in = _add(
                taken_in,
                p[m],
                bool(rules.holds_veto[m]),
                grows=rules.n_members - 2 - n_left < rules.quota,
                shrinks=n_left < rules.quota - 1,
            )
        _leave_one_out(mine, taken_in, p, rules, result)


def _fill(result: Floats, table: Floats, holds_veto: bool) -> None:
    """Set one member's (3, W) from the table of the others, (V, 2 or more, W).

    Its last two columns are one vote short of the quota, and the quota or more.
    """
    enough = table[:, -1]
    result[Action.ABSTAINING] = enough.sum(axis=0)
    result[Action.IN_FAVOUR] = result[Action.ABSTAINING] + table[:, -2].sum(axis=0)
    result[Action.AGAINST] = enough[:-1].sum(axis=0) if holds_veto else enough.sum(axis=0)


def _tally(p: Floats, rules: Rules) -> Floats:
    """Return the table (V, K + 1, W) after all members."""
    table = _empty(p, rules)
    for m in range(rules.n_members):
        table = _add(table, p[m], bool(rules.holds_veto[m]))
    return table


def _tally_of(p: Floats, quota: int) -> Floats:
    """Return the table (1, K + 1, W) of votes in favour among members that hold no veto."""
    return _tally(p, Rules(np.zeros(len(p), dtype=bool), quota))


def _empty(p: Floats, rules: Rules) -> Floats:
    """Return the table before anyone has voted: no votes in favour, no veto, for sure."""
    table = np.zeros((rules.vetoes_needed, rules.quota + 1, p.shape[-1]), dtype=p.dtype)
    table[0, 0] = 1
    return table


def _add(
    table: Floats, p: Floats, holds_veto: bool, *, grows: bool = False, shrinks: bool = False
) -> Floats:
    """Return the table with one more member taken in.

    Args:
        table: (V, C, W), by votes in favour, from as few as still matter.
        p: (3, W), the chances of the member's actions.
        holds_veto: whether its negative vote counts.
        grows: whether the last column lies below the quota: one more is then added, instead of
            counting up to there and no further.
        shrinks: whether as few votes as in the first column no longer matter.

    Returns:
        (V, C + grows - shrinks, W).
    """
    stays = p[Action.ABSTAINING] if holds_veto else 1 - p[Action.IN_FAVOUR]
    n_vetoes, n_columns, n_worlds = table.shape
    new = np.empty((n_vetoes, n_columns + grows - shrinks, n_worlds), dtype=p.dtype)
    kept = table[:, int(shrinks) :]
    as_many, one_more = new[:, : n_columns - shrinks], table * p[Action.IN_FAVOUR]
    np.multiply(kept, stays, out=as_many)
    as_many[:, 1 - shrinks :] += one_more[:, :-1]
    if grows:
        new[:, -1] = one_more[:, -1]
    else:
        new[:, -1] += one_more[:, -1]
    if holds_veto:
        as_many[1:] += kept[:-1] * p[Action.AGAINST]
    return new


def without_veto(rules: Rules) -> Rules:
    """Return the same rules with nobody's negative vote blocking."""
    return Rules(np.zeros_like(rules.holds_veto), rules.quota)
