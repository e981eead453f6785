"""The JSON Schemas of the files, for editors that complete, explain and check them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim import catalogue
from sim.errors import NotFound, did_you_mean, listed
from sim.paths import PREFERENCES, SCENARIOS
from sim.preferences import ASSUMED
from sim.reading.files import shipped
from sim.reading.form import Form
from sim.reading.messages import CODE, shown
from sim.record.memory import HABITS, OPPOSITIONS
from sim.roster import REGIONAL_GROUPS, states
from sim.scenario.checks import names_by_kind
from sim.scenario.form import PreferencesFile, ScenarioFile
from sim.scenario.keys import meanings
from sim.scenario.schema_parts import (
    Schema,
    any_value,
    mappings,
    nodes,
    options,
    parts_at,
    put,
    texts,
)
from sim.traits import TRAITS

LAYERS = {"defaults": (), "groups": ("*",), "members": ("*",)}
"""Where the traits are, below each key that has any; `*` is any name."""
ON_SCALES = (
    *(("draft", key) for key in ("text", "lapse", "red_lines")),
    ("tabling", "rollover"),
    ("coefficients", "hostility"),
    *((layer, *below, trait) for layer, below in LAYERS.items() for trait in ("ideal", "salience")),
)
"""The mappings whose keys are provisions."""

UNTOLD = {
    "red_lines": "how far the penholder would move each provision; the text itself where none",
    "value": "the number; a bare number means this",
    "note": "why",
    "behaviour": "how the member chooses: the word of a behaviour, or a mapping of its settings",
    "weight": "how much the other member counts, from 0 to 1; the rest is its own choice",
    "in_favour": "the probability that it votes in favour",
    "abstaining": "the probability that it abstains",
    "against": "the probability that it votes against",
}
"""What keys mean that stand in many places, and in no table of keys."""


def schema_of(kind: str) -> Mapping[str, Any]:
    """Return the JSON Schema of `scenario` or `preferences` files.

    It knows the names that `seeds/` supplies and what each key means. A file that extends another
    may lack what that one has; a provision must be a shipped one, unless the file has scales of
    its own or extends a file that is not shipped.

    Raises:
        NotFound: there is no such kind of file.
    """
    forms: dict[str, type[Form]] = {"scenario": ScenarioFile, "preferences": PreferencesFile}
    if kind not in forms:
        found = f"{shown(kind)}: no such kind of file; expected {listed(forms)}."
        raise NotFound(f"{found} {did_you_mean(kind, forms)}".rstrip())
    schema = forms[kind].json_schema()
    _name_values(schema, SCENARIOS if kind == "scenario" else PREFERENCES)
    for path, meaning in meanings().items():
        _describe(schema, path, meaning)
    for trait in TRAITS.values():
        meaning = f"{trait.meaning} ({trait.unit}; {trait.low:g} to {trait.high:g})"
        _describe(schema, ("defaults", trait.name), meaning)
        if trait.keyed_by:
            _describe(schema, ("defaults", trait.name, "*"), meaning)
    _describe_the_rest(schema)
    _name_keys(schema)
    _relax(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _name_values(schema: Schema, folder: Path) -> None:
    """Write into the schema which States, statements, files and so on there are."""
    schema["$defs"] |= {
        "State": {"enum": sorted(states())},
        "EvidenceId": {"enum": sorted(catalogue.evidence_ids() | {*ASSUMED})},
    }
    for node in [*nodes(schema)]:
        if node.get("pattern") == CODE:
            put(node, {"$ref": "#/$defs/State"})
        for text in [*texts(schema, node.get("properties", {}).get("evidence", {}))]:
            put(text, {"$ref": "#/$defs/EvidenceId"})
    for path, known in (
        (("draft", "instrument"), [*catalogue.instruments()]),
        (("draft", "renews"), [*catalogue.mandates()]),
        (("extends",), shipped(folder)),
        (("preferences",), shipped(PREFERENCES)),
    ):
        for text in [*texts(schema, *parts_at(schema, path))]:
            is_open = "path" in text.get("description", "")
            put(text, {"anyOf": [{"enum": known}, {**text}]} if is_open else {"enum": known})


def _name_keys(schema: Schema) -> None:
    """Write into the schema which names the keys of each mapping have."""
    named = names_by_kind(())
    known: dict[tuple[str, ...], Iterable[str]] = {
        (layer, *below, trait.name): named[trait.keyed_by][0] or ()
        for layer, below in LAYERS.items()
        for trait in TRAITS.values()
        if trait.keyed_by not in ("", "provision")
    }
    known |= dict.fromkeys([("members",), ("assume",), ("memory",)], states())
    known |= dict.fromkeys([("coefficients", "habit"), ("memory", "*", "dissent")], HABITS)
    opposed = [("coefficients", "opposition_habit"), ("memory", "*", "against")]
    known |= dict.fromkeys(opposed, OPPOSITIONS) | {("groups",): REGIONAL_GROUPS}
    for path, names in known.items():
        for mapping in mappings(schema, path):
            mapping["propertyNames"] = _one_of(names)
            mapping["additionalProperties"] = any_value(mapping)
            mapping.pop("patternProperties", None)
    for path in ON_SCALES:
        for mapping in mappings(schema, path):
            mapping["properties"] = {
                name: {**mapping["additionalProperties"], "description": provision.in_words}
                for name, provision in catalogue.provisions().items()
            }


def _one_of(names: Iterable[str]) -> Schema:
    """Return the schema of a name, the States by reference."""
    others = [name for name in names if name not in states()]
    found: list[Schema] = [{"enum": others}] if others else []
    if {*names} & states().keys():
        found.append({"$ref": "#/$defs/State"})
    return found[0] if len(found) == 1 else {"anyOf": found}


def _describe(schema: Schema, path: Sequence[str], meaning: str) -> None:
    """Write into the schema what a key means; what any key means, on the mapping too."""
    if path[-1] == "*" and not any("description" in part for part in parts_at(schema, path[:-1])):
        _describe(schema, path[:-1], meaning)
    for part in parts_at(schema, path):
        for node in nodes(part):
            if isinstance(node.get("description"), str):  # what it takes, not what it means
                del node["description"]
        part["description"] = meaning


def _describe_the_rest(schema: Schema) -> None:
    """Write into the schema what the other keys mean, and leave out what Python calls them.

    A form has no description of its own: an editor would show it instead of the key's.
    """
    for form in schema["$defs"].values():
        for option in options(schema, form):
            option.pop("description", None)
    for node in nodes(schema):
        if isinstance(node.get("title"), str):
            del node["title"]
        for key in UNTOLD.keys() & node.get("properties", {}).keys():
            node["properties"][key].setdefault("description", UNTOLD[key])


def _relax(schema: Schema) -> None:
    """Ask for what must be there, and for shipped provisions, only where the file can tell."""
    needed = _needed(schema, schema)
    for node in [*nodes(schema)]:
        node.pop("required", None)
    is_provision: Schema = {"propertyNames": {"enum": [*catalogue.provisions()]}}
    on_scales = [_leading(path, is_provision) for path in ON_SCALES if [*parts_at(schema, path)]]
    extends: Schema = {"required": ["extends"]}
    known = [*shipped(), *shipped(PREFERENCES)]
    of_others = {**extends, "properties": {"extends": {"not": {"enum": known}}}}
    has_own = {"anyOf": [{"required": ["provisions"]}, of_others]}
    schema["required"] = ["kind"]
    schema["allOf"] = [
        {"if": extends, "else": needed},
        {"if": has_own, "else": {"allOf": on_scales}},
    ]


def _needed(schema: Schema, node: Schema) -> Schema:
    """Return what a part of the schema and all below it requires."""
    found: Schema = {}
    for option in options(schema, node):
        if "required" in option:
            found["required"] = option["required"]
        below = {key: _needed(schema, part) for key, part in option.get("properties", {}).items()}
        if below := {key: part for key, part in below.items() if part}:
            found["properties"] = below
        if (other := any_value(option)) and (named := _needed(schema, other)):
            found["additionalProperties"] = named
    return found


def _leading(path: Sequence[str], leaf: Schema) -> Schema:
    """Return the schema that asks something of what is at a path."""
    for step in reversed(path):
        leaf = {"additionalProperties": leaf} if step == "*" else {"properties": {step: leaf}}
    return leaf
