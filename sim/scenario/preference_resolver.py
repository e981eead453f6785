"""Layers laid over one another: defaults, groups, members, each file over the one below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from sim.behaviours import DEFAULT, Behaviour
from sim.draws import Draws
from sim.errors import listed
from sim.preferences import (
    ASSUMED,
    COEFFICIENTS,
    MEMORY_WEIGHTS,
    Coefficients,
    Estimate,
    Layer,
    Preferences,
    settle,
)
from sim.reading.messages import Steps
from sim.roster import Member
from sim.scenario.checks import LAYERS, Checker
from sim.scenario.form import PreferencesFile, ScenarioFile
from sim.scenario.layer_form import ValueForm
from sim.traits import TRAITS, setting_of

NOTHING = Layer(mean=0.0)
"""What lies under a preference that no layer need give, once one speaks of it."""


@dataclass(frozen=True, eq=False)
class Said:
    """What one layer says on a day, by trait and name: None where what it says has not begun.

    Two are equal only if they are the same one, so that members of whom the same layers speak, in
    a scenario and in its variants, are settled once.
    """

    by_trait: Mapping[str, Mapping[str, Layer | None]]


@dataclass(frozen=True, eq=False)
class FileLayers:
    """The layers of one file.

    Args:
        form: the file.
        draws: how its numbers vary together, and the file that says so, if there is one.
        on_days: what each layer says on the days that were asked for, by section and name.
    """

    form: PreferencesFile | ScenarioFile
    draws: tuple[Draws, Path] | None = None
    on_days: dict[date, dict[tuple[str, str], Said]] = field(default_factory=dict)

    def on(self, day: date) -> Mapping[tuple[str, str], Said]:
        """Return what the layers say on a day, those that are silent left out."""
        if day not in self.on_days:
            layers = {("defaults", ""): self.form.defaults}
            layers |= {("groups", name): traits for name, traits in self.form.groups.items()}
            layers |= {("members", code): traits for code, traits in self.form.members.items()}
            self.on_days[day] = {
                place: Said(said) for place, traits in layers.items() if (said := traits.on(day))
            }
        return self.on_days[day]


@lru_cache(maxsize=256)
def _settled(
    layers: tuple[Said, ...], scales: tuple[str, ...]
) -> tuple[Preferences, tuple[str, ...]]:
    """Return what the layers give, and the settings of which none gives the mean.

    A tie to one State lies over the ties to any other, so that it takes over their spread.
    """
    by_trait: dict[str, dict[str, Estimate]] = {}
    gaps: list[str] = []
    for trait in TRAITS.values():
        said = [layer.by_trait[trait.name] for layer in layers if trait.name in layer.by_trait]
        below = [x.by_trait[trait.instead][""] for x in layers if trait.instead in x.by_trait]
        estimates = by_trait[trait.name] = {}
        for name in trait.names_among(chain.from_iterable(said), scales):
            stack = [*below, *(named[name] for named in said if name in named)]
            if trait.optional:
                stack = [NOTHING, *stack] if any(stack) else []
            estimate = settle(stack)
            if estimate is not None:
                estimates[name] = estimate
            elif not trait.optional:
                gaps.append(setting_of(trait.name, name))
    return Preferences(by_trait), tuple(gaps)


@dataclass
class PreferenceResolver:
    """Resolves what a scenario's members want, and collects what no layer says.

    Args:
        form: the scenario.
        base: the preferences that lie under it.
        scales: the names of the provisions.
    """

    form: ScenarioFile
    base: FileLayers
    scales: tuple[str, ...]
    gaps: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        day = self.form.date
        self._files = (self.base.on(day), FileLayers(self.form).on(day))

    def preferences_of(self, member: Member) -> Preferences:
        """Return what a member wants on the day of the vote, as far as the layers say it."""
        group = member.state.regional_group
        places = (("defaults", ""), ("groups", group), ("members", member.code))
        layers = (said[place] for place in places for said in self._files if place in said)
        wants, gaps = _settled(tuple(layers), self.scales)
        for setting in gaps:
            self.gaps.setdefault(setting, []).append(member.code)
        return wants

    def tie_since(self, code: str, state: str) -> date | None:
        """Return the day on which a member's tie to a State changed last, if a file says.

        A number without a day, laid over one that has a day, leaves the day as it was.
        """
        for form in (self.form, self.base.form):
            traits = form.members.get(code)
            said = traits.named(TRAITS["ties"]).get(state, ()) if traits else ()
            if days := [x.since for x in said if x.since and x.since <= self.form.date]:
                return max(days)
        return None

    def behaviour_of(self, member: Member) -> Behaviour:
        """Return how a member chooses: as the last layer says that speaks of it.

        The leader of a group, or of all, does not follow itself.
        """
        group, chosen = member.state.regional_group, DEFAULT
        forms = (self.base.form, self.form)
        shared = [form.defaults for form in forms]
        shared += [form.groups[group] for form in forms if group in form.groups]
        own = [form.members[member.code] for form in forms if member.code in form.members]
        for traits in (*shared, *own):
            said = traits.behaviour and traits.behaviour.behaviour()
            if said and (traits in own or said.leader != member.code):
                chosen = said
        return chosen

    def by_group(self, council: Iterable[Member]) -> tuple[str, ...]:
        """Return the members of whom neither file says a number of their own."""
        own = {code for said in self._files for section, code in said if section == "members"}
        return tuple(member.code for member in council if member.code not in own)

    def coefficients(self) -> Coefficients | None:
        """Return the coefficients, the scenario's over those below; None where one is not given."""
        given: dict[str, ValueForm] = {}
        for part in (self.base.form.coefficients, self.form.coefficients):
            given |= {k: v for k, v in part if isinstance(v, ValueForm)}
            for many in ("hostility", *MEMORY_WEIGHTS):
                given |= {f"{many}.{k}": v for k, v in getattr(part, many).items()}
        missing = [name for name in COEFFICIENTS if name not in given]
        self.gaps |= {f"coefficients.{name}": [] for name in missing}
        if missing:
            return None

        def named(many: str) -> dict[str, float]:
            parts = ((setting.partition("."), form.value) for setting, form in given.items())
            return {name: value for (of, _, name), value in parts if of == many and name}

        hostility = named("hostility")
        numbers: dict[str, Any] = {name: given[name].value for name in COEFFICIENTS}
        numbers |= {many: named(many) for many in MEMORY_WEIGHTS}
        return Coefficients(
            **numbers,
            hostility=np.array([hostility.get(name, 0.0) for name in self.scales]),
            evidence={
                **{f"hostility.{name}": ASSUMED for name in self.scales},
                **{name: tuple(form.evidence) for name, form in given.items()},
            },
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
