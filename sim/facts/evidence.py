"""What a scenario's preferences rest on, as plain data."""

from __future__ import annotations

from sim import catalogue
from sim.facts.report import Evidence, Source
from sim.preferences import ASSUMED
from sim.scenario import Scenario


def evidence_of(scenario: Scenario) -> Evidence:
    """Return what the preferences that count here rest on: what is cited, how much is assumed."""
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
    named = {name for names in (*cited.values(), *numbers.values()) for name in names}
    return {
        "cited": cited,
        "sources": {name: source_of(name) for name in sorted(named - set(ASSUMED))},
        "assumed": {
            code: sum(e.evidence == ASSUMED for e in estimates.values())
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


def source_of(name: str) -> Source:
    """Return who said what when, or which vote it was, for one piece of evidence."""
    if name in catalogue.statements():
        statement = catalogue.statements()[name]
        publications = [catalogue.publications()[source] for source in statement["source"]]
        return {
            "who": statement["who"],
            "on": statement["on"],
            "says": statement["says"],
            "source": list(statement["source"]),
            "published": [
                ", ".join(p[key] for key in ("title", "publisher", "date")) for p in publications
            ],
        }
    vote = catalogue.votes()[name]
    return {
        "who": "Security Council",
        "on": vote["date"],
        "says": f"{vote['title']}: {vote['outcome']}, {vote['in_favour']} in favour",
        "source": [vote["symbol"]],
        "published": [vote["symbol"]],
    }
