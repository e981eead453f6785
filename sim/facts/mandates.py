"""What is known of mandates, as plain data: whom they are about, when they end, all votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from typing_extensions import TypedDict

from sim.catalogue import Mandate, mandates
from sim.charter import Outcome, OutcomeName
from sim.ensemble.tally import rounded
from sim.facts.evidence import former_vote
from sim.facts.report import FormerVote, Probability
from sim.record import RecordedVote
from sim.record.shipped import shipped_record, votes_on

EXPECTED = 0.5
"""A member that is not in favour with this probability or more is expected to dissent."""


class ExpiryFacts(TypedDict):
    """A day on which a mandate ends unless renewed."""

    on: str
    certainty: str
    """documented, one source, or presumed."""


class PastForecast(TypedDict):
    """A forecast of a former vote, beside what happened."""

    vote_id: str
    on: str
    outcome: OutcomeName
    p_adopted: Probability
    p_happened: Probability
    """The probability of the outcome that there was."""
    dissented: dict[str, Probability]
    """The probability that a member would not be in favour, of those that were not."""
    expected: dict[str, Probability]
    """The same of those that were in favour, where it is `EXPECTED` or more."""


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
    forecasts: list[PastForecast]
    """Of its votes, where they were asked for."""
    in_sample: bool
    """Whether they rest on preferences that were fitted to these votes too, and so are none."""
    record_until: str
    """The day of the latest vote of the record, on whatever matter."""


def mandate_facts(
    mandate: Mandate,
    on: date | None = None,
    forecasts: Sequence[PastForecast] = (),
    in_sample: bool = True,
) -> MandateFacts:
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
        "forecasts": [*forecasts],
        "in_sample": in_sample,
        "record_until": shipped_record()[-1].date.isoformat(),
    }


def past_forecast(
    vote: RecordedVote, chances: Mapping[str, float], dissent: Mapping[str, float]
) -> PastForecast:
    """Return a forecast of a former vote beside what happened.

    Args:
        vote: of the record.
        chances: the probability of each outcome, by name.
        dissent: the probability that a member would not be in favour, by code.
    """
    in_favour = vote.sides["in_favour"]
    named = {code: rounded(p) for code, p in dissent.items()}
    return {
        "vote_id": vote.vote_id,
        "on": vote.date.isoformat(),
        "outcome": vote.outcome.value,
        "p_adopted": rounded(chances[Outcome.ADOPTED]),
        "p_happened": rounded(chances[vote.outcome]),
        "dissented": {c: p for c, p in named.items() if c not in in_favour},
        "expected": {c: p for c, p in named.items() if c in in_favour and p >= EXPECTED},
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
