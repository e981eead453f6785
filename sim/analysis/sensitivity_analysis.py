"""What the outcome hangs on: shares of its variance, and what each number moves by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim import plots
from sim.analysis.paired import BAR_WORLDS, Progress
from sim.analysis.tables import OF_A_SENSITIVITY, bars_shown, groups_shown
from sim.analysis.tornado import Bar, Choice, Tornado, tornado, weighed_choices
from sim.analysis.variance import Group, grouped, redrawn_worlds
from sim.arguments import whole
from sim.arrays import Floats
from sim.chamber import convene
from sim.chamber.memory import VARIANTS, checked_workers
from sim.chamber.session import DEFAULT_WORLDS
from sim.chance import BLOCK, MAX_WORLDS, Block
from sim.charter import ADOPTED
from sim.ensemble.inputs import Inputs
from sim.ensemble.single_numbers import SingleNumber, single_numbers
from sim.ensemble.tally import rounded
from sim.facts.figures import Points, percent
from sim.facts.hangs_on import CERTAIN, LEAST_WORLDS, number_facts, share_facts
from sim.facts.plain import plain
from sim.facts.run import head_of
from sim.facts.seal import checksum
from sim.facts.sensitivity import BarFacts, GroupIndices, SensitivityFacts
from sim.frames import frame
from sim.notebook import analysis_html, one_line
from sim.plots import plot
from sim.result import Result
from sim.roster import PERMANENT_BLOCS
from sim.scenario import Scenario, check_scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

MOST_NAMED = 3
"""Groups are named in the headline up to this number."""
GIVEN_WORLDS = 4 * BLOCK
"""Worlds whose draws are looked at for first-order indices, at most."""


@dataclass(frozen=True, repr=False)
class Sensitivity:
    """What P(adopted) hangs on.

    Args:
        result: the run whose worlds were looked at.
        inputs: single numbers, the one that explains most first.
        kinds, owners: the groups by kind of number, and by member, the largest first.
        tornado: each number moved by itself.
        choices: other choices of rules, penholder and behaviour.
    """

    result: Result
    inputs: tuple[SingleNumber, ...]
    kinds: tuple[Group, ...]
    owners: tuple[Group, ...]
    tornado: Tornado
    choices: tuple[Choice, ...]

    @property
    def sd(self) -> float:
        """Standard deviation of P(adopted) between worlds."""
        return float(_p_adopted(self.result).std())

    def to_dict(self) -> SensitivityFacts:
        """Return all of it as plain data, the same as `sensitivity.json`."""
        scenario = self.result.scenario
        adopted = plain(self.result.outcome["adopted"])
        facts: SensitivityFacts = {
            **head_of(scenario, self.result),
            "headline": _headline(self),
            "adopted": adopted,
            "sd": rounded(self.sd),
            "joint_draws": scenario.draws.n if scenario.draws else None,
            "inputs": [*map(number_facts, self.inputs)],
            "worlds_redrawn": sum(redrawn_worlds(self.result.n_worlds)),
            "kinds": [_group(group) for group in self.kinds],
            "owners": [_group(group) for group in self.owners],
            "worlds_moved": min(self.result.n_worlds, BAR_WORLDS),
            "tried": self.tornado.tried,
            "largest_left_out": rounded(self.tornado.largest_left_out),
            "bars": [_bar(bar) for bar in self.tornado.bars],
            "choices": [
                {
                    "choice": each.what,
                    "settings": list(each.settings),
                    "difference": plain(each.difference),
                }
                for each in self.choices
            ],
            "checksum": "",
        }
        return {**facts, "checksum": checksum(facts)}

    def to_frame(self, table: str = "inputs") -> DataFrame:
        """Return a table as a pandas DataFrame.

        Args:
            table: which one; shares are of the variance of P(adopted), differences from -1 to 1.
                `inputs`: a row per number: settings, kind; share, low, high, converged.
                `kinds`, `owners`: a row per group: its Shapley effect, first-order and total index.
                `bars`: a row per move: setting, by, now, low, high, and the differences.
                `choices`: a row per other choice: difference, low, high.

        Raises:
            UnscError: there is no such table, or pandas is not installed.
        """
        return frame(self.to_dict(), table, OF_A_SENSITIVITY)

    def plot(self, what: str = "tornado", ax: Axes | None = None) -> Axes:
        """Draw a picture by matplotlib, and return its axes.

        Args:
            what: `tornado` or `shares`.
            ax: the axes to draw on; those of a new figure if None.

        Raises:
            UnscError: there is no such picture, or matplotlib is not installed.
        """
        return plot(self.to_dict(), what, plots.OF_A_SENSITIVITY, ax)

    def __repr__(self) -> str:
        name, n = self.result.scenario.name, self.result.n_worlds
        return one_line("Sensitivity", [name], n, self.result.random_seed, _headline(self))

    def _repr_html_(self) -> str:
        facts = self.to_dict()
        return analysis_html(facts, [groups_shown(facts), bars_shown(facts)])


def sensitivity(
    scenario: Scenario,
    worlds: float = DEFAULT_WORLDS,
    random_seed: float = 0,
    *,
    total: bool = False,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> Sensitivity:
    """Return what the outcome of a scenario hangs on.

    Args:
        scenario: from `load_scenario`.
        worlds: whose draws are looked at, `LEAST_WORLDS` or more; other runs take fewer of them.
        random_seed: of the run, and of all that is drawn.
        total: whether total indices are wanted too, which takes twice as many runs of groups.
        workers: threads; one per processor if None.
        on_progress: called with the runs done of each part, and with how many it has.

    Raises:
        UnscError: a number that is not whole or out of bounds.
    """
    check_scenario(scenario)
    n_worlds = whole("worlds", worlds, LEAST_WORLDS, MAX_WORLDS)
    workers = checked_workers(scenario, n_worlds, workers, keep_worlds=True, models=VARIANTS)
    result = convene(scenario, n_worlds, random_seed, workers=workers, keep_worlds=True)
    seed, inputs = result.random_seed, Inputs.of(scenario)
    is_certain = not inputs.each or _p_adopted(result).std() < CERTAIN
    chance = Block(seed, 0, min(n_worlds, BLOCK))

    def groups(by: str) -> tuple[Group, ...]:
        if is_certain:
            return ()
        return grouped(inputs, by, n_worlds, seed, total, workers, on_progress)

    return Sensitivity(
        result,
        () if is_certain else single_numbers(inputs, _p_adopted(result)[:GIVEN_WORLDS], seed),
        groups("kind"),
        groups("whose"),
        tornado(scenario, chance, workers, on_progress),
        weighed_choices(scenario, chance, workers, on_progress),
    )


def _p_adopted(result: Result) -> Floats:
    return result.kept().p_outcome[ADOPTED].astype(np.float64)


def _in_a_sentence(owner: str) -> str:
    """Return whose numbers they are: a member's, what a bloc shares, or all members'."""
    if owner in PERMANENT_BLOCS:
        return f"the own shock of {' and '.join(owner.split('_'))}"
    return f"the {owner}" if " " in owner else owner


def _headline(found: Sensitivity) -> str:
    """Return in a few sentences what the outcome hangs on."""
    p = rounded(found.result.outcome["adopted"].p)
    said = f"P(adopted) is {percent(p)}"
    if not found.kinds:
        return f"{said} in every world, to a tenth of a point: there is no doubt to share out."
    shares = [(g.name, g.shapley.share) for g in found.owners[:MOST_NAMED]]
    shared = [f"{_in_a_sentence(name)} {100 * share:.0f} %" for name, share in shares]
    said += f", with a standard deviation of {100 * found.sd:.0f} points between worlds. "
    said += f"Shares of that variance: {', '.join(shared)}."
    if found.tornado.bars:
        bar = found.tornado.bars[0]
        said += (
            f" The number that moves it most is {bar.move.setting}, now {bar.move.now:.3g}: "
            f"{Points(bar.low.p)} points at {bar.move.low:.3g}, {Points(bar.high.p)} at "
            f"{bar.move.high:.3g}."
        )
    return said


def _group(group: Group) -> GroupIndices:
    return {
        "name": group.name,
        "numbers": group.numbers,
        "shapley": share_facts(group.shapley),
        "first_order": share_facts(group.first_order),
        "total": group.total and share_facts(group.total),
    }


def _bar(bar: Bar) -> BarFacts:
    return {
        "setting": bar.move.setting,
        "by": bar.move.by,
        "now": rounded(bar.move.now),
        "low": rounded(bar.move.low),
        "high": rounded(bar.move.high),
        "at_low": plain(bar.low),
        "at_high": plain(bar.high),
    }
