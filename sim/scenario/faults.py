"""From the form's complaints to faults that say where, what was found and what is allowed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.errors import Fault, did_you_mean, listed
from sim.scenario.yaml12 import Node

FormType = TypeVar("FormType", bound=BaseModel)
Path = Sequence[str | int]
Schema = dict[str, Any]


def check_form(form: type[FormType], node: Node) -> tuple[FormType | None, list[Fault]]:
    """Return the filled form and every fault of it.

    What is at fault is left out and the rest filled in again, so that what can be said of the
    meaning of a half-wrong file is said in the same breath. None where too little is left.
    """
    data = node.plain()
    faults: list[Fault] = []
    while True:
        try:
            return form.model_validate(data), faults
        except ValidationError as error:
            complaints = error.errors(include_url=False)
        if not faults:
            schema = form.model_json_schema(by_alias=True)
            faults = [_fault(node, schema, complaint) for complaint in complaints]
        left_out = [_leave_out(data, complaint["loc"]) for complaint in complaints]
        if not any(left_out):
            return None, faults


def dotted(path: Iterable[str | int]) -> str:
    """Return a path as it is written for `--set`: `members.RUS.voice`."""
    return ".".join(str(step) for step in path)


def shown(value: Any) -> str:
    """Return a value as it is quoted in a fault, short."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and not math.isfinite(value):
        return {"nan": ".nan", "inf": ".inf", "-inf": "-.inf"}[str(value)]
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "an empty list" if not value else "a list"
    text = str(value)
    return f"'{text[:60]}...'" if len(text) > 60 else f"'{text}'"


def _fault(node: Node, schema: Schema, complaint: Any) -> Fault:
    """Return one complaint of the form as a fault."""
    path, kind = complaint["loc"], complaint["type"]
    place, setting = node.place_of(path), dotted(p for p in path if p is not None)
    if kind == "missing":
        return Fault(
            place, setting, f"'{path[-1]}' is missing", f"expected {_allowed(schema, path)}"
        )
    if kind == "extra_forbidden":
        known = list(_properties(_schema_at(schema, path[:-1], schema), schema))
        return Fault(
            place,
            setting,
            f"unknown key '{path[-1]}'",
            f"expected one of {listed(known, 30)}",
            did_you_mean(str(path[-1]), known),
        )
    if path and path[-1] == "[key]":
        return Fault(
            place, setting, f"{shown(complaint['input'])} as a key", "expected a short name"
        )
    found = f"found {shown(complaint['input'])}"
    return Fault(place, setting, found, f"expected {_allowed(schema, path)}")


def _leave_out(data: Any, path: Path) -> bool:
    """Delete the deepest part of the path that is there; return whether anything was."""
    holder, step = None, None
    for name in path:
        if not _has(data, name):
            continue
        holder, step = data, name
        data = data[name]
    if holder is None:
        return False
    del holder[step]
    return True


def _has(data: Any, step: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(step, int) and step < len(data)
    return isinstance(data, dict) and step in data


def _schema_at(schema: Schema, path: Path, root: Schema) -> Schema:
    """Return the part of the JSON Schema that describes what stands at the path."""
    for step in path:
        for option in _options(schema, root):
            if isinstance(step, int) and "items" in option:
                schema = option["items"]
                break
            if step in option.get("properties", {}):
                schema = option["properties"][step]
                break
            if isinstance(option.get("additionalProperties"), dict) and isinstance(step, str):
                schema = option["additionalProperties"]
                break
    return schema


def _options(schema: Schema, root: Schema) -> list[Schema]:
    """Return what the schema allows, references and alternatives followed."""
    if "$ref" in schema:
        return _options(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    if "anyOf" in schema:
        return [x for option in schema["anyOf"] for x in _options(option, root)]
    return [schema]


def _properties(schema: Schema, root: Schema) -> dict[str, Any]:
    """Return the keys of the mapping that the schema describes."""
    return {
        k: v for option in _options(schema, root) for k, v in option.get("properties", {}).items()
    }


def _allowed(root: Schema, path: Path) -> str:
    """Return in words what may stand at the path."""
    schema = _schema_at(root, path, root)
    if "description" in schema and "properties" not in schema:
        return str(schema["description"])
    words = [_in_words(option) for option in _options(schema, root)]
    return " or ".join(dict.fromkeys(word for word in words if word != "nothing"))


def _in_words(option: Schema) -> str:
    """Return one alternative of a schema in words."""
    if "enum" in option:
        return "one of " + listed(map(str, option["enum"]))
    if "const" in option:
        return f"'{option['const']}'"
    kind = option.get("type")
    if kind in ("number", "integer"):
        return ("a whole number" if kind == "integer" else "a number") + _bounds(option)
    if kind == "object":
        keys = listed(option.get("properties", {}), 30)
        return f"a mapping with keys among {keys}" if keys else "a mapping"
    if kind == "array":
        return "a list"
    if kind == "string" and "pattern" in option:
        return str(option.get("description", f"text that matches {option['pattern']}"))
    return {"string": "text", "boolean": "true or false", "null": "nothing"}.get(
        str(kind), "a value"
    )


def _bounds(option: Schema) -> str:
    """Return the bounds of a number in words."""
    words = {
        "minimum": "from {}",
        "exclusiveMinimum": "above {}",
        "maximum": "up to {}",
        "exclusiveMaximum": "below {}",
    }
    parts = [text.format(f"{option[key]:g}") for key, text in words.items() if key in option]
    return " " + " ".join(parts) if parts else ""
