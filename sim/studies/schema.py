"""The JSON Schema of a study's file, for editors that complete, explain and check it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.catalogue import mandates
from sim.paths import SCENARIOS
from sim.reading.files import shipped
from sim.scenario.schema_parts import nodes, options
from sim.studies.form import StudyFile

MEANINGS: Mapping[str, str] = {
    "kind": "what the file is: `study`",
    "title": "what to call it",
    "question": "what it answers",
    "note": "anything else that a reader should know",
    "base": "the scenario that is varied: by name, by path, or a mandate, as `undof@2026-12-18`",
    "mandates": "mandates in place of a base: names, or `all`",
    "days": "the days on which the mandates are voted on (default: the day on which each expires)",
    "settings": "settings laid over the base before it is varied: value by dotted path",
    "vary": "what varies; of several ways, every combination is a point",
    "product": "every combination of the values of settings",
    "zip": "values of settings side by side: all first ones, all second ones, and so on",
    "latin_hypercube": "points spread so that each setting has one in each n-th of its range",
    "sobol": "points of a scrambled Sobol sequence: evenly spread, a power of two of them",
    "table": "a CSV file: a column per setting, a row per point",
    "values": "the values, as a list",
    "from": "the lowest value",
    "to": "the highest value",
    "steps": "how many values, evenly apart, from the lowest to the highest",
    "points": "how many points",
    "random_seed": "of the sample, not of the worlds (default: 0)",
    "between": "the lowest and the highest value of each setting",
    "spreads": "preferences that vary as far as they are not known: dotted paths, or `all`",
    "together": "whether they vary as the fit says that they do together (default: each by itself)",
    "worlds": "worlds of each point (default: 5000)",
    "random_seeds": "random seeds of the worlds: each point is run with each (default: [0])",
    "keep": "what is kept of each point (default: outcomes, members); worlds take much room",
}


def study_schema() -> Mapping[str, Any]:
    """Return the JSON Schema of a study's file; it knows the names of scenarios and mandates."""
    schema = StudyFile.json_schema()
    names = [*shipped(SCENARIOS), *mandates()]
    for node in [*nodes(schema)]:
        if isinstance(node.get("title"), str):
            del node["title"]
        for key, part in node.get("properties", {}).items():
            part["description"] = MEANINGS[key]
    for form in schema["$defs"].values():
        for option in options(schema, form):
            option.pop("description", None)
    schema.pop("description", None)
    base = schema["properties"]["base"]
    base["anyOf"] = [{"enum": names}, *base["anyOf"]]
    named = schema["properties"]["mandates"]
    named["anyOf"] = [{"enum": ["all", *mandates()]}, *named["anyOf"]]
    schema["required"] = ["kind"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def template() -> str:
    """Return the text of a commented study to start from."""
    text = Path(__file__).with_name("template.yaml").read_text(encoding="utf-8")
    schema = (SCENARIOS / "schema" / "study.schema.json").resolve()
    return f"# yaml-language-server: $schema={schema.as_uri()}\n{text}"
