"""What `seeds/` supplies, read once: scales, instruments, mandates, statements and votes."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from sim.draft import RELATIONS, Provision
from sim.errors import NotFound, did_you_mean
from sim.paths import SEEDS, seed_rows
from sim.reading.form import Form, Share, Text
from sim.reading.state_names import code_of
from sim.reading.yaml12 import read


class ProvisionForm(Form):
    """A scale that a text can be placed on."""

    unit: Text
    at_0: Text
    at_half: Text
    at_1: Text


class InstrumentForm(Form):
    """A kind of text: its provisions, how surely they read, and the usual lapse."""

    description: Text
    text: dict[str, Share]
    lapse: dict[str, Share]
    reading_spread: Share


class Expiry(NamedTuple):
    """A day on which a mandate ends unless renewed: documented, of one source, or presumed."""

    day: date
    certainty: str


CERTAINTY = {"two-sources": "documented", "one-source": "one source", "judgement": "presumed"}
"""How sure the day of an expiry is, by the confidence of the mandate's row."""


@dataclass(frozen=True)
class Mandate:
    """A matter on which texts follow one another, as the renewals of one mission.

    Args:
        mandate: its name in one word: `dprk-panel`.
        name: in a few words.
        instrument: the usual kind of text.
        parties: codes of the States that it is about, the host first.
        non_state_target: armed groups and others that it is about, in words.
        host_relation: what the host makes of it: asks, consents, contests, refuses or none.
        penholders: codes of the States that usually draft its texts.
        first_date: the day of the first text.
        expires_on: the day on which it ends unless renewed, or None.
        ended_on: the day on which it ended, or None.
        usual_term_months: the shortest and the longest usual term, or None.
        last_text: the symbol of the latest text known, and the day of its vote.
        status: living, closing (its latest text is to be the last), renewal_not_seen (it ran out,
            and what followed is not known), open_ended, lapsed or ended.
        expires_presumed: the day on which it ends if a renewal that was not seen was as usual.
        confidence: how sure the days are: two-sources, one-source or judgement.
        sources: where they are from.
        note: what else is known.
    """

    mandate: str
    name: str
    instrument: str
    parties: tuple[str, ...]
    non_state_target: str
    host_relation: str
    penholders: tuple[str, ...]
    first_date: date
    expires_on: date | None
    ended_on: date | None
    usual_term_months: tuple[float, float] | None
    last_text: str
    last_date: date
    status: str
    expires_presumed: date | None
    confidence: str
    sources: str
    note: str

    @property
    def shortest_term(self) -> float:
        """The shortest usual term in months, 0 where none is usual."""
        return self.usual_term_months[0] if self.usual_term_months else 0.0

    @property
    def expiries(self) -> tuple[Expiry, ...]:
        """The days on which it ends unless renewed, as far as they are known or presumed."""
        known = [Expiry(self.expires_on, CERTAINTY[self.confidence])] if self.expires_on else []
        after = [Expiry(self.expires_presumed, "presumed")] if self.expires_presumed else []
        return (*known, *after)

    def expiries_until(self, end: date) -> tuple[Expiry, ...]:
        """Return the days up to `end` on which it expires if it is renewed as usual each time.

        The first are `expiries`; others follow only where the usual term is one, and none where the
        latest text is to be the last (`closing`).
        """
        found = list(self.expiries)
        shortest, longest = self.usual_term_months or (0.0, 0.0)
        if found and shortest == longest > 0 and self.status != "closing":
            while (after := months_later(found[-1].day, round(shortest))) <= end:
                found.append(Expiry(after, "presumed"))
        return tuple(expiry for expiry in found if expiry.day <= end)

    def lives_on(self, day: date) -> bool:
        """Return whether it has begun by a day and not ended before."""
        return self.first_date <= day <= (self.ended_on or date.max)


