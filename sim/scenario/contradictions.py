"""Facts of a scenario that contradict one another: no fault, but hardly what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from sim import catalogue
from sim.errors import Fault, listed
from sim.reading.faults import place_at
from sim.reading.messages import Steps
from sim.reading.node import Node
from sim.record.recorded_vote import RecordedVote
from sim.record.shipped import shipped_record, votes_on
from sim.scenario.scenario import Scenario

RESOLUTION, DRAFT = re.compile(r"S/RES/\d+ ?\((\d{4})\)"), re.compile(r"S/(\d{4})/\d+")
EXPIRY = re.compile(r"expires? (?:on )?(\d{1,2} [A-Z][a-z]+ \d{4})")
YEAR = re.compile(r"\b(?:19[4-9]\d|20[0-4]\d)\b")
Found = tuple[Steps, str, str]
"""Where it stands, what was found, and what was expected."""


def contradictions(scenario: Scenario, node: Node) -> list[Fault]:
    """Return what in a sound scenario contradicts its day, its mandate or the record.

    Args:
        scenario: as it was read.
        node: what its file holds, with all that it extends, for the place of each.
    """
    every = (
        *_of_the_day(scenario),
        *_of_the_symbol(scenario),
        *_of_the_mandate(scenario),
        *_of_the_target(scenario),
    )
    return [
        Fault(place_at(node, path), ".".join(map(str, path)), found, f"expected {allowed}")
        for path, found, allowed in every
    ]


def _of_the_day(scenario: Scenario) -> Iterator[Found]:
    """Yield days and years that do not go with the day of the vote."""
    day, form = scenario.date, scenario.form
    years = YEAR.findall(scenario.title)
    if years and str(day.year) not in years:
        yield ("title",), f"the title names {listed(years)}", f"{day.year}, as the vote is on {day}"
    for end in EXPIRY.findall(form.draft.mandate):
        if (expiry := _day_in_words(end)) and expiry < day:
            found = f"the mandate expires on {end}, before the vote on {day}"
            yield ("draft", "mandate"), found, "a vote before that, or the expiry of this term"
    known = form.negotiation
    rounds = known.rounds_on if known else []
    last = max((*rounds, *([known.in_blue_on] if known and known.in_blue_on else ())), default=day)
    if last > day:
        yield ("negotiation",), f"{last} is after the vote on {day}", "days before the vote"


def _of_the_symbol(scenario: Scenario) -> Iterator[Found]:
    """Yield what the symbol of the draft contradicts: the day, or the vote that the record has."""
    symbol, day = scenario.draft.symbol, scenario.date
    if not symbol:
        return
    path = ("draft", "symbol")
    adopted, tabled = RESOLUTION.match(symbol), DRAFT.match(symbol)
    of = adopted or tabled
    year = int(of[1]) if of else day.year
    is_of_december = bool(tabled) and day.month == 1 and year == day.year - 1
    vote = next((vote for vote in shipped_record() if vote.symbol == symbol), None)
    if vote and vote.date != day:
        yield path, f"{symbol} was voted on {vote.date}", f"that day; this vote is on {day}"
    elif year != day.year and not is_of_december:
        yield path, f"{symbol} is of {year}", f"a symbol of {day.year}, or none"
    elif vote:
        yield from _of_the_record(scenario, vote)


def _of_the_record(scenario: Scenario, vote: RecordedVote) -> Iterator[Found]:
    """Yield what contradicts the recorded vote on the same draft."""
    draft, seen = scenario.draft, scenario.form.observed
    if draft.mandate and vote.mandate != draft.mandate:
        found = f"{draft.symbol} is on {vote.mandate}, not on {draft.mandate}"
        yield ("draft", "renews"), found, f"'{vote.mandate}'"
    if draft.target != vote.target:
        found = f"{draft.symbol} is on {vote.target or 'no State'} by the record"
        yield ("draft", "target"), found, vote.target or "none"
    if seen is None:
        return
    for side in ("against", "abstaining", "not_participating"):
        said, was = sorted(getattr(seen, side)), sorted(vote.sides[side])
        if said != was:
            found = f"{listed(said) or 'nobody'}; the record has {listed(was) or 'nobody'}"
            yield ("observed", side), found, "the vote as it was recorded"


def _of_the_mandate(scenario: Scenario) -> Iterator[Found]:
    """Yield what contradicts the mandate that the draft renews."""
    day, draft = scenario.date, scenario.draft
    if not draft.mandate:
        return
    mandate = catalogue.mandates()[draft.mandate]
    path = ("draft", "renews")
    said, votes = scenario.form.draft.mandate, votes_on(mandate.mandate)
    days = [vote.date for vote in votes]
    began = min([mandate.first_date, *days])
    ended = mandate.ended_on and max([mandate.ended_on, *days])
    if ended and ended < day and (not said or EXPIRY.search(said)):
        found = f"{mandate.mandate} ended on {ended}, before the vote on {day}"
        yield path, found, "a mandate that lives; or say under draft.mandate what it would be"
    if day < began:
        found = f"{mandate.mandate} began on {began}, after the vote on {day}"
        yield path, found, "a mandate that there was"
    if mandate.parties and draft.target and draft.target not in mandate.parties:
        found = f"{mandate.mandate} is about {listed(mandate.parties)}, not about {draft.target}"
        yield ("draft", "target"), found, "one of these"
    usual = {mandate.instrument, *(vote.instrument for vote in votes)}
    if draft.instrument not in usual:
        found = f"no text on {mandate.mandate} was a {draft.instrument.replace('_', ' ')}"
        yield ("draft", "instrument"), found, f"one of {listed(sorted(usual))}"


def _of_the_target(scenario: Scenario) -> Iterator[Found]:
    """Yield a target on which the record has no vote: what is said of it has no evidence."""
    target = scenario.draft.target
    parties = {party for mandate in catalogue.mandates().values() for party in mandate.parties}
    if target and target not in parties | {vote.target for vote in shipped_record()}:
        found = f"the record has no vote on {target}"
        yield ("draft", "target"), found, "a State it has votes on; ties to this one are assumed"


def _day_in_words(text: str) -> date | None:
    """Return the day that is written as `30 April 2024`, or None where there is none such."""
    try:
        return datetime.strptime(text, "%d %B %Y").date()
    except ValueError:
        return None
