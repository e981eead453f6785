"""The JSON Schemas of the files, for editors that complete, explain and check them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim import catalogue
from sim.draft import Provision
from sim.errors import NotFound, did_you_mean, listed
from sim.paths import PREFERENCES, SCENARIOS
from sim.preferences import ASSUMED, TRAITS
from sim.reading.files import shipped
from sim.reading.form import Form
from sim.reading.messages import CODE, shown
from sim.record.memory import HABITS, OPPOSITIONS
from sim.roster import REGIONAL_GROUPS, states
from sim.scenario.checks import names_by_kind
from sim.scenario.form import PreferencesFile, ScenarioFile
from sim.scenario.keys import meanings

Schema = dict[str, Any]

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
    schema = forms[kind].model_json_schema()
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
    for node in [*_nodes(schema)]:
        if node.get("pattern") == CODE:
            _put(node, {"$ref": "#/$defs/State"})
        for text in [*_texts(schema, node.get("properties", {}).get("evidence", {}))]:
            _put(text, {"$ref": "#/$defs/EvidenceId"})
    for path, known in (
        (("draft", "instrument"), [*catalogue.instruments()]),
        (("draft", "renews"), [*catalogue.mandates()]),
        (("extends",), shipped(folder)),
        (("preferences",), shipped(PREFERENCES)),
    ):
        for text in [*_texts(schema, *_at(schema, path))]:
            is_open = "path" in text.get("description", "")
            _put(text, {"anyOf": [{"enum": known}, {**text}]} if is_open else {"enum": known})


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
        for mapping in _mappings(schema, path):
            others = [name for name in names if name not in states()]
            is_of_states = len(others) < len([*names])
            of_state = [{"$ref": "#/$defs/State"}] if is_of_states else []
            mapping["propertyNames"] = {
                "anyOf": [*of_state, *([{"enum": others}] if others else [])]
            }
            mapping["additionalProperties"] = _below(mapping)
            mapping.pop("patternProperties", None)
    for path in ON_SCALES:
        for mapping in _mappings(schema, path):
            mapping["properties"] = {
                name: {**mapping["additionalProperties"], "description": _scale(provision)}
                for name, provision in catalogue.provisions().items()
            }


def _one_of(names: Iterable[str]) -> Schema:
    """Return the schema of a name, the States by reference."""
    every = {*names}
    others = [name for name in names if name not in states()]
    options: list[Schema] = [{"enum": others}] if others else []
    if every & states().keys():
        options.append({"$ref": "#/$defs/State"})
    return options[0] if len(options) == 1 else {"anyOf": options}


def _scale(provision: Provision) -> str:
    low, half, high = provision.anchors
    return f"{provision.unit}: 0 is {low}; 0.5 is {half}; 1 is {high}"


def _describe(schema: Schema, path: Sequence[str], meaning: str) -> None:
    """Write into the schema what a key means; what any key means, on the mapping too."""
    if path[-1] == "*" and not any("description" in part for part in _at(schema, path[:-1])):
        _describe(schema, path[:-1], meaning)
    for part in _at(schema, path):
        for node in _nodes(part):
            if isinstance(node.get("description"), str):  # what it takes, not what it means
                del node["description"]
        part["description"] = meaning


def _describe_the_rest(schema: Schema) -> None:
    """Write into the schema what the other keys mean, and leave out what Python calls them.

    A form has no description of its own: an editor would show it instead of the key's.
    """
    for form in schema["$defs"].values():
        for option in _options(schema, form):
            option.pop("description", None)
    for node in _nodes(schema):
        if isinstance(node.get("title"), str):
            del node["title"]
        for key in UNTOLD.keys() & node.get("properties", {}).keys():
            node["properties"][key].setdefault("description", UNTOLD[key])


def _relax(schema: Schema) -> None:
    """Ask for what must be there, and for shipped provisions, only where the file can tell."""
    needed = _needed(schema, schema)
    for node in [*_nodes(schema)]:
        node.pop("required", None)
    is_provision: Schema = {"propertyNames": {"enum": [*catalogue.provisions()]}}
    on_scales = [_leading(path, is_provision) for path in ON_SCALES if [*_at(schema, path)]]
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
    for option in _options(schema, node):
        if "required" in option:
            found["required"] = option["required"]
        below = {key: _needed(schema, part) for key, part in option.get("properties", {}).items()}
        if below := {key: part for key, part in below.items() if part}:
            found["properties"] = below
        if (other := _below(option)) and (named := _needed(schema, other)):
            found["additionalProperties"] = named
    return found


def _leading(path: Sequence[str], leaf: Schema) -> Schema:
    """Return the schema that asks something of what is at a path."""
    for step in reversed(path):
        leaf = {"additionalProperties": leaf} if step == "*" else {"properties": {step: leaf}}
    return leaf


def _nodes(node: Any) -> Iterator[Schema]:
    """Yield every mapping in a schema."""
    for part in node.values() if isinstance(node, dict) else node:
        if isinstance(part, dict | list):
            yield from _nodes(part)
    if isinstance(node, dict):
        yield node


def _put(node: Schema, other: Schema) -> None:
    """Put another schema in the place of one."""
    node.clear()
    node.update(other)


def _options(schema: Schema, node: Schema) -> Iterator[Schema]:
    """Yield the alternatives of a part of the schema, references followed; no items of lists."""
    if "$ref" in node:
        yield from _options(schema, schema["$defs"][node["$ref"].rsplit("/", 1)[1]])
    elif "anyOf" in node:
        for option in node["anyOf"]:
            yield from _options(schema, option)
    else:
        yield node


def _texts(schema: Schema, *nodes: Schema) -> Iterator[Schema]:
    """Yield what is said of texts in parts of the schema, in lists too."""
    for node in nodes:
        for option in _options(schema, node):
            if option.get("type") == "string":
                yield option
            yield from _texts(schema, *([option["items"]] if "items" in option else []))


def _below(mapping: Schema) -> Schema:
    """Return what is said of values under any key."""
    patterns = mapping.get("patternProperties", {})
    other = mapping.get("additionalProperties") or {}
    return next(iter(patterns.values()), other if isinstance(other, dict) else {})


def _at(schema: Schema, path: Sequence[str]) -> Iterator[Schema]:
    """Yield what is said of a path; `*` in it is any key."""
    if not path:
        yield schema
        return
    *above, step = path
    for mapping in _mappings(schema, above):
        part = _below(mapping) if step == "*" else mapping.get("properties", {}).get(step)
        if part:
            yield part


def _mappings(schema: Schema, path: Sequence[str]) -> Iterator[Schema]:
    """Yield what is said of the mapping at a path, in each of its forms."""
    for node in _at(schema, path):
        for option in _options(schema, node):
            if option.get("type") == "object":
                yield option
            for item in _options(schema, option.get("items", {})):
                if item.get("type") == "object":
                    yield item
