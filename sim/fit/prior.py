"""What is held before any vote is seen: a file of preferences, and how far levels may part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.catalogue import provisions
from sim.draws import Parameter
from sim.paths import PREFERENCES
from sim.preferences import ASSUMED
from sim.scenario import read_preferences
from sim.scenario.form import PreferencesFile
from sim.traits import TRAITS, Level, setting_of

HABIT_SPREAD = 0.2
"""Standard deviation of the weight of a kind of memory before any vote. Source: assumed."""


class Dated(NamedTuple):
    """A tie from a day on, with the evidence that it rests on."""

    since: date
    mean: float
    spread: float
    evidence: tuple[str, ...] = ASSUMED
    note: str = ""


@dataclass(frozen=True, eq=False)
class Prior:
    """The numbers a fit starts from.

    Args:
        precision, shielding, asking, shared_shock, own_shock, voice: as in `Coefficients` and
            `Preferences`; the scale of gains is free, so these are held and what they multiply is
            fitted.
        hostility, ideal, salience: (P,), likewise; the mean of the ideals before any vote.
        means: the mean of every trait before any vote, by setting: `stances.any`, `veto_cost`.
        dated: ties that begin on a day with evidence of their own, by member and State, each list
            in the order of its days; empty where none was known yet.
    """

    precision: float
    shielding: float
    asking: float
    shared_shock: float
    own_shock: float
    voice: float
    hostility: Floats
    ideal: Floats
    salience: Floats
    means: Mapping[str, float]
    dated: Mapping[tuple[str, str], tuple[Dated, ...]] = field(default_factory=dict)

    def mean(self, trait: str, name: str = "") -> float:
        """Return the mean of a trait before any vote, 0 where the file's defaults give none."""
        return self.means.get(setting_of(trait, name), 0.0)

    def dated_tie(self, member: str, state: str, day: date) -> Dated | None:
        """Return the dated tie that holds on a day, if one has begun."""
        begun = [tie for tie in self.dated.get((member, state), ()) if tie.since <= day]
        return begun[-1] if begun else None

    def spread(self, parameter: Parameter, dated: Dated | None = None) -> float:
        """Return a parameter's standard deviation before any vote."""
        if dated:
            return dated.spread
        if parameter.level == "vote":
            return self.shared_shock
        if parameter.kind not in TRAITS:
            return HABIT_SPREAD
        return TRAITS[parameter.kind].levels(parameter.name)[parameter.level]

    def as_plain(self) -> dict[str, Any]:
        """Return all numbers as plain data, for keys and provenance."""
        plain: dict[str, Any] = {
            name: value.tolist() if isinstance(value, np.ndarray) else value
            for name, value in vars(self).items()
            if name != "dated"
        }
        dated = {
            f"{code}.{state}": [[str(since), *rest] for since, *rest in begun]
            for (code, state), begun in self.dated.items()
        }
        spreads = {
            setting_of(trait.name, name): dict(by_level)
            for trait in TRAITS.values()
            for name, by_level in trait.spreads.items()
        }
        return plain | {"dated": dated, "spreads": spreads, "habit_spread": HABIT_SPREAD}


def levels(kind: str, name: str) -> Mapping[Level, float]:
    """Return the levels at which a trait or a weight is fitted, each with its spread."""
    return TRAITS[kind].levels(name) if kind in TRAITS else {"default": HABIT_SPREAD}


def read_prior(path: Path = PREFERENCES / "prior.yaml", until: date | None = None) -> Prior:
    """Return the prior of a file of preferences: its coefficients, its defaults, its dated ties.

    Args:
        path: the file.
        until: dated ties that begin later are left out; those who may know all take none.

    Raises:
        NotFound, InvalidInput: as `read_preferences`.
    """
    form = read_preferences(path)
    numbers, defaults = form.coefficients, form.defaults

    means = {
        setting_of(trait.name, name): float(said[0].mean or 0.0)
        for trait in TRAITS.values()
        for name, said in defaults.named(trait).items()
    }

    def over_provisions(kind: str) -> Floats:
        return np.array([means.get(f"{kind}.{name}", 0.0) for name in provisions()])

    hostility = [_value(numbers.hostility.get(name)) for name in provisions()]
    return Prior(
        precision=_value(numbers.precision),
        shielding=_value(numbers.shielding),
        asking=_value(numbers.asking),
        shared_shock=_value(numbers.shared_shock),
        own_shock=_value(numbers.own_shock),
        voice=means.get("voice", 0.0),
        hostility=np.array(hostility),
        ideal=over_provisions("ideal"),
        salience=over_provisions("salience"),
        means=means,
        dated={
            pair: tuple(tie for tie in begun if until is None or tie.since <= until)
            for pair, begun in _dated(form).items()
        },
    )


def _value(form: Any) -> float:
    return 0.0 if form is None else float(form.value)


def _dated(form: PreferencesFile) -> dict[tuple[str, str], tuple[Dated, ...]]:
    """Return the dated ties of a file by member and State."""
    found: dict[tuple[str, str], tuple[Dated, ...]] = {}
    for code, traits in form.members.items():
        for state, said in traits.named(TRAITS["ties"]).items():
            dated = tuple(
                Dated(
                    x.since,
                    x.mean or 0.0,
                    x.spread or 0.0,
                    tuple(x.evidence or ASSUMED),
                    x.note or "",
                )
                for x in said
                if x.since
            )
            if dated:
                found[code, state] = dated
    return found
