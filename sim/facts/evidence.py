"""What a scenario's preferences rest on, as plain data."""

from __future__ import annotations

from sim import catalogue
from sim.facts.report import Evidence, Source
from sim.preferences import ASSUMED
from sim.scenario import Scenario


def evidence_of(scenario: Scenario) -> Evidence:
    """Return what the preferences that count here rest on: what is cited, how much is assumed."""
    seats = zip(scenario.council, scenario.preferences, scenario.rules.holds_veto, strict=True)
    by_member = {}
    for member, wants, holds_veto in seats:
        given = set(wants.settings_on(scenario.draft, member, bool(holds_veto)).values())
        by_member[member.code] = {s: e for s, e in wants.estimates().items() if s in given}
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
