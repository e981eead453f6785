"""The law of a vote: actions, the nine votes, the veto, and what a tally means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from sim.arrays import AnyFloats

ActionName = Literal["in_favour", "abstaining", "against"]
"""The Council's words for each `Action`, as files and reports have them, in its order."""
ACTIONS: tuple[ActionName, ...] = get_args(ActionName)


class Action(IntEnum):
    """What a member does when the draft is put to the vote; the order of the axis of actions."""

    IN_FAVOUR = 0
    ABSTAINING = 1
    AGAINST = 2

    @property
    def words(self) -> ActionName:
        """The Council's words for it, as files have them: `in_favour`."""
        return ACTIONS[self]


N_ACTIONS = len(Action)


class Outcome(StrEnum):
    """How a draft ends. A veto is derived from a tally; no member casts one as such."""

    ADOPTED = "adopted"
    VETOED = "vetoed"
    NOT_CARRIED = "not_carried"
    WITHDRAWN = "withdrawn"
    ROLLED_OVER = "rolled_over"


OUTCOMES = tuple(Outcome)
OutcomeName = Literal["adopted", "vetoed", "not_carried", "withdrawn", "rolled_over"]
"""The same to a type checker: what keys by outcome are called, in the same order."""
OUTCOME_NAMES: tuple[OutcomeName, ...] = get_args(OutcomeName)
DECIDED = (Outcome.ADOPTED, Outcome.VETOED, Outcome.NOT_CARRIED)
"""What a vote can end in: the order of the axis of a vote's outcomes."""

ADOPTED = DECIDED.index(Outcome.ADOPTED)
"""Its place, on either axis."""


def ends(
    p_decided: AnyFloats, is_tabled: NDArray[np.bool_], is_rolled_over: NDArray[np.bool_]
) -> AnyFloats:
    """Return the chance of each outcome, by what the penholder did and a vote would end in.

    Args:
        p_decided: (3, W), chances of what a vote ends in, in the order of `DECIDED`.
        is_tabled: (W,), a text is put to the vote: the draft, or the rollover in its place.
        is_rolled_over: (W,), it is the rollover.

    Returns:
        (5, W), in the order of `OUTCOMES`, in the precision of `p_decided`.
    """
    p = dict(zip(DECIDED, p_decided * is_tabled, strict=True))
    p[Outcome.WITHDRAWN] = (~is_tabled).astype(p_decided.dtype)
    p[Outcome.ROLLED_OVER] = p[Outcome.ADOPTED] * is_rolled_over
    p[Outcome.ADOPTED] = p[Outcome.ADOPTED] * ~is_rolled_over
    return np.stack([p[outcome] for outcome in OUTCOMES])


def at_the_deadline(p_outcome: AnyFloats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return what `ends` was told beside chances, from what it returned, (5, W): two of (W,)."""
    p = dict(zip(OUTCOMES, p_outcome, strict=True))
    return p[Outcome.WITHDRAWN] == 0, p[Outcome.ROLLED_OVER] > 0


SEATS_AND_QUOTA = (11, 7), (15, 9)
"""Seats and the votes in favour needed, before 1966 and from then on.

Source: Charter, Articles 23 and 27, as amended in 1965.
"""


def seats_and_quota(year: int) -> tuple[int, int]:
    """Return how many seats the Council had in a year, and the votes in favour needed.

    >>> seats_and_quota(1965), seats_and_quota(1966)
    ((11, 7), (15, 9))
    """
    return SEATS_AND_QUOTA[year >= 1966]


@dataclass(frozen=True)
class Rules:
    """How this Council decides this draft.

    Args:
        holds_veto: (M,) bool, whose negative vote is a veto. All false on a procedural matter
            (Article 27(2)), true for the permanent members on any other (27(3)).
        quota: votes in favour needed, 1 to M; 9 since 1966.
        vetoes_needed: negative votes of veto holders that block, 1 or more; 1 by the Charter.
        must_abstain: (M,) bool, members that may not vote (obligatory abstention of a party to a
            dispute under Chapter VI, Article 27(3)).
        takes_no_part: (M,) bool, members present that do not participate in the vote. They count
            as the abstaining do: not in favour, not against.
    """

    holds_veto: NDArray[np.bool_]
    quota: int = 9
    vetoes_needed: int = 1
    must_abstain: NDArray[np.bool_] | None = None
    takes_no_part: NDArray[np.bool_] | None = None

    @property
    def n_members(self) -> int:
        """How many seats the Council has."""
        return len(self.holds_veto)

    @property
    def is_silent(self) -> NDArray[np.bool_]:
        """Whose action is fixed to neither in favour nor against, shape (M,)."""
        none = np.zeros(self.n_members, dtype=bool)
        return (none if self.must_abstain is None else self.must_abstain) | (
            none if self.takes_no_part is None else self.takes_no_part
        )

    def decide(self, votes: NDArray[np.int8]) -> NDArray[np.int8]:
        """Return the index in `DECIDED` of what each roll call means.

        With fewer than the needed votes in favour a draft is not carried, whoever is against: by
        the Council's practice a negative vote of a permanent member is then no veto.

        Args:
            votes: (M, W), values of `Action`.

        Returns:
            (W,), 0 adopted, 1 vetoed, 2 not carried.

        Source: Charter, Article 27; practice on 30 December 2014 (8-2-5, not carried).
        """
        enough = np.count_nonzero(votes == Action.IN_FAVOUR, axis=0) >= self.quota
        blocked = self.n_vetoes(votes) >= self.vetoes_needed
        return np.where(enough, np.where(blocked, 1, 0), 2).astype(np.int8)

    def n_vetoes(self, votes: NDArray[np.int8]) -> NDArray[np.intp]:
        """Return how many veto holders are against in each roll call, shape (W,)."""
        against = (votes == Action.AGAINST) & self.holds_veto[:, None]
        return np.count_nonzero(against, axis=0)
