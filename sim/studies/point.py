"""What one point comes to: outcomes over its worlds, and how they differ from the base's."""

from __future__ import annotations

import base64
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chamber import convene
from sim.charter import OUTCOME_NAMES
from sim.ensemble import Ensemble
from sim.ensemble.tally import rounded
from sim.facts.comparison import difference
from sim.facts.plain import named
from sim.facts.seal import SEAL, checksum
from sim.scenario import Scenario
from sim.scenario.scenario import canonical_json
from sim.studies.plan import Plan, Point

Facts = Mapping[str, Any]

MOST_BASES = 4
"""Bases whose worlds are held for pairing; points follow one another base by base."""
BaseWorlds = tuple[NDArray[np.float32], dict[str, list[float]]]
_bases: OrderedDict[tuple[str, int, int], BaseWorlds] = OrderedDict()
_one_at_a_time = Lock()


def simulated(plan: Plan, point: Point) -> Facts:
    """Return what a point comes to, as its file holds it.

    Raises:
        UnscError: its settings are not sound together.
    """
    scenario, keep = plan.scenario(point), plan.form.keep
    run = plan.form.worlds, point.random_seed
    found: dict[str, Any] = {
        "settings": plan.laid_over(point),
        "n_worlds": run[0],
        "random_seed": run[1],
    }
    result = convene(scenario, *run, workers=1, keep_worlds=True)
    found["outcome"] = _outcome(result)
    if plan.settings:
        base, found["base"] = _base_of(plan.base(point.base), run)
        pairs = zip(OUTCOME_NAMES, base, result.kept().p_outcome, strict=True)
        found["change"] = {name: _three(difference(mine, its)) for name, mine, its in pairs}
    for name in keep:
        if name in _KEEPS:
            found[name] = _KEEPS[name](result)
    return {**found, SEAL: checksum(found)}


def as_bytes(facts: Facts) -> bytes:
    """Return a point as its file holds it: one line, always spelled the same."""
    return canonical_json(facts).encode() + b"\n"


def _three(interval: Any) -> list[float]:
    return [rounded(interval.p), rounded(interval.low), rounded(interval.high)]


def _outcome(result: Ensemble) -> dict[str, list[float]]:
    return {str(name): _three(interval) for name, interval in result.outcome.items()}


def _base_of(base: Scenario, run: tuple[int, int]) -> BaseWorlds:
    """Return the chance of each outcome in each world of the base, (5, W), and over all of them."""
    key = (base.fingerprint, *run)
    with _one_at_a_time:
        if key not in _bases:
            result = convene(base, *run, workers=1, keep_worlds=True)
            _bases[key] = result.kept().p_outcome, _outcome(result)
            while len(_bases) > MOST_BASES:
                _bases.popitem(last=False)
        _bases.move_to_end(key)
        return _bases[key]


def _votes(result: Ensemble) -> dict[str, list[float]]:
    codes = result.scenario.codes
    return {c: [rounded(p) for p in row] for c, row in zip(codes, result.actions, strict=True)}


def _text(result: Ensemble) -> dict[str, float]:
    names = (p.name for p in result.scenario.draft.provisions)
    return named(names, result.mean(result.tally.text))


def _rounds(result: Ensemble) -> list[float]:
    return [rounded(p) for p in result.mean(result.tally.round_adopted)]


def _roll_calls(result: Ensemble) -> list[Any]:
    """Return the likeliest roll calls with their chance, each as a letter per member: `+-0`."""
    letters = dict(enumerate(("+", "0", "-")))
    return [
        ["".join(letters[int(action)] for action in call), rounded(p)]
        for call, p in result.by_probability()[:3]
    ]


def _worlds(result: Ensemble) -> str:
    """Return the drawn outcome and votes of each world, packed: see `unpacked`."""
    kept = result.kept()
    rows = np.vstack([kept.outcome[None], kept.votes]).astype(np.int8)
    return base64.b64encode(zlib.compress(rows.tobytes(), 6)).decode()


def unpacked(packed: str, n_worlds: int) -> NDArray[np.int8]:
    """Return the worlds that a point kept, (1 + M, W): the drawn outcome, then each vote."""
    raw = zlib.decompress(base64.b64decode(packed))
    return np.frombuffer(raw, dtype=np.int8).reshape(-1, n_worlds)


_KEEPS = {
    "members": _votes,
    "text": _text,
    "rounds": _rounds,
    "roll_calls": _roll_calls,
    "worlds": _worlds,
}
"""What is kept beside the outcomes."""
