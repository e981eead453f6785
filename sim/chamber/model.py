"""The Council as a Mesa model: W worlds side by side, one round a step, then the vote."""

from __future__ import annotations

import mesa
import numpy as np
from numpy.typing import NDArray

from sim import choice
from sim.arguments import whole
from sim.arrays import WorldArray
from sim.chamber.delegation import Delegation, indifferent
from sim.chamber.penholder import Penholder
from sim.chance import BLOCK, MAX_SEED, Block
from sim.charter import DECIDED, OUTCOMES, Outcome, Soundings, adopted_if, outcome_probabilities
from sim.ensemble import Round
from sim.ensemble.tally import GAIN_TERMS, total
from sim.scenario import Scenario

ADOPTED = DECIDED.index(Outcome.ADOPTED)

SILENCE = np.array([0.0, 1.0, 0.0])
"""What is known beforehand of a member that may not vote or takes no part, by `Action`."""


class CouncilModel(mesa.Model):
    """A block of worlds of one scenario. With one world, an ordinary Mesa model.

    Step it while it is `running`: each step is a round of informal consultations, and the last
    one ends with the penholder's decision and the vote.

    Attributes:
        text: (P, W), the draft as it stands, all its P provisions.
        mattering: (D,), the numbers of the provisions in which text and lapse can ever differ.
        change: (D, W), how far the text, as it reads, lies from the lapse.
        hostility: (W,), how hostile that is to the target.
        pulls, saliences: (D, M, W), pressures: (M, W), how gains follow the text and its hostility.
        other_terms: (M, 4, W), the terms of each gain that do not.
        voices, costs: (M, W), what being seen on the right side counts, and a negative vote costs.
        text_gains: (M, W), what the text is worth to each member, by itself and for the target.
        gains: (M, W), gain of adoption over lapse, by the text as it stands.
        sides: (2, M, W), what being seen in favour, and against, is worth by that gain, less costs.
        positions, answers, adopted_if: (M, 3, W), stated positions; answers to the last
            soundings; beliefs P(adopted | action).
        trace: one `Round` for each round held.
        votes: (M, W), drawn votes, once taken.
        p_decided: (3, W), exact chances of what a vote ends in, tabled or not, in the order of
            `DECIDED`, likewise.
        p_outcome: (5, W), exact outcome probabilities in the order of `OUTCOMES`, likewise.
        outcome: (W,), index in `OUTCOMES` of the drawn outcome, likewise.
        residual: (W,), distance of the last positions from the answers to them, likewise.
        is_tabled, is_rolled_over: (W,), what the penholder decided at the deadline.
    """

    scenario: Scenario = None  # type: ignore[assignment]  # Mesa 3.5 has a property of that name

    def __init__(
        self, scenario: Scenario, worlds: float = 1, random_seed: float = 0, block: int = 0
    ) -> None:
        """Seat the delegations.

        Args:
            scenario: what is simulated.
            worlds: worlds side by side, 1 to `BLOCK`.
            random_seed: the run's seed.
            block: which block of the run's worlds it is.

        Raises:
            UnscError: more worlds than that (`convene` simulates any number), or no whole number.
        """
        self.n_worlds = whole("worlds", worlds, 1, BLOCK)
        seed = whole("random_seed", random_seed, 0, MAX_SEED)
        super().__init__(rng=seed & 0xFFFFFFFF)
        self.scenario = scenario
        self.chance = Block(seed, block, self.n_worlds)
        self._lay_out_text()
        self._seat_delegations()
        self.round = 0
        self.trace: list[Round] = []

    def _lay_out_text(self) -> None:
        """Set the text, how it reads in each world, and what stands otherwise."""
        draft, numbers, worlds = self.scenario.draft, self.scenario.coefficients, self.n_worlds
        self.lapse, self.low, self.high = map(_column, (draft.lapse, draft.low, draft.high))
        self.mattering = np.flatnonzero(draft.matters)
        self.hostility_weights = _column(numbers.hostility)[self.mattering]
        self.text = np.repeat(_column(draft.text), worlds, axis=1)
        self._misreading = np.zeros((len(self.mattering), worlds), dtype=np.float32)
        for row, d in zip(self._misreading, self.mattering, strict=True):
            if spread := np.float32(draft.reading_spread[d]):
                self.chance.normals(f"reading.{draft.provisions[d].name}", "draft", out=row)
                row *= spread
        self.shared_shock = self.chance.normals("shared_shock", "council")
        self.shared_shock *= np.float32(numbers.shared_shock)
        self.read_text()

    def read_text(self) -> None:
        """Set what the text as it stands changes, in each world as it reads there."""
        self.change = self.text[self.mattering] + self._misreading
        self.change -= self.lapse[self.mattering]
        self.hostility = choice.hostility_of(self.change, self.hostility_weights)

    def _seat_delegations(self) -> None:
        n_members = len(self.scenario.council)
        self.precision = 0.0
        self.positions = indifferent(n_members, self.n_worlds)
        self.positions[self.scenario.rules.is_silent] = _column(SILENCE)
        n_provisions, worlds = len(self.mattering), self.n_worlds
        self.pulls = np.empty((n_provisions, n_members, worlds), dtype=np.float32)
        self.saliences = np.empty_like(self.pulls)
        self.pressures = np.empty((n_members, worlds), dtype=np.float32)
        self.other_terms = np.empty((n_members, len(GAIN_TERMS) - 1, worlds), dtype=np.float32)
        self.voices, self.costs, self.gains = (np.empty_like(self.pressures) for _ in range(3))
        self.sides = np.empty((2, n_members, worlds), dtype=np.float32)
        self.answers = self.positions.copy()
        self.adopted_if = np.empty_like(self.positions)
        self.soundings = Soundings(self.scenario.rules, self.n_worlds)
        first_pen = self.scenario.draft.penholders[0]
        self.delegations: tuple[Delegation, ...] = tuple(
            (Penholder if member.code == first_pen else Delegation)(self, seat)
            for seat, member in enumerate(self.scenario.council)
        )
        self._other_gains = self.other_terms.sum(axis=1)
        self.weigh()
        self.penholder = next(d for d in self.delegations if isinstance(d, Penholder))
        # Nobody has spoken yet, so all worlds are alike: one of them stands for all.
        self.adopted_if[:] = adopted_if(self.positions[..., :1], self.scenario.rules)

    def step(self) -> None:
        """Hold one round: positions, soundings, amendment; after the last one, the deadline."""
        self.round += 1
        moved = self._hold_round(self.scenario.consultations.precision_share(self.round))
        self.trace.append(
            Round(total(self.positions), total(self.p_adopted()), total(self.text), moved)
        )
        if self.round == self.scenario.consultations.rounds:
            self.meet_deadline()
            self.running = False

    def _hold_round(self, precision_share: float) -> NDArray[np.float64]:
        """Hold one round at a share of full precision; return in how many worlds what moved."""
        self.precision = precision_share * self.scenario.coefficients.precision
        self.precision_is_rising = precision_share < 1
        self.take_positions()
        self.state_positions()
        self.take_soundings()
        if not (self.scenario.draft.is_negotiable and self.scenario.consultations.amendments):
            return np.zeros(len(self.text))
        move = self.penholder.amend()
        self.read_text()
        self.weigh()
        return total(move != 0)

    def terms(self) -> NDArray[np.float64]:
        """Return what makes up each gain, summed over worlds, (M, P + 5).

        Each of P provisions, then `GAIN_TERMS`.
        """
        by_provision = np.zeros((len(self.text), len(self.gains)))
        for k, d in enumerate(self.mattering):
            worth = choice.text_gain(self.change[k], self.pulls[k], self.saliences[k])
            by_provision[d] = total(worth)
        for_target = total(self.pressures * self.hostility)
        return np.column_stack([by_provision.T, for_target, total(self.other_terms)])

    def weigh(self) -> None:
        """Set what the text as it reads is worth to every member."""
        self.text_gains = choice.text_gains(self.change, self.pulls, self.saliences)
        self.text_gains += self.pressures * self.hostility
        np.add(self.text_gains, self._other_gains, out=self.gains)
        choice.taking_sides(self.gains, self.voices, self.costs, out=self.sides)

    def utilities(self, out: WorldArray | None = None) -> WorldArray:
        """Return what each action is worth to each member by the latest soundings, (M, 3, W)."""
        worth = np.empty_like(self.adopted_if) if out is None else out
        beliefs = _actions_first(self.adopted_if)
        choice.utilities(self.gains, beliefs, self.sides, out=_actions_first(worth))
        for delegation in self.delegations:
            delegation.hear_caucuses(worth[delegation.seat])
        return worth

    def take_positions(self) -> None:
        """Let every delegation answer the others' stated positions, at this round's precision.

        Who may not vote or takes no part keeps to that. All answer at a time, so one operation on
        all of them does for as many small ones.
        """
        worth = _actions_first(self.utilities(out=self.answers))
        choice.logit(worth, self.precision, out=worth)
        self.answers[self.scenario.rules.is_silent] = _column(SILENCE)

    def state_positions(self) -> None:
        """Move the stated positions towards the answers, as far as damping lets them."""
        step = self.answers - self.positions
        step *= 1 - np.float32(self.scenario.consultations.damping)
        self.positions += step

    def take_soundings(self) -> None:
        """Set every belief from the stated positions, exactly."""
        self.soundings.take(self.positions, self.adopted_if)

    def leverages(self, chances: WorldArray) -> WorldArray:
        """Return how P(adopted) rises with each member's gain, (M, W), the others' as they are.

        Args:
            chances: (M, 3, W), P(adopted | its action), by what the others would answer.
        """
        slope = choice.utility_slope(_actions_first(self.adopted_if), self.voices)
        leverages = choice.leverage(
            _actions_first(self.answers), _actions_first(chances), slope, self.precision
        )
        leverages[self.scenario.rules.is_silent] = 0
        return leverages

    def weighted_slope(self, weights: WorldArray) -> WorldArray:
        """Return how the members' gains, summed by weights (M, W), rise with the text, (D, W)."""
        slope = choice.weighted_slope(self.change, self.pulls, self.saliences, weights)
        pressure = np.einsum("mw,mw->w", self.pressures, weights)
        slope += self.hostility_weights * pressure
        return slope

    def others_of(self, caucus: str, seat: int) -> WorldArray:
        """Return the share of a caucus's other members expected to take each action: (3, W)."""
        others = [
            s
            for s, member in enumerate(self.scenario.council)
            if caucus in member.caucuses and s != seat
        ]
        if not others:
            return np.zeros_like(self.positions[seat])
        return np.asarray(self.positions[others].mean(axis=0))

    def p_adopted(self) -> WorldArray:
        """Return P(adopted) by the stated positions, shape (W,)."""
        return np.asarray((self.positions[0] * self.adopted_if[0]).sum(axis=0))

    def meet_deadline(self) -> None:
        """Let the penholder table, withdraw or roll over, and hold the vote."""
        rule = self.scenario.tabling
        self._answer()
        p_adopted = self.p_decided[ADOPTED]
        self.is_tabled = p_adopted >= np.float32(rule.if_adoptable)
        self.is_rolled_over = self.is_tabled & (p_adopted < np.float32(rule.rollover_below))
        if self.is_rolled_over.any():
            self._roll_over()
        self._vote()

    def _answer(self) -> None:
        """Let everyone answer the last soundings: so they would vote."""
        self.take_positions()
        self.residual = np.abs(self.answers - self.positions).max(axis=(0, 1))
        self.p_decided = outcome_probabilities(self.answers, self.scenario.rules)

    def _roll_over(self) -> None:
        """Put the rollover's text before the members of the worlds that fall back on it.

        They hold as many rounds on it as on the draft; the other worlds stay as they were.
        """
        others = ~self.is_rolled_over
        positions, answers = self.positions.copy(), self.answers.copy()
        residual, p_decided = self.residual, self.p_decided
        self.text = np.where(self.is_rolled_over, _column(self.scenario.draft.rollover), self.text)
        self.read_text()
        self.weigh()
        for _ in range(self.scenario.consultations.rounds):
            self.take_positions()
            self.state_positions()
            self.take_soundings()
        self._answer()
        np.copyto(self.positions, positions, where=others)
        np.copyto(self.answers, answers, where=others)
        np.copyto(self.residual, residual, where=others)
        np.copyto(self.p_decided, p_decided, where=others)
        self.take_soundings()

    def _vote(self) -> None:
        """Draw the votes, and say what each world ended in."""
        uniforms = np.empty_like(self.gains)
        for row, code in zip(uniforms, self.scenario.codes, strict=True):
            self.chance.uniforms("vote", code, out=row)
        self.votes = choice.cast(self.answers, uniforms)
        adopted, vetoed, not_carried = np.where(self.is_tabled, self.p_decided, np.float32(0))
        rolled = self.is_rolled_over
        self.p_outcome = np.stack(
            [
                np.where(rolled, np.float32(0), adopted),
                vetoed,
                not_carried,
                (~self.is_tabled).astype(np.float32),
                np.where(rolled, adopted, np.float32(0)),
            ]
        )
        decided = self.scenario.rules.decide(self.votes)
        decided[rolled & (decided == ADOPTED)] = OUTCOMES.index(Outcome.ROLLED_OVER)
        withdrawn = np.int8(OUTCOMES.index(Outcome.WITHDRAWN))
        self.outcome = np.where(self.is_tabled, decided, withdrawn)

    def dissolve(self) -> None:
        """Let go of everything, so that no array outlives the use of the model.

        Model and agents hold one another, Mesa's model holds its own methods, and Mesa 3.3 keeps a
        count of agents by model for ever: without this, memory grows with the blocks that were
        simulated.
        """
        counts = getattr(mesa.Agent, "_ids", None)
        if isinstance(counts, dict):
            counts.pop(self, None)
        self.__dict__.clear()


def _actions_first(values: WorldArray) -> WorldArray:
    """Return a view of (M, 3, W) values with the actions first, as in `choice`."""
    return values.swapaxes(0, 1)


def _column(values: NDArray[np.float64]) -> WorldArray:
    """Return numbers over provisions as a column that stands beside worlds, (D, 1)."""
    return values.astype(np.float32)[:, None]
