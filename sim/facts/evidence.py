"""What a scenario rests on, its preferences and the record of votes, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sim import catalogue
from sim.facts.figures import words
from sim.facts.report import Evidence, FormerVote, MemberVote, OfRecord, Sides, Source, VoteName
from sim.preferences import ASSUMED
from sim.record import RecordedVote
from sim.record.shipped import shipped_record, votes_on
from sim.scenario import Scenario

MOST_LATEST = 3
"""Votes on the mandate that are told of each member at most."""


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
        "preferences_named": scenario.preferences_named,
        "by_group": list(scenario.by_group),
        "record": record_of(scenario),
        "assumed_coefficients": [name for name, ids in numbers.items() if ids == ASSUMED],
    }


def record_of(scenario: Scenario) -> OfRecord:
    """Return what the shipped record holds from before the day of the vote."""
    before = [vote for vote in shipped_record() if vote.date < scenario.date]
    mandate = scenario.draft.mandate
    on_it = votes_on(mandate, scenario.date) if mandate else ()
    latest = {code: votes_of(code, on_it)[-MOST_LATEST:] for code in scenario.codes}
    have_voted = {member.code for vote in before for member in vote.council}
    return {
        "until": before[-1].date.isoformat() if before else None,
        "mandate": mandate,
        "votes": len(on_it),
        "last": former_vote(on_it[-1]) if on_it else None,
        "latest": {code: votes for code, votes in latest.items() if votes},
        "never_voted": [code for code in scenario.codes if code not in have_voted],
    }


def votes_of(code: str, votes: Sequence[RecordedVote]) -> list[MemberVote]:
    """Return what a member did at votes of the record, those at which it had a seat."""
    return [
        {"on": vote.date.isoformat(), "vote": cast(VoteName, side)}
        for vote in votes
        for side, codes in vote.sides.items()
        if code in codes
    ]


def former_vote(vote: RecordedVote) -> FormerVote:
    """Return a vote of the record as plain data."""
    return {
        "vote_id": vote.vote_id,
        "symbol": vote.symbol,
        "on": vote.date.isoformat(),
        "outcome": vote.outcome.value,
        "votes": cast(Sides, vote.sides),
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
        "says": f"{vote['title']}: {words(vote['outcome'])}, {vote['in_favour']} in favour",
        "source": [vote["symbol"]],
        "published": [vote["symbol"]],
    }
