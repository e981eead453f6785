"""The JSON Schemas of what is written, generated from its types, and what fits them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sim import scenario
from sim.errors import NotFound, did_you_mean, listed
from sim.facts.comparison import ComparisonReport
from sim.facts.explanation import ExplanationFacts
from sim.facts.frontier import FrontierFacts
from sim.facts.report import Report
from sim.facts.sensitivity import SensitivityFacts
from sim.reading.messages import shown
from sim.record.codings import schema_of_codings

KINDS: Mapping[str, type] = {
    "report": Report,
    "comparison": ComparisonReport,
    "explanation": ExplanationFacts,
    "sensitivity": SensitivityFacts,
    "frontier": FrontierFacts,
}
TOLD_BY = {
    "others": "comparison",
    "asked": "explanation",
    "bars": "sensitivity",
    "points": "frontier",
}
"""A key that no other kind of file has."""


def schema_of(kind: str) -> Mapping[str, Any]:
    """Return the JSON Schema of a kind of file.

    Args:
        kind: `scenario`, `preferences` or `codings` for what goes in; one of `KINDS` for what comes
            out: `report.json`, `compare.json`, `explain.json`, `sensitivity.json`, `frontier.json`.

    Raises:
        NotFound: there is no such kind of file.
    """
    if kind in ("scenario", "preferences"):
        return scenario.schema_of(kind)
    if kind == "codings":
        return schema_of_codings()
    if kind not in KINDS:
        kinds = ("scenario", "preferences", "codings", "study", *KINDS)
        found = f"{shown(kind)}: no such kind of file; expected {listed(kinds)}."
        raise NotFound(f"{found} {did_you_mean(kind, kinds)}".rstrip())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **adapter(KINDS[kind]).json_schema(),
    }


def kind_of(facts: Mapping[str, Any]) -> str:
    """Return which of `KINDS` the facts of a saved file are, by a key that no other has."""
    return next((kind for key, kind in TOLD_BY.items() if key in facts), "report")


def check(facts: Mapping[str, Any]) -> None:
    """Check that the facts of a saved file are what their kind says.

    Keys that are not known may be there: nothing shows them.

    Raises:
        ValueError: something is missing or of another kind; says where and what.
    """
    try:
        adapter(KINDS[kind_of(facts)]).validate_python(facts)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False)
        for fault in faults:
            if fault["type"] != "extra_forbidden":
                place = ".".join(map(str, fault["loc"]))
                raise ValueError(f"{place}: {fault['msg'].lower()}") from None


@cache
def adapter(kind: type) -> TypeAdapter[Any]:
    """Return what validates facts against their type."""
    return TypeAdapter(kind)
