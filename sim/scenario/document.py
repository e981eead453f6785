"""The scenario as one plain document with nothing left to look up: what ran, written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.behaviours import DEFAULT, Behaviour
from sim.charter import Rules
from sim.draft import Draft
from sim.preferences import Coefficients, Preferences
from sim.roster import Member
from sim.scenario.checks import COEFFICIENTS
from sim.scenario.form import ScenarioFile


def document_of(
    form: ScenarioFile,
    council: tuple[Member, ...],
    preferences: tuple[Preferences, ...],
    numbers: Coefficients,
    draft: Draft,
    rules: Rules,
    behaviours: Sequence[Behaviour],
) -> dict[str, Any]:
    """Return the scenario as one plain document that needs no other file.

    Read again as a scenario file, it gives the same scenario, key by key in the same order: what a
    report carries is what ran.
    """
    names = [p.name for p in draft.provisions]
    codes = [member.code for member in council]
    document = form.model_dump(mode="json", exclude_none=True, exclude={"extends", "preferences"})
    veto = [code for code, holds in zip(codes, rules.holds_veto, strict=True) if holds]
    values = {name: getattr(numbers, name) for name in COEFFICIENTS}
    hostility = zip(names, numbers.hostility.tolist(), strict=True)

    def valued(value: float, name: str) -> dict[str, Any]:
        return {"value": value, "evidence": list(numbers.evidence[name])}

    document |= {
        "council": codes,
        "draft": _draft_document(form, draft, names),
        "charter": form.charter.model_copy(update={"veto": veto}).model_dump(mode="json"),
        "coefficients": {
            **{name: valued(value, name) for name, value in values.items()},
            "hostility": {name: valued(h, f"hostility.{name}") for name, h in hostility},
        },
        "defaults": {},
        "groups": {},
        "members": {c: p.as_plain() for c, p in zip(codes, preferences, strict=True)},
    }
    for code, behaviour in zip(codes, behaviours, strict=True):
        if behaviour != DEFAULT:  # so that a scenario that names none is the same document
            document["members"][code]["behaviour"] = behaviour.as_plain()
    rollover = zip(names, draft.rollover.tolist(), strict=True)
    document["tabling"] = {
        "if_adoptable": form.tabling.if_adoptable or 0.0,
        "rollover_below": form.tabling.rollover_below or 0.0,
        "rollover": dict(rollover),
    }
    return {key: document[key] for key in type(form).model_fields if key in document}


def _draft_document(form: ScenarioFile, draft: Draft, names: list[str]) -> dict[str, Any]:
    text = zip(draft.text.tolist(), draft.reading_spread.tolist(), strict=True)
    lines = zip(names, draft.low.tolist(), draft.high.tolist(), strict=True)
    # Left out where it is false: a draft that stands alone is the same document with and without.
    says_nothing = set() if draft.rival else {"rival"}
    return {
        **form.draft.model_dump(mode="json", exclude_none=True, exclude=says_nothing),
        "text": {n: {"value": v, "spread": s} for n, (v, s) in zip(names, text, strict=True)},
        "lapse": dict(zip(names, draft.lapse.tolist(), strict=True)),
        "red_lines": {n: {"low": low, "high": high} for n, low, high in lines if low < high},
    }
