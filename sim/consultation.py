"""The informal consultations as arithmetic: rounds in which everybody answers the last soundings.

This is the one engine: the chamber holds its rounds with it, and so does whoever forecasts from a
fit. A round has two phases, each of all members at once, so that nobody sees a position of this
round before all have stated theirs. Precision rises from 0, where all actions are equally likely:
that follows the principal branch of the logit quantal response correspondence, the usual way to
choose among equilibria (McKelvey and Palfrey 1995).

Arrays have members first and worlds last: positions and beliefs are (M, 3, W).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from sim import choice
from sim.arrays import AnyFloats
from sim.charter import N_ACTIONS, Action, Rules, Soundings, adopted_if
from sim.draft import Consultations

SILENCE = np.eye(N_ACTIONS)[Action.ABSTAINING][:, None]
"""What is known beforehand of a member that may not vote or takes no part, (3, 1)."""


class Heeding(NamedTuple):
    """That a member does as the others of a caucus, by how much.

    Args:
        seat: the member's.
        others: the seats of the others, at least one.
        weight: (W,), what doing as all of them do is worth to it, in units of gain.
    """

    seat: int
    others: Sequence[int]
    weight: AnyFloats


def opening(rules: Rules, n_worlds: int, dtype: DTypeLike = np.float32) -> AnyFloats:
    """Return positions before anyone has spoken, (M, 3, W): all actions are equally likely."""
    positions = np.full((rules.n_members, N_ACTIONS, n_worlds), 1 / N_ACTIONS, dtype)
    positions[rules.is_silent] = SILENCE
    return positions


def hold_rounds(
    precisions: Iterable[float],
    answer: Callable[[float], AnyFloats],
    positions: AnyFloats,
    beliefs: AnyFloats,
    soundings: Soundings,
    damping: float,
) -> None:
    """Hold one round at each precision.

    Args:
        precisions: how sharply members choose, one number per round, 0 or more.
        answer: returns what all members would do by `beliefs` at a precision, (M, 3, W).
        positions: what they say they will do, (M, 3, W); moved towards the answers in place.
        beliefs: P(adopted | member m takes the action), (M, 3, W); set from the new positions.
        soundings: for as many worlds.
        damping: the share of its old position that a member keeps, 0..1.
    """
    for precision in precisions:
        step = answer(precision) - positions
        step *= 1 - positions.dtype.type(damping)
        positions += step
        soundings.take(positions, beliefs)


def utilities(
    gains: AnyFloats, beliefs: AnyFloats, expressive: AnyFloats, out: AnyFloats | None = None
) -> AnyFloats:
    """Return what each action is worth to each member, (M, 3, W).

    Args:
        gains: (M, W).
        beliefs: (M, 3, W).
        expressive: (2, M, W), from `choice.expressive`.
        out: where to write it; a new array if None.
    """
    worth = np.empty_like(beliefs) if out is None else out
    choice.utilities(
        gains, choice.actions_first(beliefs), expressive, out=choice.actions_first(worth)
    )
    return worth


def heed(worth: AnyFloats, positions: AnyFloats, heeding: Iterable[Heeding]) -> None:
    """Add what acting as one's caucuses is worth, by the share of the others expected to.

    Args:
        worth: (M, 3, W), added to in place.
        positions: (M, 3, W), what members say they will do.
        heeding: who heeds whom; seats of `worth` and of `positions`.
    """
    for seat, others, weight in heeding:
        worth[seat] += weight * positions[others].mean(axis=0)


def answers_on(
    gains: AnyFloats,
    voice: AnyFloats | float,
    costs: AnyFloats,
    precision: float,
    rules: Rules,
    heeding: Sequence[Heeding] = (),
    held: Consultations = Consultations(),  # noqa: B008  frozen
) -> AnyFloats:
    """Return what members answer after consultations on a text that does not move, (M, 3, W).

    Args:
        gains: (M, W), of adoption over lapse.
        voice: (M, W) or one number, the weight of being seen on the right side.
        costs: (M, W), of a negative vote, that of a veto counted in.
        precision: how sharply members choose at last.
        rules: how the vote is decided.
        heeding: who does as its caucuses do.
        held: how the consultations run.
    """
    n_worlds = gains.shape[-1]
    positions = opening(rules, n_worlds, gains.dtype)
    beliefs = np.asarray(adopted_if(positions, rules))
    expressive = choice.expressive(gains, voice, costs)

    def answer(sharpness: float) -> AnyFloats:
        of_members = utilities(gains, beliefs, expressive)
        heed(of_members, positions, heeding)
        worth = choice.actions_first(of_members)
        answers = choice.actions_first(choice.logit(worth, sharpness, out=worth))
        answers[rules.is_silent] = SILENCE
        return answers

    soundings = Soundings(rules, n_worlds, gains.dtype)
    precisions = [precision * share for share in held.precision_shares()]
    hold_rounds(precisions, answer, positions, beliefs, soundings, held.damping)
    return answer(precision)
