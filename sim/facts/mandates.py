"""What is known of mandates, as plain data: whom they are about, when they end, all votes."""

from __future__ import annotations

from datetime import date

from typing_extensions import TypedDict

from sim.catalogue import Mandate, mandates
from sim.facts.evidence import former_vote
from sim.facts.report import FormerVote
from sim.record.shipped import shipped_record, votes_on


class ExpiryFacts(TypedDict):
    """A day on which a mandate ends unless renewed."""

    on: str
    certainty: str
    """documented, one source, or presumed."""


class MandateFacts(TypedDict):
    """A mandate, with the votes on it that the record has."""

    mandate: str
    name: str
    instrument: str
    parties: list[str]
    non_state_target: str
    host_relation: str
    penholders: list[str]
    first_on: str
    last_text: str
    last_on: str
    expires: list[ExpiryFacts]
    ended_on: str | None
    usual_term_months: list[float]
    """The shortest and the longest, or nothing."""
    status: str
    confidence: str
    sources: str
    note: str
    votes: list[FormerVote]
    record_until: str
    """The day of the latest vote of the record, on whatever matter."""


def mandate_facts(mandate: Mandate, on: date | None = None) -> MandateFacts:
    """Return what is known of a mandate; where a day is given, votes before it and ends from it on.

    Of an earlier day the latest text and the notes are nevertheless those known today.
    """
    day = on or date.min
    return {
        "mandate": mandate.mandate,
        "name": mandate.name,
        "instrument": mandate.instrument,
        "parties": list(mandate.parties),
        "non_state_target": mandate.non_state_target,
        "host_relation": mandate.host_relation,
        "penholders": list(mandate.penholders),
        "first_on": mandate.first_date.isoformat(),
        "last_text": mandate.last_text,
        "last_on": mandate.last_date.isoformat(),
        "expires": [
            {"on": end.isoformat(), "certainty": certainty}
            for end, certainty in mandate.expiries
            if end >= day
        ],
        "ended_on": mandate.ended_on.isoformat() if mandate.ended_on else None,
        "usual_term_months": list(mandate.usual_term_months or ()),
        "status": mandate.status,
        "confidence": mandate.confidence,
        "sources": mandate.sources,
        "note": mandate.note,
        "votes": [former_vote(vote) for vote in votes_on(mandate.mandate, before=on)],
        "record_until": shipped_record()[-1].date.isoformat(),
    }


def mandates_that_live(
    on: date | None = None, expiring_before: date | None = None
) -> list[MandateFacts]:
    """Return the mandates that live on a day, those that end first before the others.

    Args:
        on: the day; left out, those that have not ended.
        expiring_before: only those that end before this day unless renewed.
    """
    living = [m for m in mandates().values() if (m.lives_on(on) if on else not m.ended_on)]
    every = [mandate_facts(mandate, on) for mandate in living]
    if expiring_before:
        day = expiring_before.isoformat()
        every = [m for m in every if m["expires"] and m["expires"][0]["on"] < day]
    return sorted(every, key=lambda m: m["expires"][0]["on"] if m["expires"] else "9999")
