"""What a run gives: an ensemble, and the report on it as data, as tables and in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim import plots
from sim.ensemble import Ensemble
from sim.facts.report import Report
from sim.facts.run import report_of
from sim.frames import OF_A_REPORT, frame
from sim.notebook import likeliest, one_line, report_html
from sim.plots import plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame


class Result(Ensemble):
    """All worlds of one scenario, as `convene` returns them."""

    def to_dict(self) -> Report:
        """Return the report as plain data, the same as `report.json`."""
        return report_of(self)

    def to_frame(self, table: str = "members") -> DataFrame:
        """Return a table of the report as a pandas DataFrame.

        Args:
            table: which one; probabilities are from 0 to 1, members are ISO alpha-3 codes.
                `members`: a row per member: name, permanent, regional_group; the probabilities
                in_favour, abstaining, against, not_participating; most_likely; gain and gain_sd;
                p_adopted_if_* each action.
                `outcomes`: a row per outcome: p, low, high (95 % simulation interval).
                `roll_calls`: a row per likely roll call: p, n_* of each side, each member's vote.
                `rounds`: a row per round and member: stated chances of each action; p_adopted.

        Raises:
            UnscError: there is no such table, or pandas is not installed.
        """
        return frame(self.to_dict(), table, OF_A_REPORT)

    def plot(self, what: str = "outcome", ax: Axes | None = None) -> Axes:
        """Draw a picture by matplotlib, and return its axes.

        Args:
            what: `outcome`, `roll_call` or `gains`.
            ax: the axes to draw on; those of a new figure if None.

        Raises:
            UnscError: there is no such picture, or matplotlib is not installed.
        """
        return plot(self.to_dict(), what, plots.OF_A_REPORT, ax)

    def __repr__(self) -> str:
        finding = likeliest(self.outcome)
        return one_line("Result", [self.scenario.name], self.n_worlds, self.random_seed, finding)

    def _repr_html_(self) -> str:
        return report_html(self.to_dict())
