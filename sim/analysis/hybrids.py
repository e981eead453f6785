"""Scenarios between two others: some of what differs taken from one, the rest from the other.

What differs is compared as the chamber sees it, so that labels, sources and dates that move no
number count for nothing: what a date brings about shows as what it is, a tie, a memory, a seat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np

from sim.arrays import Floats
from sim.draft import Draft
from sim.preferences import Estimate, Preferences
from sim.scenario import Scenario
from sim.scenario.sameness import alike
from sim.traits import TRAITS, setting_of, trait_and_name

NOTHING = Estimate(0.0, 0.0)
SEATS, MEMORY, DRAFT, CHARTER = "seats", "memory", "draft", "charter"
WHOLE = ("consultations", "tabling", "coefficients", "draws")
"""Parts of a scenario that differ as one."""
BY_PROVISION = ("text", "reading_spread", "lapse", "low", "high", "rollover")
EVIDENCE = ("evidence",)
LABELS = ("symbol", "mandate")
"""Fields of a draft that move no number."""


@dataclass(frozen=True)
class Between:
    """Two scenarios on the same scales, and the scenarios between them."""

    base: Scenario
    other: Scenario

    @classmethod
    def of(cls, base: Scenario, other: Scenario) -> Self:
        """Return two scenarios, each with the other's provisions too."""
        return cls(on_scales_of(base, other, base), on_scales_of(other, base, base))

    def differing(self) -> list[str]:
        """Return what differs, by the names of settings, or of what holds several.

        `members.RUS.ties.PRK`, `draft.text.review`, `draft` (all but its text), `seats`, `memory`,
        `charter`, `coefficients`.
        """
        return [*self._of_draft(), *self._of_rules(), *self._of_members()]

    def taking(self, taken: Set[str]) -> Scenario:
        """Return the base with some of what differs as it is in the other scenario."""
        base, other = self.base, self.other
        seated = other if SEATS in taken else base
        rules = other.rules if taken & {SEATS, CHARTER} else base.rules
        if self._seats_differ:
            rules = seated.rules
        whole = {name: getattr(other if name in taken else base, name) for name in WHOLE}
        return replace(
            base,
            council=seated.council,
            rules=rules,
            preferences=tuple(self._wants(code, taken) for code in seated.codes),
            behaviours=tuple(
                self._own(code, taken, f"members.{code}.behaviour", _behaviour)
                for code in seated.codes
            ),
            draft=self._draft(seated, taken),
            origin=None,
            **whole,
        )

    @property
    def _seats_differ(self) -> bool:
        return self.base.codes != self.other.codes

    def _both(self) -> list[str]:
        return [code for code in self.base.codes if code in self.other.codes]

    def _of_draft(self) -> Iterator[str]:
        """Yield what differs of the draft: each provision, and the rest."""
        mine, its = self.base.draft, self.other.draft
        for d, provision in enumerate(mine.provisions):
            if any(getattr(mine, f)[d] != getattr(its, f)[d] for f in BY_PROVISION):
                yield f"draft.text.{provision.name}"
        elsewhere = [
            f.name for f in fields(Draft) if f.name not in (*BY_PROVISION, *LABELS, MEMORY)
        ]
        if any(getattr(mine, name) != getattr(its, name) for name in elsewhere):
            yield DRAFT

    def _of_rules(self) -> Iterator[str]:
        """Yield what differs of seats, rules, and what is one part of a scenario."""
        base, other = self.base, self.other
        if self._seats_differ:
            yield SEATS
        elif not alike(base.rules, other.rules, EVIDENCE):
            yield CHARTER
        for name in WHOLE:
            mine, its = (getattr(scenario, name) for scenario in (base, other))
            is_same = _same_draws(mine, its) if name == "draws" else alike(mine, its, EVIDENCE)
            if not is_same:
                yield name

    def _of_members(self) -> Iterator[str]:
        """Yield what differs of members that sit in both: memory, behaviours and preferences."""
        memories = [scenario.draft.memory for scenario in (self.base, self.other)]
        if any(memories[0].get(code) != memories[1].get(code) for code in self._both()):
            yield MEMORY
        for code in self._both():
            if _behaviour(self.base, code) != _behaviour(self.other, code):
                yield f"members.{code}.behaviour"
            mine, its = self._pair(code)
            for setting in dict.fromkeys([*self._counting(code, mine), *self._counting(code, its)]):
                if _numbers(mine, setting) != _numbers(its, setting):
                    yield f"members.{code}.{setting}"

    def _pair(self, code: str) -> tuple[Preferences, Preferences]:
        return _preferences(self.base, code), _preferences(self.other, code)

    def _counting(self, code: str, wants: Preferences) -> Iterator[str]:
        """Yield the settings that count before either draft."""
        for scenario in (self.base, self.other):
            seat = scenario.codes.index(code)
            holds_veto = bool(scenario.rules.holds_veto[seat])
            yield from wants.settings_on(scenario.draft, scenario.council[seat], holds_veto)

    def _own(
        self, code: str, taken: Set[str], name: str, what: Callable[[Scenario, str], Any]
    ) -> Any:
        """Return what a member has, from the side that seats it, or that is taken."""
        if code not in self.base.codes or (code in self.other.codes and name in taken):
            return what(self.other, code)
        return what(self.base, code)

    def _wants(self, code: str, taken: Set[str]) -> Preferences:
        """Return what a member wants."""
        if code not in self._both():
            wants: Preferences = self._own(code, taken, "", _preferences)
            return wants
        wants, of_other = self._pair(code)
        own = f"members.{code}."
        settings = [n.removeprefix(own) for n in taken if n.startswith(own)]
        return wants.with_estimates(
            {s: _estimate(of_other, s) for s in sorted(settings) if s != "behaviour"}
        )

    def _draft(self, seated: Scenario, taken: Set[str]) -> Draft:
        """Return the draft, with what is remembered of those who sit."""
        mine, its = self.base.draft, self.other.draft
        draft = its if DRAFT in taken else mine
        is_taken = [f"draft.text.{provision.name}" in taken for provision in mine.provisions]
        arrays: dict[str, Any] = {
            f: np.where(is_taken, getattr(its, f), getattr(mine, f)) for f in BY_PROVISION
        }
        memory = {c: self._own(c, taken, MEMORY, _memory) for c in seated.codes}
        return replace(draft, **arrays, memory={c: known for c, known in memory.items() if known})


