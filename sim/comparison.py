"""Two or more ensembles over the same worlds: what changed, and why."""

from __future__ import annotations

from dataclasses import dataclass

from sim.ensemble import Ensemble
from sim.errors import WorldsDoNotMatch
from sim.facts.comparison import ComparisonReport, comparison_of

MOST = 8
"""Scenarios that one comparison holds: more of them nobody sees side by side."""


@dataclass(frozen=True)
class Comparison:
    """A base and other scenarios, world by world."""

    base: Ensemble
    others: tuple[Ensemble, ...]

    def to_dict(self) -> ComparisonReport:
        """Return the comparison as plain data, in a fixed order and without a time."""
        return comparison_of(self.base, self.others)


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
