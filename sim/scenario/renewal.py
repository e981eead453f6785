"""The renewal of a mandate as last time, and a vote of the record, as scenarios without a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sim.catalogue import (
    Mandate,
    instruments,
    mandate_of,
    mandates,
    near_vote,
    provisions,
    votes,
)
from sim.errors import NotFound, listed
from sim.record.coding import coded
from sim.record.recorded_vote import RecordedVote
from sim.record.shipped import shipped_record, votes_on
from sim.roster import council_on

Document = dict[str, Any]

PREFERENCES = "calibrated"
"""The preferences that these scenarios name."""
LEAST_OF_USUAL = 0.5
"""Renewals for less than this share of the shortest usual term are technical rollovers. Assumed."""

ORDINARY = {
    *("Authority", "Cross-border", "High-seas", "Inspections", "International", "Multinational"),
}
"""First words of the names of mandates that are capital only where a name begins with them."""
IN_A_QUESTION = {"Establishment": "establish", "Revival": "revive", "Renewal": "renew"}
"""What the Council would do with a mandate, by what the text would be."""


def renewal(
    name: str,
    on: date | None = None,
    term_months: float | None = None,
    penholders: Sequence[str] = (),
) -> Document:
    """Return the renewal of a mandate as last time, as a file of a scenario would hold it.

    Instrument, target, term and review are those of the latest text on the mandate before the day
    that was adopted and was no technical rollover; the text and its lapse follow by the rule by
    which the record is coded.

    Args:
        name: of the mandate in one word, as `undof`.
        on: the day of the vote; left out, the day on which the mandate expires.
        term_months: the term, where it is not to be as last time.
        penholders: codes of those who hold the pen, where they are not the usual ones.

    Raises:
        NotFound: no such mandate, no day on which it expires, or no Council known on the day.
    """
    mandate = mandate_of(name)
    day = on or _expiry(mandate)
    _check_known(mandate, day)
    before = votes_on(mandate.mandate, before=day)
    last = _as_last_time(mandate, before)
    row = votes()[last.vote_id] if last else None
    months = term_months or (float(row["term_months"] or 0) if row else 0) or mandate.shortest_term
    instrument = last.instrument if last else mandate.instrument
    target = last.target if last else next(iter(mandate.parties), None)
    pen = tuple(penholders) or _seated_pen(mandate.penholders, before, instrument, day)
    lasting = f" for {months:g} month{'s' * (months != 1)}" if months else ""
    terms = f", on the terms of {last.symbol}" if last else ""
    named = with_article(mandate.name)
    occasion = _occasion(mandate, day)
    question = f"Would the Council {IN_A_QUESTION[occasion]} {named}{lasting}{terms}?"
    if mandate.status == "open_ended" and day > mandate.last_date:
        question += " The mandate has no end date: without this text it would go on."
    return {
        "kind": "scenario",
        "title": f"{occasion} of {named}, {in_words(day)}",
        "question": question if on else f"{question} {_of_expiry(mandate)}",
        "sources": [_cited(last)] if last else [],
        "date": day.isoformat(),
        "preferences": PREFERENCES,
        "draft": {
            "mandate": _mandate_in_words(mandate, day),
            "instrument": instrument,
            "target": target,
            "renews": mandate.mandate,
            "penholder": list(pen),
            "text": _text(instrument, months, row["review"] if row else "", mandate.mandate),
        },
    }


def former(vote: str) -> Document:
    """Return a vote of the record as a file of a scenario would hold it, with what was observed.

    Args:
        vote: its id or its symbol: `R2683`, `S/RES/2683(2023)`, `S/2024/255`.

    Raises:
        NotFound: the record has no such vote.
    """
    found = _vote(vote)
    row, day = votes()[found.vote_id], found.date
    is_known = found.mandate in mandates()
    pen = _seated_pen(found.penholders, votes_on(found.mandate, before=day), found.instrument, day)
    beside = [code for code in found.rival if code in {m.code for m in found.council}]
    sides = {side: codes for side, codes in found.sides.items() if codes and side != "in_favour"}
    renews = {"renews": found.mandate} if is_known else {}
    months = float(row["term_months"] or 0)
    return {
        "kind": "scenario",
        "title": row["title"],
        "question": f"Would the Council adopt {found.symbol}?",
        "sources": [_cited(found)],
        "date": day.isoformat(),
        "preferences": PREFERENCES,
        "draft": {
            "symbol": found.symbol,
            "instrument": found.instrument,
            "target": found.target,
            **({"rival": beside} if beside else {}),
            **renews,
            "penholder": list(pen),
            "text": _text(found.instrument, months, row["review"], row["mandate"]),
        },
        **({"charter": {"matter": "procedural"}} if found.procedural else {}),
        "observed": {"outcome": found.outcome.value, **sides, "evidence": [found.vote_id]},
    }


def in_words(day: date) -> str:
    """Return a day as people write it: `18 December 2026`."""
    return f"{day.day} {day:%B %Y}"


def with_article(name: str) -> str:
    """Return the name of a mandate as a sentence has it.

    >>> with_article("UNISFA (Abyei)"), with_article("DRC (1533) sanctions and Group of Experts")
    ('UNISFA (Abyei)', 'the DRC (1533) sanctions and Group of Experts')
    >>> with_article("Cross-border aid to Syria")
    'the cross-border aid to Syria'
    """
    words = re.sub(r" \(.*?\)", "", name).split()
    is_described = len(words) > 2 or any(word[0].islower() for word in words)
    if words[0] in ORDINARY and words[1][0].islower():
        name = name[0].lower() + name[1:]
    return f"the {name}" if is_described and not words[0].endswith(",") else name


def _expiry(mandate: Mandate) -> date:
    """Return the day on which a mandate expires."""
    if mandate.expires_on:
        return mandate.expires_on
    ended = f"it ended on {mandate.ended_on}" if mandate.ended_on else "it has no end date"
    raise NotFound(f"{mandate.mandate}: {ended}; say on which day the vote is, as --on 2026-12-18.")


def _check_known(mandate: Mandate, day: date) -> None:
    """Raise `NotFound` where the Council of the day is not known."""
    try:
        council_on(day)
    except NotFound as error:
        expires = f" (it expires on {day})" if day == mandate.expires_on else ""
        raise NotFound(f"{mandate.mandate}{expires}: {error}") from None


def _of_expiry(mandate: Mandate) -> str:
    """Return in words that the day is the one on which it expires, and how sure that is."""
    known = mandate.confidence.replace("-", " ").replace("judgement", "presumably")
    said = f"The mandate expires that day ({known})."
    if mandate.expires_presumed is None:
        return said
    after = f"the next expiry would be {in_words(mandate.expires_presumed)}, presumably"
    return f"{said} Whether it was renewed then is not known; if so, {after}."


def _as_last_time(mandate: Mandate, before: Sequence[RecordedVote]) -> RecordedVote | None:
    """Return the latest vote that a renewal takes after: adopted, and no technical rollover.

    One with the usual instrument goes before one with a term, that before any other.
    """
    least = LEAST_OF_USUAL * mandate.shortest_term
    adopted = [vote for vote in before if not vote.has_failed]
    terms = {v.vote_id: float(votes()[v.vote_id]["term_months"] or 0) for v in adopted}
    full = [vote for vote in adopted if terms[vote.vote_id] > 0 and terms[vote.vote_id] >= least]
    usual = [vote for vote in full if vote.instrument == mandate.instrument]
    return next((votes[-1] for votes in (usual, full, adopted) if votes), None)


def _seated_pen(
    usual: Sequence[str], before: Sequence[RecordedVote], instrument: str, day: date
) -> tuple[str, ...]:
    """Return who holds the pen: those with a seat that day among the first who are known to.

    First the usual ones, then those of earlier texts on the mandate from the latest on. Where none
    of them is seated, whoever held it most often on texts of the instrument.
    """
    seated = {member.code for member in council_on(day)}
    for known in (usual, *(vote.penholders for vote in reversed(before))):
        if pen := tuple(code for code in known if code in seated):
            return pen
    return (next(code for code in _by_habit(instrument, day) if code in seated),)


def _by_habit(instrument: str, day: date) -> Iterator[str]:
    """Yield who held the pen before the day, most often on texts of the instrument first."""
    past = [vote for vote in shipped_record() if vote.date < day]
    for alike in ([v for v in past if v.instrument == instrument], past or shipped_record()):
        pens = Counter(code for vote in alike for code in vote.penholders)
        yield from (code for code, _ in pens.most_common())


def _text(instrument: str, months: float, review: str, mandate: str) -> dict[str, float]:
    """Return by provision where the text is, where that is not as usual for its instrument."""
    row = {
        "instrument": instrument,
        "term_months": str(months) if months else "",
        "review": review,
        "mandate": mandate,
    }
    usual = instruments()[instrument].text
    said = {"term": bool(months), "review": bool(review)}  # written down even where as usual
    placed = zip(provisions(), coded(row).text.tolist(), strict=True)
    return {
        name: round(value, 4)
        for name, value in placed
        if said.get(name) or value != usual.get(name, 0.0)
    }


def _occasion(mandate: Mandate, day: date) -> str:
    """Return what a text on the mandate would be on the day."""
    if day <= mandate.first_date:
        return "Establishment"
    end = mandate.expires_on if mandate.status == "closing" else mandate.ended_on
    return "Revival" if end and day > end else "Renewal"


def _mandate_in_words(mandate: Mandate, day: date) -> str:
    """Return the mandate's name, and when it expires if that is known of the term then running."""
    end = mandate.expires_on
    is_known = end is not None and mandate.last_date < day <= end
    return f"{mandate.name} (expires on {in_words(end)})" if end and is_known else mandate.name


def _cited(vote: RecordedVote) -> str:
    """Return a vote as a source."""
    outcome = vote.outcome.value.replace("_", " ")
    return f"{vote.symbol}, {outcome} on {in_words(vote.date)}, {vote.tally}"


def _vote(name: str) -> RecordedVote:
    """Return the vote that an id or a symbol names."""
    said = name.strip().upper().replace("/", "-")
    for vote in shipped_record():
        if said in (vote.vote_id.upper(), vote.symbol.upper().replace("/", "-")):
            return vote
    near = near_vote(said, [vote.vote_id for vote in shipped_record()])
    allowed = f"expected a vote of the record by id or symbol, as {listed(['R2683', 'S/2024/255'])}"
    raise NotFound(f"{name}: no such vote; {allowed}. {near}".rstrip())
