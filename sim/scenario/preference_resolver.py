"""Layers laid over one another: defaults, groups, members, each file over the one below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.errors import listed
from sim.preferences import Coefficients, Estimate, Layer, Preferences, in_force, settle
from sim.reading.messages import Steps
from sim.roster import Member
from sim.scenario.checks import (
    BY_NAME,
    BY_PROVISION,
    COEFFICIENTS,
    LAYERS,
    OPTIONAL,
    SINGLE,
    Checker,
)
from sim.scenario.form import EstimateForm, PreferencesFile, ScenarioFile, Traits, ValueForm

NOTHING = Layer(mean=0.0)
"""What lies under a preference that no layer need give."""


@dataclass
class Settler:
    """Settles what a scenario's members want, and collects what no layer says.

    Args:
        form: the scenario.
        base: the preferences that lie under it.
        scales: the names of the provisions.
    """

    form: ScenarioFile
    base: PreferencesFile
    scales: Sequence[str]
    gaps: dict[str, list[str]] = field(default_factory=dict)

    def preferences_of(self, member: Member) -> Preferences | None:
        """Return what a member wants on the day of the vote, None where no layer says it all."""
        layers = self._layers_of(member)
        names = dict.fromkeys(BY_PROVISION, self.scales)
        names |= {kind: _names_in(layers, kind) for kind in BY_NAME}
        whole: dict[str, Any] = {kind: self._one(layers, member, kind) for kind in SINGLE}
        for kind in names:
            whole[kind] = {name: self._one(layers, member, kind, name) for name in names[kind]}
        whole |= {kind: self._as_given(layers, kind) for kind in OPTIONAL}
        return None if _has_gap(whole) else Preferences(**whole)

    def by_group(self, council: Iterable[Member]) -> tuple[str, ...]:
        """Return the members of whom neither file says a number of their own."""
        own = [f.members for f in (self.base, self.form)]
        return tuple(
            m.code
            for m in council
            if all(m.code not in members or members[m.code].is_silent for members in own)
        )

    def coefficients(self) -> Coefficients | None:
        """Return the coefficients, the scenario's over those below; None where one is not given."""
        given: dict[str, ValueForm] = {}
        for part in (self.base.coefficients, self.form.coefficients):
            given |= {k: v for k, v in part if isinstance(v, ValueForm)}
            given |= {f"hostility.{k}": v for k, v in part.hostility.items()}
        missing = [name for name in COEFFICIENTS if name not in given]
        self.gaps |= {f"coefficients.{name}": [] for name in missing}
        if missing:
            return None
        values = {f"hostility.{name}": ValueForm(value=0.0) for name in self.scales} | given
        return Coefficients(
            **{name: values[name].value for name in COEFFICIENTS},
            hostility=np.array([values[f"hostility.{name}"].value for name in self.scales]),
            evidence={name: tuple(v.evidence) for name, v in values.items()},
        )

    def report_gaps(self, check: Checker) -> None:
        """Add a fault for what no layer says, one for each setting."""
        rests_on: list[Steps] = [("preferences",), ("coefficients",), *((name,) for name in LAYERS)]
        if self.form.preferences is None and len(self.gaps) > 1:
            found = f"'preferences' is missing and the file itself leaves open {listed(self.gaps)}"
            check.fault(("preferences",), found, "the name of a preferences file", "", rests_on)
            return
        gaps = list(self.gaps.items()) if not any(map(check.is_doubtful, rests_on)) else []
        for setting, codes in gaps:
            of_whom = f" of {listed(codes, 5)}" if codes else ""
            path = (*(["defaults"] if codes else []), *setting.split("."))
            check.fault(path, f"nothing says what {setting}{of_whom} is", "a number")

    def _layers_of(self, member: Member) -> list[Traits]:
        group = member.state.regional_group
        files = (self.base, self.form)
        return [
            *(f.defaults for f in files),
            *(f.groups[group] for f in files if group in f.groups),
            *(f.members[member.code] for f in files if member.code in f.members),
        ]

    def _one(
        self, layers: list[Traits], member: Member, kind: str, name: str | None = None
    ) -> Estimate | None:
        """Return one settled preference; a gap where no layer gives its mean.

        A tie to one State lies over the ties to any other, so that it takes over their spread.
        """
        below = [traits.said("other_ties") for traits in layers] if kind == "ties" else []
        said = [*below, *(traits.said(kind, name) for traits in layers)]
        estimate = settle(in_force(map(_layer, forms), self.form.date) for forms in said)
        if estimate is None:
            setting = f"{kind}.{name}" if name else kind
            self.gaps.setdefault(setting, []).append(member.code)
        return estimate

    def _as_given(self, layers: list[Traits], kind: str) -> dict[str, Estimate]:
        """Return by name what layers say of a preference that is 0 where none speaks of it."""
        found: dict[str, Estimate] = {}
        for name in _names_in(layers, kind):
            forms = (traits.said(kind, name) for traits in layers)
            stack = [in_force(map(_layer, said), self.form.date) for said in forms]
            estimate = settle([NOTHING, *stack]) if any(stack) else None
            if estimate is not None:
                found[name] = estimate
        return found


def _names_in(layers: list[Traits], kind: str) -> list[str]:
    return sorted({name for traits in layers for name in getattr(traits, kind)})


def _layer(form: EstimateForm) -> Layer:
    evidence = None if form.evidence is None else tuple(form.evidence)
    return Layer(form.mean, form.spread, evidence, form.since)


def _has_gap(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and any(map(_has_gap, value.values())))
