"""Scenarios between two others: some of what differs taken from one, the rest from the other.

What differs is compared as the chamber sees it, so that labels, sources and dates that move no
number count for nothing: what a date brings about shows as what it is, a tie, a memory, a seat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, fields, replace
from typing import Any

from sim.draft import Draft
from sim.preferences import Estimate, Preferences
from sim.scenario import Scenario
from sim.scenario.sameness import alike
from sim.traits import trait_and_name

NOTHING = Estimate(0.0, 0.0)
SEATS, MEMORY, DRAFT, CHARTER = "seats", "memory", "draft", "charter"
WHOLE = ("consultations", "tabling", "coefficients", "draws")
"""Parts of a scenario that differ as one."""
BY_PROVISION = ("text", "reading_spread", "lapse", "low", "high", "rollover")
EVIDENCE = ("evidence",)
LABELS = ("symbol", "mandate")
"""Fields of a draft that move no number."""
ON_SCALES = {DRAFT, SEATS, CHARTER, "coefficients"}
"""What cannot be told apart where one draft has provisions that the other has not: a number for
each of them is needed of every member."""


@dataclass(frozen=True)
class Between:
    """Two scenarios, and the scenarios between them."""

    base: Scenario
    other: Scenario

    def differing(self) -> list[str]:
        """Return what differs, by the names of settings, or of what holds several.

        `members.RUS.ties.PRK`, `draft.text.review`, `draft` (all but its text), `seats`, `memory`,
        `charter`, `coefficients`. Where the provisions differ, `draft` is all of `ON_SCALES`.
        """
        every = [*self._of_draft(), *self._of_rules(), *self._of_members()]
        return every if self._same_scales else [x for x in every if x not in ON_SCALES - {DRAFT}]

    def taking(self, taken: Set[str]) -> Scenario:
        """Return the base with some of what differs as it is in the other scenario."""
        base, other = self.base, self.other
        taken = taken | ON_SCALES if DRAFT in taken and not self._same_scales else taken
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
        """Yield what differs of the draft: each provision if both have the same, and the rest."""
        mine, its = self.base.draft, self.other.draft
        if self._same_scales:
            for d, provision in enumerate(mine.provisions):
                if any(getattr(mine, f)[d] != getattr(its, f)[d] for f in BY_PROVISION):
                    yield f"draft.text.{provision.name}"
        elsewhere = [
            f.name for f in fields(Draft) if f.name not in (*BY_PROVISION, *LABELS, MEMORY)
        ]
        if any(getattr(mine, name) != getattr(its, name) for name in elsewhere):
            yield DRAFT

    @property
    def _same_scales(self) -> bool:
        return self.base.draft.provisions == self.other.draft.provisions

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
        """Return what a member wants on either side, each with the other's provisions too."""
        mine, its = (_preferences(scenario, code) for scenario in (self.base, self.other))
        return _with_scales_of(mine, its), _with_scales_of(its, mine)

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
        if self._same_scales:
            arrays = {}
            for name in BY_PROVISION:
                values = getattr(mine, name).copy()
                for d, provision in enumerate(mine.provisions):
                    if f"draft.text.{provision.name}" in taken:
                        values[d] = getattr(its, name)[d]
                arrays[name] = values
            draft = replace(draft, **arrays)
        memory = {c: self._own(c, taken, MEMORY, _memory) for c in seated.codes}
        return replace(draft, memory={c: known for c, known in memory.items() if known})


def _behaviour(scenario: Scenario, code: str) -> object:
    return scenario.behaviours[scenario.codes.index(code)]


def _preferences(scenario: Scenario, code: str) -> Preferences:
    return scenario.preferences[scenario.codes.index(code)]


def _memory(scenario: Scenario, code: str) -> object:
    return scenario.draft.memory.get(code)


def _with_scales_of(wants: Preferences, other: Preferences) -> Preferences:
    """Return preferences with what others say of provisions that these know nothing of."""
    known = wants.estimates()
    return wants.with_estimates(
        {
            setting: estimate
            for setting, estimate in other.estimates().items()
            if setting not in known and trait_and_name(setting)[0].keyed_by == "provision"
        }
    )


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
