"""From filled forms to a frozen scenario: who sits, what is tabled, what fits together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import catalogue
from sim.behaviours import Behaviour, misled
from sim.behaviours.fixed import Fixed
from sim.catalogue import InstrumentForm
from sim.draft import Consultations, Draft, Provision, Remembered, Tabling
from sim.errors import NotFound, listed
from sim.reading.meant import name_meant
from sim.reading.messages import ANY_STATE, Steps, shown
from sim.reading.state_names import near_state
from sim.record.memory import HABITS, OPPOSITIONS, after_break
from sim.record.shipped import shipped_memory
from sim.roster import Member, council_of, council_on, sides_of, states
from sim.scenario.checks import SEATS, Checker, check_dates, check_layers
from sim.scenario.form import ScenarioFile
from sim.scenario.preference_resolver import FileLayers, PreferenceResolver
from sim.scenario.scenario import Scenario
from sim.scenario.vote import observed_of, rules_of

ONE_MONTH = 1 / 24
"""The term of a technical rollover where the scenario names none, in months / 24 (assumed)."""


def scales_in(check: Checker) -> tuple[str, ...] | None:
    """Return the names of a scenario's provisions, faulty ones too; None where none can be told."""
    own = check.node.at(["provisions"])
    if own is not None and not isinstance(own.value, dict):
        return None
    return (*catalogue.provisions(), *check.keys_at(("provisions",)))


def resolve(
    name: str, form: ScenarioFile, preferences: FileLayers, check: Checker
) -> Scenario | None:
    """Return the frozen scenario, or None where faults stand in `check`.

    Args:
        name: what to call it.
        form: the filled scenario form.
        preferences: those that lie under it.
        check: collects the scenario file's faults.
    """
    check_layers(check, scales_in(check))
    check_dates(form, check)
    council = _seat(form, check)
    codes = [member.code for member in council]
    _check_named(form, codes, check)
    own = {n: catalogue.provision(n, entry) for n, entry in form.provisions.items()}
    scales = {**catalogue.provisions(), **own}
    draft = _draft(form, scales, council, check)
    rules = rules_of(form, codes, check)
    observed = observed_of(form, codes, rules, check)
    resolver = PreferenceResolver(form, preferences, tuple(scales))
    wants = tuple(resolver.preferences_of(member) for member in council)
    if form.memory is None:
        draft = replace(draft, memory=_as_ties_changed(draft, form.date, resolver))
    chosen = _behaviours(form, resolver, council, check)
    numbers = resolver.coefficients()
    resolver.report_gaps(check)
    if check.faults or numbers is None or resolver.gaps:
        return None
    return Scenario(
        name=name,
        title=form.title,
        question=form.question,
        note=form.note or "",
        date=form.date,
        council=council,
        preferences=wants,
        coefficients=numbers,
        draft=draft,
        rules=rules,
        consultations=Consultations(**form.consultations.model_dump()),
        tabling=Tabling(form.tabling.if_adoptable or 0.0, form.tabling.rollover_below or 0.0),
        observed=observed,
        form=form,
        by_group=resolver.by_group(council),
        behaviours=chosen,
    )


def _behaviours(
    form: ScenarioFile, resolver: PreferenceResolver, council: Sequence[Member], check: Checker
) -> tuple[Behaviour, ...]:
    """Return how each member chooses: as it is assumed to vote, else as its layers say.

    Whoever cannot follow as its file says is a fault.
    """
    codes, assumed = [member.code for member in council], form.assume or {}
    chosen = tuple(
        Fixed(fixed=assumed[member.code])
        if member.code in assumed
        else resolver.behaviour_of(member)
        for member in council
    )
    for code, found, allowed in misled(codes, chosen):
        path = ("members", code, "behaviour")
        check.fault(path, found, allowed, "", [path, *SEATS])
    return chosen


def _seat(form: ScenarioFile, check: Checker) -> tuple[Member, ...]:
    """Return who sits that day, or those of the imagined Council that are States."""
    check.items(("council",), states(), "a State")
    if form.council is not None:
        return council_of([code for code in form.council if code in states()], form.date)
    try:
        return council_on(form.date)
    except NotFound as error:
        found, _, allowed = str(error).partition("; expected ")
        advice = "Or name who sits under 'council'."
        check.fault(("date",), found, allowed.rstrip("."), advice, SEATS)
        return ()


def _check_named(form: ScenarioFile, codes: list[str], check: Checker) -> None:
    """Check that everyone the file expects in the room has a seat that day."""
    what = f"a member on {form.date}"
    for key in ("penholder", "rival"):
        check.items(("draft", key), codes, what, *SEATS)
    check.keys(("assume",), states(), "a State")
    for key, code in ((k, c) for k in ("members", "assume") for c in check.keys_at((k,))):
        if code in states() and code not in codes:
            found, allowed = f"'{code}' is not {what}", f"one of {listed(codes, 20)}"
            check.fault((key, code), found, allowed, "", SEATS, of_key=True)
    target = form.draft.target
    if target is not None and target not in states():
        found = f"'{target}' is not a State"
        check.fault(("draft", "target"), found, ANY_STATE, near_state(target))


