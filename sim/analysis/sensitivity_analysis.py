"""What the outcome hangs on: shares of its variance, and what each number moves by itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim import plots
from sim.analysis.indices import Index, first_order
from sim.analysis.inputs import Inputs
from sim.analysis.paired import ADOPTED, BAR_WORLDS, LEAST_WORLDS, Progress, change, counter
from sim.analysis.shapley_effects import Effects, effects
from sim.analysis.tables import OF_A_SENSITIVITY, bars_shown, groups_shown
from sim.analysis.tornado import Bar, Choice, Tornado, tornado, weighed_choices
from sim.arguments import whole
from sim.arrays import Floats, WorldArray
from sim.chamber import convene
from sim.chamber.session import DEFAULT_WORLDS
from sim.chamber.threads import map_in_threads
from sim.chance import BLOCK, MAX_WORLDS, Block, blocks
from sim.ensemble.tally import rounded
from sim.facts.figures import Points, percent
from sim.facts.plain import plain
from sim.facts.run import SCHEMA_VERSION, software
from sim.facts.sensitivity import BarFacts, GroupIndices, SensitivityFacts, ShareOfVariance
from sim.frames import frame
from sim.notebook import analysis_html, one_line
from sim.plots import plot
from sim.result import Result
from sim.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

GIVEN_WORLDS = 4 * BLOCK
"""Worlds whose draws are looked at for first-order indices, at most."""
REDRAWN = (4096, 4096)
"""Worlds of each block in which groups are drawn anew, at most."""
PAIRS = 32
"""Pairs of orders of the groups in each block, one the reverse of the other."""
OTHER = 2**40
"""Added to a block's number for a second, independent draw of it: no run has so many blocks."""
CLUSTERS = 400
"""Clusters of worlds for the intervals, where worlds share no draws that would say which."""
MOST_NAMED = 3
"""Groups are named in the headline up to this number."""
CERTAIN = 1e-6
"""Where the standard deviation of P(adopted) between worlds is below this, there is no doubt."""


@dataclass(frozen=True)
class Group:
    """A group of numbers and what it explains.

    Args:
        name: a member's code, or the kind of its numbers.
        numbers: how many there are.
        shapley, first_order, total: shares of the variance.
    """

    name: str
    numbers: int
    shapley: Index
    first_order: Index
    total: Index | None


@dataclass(frozen=True, repr=False)
class Sensitivity:
    """What P(adopted) hangs on.

    Args:
        result: the run whose worlds were looked at.
        inputs: the settings that are one number, its kind and its index, the largest first.
        kinds, owners: the groups by kind of number, and by member, the largest first.
        tornado: each number moved by itself.
        choices: other choices of rules, penholder and behaviour.
    """

    result: Result
    inputs: tuple[tuple[tuple[str, ...], str, Index], ...]
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
        return {
            "schema_version": SCHEMA_VERSION,
            "software": software(),
            "name": scenario.name,
            "title": scenario.title,
            "settings": list(scenario.settings),
            "fingerprint": scenario.fingerprint,
            "worlds": self.result.n_worlds,
            "random_seed": self.result.random_seed,
            "headline": _headline(self),
            "adopted": adopted,
            "sd": rounded(self.sd),
            "joint_draws": scenario.draws.n if scenario.draws else None,
            "inputs": [
                {"settings": list(settings), "kind": kind, "first_order": _index(index)}
                for settings, kind, index in self.inputs
            ],
            "worlds_redrawn": sum(_redrawn(self.result.n_worlds)),
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
                    "difference": change(each.difference),
                }
                for each in self.choices
            ],
        }

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
    n_worlds = whole("worlds", worlds, LEAST_WORLDS, MAX_WORLDS)
    result = convene(scenario, n_worlds, random_seed, workers=workers, keep_worlds=True)
    seed, inputs = result.random_seed, Inputs.of(scenario)
    is_certain = not inputs.each or _p_adopted(result).std() < CERTAIN
    chance = Block(seed, 0, min(n_worlds, BLOCK))

    def grouped(by: str) -> tuple[Group, ...]:
        if is_certain:
            return ()
        return _grouped(inputs, by, n_worlds, seed, total, workers, on_progress)

    return Sensitivity(
        result,
        () if is_certain else tuple(_first(inputs, result)),
        grouped("kind"),
        grouped("whose"),
        tornado(scenario, chance, workers, on_progress),
        weighed_choices(scenario, chance, workers, on_progress),
    )


def _p_adopted(result: Result) -> Floats:
    return result.kept().p_outcome[ADOPTED].astype(np.float64)


