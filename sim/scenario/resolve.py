"""From filled forms to a frozen scenario: who sits, what holds that day, what fits together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.charter import Action, Outcome, Rules
from sim.draft import Consultations, Draft, Provision, Tabling
from sim.errors import NotFound, did_you_mean, listed
from sim.preferences import Coefficients, Estimate, Layer, Preferences, in_force, settle
from sim.roster import Member, council_of, council_on, permanent_members, states
from sim.scenario import library
from sim.scenario.checks import (
    COEFFICIENTS,
    SINGLE,
    Checker,
    any_of,
    check_evidence,
    check_layers,
)
from sim.scenario.document import document_of
from sim.scenario.form import EstimateForm, PreferencesFile, ScenarioFile, Traits, ValueForm
from sim.scenario.frozen import Observed, Scenario

ONE_MONTH = 1 / 24
"""The term of a technical rollover where the scenario names none, in months / 24 (assumed)."""


def scales_of(form: ScenarioFile) -> dict[str, Provision]:
    """Return the scales of a scenario: those every text has, then its own."""
    own = {name: library.provision(name, p) for name, p in form.provisions.items()}
    return {**library.provisions(), **own}


def resolve(
    name: str, form: ScenarioFile, preferences: PreferencesFile, check: Checker
) -> Scenario | None:
    """Return the frozen scenario, or None where faults stand in `check`.

    Args:
        name: what to call it.
        form: the filled scenario form.
        preferences: the filled preferences form that lies under it.
        check: collects the scenario file's faults.
    """
    scales = scales_of(form)
    check_layers(form, check, set(scales))
    council = _seat(form, check)
    if council is None:
        return None
    codes = [member.code for member in council]
    _check_seated(form, codes, check)
    draft = _draft(form, scales, check)
    rules = _rules(form, codes, check)
    wanted = _Settler(form, preferences, list(scales), check)
    wants = [wanted.preferences_of(member) for member in council]
    numbers = wanted.coefficients()
    observed = _observed(form, codes, rules, check) if rules else None
    if check.faults or draft is None or rules is None or numbers is None:
        return None
    settled = tuple(w for w in wants if w is not None)
    consultations = Consultations(**form.consultations.model_dump())
    tabling = Tabling(form.tabling.if_adoptable or 0.0, form.tabling.rollover_below or 0.0)
    document = document_of(form, council, settled, numbers, draft, rules)
    return Scenario(
        name=name,
        title=form.title,
        question=form.question,
        note=form.note or "",
        date=form.date,
        council=council,
        preferences=settled,
        coefficients=numbers,
        draft=draft,
        rules=rules,
        consultations=consultations,
        tabling=tabling,
        observed=observed,
        document=document,
    )


def _seat(form: ScenarioFile, check: Checker) -> tuple[Member, ...] | None:
    """Return who sits that day, or the imagined Council the file names."""
    if form.council is None:
        try:
            return council_on(form.date)
        except NotFound as error:
            found, _, allowed = str(error).partition("; expected ")
            check.fault(("date",), found, allowed.rstrip("."))
            return None
    before = len(check.faults)
    check.listed_known(form.council, states(), ("council",), "a State")
    return None if len(check.faults) > before else council_of(form.council, form.date)


def _check_seated(form: ScenarioFile, codes: list[str], check: Checker) -> None:
    """Check that everyone the file expects in the room has a seat that day."""
    what = f"a member on {form.date}"
    for i, code in enumerate(form.draft.penholder):
        if code not in codes:
            allowed = f"one of the {len(codes)} members: {listed(codes, 20)}"
            path = ("draft", "penholder", i)
            check.fault(path, f"'{code}' is not {what}", allowed, did_you_mean(code, codes))
    check.known((c for c in form.members if c in states()), codes, ("members",), what)
    if form.draft.target is not None and form.draft.target not in states():
        advice = did_you_mean(form.draft.target, states())
        found = f"'{form.draft.target}' is not a State"
        check.fault(("draft", "target"), found, "an ISO 3166 alpha-3 code, as PRK", advice)
    for key in ("veto", "must_abstain", "not_participating"):
        check.listed_known(getattr(form.charter, key) or (), codes, ("charter", key), what)
    if form.charter.quota > len(codes):
        found = f"found {form.charter.quota}"
        check.fault(("charter", "quota"), found, f"a number from 1 to {len(codes)}, the members")


def _draft(form: ScenarioFile, scales: Mapping[str, Provision], check: Checker) -> Draft | None:
    """Return the text over its lapse, with defaults from its instrument."""
    kinds = library.instruments()
    kind = kinds.get(form.draft.instrument)
    for key, given in (
        ("text", form.draft.text),
        ("lapse", form.draft.lapse),
        ("red_lines", form.draft.red_lines),
    ):
        check.known(given, scales, ("draft", key), "a provision")
    check.known(form.tabling.rollover, scales, ("tabling", "rollover"), "a provision")
    if kind is None:
        advice = did_you_mean(form.draft.instrument, kinds)
        found = f"'{form.draft.instrument}' is not an instrument"
        check.fault(("draft", "instrument"), found, any_of(list(kinds)), advice)
        return None
    text = kind.text | {name: t.value for name, t in form.draft.text.items()}
    lapse = kind.lapse | form.draft.lapse
    for key, given in (("text", text), ("lapse", lapse)):
        for name in scales:
            if name not in given:
                found = f"no value for the provision '{name}'"
                check.fault(("draft", key), found, "a number from 0 to 1")
                return None
    _check_red_lines(form, text, check)
    rollover = text | {"term": ONE_MONTH} | form.tabling.rollover
    low = text | {n: lines.low for n, lines in form.draft.red_lines.items()}
    high = text | {n: lines.high for n, lines in form.draft.red_lines.items()}
    spreads = {n: t.spread for n, t in form.draft.text.items() if t.spread is not None}

    def array(values: Mapping[str, float]) -> Any:
        return np.array([values.get(name, kind.reading_spread) for name in scales])

    return Draft(
        symbol=form.draft.symbol,
        instrument=form.draft.instrument,
        target=form.draft.target,
        penholders=tuple(form.draft.penholder),
        provisions=tuple(scales.values()),
        text=array(text),
        reading_spread=array(spreads),
        lapse=array(lapse),
        low=array(low),
        high=array(high),
        rollover=array(rollover),
    )


def _check_red_lines(form: ScenarioFile, text: Mapping[str, float], check: Checker) -> None:
    for name, lines in form.draft.red_lines.items():
        path = ("draft", "red_lines", name)
        if lines.low > lines.high:
            check.fault(path, f"low {lines.low:g} above high {lines.high:g}", "low up to high")
        elif name in text and not lines.low <= text[name] <= lines.high:
            found = f"the text, {text[name]:g}, lies outside {lines.low:g} to {lines.high:g}"
            check.fault(path, found, "red lines that hold the text as tabled")


def _rules(form: ScenarioFile, codes: list[str], check: Checker) -> Rules | None:
    charter = form.charter
    holders = permanent_members() if charter.veto is None else charter.veto
    if charter.matter == "procedural":
        holders = frozenset()
    if len(set(holders) & set(codes)) > 10:
        check.fault(("charter", "veto"), f"{len(holders)} members", "up to 10 with a veto")
        return None

    def among(names: Iterable[str]) -> Any:
        return np.isin(codes, list(names))

    return Rules(
        among(holders),
        charter.quota,
        charter.vetoes_needed,
        among(charter.must_abstain),
        among(charter.not_participating),
    )


def _observed(
    form: ScenarioFile, codes: list[str], rules: Rules, check: Checker
) -> Observed | None:
    """Return the real vote, checked against the seats and the rules."""
    seen = form.observed
    if seen is None:
        return None
    before = len(check.faults)
    named: list[str] = []
    for key in ("against", "abstaining", "not_participating"):
        given = getattr(seen, key)
        check.listed_known(given, codes, ("observed", key), f"a member on {form.date}")
        for code in set(given) & set(named):
            check.fault(("observed", key), f"'{code}' has two votes", "each member once")
        named += given
    check_evidence(seen.evidence, check, ("observed", "evidence"))
    roll_call = np.full(len(codes), Action.IN_FAVOUR, dtype=np.int8)
    roll_call[np.isin(codes, [*seen.abstaining, *seen.not_participating])] = Action.ABSTAINING
    roll_call[np.isin(codes, seen.against)] = Action.AGAINST
    meant = list(Outcome)[int(rules.decide(roll_call[:, None])[0])]
    if seen.outcome in list(Outcome)[:3] and seen.outcome is not meant:
        n_for = int((roll_call == Action.IN_FAVOUR).sum())
        found = f"'{seen.outcome}' with {n_for} in favour and {listed(seen.against) or 'nobody'}"
        check.fault(("observed", "outcome"), f"{found} against", f"'{meant}' by these rules")
    if len(check.faults) > before:
        return None
    return Observed(seen.outcome, roll_call, tuple(seen.not_participating), tuple(seen.evidence))


@dataclass
class _Settler:
    """Lays the layers over one another: defaults, groups, members, each file over the other."""

    form: ScenarioFile
    base: PreferencesFile
    scales: list[str]
    check: Checker

    def preferences_of(self, member: Member) -> Preferences | None:
        """Return what a member wants on the day of the vote."""
        layers = self._layers_of(member)
        ties = sorted({name for traits in layers for name in traits.ties})
        caucuses = sorted({name for traits in layers for name in traits.caucuses})
        names = {"ideal": self.scales, "salience": self.scales, "ties": ties, "caucuses": caucuses}
        whole: dict[str, Any] = {kind: self._one(layers, member, kind) for kind in SINGLE}
        for kind in names:
            whole[kind] = {name: self._one(layers, member, kind, name) for name in names[kind]}
        return None if _has_gap(whole) else Preferences(**whole)

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
        """Return one settled preference; a fault where no layer gives its mean.

        A tie to one State lies over the ties to any other, so that it takes over their spread.
        """
        below = [traits.said("other_ties") for traits in layers] if kind == "ties" else []
        said = [*below, *(traits.said(kind, name) for traits in layers)]
        estimate = settle(in_force(map(_layer, forms), self.form.date) for forms in said)
        if estimate is None:
            setting = f"{kind}.{name}" if name else kind
            found = f"nothing says what 'members.{member.code}.{setting}' is"
            self.check.fault((), found, f"a number, at least under 'defaults.{setting}'")
        return estimate

    def coefficients(self) -> Coefficients | None:
        """Return the coefficients, the scenario's over those of the preferences file."""
        given: dict[str, ValueForm] = {}
        for part in (self.base.coefficients, self.form.coefficients):
            given |= {k: v for k, v in part if isinstance(v, ValueForm)}
            given |= {f"hostility.{k}": v for k, v in part.hostility.items()}
        for name in COEFFICIENTS:
            if name not in given:
                found = f"nothing says what 'coefficients.{name}' is"
                self.check.fault((), found, "a number, in the preferences or the scenario")
                return None
        none = ValueForm(value=0.0)
        hostility = [given.get(f"hostility.{name}", none) for name in self.scales]
        evidence = {name: tuple(v.evidence) for name, v in given.items()}
        evidence |= {
            f"hostility.{n}": tuple(v.evidence) for n, v in zip(self.scales, hostility, strict=True)
        }
        return Coefficients(
            **{name: v.value for name, v in given.items() if "." not in name},
            hostility=np.array([v.value for v in hostility]),
            evidence=evidence,
        )


def _layer(form: EstimateForm) -> Layer:
    evidence = None if form.evidence is None else tuple(form.evidence)
    return Layer(form.mean, form.spread, evidence, form.since)


def _has_gap(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and any(map(_has_gap, value.values())))
