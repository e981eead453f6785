"""What lies before everybody in the room: the text as it reads, gains, positions, beliefs."""

from __future__ import annotations

from collections.abc import Sequence

import mesa
import numpy as np
from numpy.typing import NDArray

from sim import choice, consultation
from sim.arguments import whole
from sim.arrays import AnyFloats, WorldArray
from sim.behaviours import Behaviour, Seats
from sim.chance import BLOCK, MAX_SEED, Block
from sim.charter import Soundings, adopted_if
from sim.ensemble.tally import GAIN_TERMS, total
from sim.scenario import Scenario
from sim.scenario.sameness import alike

EVERYBODY = slice(None)


class CouncilState(mesa.Model):
    """The state of a block of worlds of one scenario, as arrays over members and worlds.

    Attributes:
        text: (P, W), the draft as it stands, all its P provisions.
        active: (D,), the numbers of the provisions in which text and lapse can ever differ.
        change: (D, W), how far the text, as it reads, is from the lapse.
        hostility: (W,), how hostile that is to the target.
        pulls, saliences: (D, M, W), pressures: (M, W), how gains follow the text and its hostility.
        other_terms: (M, 5, W), the terms of each gain that do not.
        voices, costs: (M, W), what being seen on the right side counts, and a negative vote costs.
        gains: (M, W), gain of adoption over lapse, by the text as it reads.
        expressive: (2, M, W), what being seen in favour, and against, is worth, less costs.
        heeding: for each caucus that a member heeds.
        of_worlds: (W,), the joint draw of preferences that each world has, if there are any.
        like: a model of the same worlds whose members draw the same if they want the same.
        answering: each behaviour with the seats of those who have it.
        precision: how sharply members choose in this round; `precision_is_rising`: whether it will
            be sharper in a later one.
        positions, answers, adopted_if: (M, 3, W), stated positions; what members would do by their
            latest beliefs; these beliefs, P(adopted | action), from the last soundings.
    """

    scenario: Scenario = None  # type: ignore[assignment]  # Mesa 3.5 has a property of that name

    def __init__(
        self,
        scenario: Scenario,
        worlds: float,
        random_seed: float,
        block: int,
        chance: Block | None = None,
        like: CouncilState | None = None,
    ) -> None:
        """Lay out the arrays; see `CouncilModel`."""
        self.n_worlds = whole("worlds", worlds, 1, BLOCK)
        seed = whole("random_seed", random_seed, 0, MAX_SEED)
        super().__init__(rng=seed & 0xFFFFFFFF)
        self.scenario = scenario
        self.chance = chance or Block(seed, block, self.n_worlds)
        self.like = like if like is not None and self._draws_as(like) else None
        self._lay_out_text()
        self._lay_out_members()

    @property
    def codes(self) -> Sequence[str]:
        """The members' codes in the order of the seats."""
        return self.scenario.codes

    def _draws_as(self, like: CouncilState) -> bool:
        """Return whether a member that wants the same draws the same as in another model."""
        mine, its = self.scenario, like.scenario
        return (
            self.chance == like.chance
            and mine.council == its.council
            and mine.draws is its.draws
            and alike(mine.coefficients, its.coefficients)
            and alike(mine.draft, its.draft, but=("text", "low", "high", "reading_spread"))
            and np.array_equal(mine.draft.matters, its.draft.matters)
        )

    def _lay_out_text(self) -> None:
        """Set the text, how it reads in each world, and the lapse."""
        draft, numbers, worlds = self.scenario.draft, self.scenario.coefficients, self.n_worlds
        self.lapse, self.low, self.high = map(column, (draft.lapse, draft.low, draft.high))
        self.active = np.flatnonzero(draft.matters)
        self.hostility_weights = column(numbers.hostility)[self.active]
        self.text = np.repeat(column(draft.text), worlds, axis=1)
        self._misreading = np.zeros((len(self.active), worlds), dtype=np.float32)
        for row, d in zip(self._misreading, self.active, strict=True):
            if spread := np.float32(draft.reading_spread[d]):
                self.chance.normals(f"reading.{draft.provisions[d].name}", "draft", out=row)
                row *= spread
        self.shared_shock = self.chance.normals("shared_shock", "council")
        self.shared_shock *= np.float32(numbers.shared_shock)
        self.read_text()

    def _lay_out_members(self) -> None:
        """Make room for what members want; nobody has spoken yet."""
        rules, worlds = self.scenario.rules, self.n_worlds
        n_members = rules.n_members
        self.pulls = np.empty((len(self.active), n_members, worlds), dtype=np.float32)
        self.saliences = np.empty_like(self.pulls)
        self.pressures = np.empty((n_members, worlds), dtype=np.float32)
        self.other_terms = np.empty((n_members, len(GAIN_TERMS) - 1, worlds), dtype=np.float32)
        self.voices, self.costs, self.gains = (np.empty_like(self.pressures) for _ in range(3))
        self.expressive = np.empty((2, n_members, worlds), dtype=np.float32)
        self.heeding: list[consultation.Heeding] = []
        draws = self.scenario.draws
        self.of_worlds = draws.of_worlds(self.chance) if draws else None
        self.answering: list[tuple[Behaviour, Seats]] = []
        self.precision, self.precision_is_rising = 0.0, True
        self.positions = consultation.opening(rules, worlds)
        self.answers = self.positions.copy()
        self.adopted_if = np.empty_like(self.positions)
        self.soundings = Soundings(rules, worlds)

    def open_consultations(self) -> None:
        """Weigh the text and set first beliefs, once all delegations have taken their seats."""
        self._other_gains = self.other_terms.sum(axis=1)
        self.weigh()
        # Nobody has spoken yet, so all worlds are alike: one of them stands for all.
        self.adopted_if[:] = adopted_if(self.positions[..., :1], self.scenario.rules)

    def read_text(self) -> None:
        """Set what the text as it stands changes, in each world as it reads there."""
        self.change = self.text[self.active] + self._misreading
        self.change -= self.lapse[self.active]
        self.hostility = choice.hostility_of(self.change, self.hostility_weights)

    def weigh(self) -> None:
        """Set what the text as it reads is worth to every member."""
        follows_text = self.pulls, self.saliences, self.pressures
        choice.gain(self.change, self.hostility, *follows_text, self._other_gains, out=self.gains)
        choice.expressive(self.gains, self.voices, self.costs, out=self.expressive)

    def text_worth(self, seat: int) -> WorldArray:
        """Return what the text is worth to a member, (W,), for what it says and on whom."""
        own = slice(seat, seat + 1)
        pulls, saliences = self.pulls[:, own], self.saliences[:, own]
        worth = choice.text_worth(
            self.change, self.hostility, pulls, saliences, self.pressures[own]
        )
        return np.asarray(worth[0], dtype=np.float32)

    def slope(self, weights: WorldArray) -> WorldArray:
        """Return how the gains, summed by weights (M, W), rise with each provision, (P, W)."""
        slope = np.zeros_like(self.text)
        slope[self.active] = choice.weighted_slope(
            self.change,
            self.hostility_weights,
            self.pulls,
            self.saliences,
            self.pressures,
            weights,
        )
        return slope

    def terms(self, weights: WorldArray | None = None) -> NDArray[np.float64]:
        """Return what makes up each gain, summed over worlds, (M, P + 6).

        Each of P provisions, then `GAIN_TERMS`.

        Args:
            weights: (M, W), what a member's gain counts in each world; 1 if None.
        """

        def summed(worth: AnyFloats, axis: int = 0) -> NDArray[np.float64]:
            return total(worth if weights is None else worth * np.expand_dims(weights, axis))

        by_provision = np.zeros((len(self.text), len(self.gains)))
        for k, d in enumerate(self.active):
            worth = choice.text_gain(self.change[k], self.pulls[k], self.saliences[k])
            by_provision[d] = summed(worth[None])
        for_target = summed((self.pressures * self.hostility)[None])[0]
        return np.column_stack([by_provision.T, for_target, summed(self.other_terms, axis=1)])

    def utilities(self, seats: Seats = EVERYBODY, out: WorldArray | None = None) -> WorldArray:
        """Return what each action is worth to the members in these seats, (n, 3, W)."""
        worth = consultation.utilities(
            self.gains[seats], self.adopted_if[seats], self.expressive[:, seats], out=out
        )
        rows = {int(seat): row for row, seat in enumerate(np.arange(len(self.gains))[seats])}
        heeding = [x._replace(seat=rows[x.seat]) for x in self.heeding if x.seat in rows]
        consultation.heed(worth, self.positions, heeding)
        return worth

    def leverages(self, chances: WorldArray) -> WorldArray:
        """Return how P(adopted) rises with each member's gain, (M, W), the others' as they are.

        Args:
            chances: (M, 3, W), P(adopted | its action), by what the others would answer.
        """
        leverages = np.empty_like(self.gains)
        for behaviour, seats in self.answering:
            leverages[seats] = behaviour.leverage(self, seats, chances)
        leverages[self.scenario.rules.is_silent] = 0
        return leverages

    def p_adopted(self) -> WorldArray:
        """Return P(adopted) by the stated positions, (W,)."""
        return np.asarray((self.positions[0] * self.adopted_if[0]).sum(axis=0))


def column(values: NDArray[np.float64]) -> WorldArray:
    """Return numbers over provisions as a column that stands beside worlds, (D, 1)."""
    return values.astype(np.float32)[:, None]