def _first(inputs: Inputs, result: Result) -> list[tuple[tuple[str, ...], str, Index]]:
    """Return the index of each number, those that are the same in every world as one."""
    n = min(result.n_worlds, GIVEN_WORLDS)
    parts = list(blocks(result.random_seed, n))
    drawn = np.concatenate([inputs.drawn(part) for part in parts], axis=1)
    rows = [own for part in parts if (own := inputs.rows(part)) is not None]
    alone = np.arange(n) * min(n, CLUSTERS) // n
    clusters = np.unique(np.concatenate(rows), return_inverse=True)[1] if rows else alone
    same: dict[bytes, list[int]] = {}
    for k, values in enumerate(drawn):
        same.setdefault(values.tobytes(), []).append(k)
    firsts = [numbers[0] for numbers in same.values()]
    found = first_order(drawn[firsts], _p_adopted(result)[:n], clusters)
    every = [
        (tuple(inputs.each[k].path for k in numbers), inputs.each[numbers[0]].kind, index)
        for numbers, index in zip(same.values(), found, strict=True)
    ]
    return sorted(every, key=lambda each: (-each[2].share, each[0]))


def _redrawn(n_worlds: int) -> list[int]:
    """Return the worlds of each block in which groups are drawn anew."""
    return [min(n, n_worlds // len(REDRAWN)) for n in REDRAWN]


def _grouped(
    inputs: Inputs,
    by: str,
    n_worlds: int,
    seed: int,
    total: bool,
    workers: int | None,
    on_progress: Progress | None,
) -> tuple[Group, ...]:
    """Return what each group explains, by worlds in which groups are drawn anew."""
    groups, covariance, sizes = inputs.groups(by), inputs.covariance(), _redrawn(n_worlds)
    done = counter(on_progress, len(sizes) * (1 + len(groups) * (2 + total)))

    def of(values: WorldArray) -> Floats:
        found = inputs.p_adopted(values, seed)
        done()
        return found

    def explained(number: int) -> Effects:
        far = (number, number + OTHER)
        x, other = (inputs.drawn(Block(seed, block, sizes[number])) for block in far)
        orders = _orders(len(groups), seed, number)
        return effects(of, x, other, covariance, [*groups.values()], orders, total)

    parts = map_in_threads(explained, iter(range(len(sizes))), workers)
    shapley, closed, open_ = reduce(Effects.joined, parts)
    variance = shapley.sum(axis=0)
    found = [
        Group(
            name,
            len(groups[name]),
            _share(shapley[g], variance),
            _share(closed[g], variance),
            None if open_ is None else _share(open_[g], variance),
        )
        for g, name in enumerate(groups)
    ]
    return tuple(sorted(found, key=lambda group: (-group.shapley.share, group.name)))


def _orders(n_groups: int, seed: int, block: int) -> NDArray[np.intp]:
    """Return orders of the groups, (B, G); each second one reverses the one before."""
    rng = np.random.default_rng([seed, block])
    drawn = [rng.permutation(n_groups) for _ in range(PAIRS)]
    return np.array([way for order in drawn for way in (order, order[::-1])])


def _share(part: Floats, variance: Floats) -> Index:
    """Return the mean of a part as a share of the mean variance, with its 95 % interval.

    Worlds that share a pair of orders are one witness. Source: the delta method for a ratio.
    """
    share = part.mean() / variance.mean()
    witnesses = np.array_split(part - share * variance, PAIRS * len(REDRAWN))
    error = np.std([w.mean() for w in witnesses]) / len(witnesses) ** 0.5 / variance.mean()
    return Index(float(share), float(share - 1.96 * error), float(share + 1.96 * error))


def _headline(found: Sensitivity) -> str:
    """Return in a few sentences what the outcome hangs on."""
    p = rounded(found.result.outcome["adopted"].p)
    said = f"P(adopted) is {percent(p)}"
    if not found.kinds:
        return f"{said} in every world: there is no doubt to share out."
    shares = [(g.name, g.shapley.share) for g in found.owners[:MOST_NAMED]]
    named = ", ".join(f"{name} {100 * share:.0f} %" for name, share in shares)
    said += f", with a standard deviation of {100 * found.sd:.0f} points between worlds. "
    said += f"Of that variance {named}."
    if found.tornado.bars:
        bar = found.tornado.bars[0]
        said += (
            f" The number that moves it most is {bar.move.setting}, now {bar.move.now:.3g}: "
            f"{Points(bar.low.p)} points at {bar.move.low:.3g}, {Points(bar.high.p)} at "
            f"{bar.move.high:.3g}."
        )
    return said


def _index(index: Index) -> ShareOfVariance:
    low, high, share = map(rounded, (index.low, index.high, index.share))
    return {"share": share, "low": low, "high": high, "converged": index.has_converged}


def _group(group: Group) -> GroupIndices:
    return {
        "name": group.name,
        "numbers": group.numbers,
        "shapley": _index(group.shapley),
        "first_order": _index(group.first_order),
        "total": group.total and _index(group.total),
    }


def _bar(bar: Bar) -> BarFacts:
    return {
        "setting": bar.move.setting,
        "by": bar.move.by,
        "now": rounded(bar.move.now),
        "low": rounded(bar.move.low),
        "high": rounded(bar.move.high),
        "at_low": change(bar.low),
        "at_high": change(bar.high),
    }
