"""What `seeds/` supplies, read once: provisions, instruments, statements, publications, votes."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from sim.draft import Provision
from sim.paths import SEEDS
from sim.reading.form import Form, Share, Text
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
def votes() -> Mapping[str, Mapping[str, str]]:
    """Return the rows of the record of votes by id. Source: `seeds/votes.csv`."""
    with (SEEDS / "votes.csv").open(encoding="utf-8", newline="") as file:
        return {row["vote_id"]: row for row in csv.DictReader(file)}


@cache
def evidence_ids() -> frozenset[str]:
    """Return everything that a preference may name as its evidence."""
    return frozenset({"assumed", *statements(), *votes()})
