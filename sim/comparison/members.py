"""What moved in each member, and what changed for it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.charter import Action
from sim.ensemble import Ensemble
from sim.ensemble.tally import Interval, interval, rounded
from sim.facts.run import plain, vote

SMALLEST_TERM = 0.005
"""Changes below this are not listed: chance alone is no smaller."""

Votes = NDArray[np.int8]


def member(
    base: Ensemble, other: Ensemble, code: str, votes: tuple[Votes, Votes]
) -> dict[str, Any]:
    """Return one member before and after, and in what share of worlds its vote flipped.

    Args:
        base, other: the two ensembles.
        code: a member seated in both.
        votes: (M, W) drawn votes of each.
    """
    seats = base.scenario.codes.index(code), other.scenario.codes.index(code)
    mine, its = votes[0][seats[0]], votes[1][seats[1]]
    called = base.scenario.words_for, other.scenario.words_for
    flips = {
        f"{called[0](seats[0], a)} > {called[1](seats[1], b)}": (mine == a) & (its == b)
        for a, b in product(Action, repeat=2)
        if called[0](seats[0], a) != called[1](seats[1], b)
    }
    flipped = np.any(list(flips.values()), axis=0)
    return {
        "before": vote(base, seats[0]),
        "after": vote(other, seats[1]),
        "flipped": plain(difference(np.zeros(len(mine)), flipped.astype(np.float64))),
        "flips": largest_first({name: rounded(worlds.mean()) for name, worlds in flips.items()}),
        "gain": {
            "before": rounded(base.mean("gain")[seats[0]]),
            "after": rounded(other.mean("gain")[seats[1]]),
        },
        "changed": changes(base, other, seats),
    }


def changes(base: Ensemble, other: Ensemble, seats: tuple[int, int]) -> dict[str, float]:
    """Return what is not the same for a member, causes of its own before what follows from others.

    First rules and preferences outside the gain, then terms of the gain, the largest change first;
    last its belief, which also answers to what it does itself.
    """
    own = _between(_outside_the_gain(base, seats[0]), _outside_the_gain(other, seats[1]))
    mine = dict(zip(base.term_names, base.mean("terms")[seats[0]], strict=True))
    its = dict(zip(other.term_names, other.mean("terms")[seats[1]], strict=True))
    believed = (
        {"believes_adopted_if_abstaining": e.mean("beliefs")[seat, Action.ABSTAINING]}
        for e, seat in zip((base, other), seats, strict=True)
    )
    return own | _between(mine, its) | _between(*believed)


def _outside_the_gain(ensemble: Ensemble, seat: int) -> dict[str, float]:
    """Return what bears on a member's choice beside its gain."""
    scenario, wants = ensemble.scenario, ensemble.scenario.preferences[seat]
    rules = scenario.rules
    return {
        "may_not_vote": float(rules.is_silent[seat]),
        "holds_veto": float(rules.holds_veto[seat]),
        "vetoes_needed": float(rules.vetoes_needed),
        "votes_needed": float(rules.quota),
        "veto_cost": wants.veto_cost.mean * bool(rules.holds_veto[seat]),
        "opposition_cost": wants.opposition_cost.mean,
        "voice": wants.voice.mean,
        "precision": scenario.coefficients.precision,
        **{
            f"caucus_{name}": weight.mean
            for name, weight in wants.caucuses.items()
            if name in scenario.council[seat].caucuses
        },
        **{
            f"restraint_{name}": cost.mean
            for name, cost in wants.restraint.items()
            if name in scenario.draft.opposed
        },
    }


def _between(mine: Mapping[str, float], its: Mapping[str, float]) -> dict[str, float]:
    """Return the changes worth listing, the largest first."""
    every = {n: its.get(n, 0.0) - mine.get(n, 0.0) for n in dict.fromkeys([*mine, *its])}
    kept = {n: rounded(change) for n, change in every.items() if abs(change) >= SMALLEST_TERM}
    return dict(sorted(kept.items(), key=lambda item: -abs(item[1])))


def difference(base: NDArray[np.floating], other: NDArray[np.floating]) -> Interval:
    """Return the mean difference over paired worlds with its 95 % interval, within -1..1."""
    moved = other.astype(np.float64) - base
    return interval(float(moved.sum()), float((moved**2).sum()), len(moved), low=-1.0)


def largest_first(shares: Mapping[str, float]) -> dict[str, float]:
    """Return the shares above 0, the largest first."""
    kept = ((name, share) for name, share in shares.items() if share > 0)
    return dict(sorted(kept, key=lambda item: (-item[1], item[0])))
