"""What would pass: the trade-off between what a text is worth to a member and its adoption."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim import plots
from sim.analysis.paired import (
    BAR_WORLDS,
    LEAST_WORLDS,
    Progress,
    change,
    counter,
    mean_of,
    p_adopted_of,
)
from sim.analysis.tables import OF_A_FRONTIER, points_shown
from sim.analysis.text_search import distance, nearest, trade_off
from sim.analysis.text_trials import TextTrials, Trial
from sim.arguments import whole
from sim.arrays import Floats
from sim.chamber import convene
from sim.chamber.session import DEFAULT_WORLDS
from sim.chance import MAX_SEED, MAX_WORLDS, Block
from sim.charter import Action
from sim.ensemble import Interval
from sim.ensemble.tally import rounded
from sim.errors import UnscError, did_you_mean, listed
from sim.facts.calendar import LIKELY
from sim.facts.figures import percent
from sim.facts.frontier import FrontierFacts, MoveFacts, ScaleFacts, TextFacts
from sim.facts.plain import plain
from sim.facts.run import SCHEMA_VERSION, software
from sim.frames import frame
from sim.notebook import analysis_html, one_line
from sim.plots import plot
from sim.result import Result
from sim.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

SEARCH_WORLDS = 2048
"""Worlds before which texts are put while they are looked for; those found are run in full."""
STEP = 0.1
"""By how much one provision of the tabled text is moved, to see what that buys."""
TRIES = 4
"""The smallest amendment is looked for up to so often, until the full run is near the aim."""
NEAR_ENOUGH = 0.002
"""By how much the full run may be likelier than it need be."""
NEVER_SURE = 0.9999
"""No text is looked for that is surer than this."""
RUNS = 700
"""Runs that a search may take, for the progress; it mostly takes fewer."""
Ranges = Mapping[str, tuple[float, float]]
"""Between which values provisions may be, by name."""


@dataclass(frozen=True, eq=False)
class Point:
    """A text and what it comes to.

    Args:
        text: (P,).
        result: its run.
        seat: of the member to which it is worth something.
    """

    text: Floats
    result: Result
    seat: int

    @property
    def adopted(self) -> Interval:
        """P(adopted)."""
        return self.result.outcome["adopted"]

    @cached_property
    def worth(self) -> float:
        """What adoption over the lapse is worth to the member, for what it says and on whom."""
        terms = self.result.mean(self.result.tally.terms)[self.seat]
        return float(terms[: len(self.text) + 1].sum())  # each provision, then the target

    def facts(self, tabled: Floats) -> TextFacts:
        """Return it as plain data."""
        scenario = self.result.scenario
        dissent = 1 - self.result.actions[:, Action.IN_FAVOUR]
        likely = [m for m in np.argsort(-dissent, kind="stable") if dissent[m] >= LIKELY]
        return {
            "text": dict(zip(names(scenario), map(rounded, self.text), strict=True)),
            "adopted": plain(self.adopted),
            "worth": rounded(self.worth),
            "distance": rounded(distance(self.text, tabled)),
            "dissenters": {scenario.codes[m]: rounded(dissent[m]) for m in likely},
        }


class StepTaken(NamedTuple):
    """One provision of the tabled text moved by a step.

    Args:
        provision: its number.
        before, after: its values.
        adopted: the paired difference of P(adopted).
        worth: by how much the worth changes.
    """

    provision: int
    before: float
    after: float
    adopted: Interval
    worth: float

    @property
    def bought(self) -> float:
        """How much likelier adoption is, per unit of worth given up; without end where none is."""
        if self.adopted.p <= 0:
            return self.adopted.p
        return self.adopted.p / -self.worth if self.worth < 0 else np.inf


@dataclass(frozen=True, repr=False)
class Frontier:
    """The texts of which none is both worth more and likelier to be adopted than another.

    Args:
        trials: all texts that were tried in the search.
        tabled: the text as tabled.
        points: the texts, the one worth most first.
        target: the chance of adoption that the smallest amendment is to reach.
        amended: that amendment, or None where no text is likely enough.
        steps: each provision moved by a step, what buys most for its cost first.
    """

    trials: TextTrials
    tabled: Point
    points: tuple[Point, ...]
    target: float
    amended: Point | None
    steps: tuple[StepTaken, ...]

    @property
    def member(self) -> str:
        """The code of the member to which texts are worth something."""
        return self.trials.scenario.codes[self.trials.seat]

    @property
    def best(self) -> Point:
        """The text whose chance of adoption times its worth is largest."""
        return max(self.points, key=lambda point: point.adopted.p * point.worth)

    def to_dict(self) -> FrontierFacts:
        """Return all of it as plain data, the same as `frontier.json`."""
        scenario, tabled = self.trials.scenario, self.tabled.text
        return {
            "schema_version": SCHEMA_VERSION,
            "software": software(),
            "name": scenario.name,
            "title": scenario.title,
            "settings": list(scenario.settings),
            "fingerprint": scenario.fingerprint,
            "worlds": self.tabled.result.n_worlds,
            "random_seed": self.tabled.result.random_seed,
            "worlds_searched": self.trials.chance.n_worlds,
            "texts_tried": len(self.trials.done),
            "headline": _headline(self),
            "member": self.member,
            "provisions": _scales(self.trials),
            "tabled": self.tabled.facts(tabled),
            "points": [point.facts(tabled) for point in self.points],
            "best": self.points.index(self.best),
            "target": {
                "adopted": self.target,
                "text": None if self.amended is None else self.amended.facts(tabled),
            },
            "moves": [_move(step, names(scenario)) for step in self.steps],
        }

    def to_frame(self, table: str = "points") -> DataFrame:
        """Return a table as a pandas DataFrame.

        Args:
            table: which one; probabilities are from 0 to 1, worths are in units of gain.
                `points`: a row per text: worth, adopted with low and high, distance, provisions.
                `moves`: a row per step of one provision: before, after, and what it does.

        Raises:
            UnscError: there is no such table, or pandas is not installed.
        """
        return frame(self.to_dict(), table, OF_A_FRONTIER)

    def plot(self, what: str = "frontier", ax: Axes | None = None) -> Axes:
        """Draw a picture by matplotlib, and return its axes.

        Args:
            what: `frontier`.
            ax: the axes to draw on; those of a new figure if None.

        Raises:
            UnscError: there is no such picture, or matplotlib is not installed.
        """
        return plot(self.to_dict(), what, plots.OF_A_FRONTIER, ax)

    def __repr__(self) -> str:
        run = self.tabled.result
        return one_line(
            "Frontier", [run.scenario.name], run.n_worlds, run.random_seed, _headline(self)
        )

    def _repr_html_(self) -> str:
        facts = self.to_dict()
        return analysis_html(facts, [points_shown(facts)])


def frontier(
    scenario: Scenario,
    worlds: float = DEFAULT_WORLDS,
    random_seed: float = 0,
    *,
    free: Ranges | None = None,
    every: bool = False,
    member: str | None = None,
    adopted: float = 0.9,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> Frontier:
    """Return the trade-off between what a text is worth to a member and its chance of adoption.

    Args:
        scenario: from `load_scenario`.
        worlds: in which the texts that are found are run, `LEAST_WORLDS` or more.
        random_seed: of all runs: every text faces the same worlds.
        free: provisions that may be moved, and between which values; those with red lines, within
            them, if None.
        every: whether all provisions may be moved, from 0 to 1 where `free` does not say otherwise.
        member: the code of the member whose worth counts; the penholder if None.
        adopted: the chance that the smallest amendment is to reach, between 0 and 1.
        workers: threads; one per processor if None.
        on_progress: called with the runs done, and with how many there may be.

    Raises:
        UnscError: no provision may be moved, a provision or a member that is not there, or a
            number out of bounds.
    """
    n_worlds = whole("worlds", worlds, LEAST_WORLDS, MAX_WORLDS)
    if not 0 < adopted < 1:
        raise UnscError(f"adopted: {adopted}; expected a number between 0 and 1, as 0.9.")
    seat = _seat(scenario, member)
    low, high = _range(scenario, free or {}, every)
    done = counter(on_progress, RUNS)
    seed = whole("random_seed", random_seed, 0, MAX_SEED)
    chance = Block(seed, 0, min(n_worlds, SEARCH_WORLDS))
    trials = TextTrials(scenario, seat, low, high, chance, done)

    def full(trial: Trial) -> Point:
        result = convene(trials.with_text(trial.text), n_worlds, seed, workers=workers)
        done()
        return Point(trial.text, result, seat)

    tabled = trials.at(scenario.draft.text)
    found = [full(trial) for trial in trade_off(trials, workers)]
    return Frontier(
        trials,
        full(tabled),
        tuple(_best_of(found)),
        adopted,
        _amended(trials, adopted, full, workers),
        _steps(trials, replace(chance, n_worlds=min(n_worlds, BAR_WORLDS)), workers),
    )


def names(scenario: Scenario) -> list[str]:
    """Return the names of the provisions."""
    return [provision.name for provision in scenario.draft.provisions]


def _seat(scenario: Scenario, member: str | None) -> int:
    """Return the seat of a member, or of the penholder."""
    codes = scenario.codes
    if member is None:
        pen = next((code for code in scenario.draft.penholders if code in codes), None)
        if pen is None:
            raise UnscError(
                f"{scenario.name}: nobody who holds the pen has a seat; expected a member to whom "
                "the text is worth something, as --for USA (member='USA')."
            )
        return codes.index(pen)
    if member not in codes:
        near = did_you_mean(member, codes)
        found = f"'{member}' has no seat in this Council; expected one of {listed(codes)}."
        raise UnscError(f"{found} {near}".rstrip())
    return codes.index(member)


def _range(scenario: Scenario, free: Ranges, every: bool) -> tuple[Floats, Floats]:
    """Return between which values each provision may be, (P,) each."""
    draft, known = scenario.draft, names(scenario)
    low, high = draft.text.copy(), draft.text.copy()
    if every:
        low[:], high[:] = 0, 1
    elif not free:
        low, high = draft.low.copy(), draft.high.copy()
    for name, (least, most) in free.items():
        if name not in known:
            found = f"there is no provision '{name}'; expected one of {listed(known)}."
            raise UnscError(f"{found} {did_you_mean(name, known)}".rstrip())
        if not 0 <= least < most <= 1:
            found = f"{name}: from {least:g} to {most:g}"
            raise UnscError(f"{found}; expected two numbers from 0 to 1, the lower first.")
        low[known.index(name)], high[known.index(name)] = least, most
    if not np.any(low < high):
        raise UnscError(
            f"{scenario.name}: no provision may be moved, since it has no red lines; say which "
            "may, as --free review --free relief=0.2:0.6, or --all."
        )
    return low, high


def _best_of(points: Sequence[Point]) -> Iterator[Point]:
    """Yield the points that none beats, the one worth most first."""
    likeliest = -1.0
    for point in sorted(points, key=lambda p: (-p.worth, -p.adopted.p)):
        if point.adopted.p > likeliest:
            likeliest = point.adopted.p
            yield point


def _amended(
    trials: TextTrials, least: float, full: Callable[[Trial], Point], workers: int | None
) -> Point | None:
    """Return the smallest amendment that is likely enough in the full run, or None."""
    tabled, aim = trials.scenario.draft.text, least
    reached: list[Point] = []
    for _ in range(TRIES):
        trial = nearest(trials, tabled, min(aim, NEVER_SURE), list(trials.done.values()), workers)
        if trial is None:
            break
        point = full(trial)
        reached += [point] * (point.adopted.p >= least)
        if least <= point.adopted.p <= least + NEAR_ENOUGH:
            break
        aim += least + NEAR_ENOUGH / 2 - point.adopted.p
    return min(reached, key=lambda point: distance(point.text, tabled), default=None)


def _steps(trials: TextTrials, chance: Block, workers: int | None) -> tuple[StepTaken, ...]:
    """Return what each step of one provision of the tabled text does."""
    tabled = trials.scenario.draft.text
    moves = []
    for d in trials.free:
        for step in (-STEP, STEP):
            text = tabled.copy()
            text[d] = min(max(tabled[d] + step, trials.low[d]), trials.high[d])
            if text[d] != tabled[d]:
                moves.append((int(d), text))
    now, texts = trials.at(tabled), [text for _, text in moves]
    variants = (trials.with_text(text) for text in (tabled, *texts))
    base, *found = p_adopted_of(variants, chance, workers)
    steps = [
        StepTaken(
            d,
            float(tabled[d]),
            float(text[d]),
            mean_of(p - base),
            trials.at(text).worth - now.worth,
        )
        for (d, text), p in zip(moves, found, strict=True)
    ]
    return tuple(sorted(steps, key=lambda s: (-s.bought, -s.adopted.p, s.provision)))


def _headline(found: Frontier) -> str:
    """Return the answer in a few sentences."""
    tabled, dearest, likeliest = found.tabled, found.points[0], found.points[-1]
    said = (
        f"The text as tabled is adopted with {percent(tabled.adopted.p)} and worth "
        f"{tabled.worth:.2f} to {found.member}. "
    )
    if len(found.points) == 1:
        said += f"One text is both worth most and likeliest: {percent(dearest.adopted.p)}. "
    else:
        said += (
            f"Of all that may be written the likeliest is adopted with "
            f"{percent(likeliest.adopted.p)}, worth {likeliest.worth:.2f}; what is worth most, "
            f"{dearest.worth:.2f}, with {percent(dearest.adopted.p)}. "
        )
    aim = f"{100 * found.target:g} %"
    if found.amended is None:
        return f"{said}No text reaches {aim}."
    far, worth = distance(found.amended.text, tabled.text), found.amended.worth
    if not far:
        return f"{said}The tabled text reaches {aim} as it is."
    return (
        f"{said}The smallest amendment that reaches {aim} moves the text by {far:.2f} and is "
        f"worth {worth:.2f}."
    )


def _scales(trials: TextTrials) -> dict[str, ScaleFacts]:
    draft = trials.scenario.draft
    return {
        p.name: {
            "unit": p.unit,
            "anchors": list(p.anchors),
            "tabled": rounded(draft.text[d]),
            "lapse": rounded(draft.lapse[d]),
            "low": rounded(trials.low[d]),
            "high": rounded(trials.high[d]),
        }
        for d, p in enumerate(draft.provisions)
    }


def _move(step: StepTaken, provisions: Sequence[str]) -> MoveFacts:
    return {
        "provision": provisions[step.provision],
        "before": rounded(step.before),
        "after": rounded(step.after),
        "adopted": change(step.adopted),
        "worth": rounded(step.worth),
    }
