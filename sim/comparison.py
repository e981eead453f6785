"""Two or more ensembles over the same worlds: what changed, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim import plots
from sim.arguments import check_kind
from sim.charter import Outcome
from sim.ensemble import Ensemble
from sim.errors import WorldsDoNotMatch
from sim.facts.comparison import ComparisonReport, Why, comparison_of
from sim.facts.figures import Share
from sim.frames import OF_A_COMPARISON, frame
from sim.notebook import comparison_html, one_line
from sim.plots import plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

MOST = 8
"""Scenarios that one comparison holds: more of them nobody sees side by side."""


@dataclass(frozen=True, repr=False)
class Comparison:
    """A base and other scenarios, world by world.

    Args:
        base, others: simulated over the same worlds.
        why: each difference in P(adopted) split over what differs, from `explain_difference`.
    """

    base: Ensemble
    others: tuple[Ensemble, ...]
    why: tuple[Why, ...] = ()

    def to_dict(self) -> ComparisonReport:
        """Return the comparison as plain data, in a fixed order and without a time."""
        return comparison_of(self.base, self.others, self.why)

    def to_frame(self, table: str = "members") -> DataFrame:
        """Return a table of the comparison as a pandas DataFrame.

        Args:
            table: which one; probabilities are from 0 to 1, members are ISO alpha-3 codes, and
                `scenario` is the other side's name.
                `members`: a row per other scenario and member seated in both: the probabilities
                in_favour, abstaining, against, not_participating, each `_before` and `_after`;
                flipped, the share of worlds in which its vote differs, flipped_low and
                flipped_high (95 % interval); gain_before, gain_after.
                `outcomes`: a row per other scenario and outcome: before, after, and the paired
                difference with low and high (95 % interval).
                `why`: a row per other scenario and setting that differs: its share in the
                difference in P(adopted), with low and high; empty unless it was explained.

        Raises:
            UnscError: there is no such table, or pandas is not installed.
        """
        return frame(self.to_dict(), table, OF_A_COMPARISON)

    def plot(self, what: str = "difference", ax: Axes | None = None) -> Axes:
        """Draw a picture by matplotlib, and return its axes.

        Args:
            what: `difference`, of the first other scenario.
            ax: the axes to draw on; those of a new figure if None.

        Raises:
            UnscError: there is no such picture, or matplotlib is not installed.
        """
        return plot(self.to_dict(), what, plots.OF_A_COMPARISON, ax)

    def __repr__(self) -> str:
        names = [ensemble.scenario.name for ensemble in (self.base, *self.others)]
        adopted = [ensemble.outcome[Outcome.ADOPTED].p for ensemble in (self.base, *self.others)]
        finding = f"adopted {' / '.join(str(Share(p)) for p in adopted)} %"
        return one_line("Comparison", names, self.base.n_worlds, self.base.random_seed, finding)

    def _repr_html_(self) -> str:
        return comparison_html(self.to_dict())


def compare(base: Ensemble, *others: Ensemble) -> Comparison:
    """Return the paired comparison of ensembles that share their worlds.

    Args:
        base: what the others are compared with; simulated with `keep_worlds=True`.
        others: one to seven, likewise.

    Raises:
        WorldsDoNotMatch: another number of worlds or another random seed, worlds not kept, nothing
            to compare with, or too much.
    """
    check_number(1 + len(others))
    for ensemble in (base, *others):
        check_kind("compare", ensemble, Ensemble, "results of convene(..., keep_worlds=True)")
        ensemble.kept()
    for other in others:
        for what in ("n_worlds", "random_seed"):
            mine, its = getattr(base, what), getattr(other, what)
            if mine != its:
                raise WorldsDoNotMatch(
                    f"{other.scenario.name}: {what.removeprefix('n_')} {its}, but {mine} in "
                    f"{base.scenario.name}; expected the same worlds on both sides. Run both with "
                    "the same --worlds and --random-seed."
                )
    return Comparison(base, others)


def check_number(n: int) -> None:
    """Check that so many scenarios can be shown side by side.

    Raises:
        WorldsDoNotMatch: fewer than two, or more than `MOST`.
    """
    if not 2 <= n <= MOST:
        raise WorldsDoNotMatch(f"{n} scenario{'s' * (n != 1)} to compare; expected 2 to {MOST}.")