def _draft(
    form: ScenarioFile, scales: Mapping[str, Provision], council: Sequence[Member], check: Checker
) -> Draft:
    """Return the text over its lapse, with what it leaves open from its instrument."""
    kind, given = _instrument(form, check), form.draft
    for section, key in (("draft", "text"), ("draft", "lapse"), ("draft", "red_lines")):
        check.keys((section, key), scales_in(check), "a provision")
    check.keys(("tabling", "rollover"), scales_in(check), "a provision")
    text = kind.text | {name: t.value for name, t in given.text.items()}
    lapse = kind.lapse | given.lapse
    _check_text(form, text, check)
    spreads = {n: t.spread for n, t in given.text.items() if t.spread is not None}

    def array(values: Mapping[str, float], otherwise: float = 0.0) -> NDArray[np.float64]:
        return np.array([values.get(name, otherwise) for name in scales])

    _check_mandate(form, check)
    draft = Draft(
        symbol=given.symbol,
        instrument=given.instrument,
        target=given.target,
        rival=tuple(given.rival),
        penholders=tuple(given.penholder),
        provisions=tuple(scales.values()),
        text=array(text),
        reading_spread=array(spreads, kind.reading_spread),
        lapse=array(lapse),
        low=array(text | {n: lines.low for n, lines in given.red_lines.items()}),
        high=array(text | {n: lines.high for n, lines in given.red_lines.items()}),
        rollover=array(text | {"term": ONE_MONTH} | form.tabling.rollover),
        mandate=given.renews or "",
        relation=given.relation or catalogue.relation_to(given.renews or ""),
        sides=sides_of([c for c in given.penholder if c in states()], form.date),
    )
    return replace(draft, memory=_memory(form, draft, council, check))


def _check_mandate(form: ScenarioFile, check: Checker) -> None:
    """Check that the mandate that the draft renews, if it names one, is known."""
    known, name = catalogue.mandates(), form.draft.renews
    if name is not None and name not in known:
        found, allowed = f"{shown(name)} is not a mandate", f"one of {listed(known, 20)}"
        check.fault(("draft", "renews"), found, allowed, catalogue.near_mandate(name))


def _memory(
    form: ScenarioFile, draft: Draft, council: Sequence[Member], check: Checker
) -> dict[str, Remembered]:
    """Return what is remembered of each member: as the file says, else as the record has it."""
    if form.memory is None and check.faults:
        return {}
    if form.memory is None:
        known = _Known(draft.instrument, draft.target, draft.mandate, tuple(draft.penholders))
        return dict(_remembered(form.date, known, tuple(council)))
    for code in form.memory:
        for part, names in (("dissent", HABITS), ("against", OPPOSITIONS)):
            check.keys(("memory", code, part), names, "a kind of memory")
    return {code: Remembered(m.dissent, m.against) for code, m in form.memory.items()}


class _Known(NamedTuple):
    """What the record goes by of a draft: see `sim.record.memory.Tabled`."""

    instrument: str
    target: str | None
    mandate: str
    penholders: tuple[str, ...]


@lru_cache(maxsize=64)
def _remembered(day: date, draft: _Known, council: tuple[Member, ...]) -> Mapping[str, Remembered]:
    """Return what the record has of each member; variants of a scenario share it."""
    return shipped_memory().before(day, draft, council)


def _as_ties_changed(
    draft: Draft, day: date, resolver: PreferenceResolver
) -> dict[str, Remembered]:
    """Return what is remembered of each member, less where its tie to the target has changed."""
    since = {code: resolver.tie_since(code, draft.target or "") for code in draft.memory}
    return {
        code: after_break(memory, day, changed) if (changed := since[code]) else memory
        for code, memory in draft.memory.items()
    }


def _instrument(form: ScenarioFile, check: Checker) -> InstrumentForm:
    """Return the kind of text; where there is no such kind, one that says nothing."""
    kinds, name = catalogue.instruments(), form.draft.instrument
    if name in kinds:
        return kinds[name]
    advice, allowed = name_meant(name, kinds), f"one of {listed(kinds, 20)}"
    check.fault(("draft", "instrument"), f"{shown(name)} is not an instrument", allowed, advice)
    return InstrumentForm(description="", text={}, lapse={}, reading_spread=0.0)


def _check_text(form: ScenarioFile, text: Mapping[str, float], check: Checker) -> None:
    """Check that own provisions have a text and a lapse, and that red lines hold the text."""
    own = [n for n in check.keys_at(("provisions",)) if n not in catalogue.provisions()]
    for key, name in product(("text", "lapse"), own):
        if name not in check.keys_at(("draft", key)):
            path = ("draft", key, name)
            found = f"the scenario's own provision {shown(name)} has no value here"
            rests_on: list[Steps] = [path, ("provisions", name, "[key]")]
            check.fault(path, found, "a number from 0 to 1", "", rests_on)
    for name, lines in form.draft.red_lines.items():
        path = ("draft", "red_lines", name)
        rests_on = [path, ("draft", "text", name), ("draft", "instrument")]
        if lines.low > lines.high:
            found = f"low {lines.low:g} is above high {lines.high:g}"
            check.fault(path, found, "low up to high", "", [path])
        elif name in text and not lines.low <= text[name] <= lines.high:
            found = f"the text, {text[name]:g}, lies outside {lines.low:g} to {lines.high:g}"
            check.fault(path, found, "red lines that hold the text as tabled", "", rests_on)
