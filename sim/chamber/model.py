"""The Council as a Mesa model: W worlds side by side, one round a step, then the vote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import mesa
import numpy as np

from sim import choice
from sim.arrays import WorldArray
from sim.behaviours import Behaviour, Seats
from sim.chamber.delegation import Delegation
from sim.chamber.penholder import Penholder
from sim.chamber.state import CouncilState, column
from sim.chance import Block
from sim.charter import ADOPTED, DECIDED, ends, outcome_probabilities
from sim.consultation import SILENCE, hold_rounds
from sim.ensemble import Round
from sim.ensemble.tally import total
from sim.scenario import Scenario


class CouncilModel(CouncilState):
    """A block of worlds of one scenario. With one world, an ordinary Mesa model.

    Step it while it is `running`: each step is a round of informal consultations, and the last
    one ends with the penholder's decision and the vote. Its agents are the delegations, in the
    order of the seats: `model.agents.select(lambda d: d.member.permanent)`.

    Attributes (beside those of `CouncilState`):
        delegations: the agents, in the order of the seats.
        penholder: the one that holds the pen; None if no member of the Council does.
        round: rounds held so far.
        trace: one `Round` for each round held.
        votes: (M, W), drawn votes, once taken.
        p_decided: (3, W), exact chances of what a vote ends in, tabled or not, in the order of
            `DECIDED`, likewise.
        p_outcome: (5, W), exact outcome probabilities in the order of `OUTCOMES`, likewise.
        outcome: (W,), index in `OUTCOMES` of the drawn outcome, likewise.
        residual: (W,), distance of the last positions from the answers to them, likewise.
        is_tabled, is_rolled_over: (W,), what the penholder decided at the deadline.
    """

    def __init__(
        self,
        scenario: Scenario,
        worlds: float = 1,
        random_seed: float = 0,
        block: int = 0,
        chance: Block | None = None,
        like: CouncilModel | None = None,
    ) -> None:
        """Seat the delegations.

        Args:
            scenario: what is simulated.
            worlds: worlds side by side, 1 to `BLOCK`.
            random_seed: the run's seed.
            block: which block of the run's worlds it is.
            chance: of so many worlds, in place of the block's own.
            like: a model of the same worlds, and of much the same scenario: what its members drew
                is taken over, not drawn again, where theirs here would draw the same.

        Raises:
            UnscError: more worlds than that (`convene` simulates any number), or no whole number.
        """
        super().__init__(scenario, worlds, random_seed, block, chance, like)
        first_pen = next(iter(scenario.draft.penholders), None)
        seats = enumerate(zip(self.codes, scenario.behaviours, strict=True))
        self.delegations: tuple[Delegation, ...] = tuple(
            (Penholder if code == first_pen else Delegation)(self, seat, behaviour)
            for seat, (code, behaviour) in seats
        )
        self.penholder = next((d for d in self.delegations if isinstance(d, Penholder)), None)
        self.like = None  # its arrays are not needed any more
        self.answering = list(self._by_behaviour())
        self.open_consultations()
        self.round = 0
        self.trace: list[Round] = []

    def _by_behaviour(self) -> Iterator[tuple[Behaviour, Seats]]:
        """Yield each behaviour with the seats of those who have it; the known ones speak first."""
        for behaviour in dict.fromkeys(d.behaviour for d in self.delegations):
            group = self.agents.select(lambda d, own=behaviour: d.behaviour == own)
            seats = np.array(group.get("seat"))
            if behaviour.is_known:
                behaviour.answer(self, seats, out := self.positions[seats])
                self.positions[seats] = out
                self.positions[self.scenario.rules.is_silent] = SILENCE
            is_row = len(seats) == seats[-1] + 1 - seats[0]
            yield behaviour, slice(seats[0], seats[-1] + 1) if is_row else seats

    def step(self) -> None:
        """Hold one round: positions, soundings, amendment; after the last one, the deadline."""
        self.round += 1
        consultations = self.scenario.consultations
        precision_share = consultations.precision_share(self.round)
        self.precision_is_rising = precision_share < 1
        self._consult([precision_share * self.scenario.coefficients.precision])
        moved = np.zeros(len(self.text))
        if self.penholder and self.scenario.draft.is_negotiable and consultations.amendments:
            moved = total(self.penholder.amend() != 0)
            self.read_text()
            self.weigh()
        self.trace.append(
            Round(total(self.positions), total(self.p_adopted()), total(self.text), moved)
        )
        if self.round == consultations.rounds:
            self.meet_deadline()
            self.running = False

    def _consult(self, precisions: Iterable[float]) -> None:
        """Hold one round at each precision."""
        damping = self.scenario.consultations.damping
        hold_rounds(
            precisions, self.answer, self.positions, self.adopted_if, self.soundings, damping
        )

    def answer(self, precision: float) -> WorldArray:
        """Set and return what all would do by the last soundings, at this precision, (M, 3, W).

        Members of one behaviour answer in one operation. Who may not vote or takes no part keeps to
        that.
        """
        self.precision = precision
        for behaviour, seats in self.answering:
            if isinstance(seats, slice):
                behaviour.answer(self, seats, self.answers[seats])
            else:
                behaviour.answer(self, seats, out := self.answers[seats])
                self.answers[seats] = out
        self.answers[self.scenario.rules.is_silent] = SILENCE
        return self.answers

    def meet_deadline(self) -> None:
        """Let the penholder table, withdraw or roll over, and hold the vote."""
        rule = self.scenario.tabling
        self._answer_last()
        p_adopted = self.p_decided[ADOPTED]
        self.is_tabled = p_adopted >= np.float32(rule.if_adoptable)
        self.is_rolled_over = self.is_tabled & (p_adopted < np.float32(rule.rollover_below))
        if self.is_rolled_over.any():
            self._roll_over()
        self._vote()

    def _answer_last(self) -> None:
        """Let everyone answer the last soundings: so they would vote."""
        self.answer(self.precision)
        self.residual = np.abs(self.answers - self.positions).max(axis=(0, 1))
        self.p_decided = outcome_probabilities(self.answers, self.scenario.rules)

    def _roll_over(self) -> None:
        """Put the rollover's text before the members of the worlds that fall back on it.

        They hold as many rounds on it as on the draft; the other worlds stay as they were.
        """
        others = ~self.is_rolled_over
        positions, answers = self.positions.copy(), self.answers.copy()
        residual, p_decided = self.residual, self.p_decided
        self.text = np.where(self.is_rolled_over, column(self.scenario.draft.rollover), self.text)
        self.read_text()
        self.weigh()
        self._consult([self.precision] * self.scenario.consultations.rounds)
        self._answer_last()
        np.copyto(self.positions, positions, where=others)
        np.copyto(self.answers, answers, where=others)
        np.copyto(self.residual, residual, where=others)
        np.copyto(self.p_decided, p_decided, where=others)
        self.soundings.take(self.positions, self.adopted_if)

    def _vote(self) -> None:
        """Draw the votes, and say what each world ended in."""
        uniforms = np.empty_like(self.gains)
        for row, code in zip(uniforms, self.scenario.codes, strict=True):
            self.chance.uniforms("vote", code, out=row)
        self.votes = choice.cast(self.answers, uniforms)
        self.p_outcome = ends(self.p_decided, self.is_tabled, self.is_rolled_over)
        sure = np.eye(len(DECIDED), dtype=np.float32)[:, self.scenario.rules.decide(self.votes)]
        drawn = ends(sure, self.is_tabled, self.is_rolled_over)
        self.outcome = drawn.argmax(axis=0).astype(np.int8)

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
