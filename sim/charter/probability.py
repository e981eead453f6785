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


def _veto_sets(
    p: Floats, holders: list[int], against: tuple[int, ...], table: Floats
) -> Iterator[tuple[tuple[int, ...], Floats]]:
    """Yield each set of veto holders with its table of votes in favour, by depth first."""
    if not holders:
        yield against, table
        return
    yield from _veto_sets(p[1:], holders[1:], against, _add(table, p[0], holds_veto=True))
    opposed = table * p[0, Action.AGAINST]
    yield from _veto_sets(p[1:], holders[1:], (*against, holders[0]), opposed)


def adopted_if(p: Floats, rules: Rules) -> Floats:
    """Return each member's chance that the draft is adopted, for each action it could take.

    The others act independently with their probabilities `p`. A product over all members but one
    is needed for each member: the members are halved again and again, each half taking in the
    other first, so that no division and no table of M * M is needed.

    Args:
        p: (M, 3, W) as in `outcome_probabilities`.
        rules: how this Council decides.

    Returns:
        (M, 3, W): P(adopted | member m takes the action).
    """
    result = np.empty_like(p)
    everyone = list(range(rules.n_members))
    _leave_one_out(everyone, _empty(p, rules), p, rules, result)
    return result


def _leave_one_out(
    members: list[int], table: Floats, p: Floats, rules: Rules, result: Floats
) -> None:
    """Fill `result` for `members`, given the table of everyone else."""
    if len(members) == 1:
        _fill(result[members[0]], table, bool(rules.holds_veto[members[0]]))
        return
    half = len(members) // 2
    for mine, theirs in ((members[:half], members[half:]), (members[half:], members[:half])):
        taken_in = table
        for m in theirs:
            taken_in = _add(taken_in, p[m], bool(rules.holds_veto[m]))
        _leave_one_out(mine, taken_in, p, rules, result)


def _fill(result: Floats, table: Floats, holds_veto: bool) -> None:
    """Set one member's (3, W) from the table (V, K + 1, W) of the others."""
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


def _add(table: Floats, p: Floats, holds_veto: bool) -> Floats:
    """Return the table with one more member taken in, whose actions have chances `p` (3, W)."""
    stays = p[Action.ABSTAINING] if holds_veto else 1 - p[Action.IN_FAVOUR]
    new = table * stays
    new[:, 1:] += table[:, :-1] * p[Action.IN_FAVOUR]
    new[:, -1] += table[:, -1] * p[Action.IN_FAVOUR]
    if holds_veto:
        new[1:] += table[:-1] * p[Action.AGAINST]
    return new


def without_veto(rules: Rules) -> Rules:
    """Return the same rules with nobody's negative vote blocking."""
    return Rules(np.zeros_like(rules.holds_veto), rules.quota)
