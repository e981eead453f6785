"""What known votes tell of the others: worlds weighted by how likely those votes are in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.arguments import check_kind
from sim.arrays import Floats, WorldArray
from sim.charter import ACTIONS, Action, at_the_deadline, ends, outcome_probabilities
from sim.ensemble.tally import Interval, Z, total
from sim.errors import UnscError, did_you_mean, listed
from sim.reading.meant import name_meant
from sim.reading.messages import quoted
from sim.reading.state_names import near_state
from sim.roster import states
from sim.scenario import Scenario


@dataclass(frozen=True)
class Given:
    """Sums over worlds, each weighed by the chance of the votes that are given.

    Within a world members act independently, so that this chance is the product of theirs, and the
    others' chances stay as they are: what a vote tells, it tells by the worlds it is likely in.
    Source: importance sampling with weights that need no constant (Owen 2013, chapter 9).
    """

    votes: Mapping[str, Action]
    worlds: int
    weights: Floats  # () sum of the weights
    squares: Floats  # () sum of their squares
    outcome: Floats  # (5,) sums of weight times chance, in the order of `OUTCOMES`
    moments: Floats  # (2, 5) sums of squared weight times chance, and times its square
    actions: Floats  # (M, 3) sums of weight times choice probability

    def __add__(self, other: Given) -> Given:
        """Return the sums over both."""
        return Given(
            self.votes,
            self.worlds + other.worlds,
            self.weights + other.weights,
            self.squares + other.squares,
            self.outcome + other.outcome,
            self.moments + other.moments,
            self.actions + other.actions,
        )

    @property
    def p(self) -> float:
        """The probability that a vote is taken and these votes are cast."""
        return float(self.weights) / self.worlds

    @property
    def n_worlds(self) -> float:
        """How many worlds of equal weight would say as much, at most `worlds`.

        Source: Kish (1965), the effective sample size.
        """
        return float(self.weights**2 / self.squares) if self.weights else 0.0

    @property
    def p_actions(self) -> Floats:
        """Probability of each member's actions, given the votes, shape (M, 3)."""
        return np.asarray(self.actions / self.weights)

    @property
    def p_outcome(self) -> list[Interval]:
        """Probability of each outcome, given the votes, in the order of `OUTCOMES`."""
        p = self.outcome / self.weights
        linear, square = self.moments
        variance = np.maximum(square - 2 * p * linear + p**2 * self.squares, 0)
        half = Z * np.sqrt(variance) / self.weights if self.n_worlds >= 2 else np.ones_like(p)
        bounds = zip(p, np.maximum(p - half, 0), np.minimum(p + half, 1), strict=True)
        return [Interval(*map(float, each)) for each in bounds]


def given_sums(
    votes: Mapping[str, Action],
    scenario: Scenario,
    choices: WorldArray,
    p_outcome: WorldArray,
) -> Given:
    """Return the sums over some worlds, given some members' votes.

    Args:
        votes: by code, as `votes_of` returns them.
        scenario: what was simulated.
        choices: (M, 3, W), each member's chance of each action at the vote.
        p_outcome: (5, W), chances in the order of `OUTCOMES`; they tell what was put to the vote.
    """
    known = np.array(choices, dtype=np.float64)
    is_tabled, is_rolled_over = at_the_deadline(p_outcome)
    weights = is_tabled.astype(np.float64)
    for code, action in votes.items():
        seat = scenario.codes.index(code)
        weights *= known[seat, action]
        known[seat] = np.arange(known.shape[1])[:, None] == action
    p = ends(outcome_probabilities(known, scenario.rules), is_tabled, is_rolled_over)
    return Given(
        votes,
        len(weights),
        total(weights),
        total(weights**2),
        total(weights * p),
        np.stack([total(weights**2 * p), total((weights * p) ** 2)]),
        total(weights * known),
    )


def votes_of(scenario: Scenario, said: Mapping[str, object]) -> dict[str, Action]:
    """Return the votes that are said to be given, in the order of the seats.

    Raises:
        UnscError: who has no seat or takes no part, or what is no vote.
    """
    check_kind("given", said, Mapping, "votes by code, as {'CHN': 'against'}")
    given = {str(code): _action(str(code), vote) for code, vote in said.items()}
    codes = scenario.codes
    for code in given:
        if code not in codes:
            near = did_you_mean(code, codes) if code in states() else near_state(code)
            raise UnscError(
                f"given {quoted(code)}: not a member on {scenario.date}; expected one of "
                f"{listed(codes, 20)}. {near}".rstrip()
            )
        if scenario.takes_no_part(codes.index(code)):
            raise UnscError(f"given {code}: it takes no part in this vote; expected another one.")
    return {code: given[code] for code in codes if code in given}


def some_world_left(given: Given, scenario: Scenario) -> Given:
    """Return the sums, if the votes are cast in any world.

    Raises:
        UnscError: they are not.
    """
    if given.weights:
        return given
    said = listed(f"{code}={action.words}" for code, action in given.votes.items())
    seats = {code: scenario.codes.index(code) for code in given.votes}
    known = [code for code, seat in seats.items() if scenario.behaviours[seat].is_known]
    why = f" It is known how {listed(known)} votes." if known else ""
    raise UnscError(
        f"given {said}: in none of {given.worlds:,} worlds is a vote taken that goes so.{why}"
    )


def _action(code: str, vote: object) -> Action:
    """Return the action that is named."""
    if isinstance(vote, Action):
        return vote
    if str(vote) in ACTIONS:
        return Action(ACTIONS.index(str(vote)))
    raise UnscError(
        f"given {quoted(code)}: {quoted(str(vote))} is no vote; expected one of "
        f"{listed(ACTIONS)}. {name_meant(str(vote), ACTIONS)}".rstrip()
    )
