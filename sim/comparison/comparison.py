"""Two or more ensembles over the same worlds: what changed, and why."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.chance import STREAM_FORMAT
from sim.charter import OUTCOMES, Outcome
from sim.comparison.members import difference, largest_first, member
from sim.comparison.settings import settings_that_differ
from sim.ensemble import Ensemble, Worlds
from sim.ensemble.tally import rounded
from sim.errors import WorldsDoNotMatch
from sim.facts.run import SCHEMA_VERSION, per_cent, percent, plain, points, text
from sim.frames import OF_A_COMPARISON, frame
from sim.notebook import comparison_html, one_line
from sim.version import __version__

if TYPE_CHECKING:
    from pandas import DataFrame

MOST = 8
"""Scenarios that one comparison holds: more of them nobody sees side by side."""


@dataclass(frozen=True, repr=False)
class Comparison:
    """A base and other scenarios, world by world."""

    base: Ensemble
    others: tuple[Ensemble, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data, in a fixed order and without a time."""
        return {
            "schema_version": SCHEMA_VERSION,
            "software": {
                "name": "unsc-sim",
                "version": __version__,
                "stream_format": STREAM_FORMAT,
            },
            "worlds": self.base.n_worlds,
            "random_seed": self.base.random_seed,
            "base": _named(self.base),
            "others": [_against(self.base, other) for other in self.others],
        }

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

        Raises:
            UnscError: there is no such table, or pandas is not installed.
        """
        return frame(self.to_dict(), table, OF_A_COMPARISON)

    def __repr__(self) -> str:
        names = [ensemble.scenario.name for ensemble in (self.base, *self.others)]
        adopted = [ensemble.outcome[Outcome.ADOPTED].p for ensemble in (self.base, *self.others)]
        finding = f"adopted {' / '.join(map(per_cent, adopted))} %"
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
        _worlds_of(ensemble)
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
    """Check that so many scenarios can stand side by side.

    Raises:
        WorldsDoNotMatch: fewer than two, or more than `MOST`.
    """
    if not 2 <= n <= MOST:
        raise WorldsDoNotMatch(f"{n} scenario{'s' * (n != 1)} to compare; expected 2 to {MOST}.")


def _worlds_of(ensemble: Ensemble) -> Worlds:
    if ensemble.worlds is None:
        raise WorldsDoNotMatch(
            f"{ensemble.scenario.name}: its worlds were not kept; expected an ensemble from "
            "convene(..., keep_worlds=True)."
        )
    return ensemble.worlds


def _named(ensemble: Ensemble) -> dict[str, Any]:
    scenario = ensemble.scenario
    return {
        "name": scenario.name,
        "title": scenario.title,
        "fingerprint": scenario.fingerprint,
        "overrides": list(scenario.settings),
        "scenario": dict(scenario.document),
        "outcome": {str(o): plain(value) for o, value in ensemble.outcome.items()},
        "text": text(ensemble),
        "p_adopted_by_round": [rounded(p) for p in ensemble.mean("round_adopted")],
    }


def _against(base: Ensemble, other: Ensemble) -> dict[str, Any]:
    """Return what differs between the base and one other scenario."""
    return {
        **_named(other),
        "headline": _headline(base, other),
        "settings": settings_that_differ(base.scenario.document, other.scenario.document),
        "difference": _outcome_differences(base, other),
        "outcome_flips": _outcome_flips(base, other),
        "members": {
            code: member(base, other, code, (_worlds_of(base).votes, _worlds_of(other).votes))
            for code in base.scenario.codes
            if code in other.scenario.codes
        },
        "seated_only_in_base": _missing(base, other),
        "seated_only_in_other": _missing(other, base),
    }


def _missing(here: Ensemble, there: Ensemble) -> list[str]:
    return [code for code in here.scenario.codes if code not in there.scenario.codes]


def _outcome_differences(base: Ensemble, other: Ensemble) -> dict[str, Any]:
    mine, its = _worlds_of(base).p_outcome, _worlds_of(other).p_outcome
    return {str(o): plain(difference(mine[k], its[k])) for k, o in enumerate(OUTCOMES)}


def _headline(base: Ensemble, other: Ensemble) -> str:
    """Return in a sentence which outcome moved most."""
    moved = _outcome_differences(base, other)
    name = max(moved, key=lambda outcome: abs(moved[outcome]["p"]))
    before, after = (next(v.p for o, v in e.outcome.items() if o == name) for e in (base, other))
    change = moved[name]
    return (
        f"{name.replace('_', ' ').capitalize()}: {percent(before)} becomes {percent(after)} "
        f"({points(change['p'])} points, 95 % interval {points(change['low'])} to "
        f"{points(change['high'])})."
    )


def _outcome_flips(base: Ensemble, other: Ensemble) -> dict[str, float]:
    """Return in what share of worlds one outcome became another: `vetoed > adopted`."""
    mine, its = _worlds_of(base).outcome, _worlds_of(other).outcome
    shares = {
        f"{a} > {b}": rounded(np.mean((mine == i) & (its == j)))
        for (i, a), (j, b) in product(enumerate(OUTCOMES), repeat=2)
        if i != j
    }
    return largest_first(shares)
