"""What a scenario's preferences rest on, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sim import catalogue
from sim.preferences import ASSUMED, Estimate
from sim.scenario import Scenario


def evidence_of(scenario: Scenario) -> dict[str, Any]:
    """Return what the preferences rest on that count here: what is cited, how much is assumed."""
    by_member = {
        code: {
            setting: estimate
            for setting, estimate in scenario.preferences[seat].estimates().items()
            if _counts(scenario, seat, setting)
        }
        for seat, code in enumerate(scenario.codes)
    }
    cited = {
        f"members.{code}.{setting}": list(estimate.evidence)
        for code, estimates in by_member.items()
        for setting, estimate in estimates.items()
        if estimate.evidence != ASSUMED
    }
    numbers = scenario.coefficients.evidence
    return {
        "cited": cited,
        "sources": {name: source_of(name) for name in _named([*cited.values(), *numbers.values()])},
        "assumed": {
            code: sum(_is_assumed(e) for e in estimates.values())
            for code, estimates in by_member.items()
        },
        "preferences": sum(map(len, by_member.values())),
        "by_group": list(scenario.by_group),
        "assumed_coefficients": [name for name, ids in numbers.items() if ids == ASSUMED],
    }


def _counts(scenario: Scenario, seat: int, setting: str) -> bool:
    """Return whether a preference bears on this vote: on what is tabled, by whom, and on whom."""
    kind, _, name = setting.partition(".")
    draft = scenario.draft
    if kind in ("ideal", "salience"):
        names = [provision.name for provision in draft.provisions]
        return bool(draft.matters[names.index(name)])
    in_question = {draft.target, *draft.penholders} - {None, scenario.codes[seat]}
    if kind == "ties":
        return name in in_question
    if kind == "other_ties":
        return not in_question <= set(scenario.preferences[seat].ties)
    if kind == "caucuses":
        return name in scenario.council[seat].caucuses
    if kind == "stances":
        return name in draft.kinds
    if kind == "restraint":
        return name in draft.opposed
    return kind != "veto_cost" or bool(scenario.rules.holds_veto[seat])


def _is_assumed(estimate: Estimate) -> bool:
    return estimate.evidence == ASSUMED


def _named(lists: Iterable[Iterable[str]]) -> list[str]:
    return sorted({name for names in lists for name in names} - set(ASSUMED))


def source_of(name: str) -> Mapping[str, Any]:
    """Return who said what when, or which vote it was, for one piece of evidence."""
    if name in catalogue.statements():
        statement = catalogue.statements()[name]
        return {
            **{key: statement[key] for key in ("who", "on", "says", "source")},
            "published": [_publication(source) for source in statement["source"]],
        }
    vote = catalogue.votes()[name]
    says = f"{vote['title']}: {vote['outcome']}, {vote['in_favour']} in favour"
    return {
        "who": "Security Council",
        "on": vote["date"],
        "says": says,
        "source": [vote["symbol"]],
        "published": [vote["symbol"]],
    }


def _publication(name: str) -> str:
    """Return a publication as it is cited: title, publisher, date."""
    publication = catalogue.publications()[name]
    return ", ".join(publication[key] for key in ("title", "publisher", "date"))
