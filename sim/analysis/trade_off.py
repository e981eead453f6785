"""What would pass: the trade-off between what a text is worth to a member and its adoption."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from numbers import Real
from reprlib import repr as short
from typing import TYPE_CHECKING

import numpy as np

from sim import plots
from sim.analysis.paired import (
    BAR_WORLDS,
    Progress,
    counter,
)
from sim.analysis.tables import OF_A_FRONTIER, points_shown
from sim.analysis.text_points import (
    Point,
    StepTaken,
    best_of,
    move_facts,
    names,
    steps_from_tabled,
)
from sim.analysis.text_search import distance, nearest, trade_off
from sim.analysis.text_trials import TextTrials, Trial
from sim.arguments import check_kind, whole
from sim.arrays import Floats
from sim.chamber import convene
from sim.chamber.memory import VARIANTS, checked_workers
from sim.chamber.session import DEFAULT_WORLDS
from sim.chance import MAX_SEED, MAX_WORLDS, Block
from sim.ensemble.tally import rounded
from sim.errors import UnscError, did_you_mean, listed
from sim.facts.figures import percent
from sim.facts.frontier import FrontierFacts, ScaleFacts
from sim.facts.hangs_on import LEAST_WORLDS
from sim.facts.run import head_of
from sim.facts.seal import checksum
from sim.frames import frame
from sim.notebook import analysis_html, one_line
from sim.plots import plot
from sim.reading.messages import TERM
from sim.reading.numerals import MONTHS_OF_A_FULL_TERM
from sim.reading.state_names import near_state
from sim.roster import states
from sim.scenario import Scenario, check_scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

SEARCH_WORLDS = 2048
"""Worlds before which texts are put while they are looked for; those found are run in full."""
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
        facts: FrontierFacts = {
            **head_of(scenario, self.tabled.result),
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
            "moves": [move_facts(step, names(scenario)) for step in self.steps],
            "checksum": "",
        }
        return {**facts, "checksum": checksum(facts)}

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
    check_scenario(scenario)
    n_worlds = whole("worlds", worlds, LEAST_WORLDS, MAX_WORLDS)
    workers = checked_workers(scenario, n_worlds, workers, models=VARIANTS)
    check_kind("adopted", adopted, Real, "a number between 0 and 1, as 0.9")
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
        tuple(best_of(found)),
        adopted,
        _amended(trials, adopted, full, workers),
        steps_from_tabled(trials, replace(chance, n_worlds=min(n_worlds, BAR_WORLDS)), workers),
    )


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
    check_kind("member", member, str, "the code of a member, as 'USA'")
    if member not in codes:
        near = near_state(member) if member not in states() else ""
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
    check_kind("free", free, Mapping, "provisions with bounds, as {'review': (0, 0.5)}")
    for name, bounds in free.items():
        if name not in known:
            found = f"there is no provision '{name}'; expected one of {listed(known)}."
            raise UnscError(f"{found} {did_you_mean(str(name), known)}".rstrip())
        d = known.index(name)
        low[d], high[d] = _bounds(name, bounds)
    if not np.any(low < high):
        raise UnscError(
            f"{scenario.name}: no provision may be moved, since it has no red lines; say which "
            "may, as --free review --free relief=0.2:0.6, or --all."
        )
    return low, high


def _bounds(name: str, given: object) -> tuple[float, float]:
    """Return between which values a provision may be.

    Raises:
        UnscError: it is no two numbers from 0 to 1, the lower first.
    """
    found, advice = short(given), ""
    match given:
        case (Real() as first, Real() as second):
            low, high = float(first), float(second)
            if 0 <= low < high <= 1:
                return low, high
            found = f"from {low:g} to {high:g}"
            unit, most = ("months", MONTHS_OF_A_FULL_TERM) if name == TERM else ("%", 100)
            if 0 <= low < high <= most:
                advice = f" {low:g} to {high:g} {unit} is {low / most:.4g} to {high / most:.4g}."
    allowed = "expected two numbers from 0 to 1, the lower first."
    raise UnscError(f"{name}: {found}; {allowed}{advice}")


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
