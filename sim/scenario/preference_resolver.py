"""Layers laid over one another: defaults, groups, members, each file over the one below it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.errors import listed
from sim.preferences import (
    TRAITS,
    Coefficients,
    Estimate,
    Layer,
    Preferences,
    Trait,
    in_force,
    setting_of,
    settle,
)
from sim.reading.messages import Steps
from sim.roster import Member
from sim.scenario.checks import COEFFICIENTS, LAYERS, Checker
from sim.scenario.form import EstimateForm, PreferencesFile, ScenarioFile, Traits, ValueForm

NOTHING = Layer(mean=0.0)
"""What lies under a preference that no layer need give, once one speaks of it."""


@dataclass
class PreferenceResolver:
    """Resolves what a scenario's members want, and collects what no layer says.

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
        by_trait: dict[str, dict[str, Estimate]] = {}
        is_whole = True
        for trait in TRAITS.values():
            by_trait[trait.name] = {}
            for name in self._names_of(trait, layers):
                estimate = self._estimate(layers, trait, name)
                if estimate is not None:
                    by_trait[trait.name][name] = estimate
                elif not trait.optional:
                    self.gaps.setdefault(setting_of(trait.name, name), []).append(member.code)
                    is_whole = False
        return Preferences(by_trait) if is_whole else None

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

    def _names_of(self, trait: Trait, layers: list[Traits]) -> Sequence[str]:
        """Return the names under which a trait has a number: all scales, or those given."""
        if not trait.keyed_by:
            return ("",)
        if trait.keyed_by == "provision" and not trait.optional:
            return self.scales
        return sorted({name for traits in layers for name in traits.named(trait)})

    def _estimate(self, layers: list[Traits], trait: Trait, name: str) -> Estimate | None:
        """Return one settled preference, None where no layer gives its mean.

        A tie to one State lies over the ties to any other, so that it takes over their spread.
        """
        said = [traits.said(trait.instead) for traits in layers] if trait.instead else []
        said += [traits.named(trait).get(name, ()) for traits in layers]
        stack = [in_force(map(_layer, forms), self.form.date) for forms in said]
        if trait.optional:
            return settle([NOTHING, *stack]) if any(stack) else None
        return settle(stack)


def _layer(form: EstimateForm) -> Layer:
    evidence = None if form.evidence is None else tuple(form.evidence)
    return Layer(form.mean, form.spread, evidence, form.since)
