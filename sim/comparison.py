"""Two or more ensembles over the same worlds: what changed, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from sim.chance import STREAM_FORMAT
from sim.charter import OUTCOMES, Action
from sim.ensemble import Ensemble, Worlds
from sim.ensemble.facts import SCHEMA_VERSION, percent, plain, rounded
from sim.ensemble.tally import Interval, interval
from sim.errors import WorldsDoNotMatch

NOT_SETTINGS = ("title", "question", "note", "sources", "observed", "negotiation", "kind")
"""Parts of a scenario's document that move no number."""

SMALLEST_TERM = 0.005
"""Changes of a gain's term below this are not listed: chance alone is no smaller."""


@dataclass(frozen=True)
class Comparison:
    """A base and other scenarios, world by world."""

    base: Ensemble
    others: tuple[Ensemble, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data, in a fixed order and without a time."""
        from sim import __version__  # the package's front page imports this module

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


def compare(base: Ensemble, *others: Ensemble) -> Comparison:
    """Return the paired comparison of ensembles that share their worlds.

    Args:
        base: what the others are compared with; simulated with `keep_worlds=True`.
        others: one or more, likewise.

    Raises:
        WorldsDoNotMatch: another number of worlds or another random seed, worlds not kept, or
            nothing to compare with.
    """
    if not others:
        raise WorldsDoNotMatch("one ensemble alone; expected a base and at least one other.")
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
        "outcome": {str(o): plain(value) for o, value in ensemble.outcome.items()},
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
            code: _member(base, other, code)
            for code in base.scenario.codes
            if code in other.scenario.codes
        },
        "seated_only_in_base": _missing(base, other),
        "seated_only_in_other": _missing(other, base),
    }


def _missing(here: Ensemble, there: Ensemble) -> list[str]:
    return [code for code in here.scenario.codes if code not in there.scenario.codes]


def _difference_of(base: np.ndarray, other: np.ndarray) -> Interval:
    """Return the mean difference over paired worlds with its 95 % interval."""
    moved = other.astype(np.float64) - base
    return interval(float(moved.sum()), float((moved**2).sum()), len(moved), low=-1.0)


def _outcome_differences(base: Ensemble, other: Ensemble) -> dict[str, Any]:
    mine, its = _worlds_of(base).p_outcome, _worlds_of(other).p_outcome
    return {str(o): plain(_difference_of(mine[k], its[k])) for k, o in enumerate(OUTCOMES)}


def _headline(base: Ensemble, other: Ensemble) -> str:
    """Return in a sentence which outcome moved most."""
    moved = _outcome_differences(base, other)
    name = max(moved, key=lambda outcome: abs(moved[outcome]["p"]))
    before, after = (next(v.p for o, v in e.outcome.items() if o == name) for e in (base, other))
    change = moved[name]
    return (
        f"{name.replace('_', ' ').capitalize()}: {percent(before)} becomes {percent(after)} "
        f"({100 * change['p']:+.1f} points, 95 % interval {100 * change['low']:+.1f} to "
        f"{100 * change['high']:+.1f})."
    )


def _outcome_flips(base: Ensemble, other: Ensemble) -> dict[str, float]:
    """Return in what share of worlds one outcome became another: `vetoed > adopted`."""
    mine, its = _worlds_of(base).outcome, _worlds_of(other).outcome
    shares = {
        f"{a} > {b}": rounded(np.mean((mine == i) & (its == j)))
        for (i, a), (j, b) in product(enumerate(OUTCOMES), repeat=2)
        if i != j
    }
    return _largest_first(shares)


def _member(base: Ensemble, other: Ensemble, code: str) -> dict[str, Any]:
    """Return what moved in one member, and in what share of worlds its vote flipped."""
    seats = base.scenario.codes.index(code), other.scenario.codes.index(code)
    mine, its = _worlds_of(base).votes[seats[0]], _worlds_of(other).votes[seats[1]]
    flips = {
        f"{a.words} > {b.words}": rounded(np.mean((mine == a) & (its == b)))
        for a, b in product(Action, repeat=2)
        if a is not b
    }
    actions = base.actions[seats[0]], other.actions[seats[1]]
    return {
        "before": {a.words: rounded(actions[0][a]) for a in Action},
        "after": {a.words: rounded(actions[1][a]) for a in Action},
        "flipped": plain(_difference_of(np.zeros(len(mine)), (mine != its).astype(np.float64))),
        "flips": _largest_first(flips),
        "gain": {
            "before": rounded(base.mean("gain")[seats[0]]),
            "after": rounded(other.mean("gain")[seats[1]]),
        },
        "because": _because(base, other, seats),
    }


def _because(base: Ensemble, other: Ensemble, seats: tuple[int, int]) -> dict[str, float]:
    """Return which terms of the gain, and which belief, changed, the largest change first."""
    mine = dict(zip(base.term_names, base.mean("terms")[seats[0]], strict=True))
    its = dict(zip(other.term_names, other.mean("terms")[seats[1]], strict=True))
    changes = {n: its.get(n, 0.0) - mine.get(n, 0.0) for n in dict.fromkeys([*mine, *its])}
    own = Action.ABSTAINING
    believed = other.mean("beliefs")[seats[1], own] - base.mean("beliefs")[seats[0], own]
    changes["believes_adopted_if_abstaining"] = believed
    kept = {n: rounded(change) for n, change in changes.items() if abs(change) >= SMALLEST_TERM}
    return dict(sorted(kept.items(), key=lambda item: -abs(item[1])))


def _largest_first(shares: Mapping[str, float]) -> dict[str, float]:
    kept = ((name, share) for name, share in shares.items() if share > 0)
    return dict(sorted(kept, key=lambda item: (-item[1], item[0])))


def settings_that_differ(base: Mapping[str, Any], other: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each setting that is not the same on both sides, by its dotted path.

    A member seated on one side only is one entry, not one for each of its preferences.
    """
    mine, its = dict(_flat(base)), dict(_flat(other))
    seats = set(base["members"]) ^ set(other["members"])
    differ = [
        {"setting": path, "base": mine.get(path), "other": its.get(path)}
        for path in dict.fromkeys([*mine, *its])
        if mine.get(path) != its.get(path) and not _is_of(path, seats)
    ]
    return [
        *differ,
        *(
            {
                "setting": f"members.{code}",
                "base": "seated" if code in base["members"] else "not seated",
                "other": "seated" if code in other["members"] else "not seated",
            }
            for code in sorted(seats)
        ),
    ]


def _is_of(path: str, codes: set[str]) -> bool:
    section, _, rest = path.partition(".")
    return section == "council" or (section == "members" and rest.partition(".")[0] in codes)


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (dotted path, value) of everything that is a setting."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key != "evidence" and not (not path and key in NOT_SETTINGS):
                yield from _flat(item, f"{path}.{key}" if path else key)
    else:
        yield path, value