def on_scales_of(scenario: Scenario, other: Scenario, first: Scenario) -> Scenario:
    """Return a scenario with another's provisions too, where its text leaves all as it is.

    Its members want of them what the other scenario says, or nothing.

    Args:
        scenario, other: the two.
        first: the one of them whose provisions come first, and whose words for them count.
    """
    second = other if first is scenario else scenario
    provisions = {p.name: p for s in (second, first) for p in s.draft.provisions}
    order = dict.fromkeys(p.name for s in (first, second) for p in s.draft.provisions)
    seats = [{p.name: d for d, p in enumerate(s.draft.provisions)} for s in (scenario, other)]

    def on_all(mine: Floats, its: Floats) -> Floats:
        return np.array([mine[seats[0][n]] if n in seats[0] else its[seats[1][n]] for n in order])

    draft, beside = scenario.draft, other.draft
    nothing = dict.fromkeys(BY_PROVISION, beside.lapse) | {"reading_spread": 0 * beside.lapse}
    hostility = on_all(scenario.coefficients.hostility, other.coefficients.hostility)
    wants = [
        _with_scales(own, order, _preferences(other, code) if code in other.codes else own)
        for code, own in zip(scenario.codes, scenario.preferences, strict=True)
    ]
    arrays: dict[str, Any] = {f: on_all(getattr(draft, f), nothing[f]) for f in BY_PROVISION}
    return replace(
        scenario,
        draft=replace(draft, provisions=tuple(provisions[name] for name in order), **arrays),
        coefficients=replace(scenario.coefficients, hostility=hostility),
        preferences=tuple(wants),
    )


def _with_scales(wants: Preferences, provisions: Iterable[str], other: Preferences) -> Preferences:
    """Return preferences on all of these provisions, those that they lack as others have them."""
    known, beside = wants.estimates(), other.estimates()
    settings = [
        setting_of(trait.name, name)
        for trait in TRAITS.values()
        if trait.keyed_by == "provision"
        for name in provisions
    ]
    lacking = [setting for setting in settings if setting not in known]
    return wants.with_estimates({s: beside.get(s, NOTHING) for s in lacking}) if lacking else wants


def _behaviour(scenario: Scenario, code: str) -> object:
    return scenario.behaviours[scenario.codes.index(code)]


def _preferences(scenario: Scenario, code: str) -> Preferences:
    return scenario.preferences[scenario.codes.index(code)]


def _memory(scenario: Scenario, code: str) -> object:
    return scenario.draft.memory.get(code)


def _estimate(wants: Preferences, setting: str) -> Estimate:
    """Return a number of a member: by itself, by the trait that speaks instead, or 0."""
    trait, name = trait_and_name(setting)
    given = wants.by_trait.get(trait.name, {})
    if name not in given and trait.instead:
        return wants.by_trait[trait.instead][""]
    return given.get(name, NOTHING)


def _numbers(wants: Preferences, setting: str) -> tuple[float, float]:
    estimate = _estimate(wants, setting)
    return estimate.mean, estimate.spread


def _same_draws(mine: Any, its: Any) -> bool:
    return getattr(mine, "sha256", None) == getattr(its, "sha256", None)