def months_later(day: date, months: int) -> date:
    """Return the day of the same number in a later month, or the last of a month that is shorter.

    >>> months_later(date(2026, 12, 31), 6)
    datetime.date(2027, 6, 30)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@cache
def instruments() -> Mapping[str, InstrumentForm]:
    """Return the kinds of text by name. Source: `seeds/instruments.yaml`."""
    entries = read(SEEDS / "instruments.yaml").plain()
    return {name: InstrumentForm.model_validate(entry) for name, entry in entries.items()}


@cache
def provisions() -> Mapping[str, Provision]:
    """Return the scales that every text has, in their order. Source: `seeds/provisions.yaml`."""
    entries = read(SEEDS / "provisions.yaml").plain()
    return {n: provision(n, ProvisionForm.model_validate(e)) for n, e in entries.items()}


def provision(name: str, form: ProvisionForm) -> Provision:
    """Return the scale that a form describes."""
    return Provision(name, form.unit, (form.at_0, form.at_half, form.at_1))


@cache
def statements() -> Mapping[str, Mapping[str, str]]:
    """Return who said or did what, by id. Source: `seeds/statements.yaml`."""
    entries = read(SEEDS / "statements.yaml").plain()["statements"]
    return {entry["id"]: entry for entry in entries}


@cache
def publications() -> Mapping[str, Mapping[str, str]]:
    """Return what statements were taken from, by id. Source: `seeds/sources.yaml`."""
    found: Mapping[str, Mapping[str, str]] = read(SEEDS / "sources.yaml").plain()
    return found


@cache
def mandates() -> Mapping[str, Mandate]:
    """Return the mandates by their name in one word. Source: `seeds/mandates.csv`."""
    return {row["mandate"]: _mandate(row) for row in seed_rows("mandates.csv")}


def mandate_of(name: str) -> Mandate:
    """Return the mandate of that name, in capitals or not.

    Raises:
        NotFound: there is none; with those that may be meant.
    """
    known = mandates()
    if name.lower() in known:
        return known[name.lower()]
    near = near_mandate(name) or "To list them: unsc mandates."
    raise NotFound(f"{name}: no such mandate; expected its name in one word, as undof. {near}")


def near_mandate(word: str) -> str:
    """Return which mandate may be meant by a word for it, as `Al-Shabaab`, or nothing.

    Words of its name, spelt a little otherwise too, or any name of a State that it is about.
    """
    from difflib import get_close_matches  # only where something is wrong

    said = word.lower().replace("-", " ").split()
    names = {m.mandate: f"{m.mandate} {m.name} {m.parties}".lower() for m in mandates().values()}
    known = sorted({part for name in names.values() for part in re.findall(r"\w+", name)})
    alike = [next(iter(get_close_matches(part, known, 1, 0.8)), part) for part in said]
    named = _named(names, said)
    if not named and (code := code_of(word)):
        named = [m.mandate for m in mandates().values() if code in m.parties]
    if not named and (near := did_you_mean(word, names)):
        return near
    named = named or _named(names, alike)
    return f"Did you mean {' or '.join(map(repr, named[:3]))}?" if named else ""


def _named(names: Mapping[str, str], parts: Sequence[str]) -> list[str]:
    """Return the mandates whose names have all of some words."""
    return [m for m, name in names.items() if parts and all(part in name for part in parts)]


def near_vote(word: str, known: Collection[str]) -> str:
    """Return which id of a vote, or of other evidence, may be meant: `2680` for R2680."""
    number = re.search(r"\d{3,}", word)
    named = f"R{number[0]}" if number else word
    return f"Did you mean '{named}'?" if named in known else did_you_mean(word, known)


def relation_to(mandate: str) -> str:
    """Return how the host stands to a mandate, one of `RELATIONS`, or empty where not known."""
    known = mandates().get(mandate)
    return known.host_relation if known and known.host_relation in RELATIONS else ""


def _mandate(row: Mapping[str, str]) -> Mandate:
    """Return the mandate of a row."""
    terms = [float(months) for months in row["usual_term_months"].split("-") if months]
    return Mandate(
        mandate=row["mandate"],
        name=row["name"],
        instrument=row["instrument"],
        parties=tuple(row["parties"].split()),
        non_state_target=row["non_state_target"],
        host_relation=row["host_relation"],
        penholders=tuple(row["penholder"].split()),
        first_date=date.fromisoformat(row["first_date"]),
        expires_on=_day_or_none(row["expires_on"]),
        ended_on=_day_or_none(row["ended_on"]),
        usual_term_months=(terms[0], terms[-1]) if terms else None,
        last_text=row["last_text"],
        last_date=date.fromisoformat(row["last_date"]),
        status=row["status"],
        expires_presumed=_day_or_none(row["expires_presumed"]),
        confidence=row["confidence"],
        sources=row["sources"],
        note=row["note"],
    )


def _day_or_none(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


@cache
def votes() -> Mapping[str, Mapping[str, str]]:
    """Return the rows of the record of votes by id. Source: `seeds/votes.csv`."""
    return {row["vote_id"]: row for row in seed_rows("votes.csv")}


@cache
def evidence_ids() -> frozenset[str]:
    """Return everything that a preference may name as its evidence."""
    return frozenset({"assumed", *statements(), *votes()})


@cache
def rivals() -> Mapping[str, tuple[str, ...]]:
    """Return who held the pen of a rival draft that was not put to the vote that day, by vote.

    Source: `seeds/rivals.csv`.
    """
    return {row["vote_id"]: tuple(row["rival"].split()) for row in seed_rows("rivals.csv")}


@cache
def procedural_votes() -> frozenset[tuple[str, date]]:
    """Return id and day of the resolutions that were votes on a procedural matter.

    They called an emergency special session of the General Assembly under its resolution 377 A (V),
    on which no veto applies. Source: `seeds/procedural.csv`.
    """
    rows = seed_rows("procedural.csv")
    return frozenset((row["vote_id"], date.fromisoformat(row["date"])) for row in rows)


@cache
def contested() -> frozenset[str]:
    """Return the ids of the votes chosen for being divided or telling.

    Source: `seeds/contested.csv`.
    """
    return frozenset(row["vote_id"] for row in seed_rows("contested.csv"))
