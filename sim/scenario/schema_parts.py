"""Parts of a JSON Schema, found by the keys of a file that lead to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Schema = dict[str, Any]


def nodes(node: Any) -> Iterator[Schema]:
    """Yield every mapping in a schema."""
    for part in node.values() if isinstance(node, dict) else node:
        if isinstance(part, dict | list):
            yield from nodes(part)
    if isinstance(node, dict):
        yield node


def put(node: Schema, other: Schema) -> None:
    """Put another schema in the place of one."""
    node.clear()
    node.update(other)


def options(schema: Schema, node: Schema) -> Iterator[Schema]:
    """Yield the alternatives of a part of the schema, references followed; no items of lists."""
    if "$ref" in node:
        yield from options(schema, schema["$defs"][node["$ref"].rsplit("/", 1)[1]])
    elif "anyOf" in node:
        for option in node["anyOf"]:
            yield from options(schema, option)
    else:
        yield node


def texts(schema: Schema, *nodes: Schema) -> Iterator[Schema]:
    """Yield what is said of texts in parts of the schema, in lists too."""
    for node in nodes:
        for option in options(schema, node):
            if option.get("type") == "string":
                yield option
            yield from texts(schema, *([option["items"]] if "items" in option else []))


def any_value(mapping: Schema) -> Schema:
    """Return what is said of values under any key."""
    patterns = mapping.get("patternProperties", {})
    other = mapping.get("additionalProperties") or {}
    return next(iter(patterns.values()), other if isinstance(other, dict) else {})


def parts_at(schema: Schema, path: Sequence[str]) -> Iterator[Schema]:
    """Yield what is said of a path; `*` in it is any key."""
    if not path:
        yield schema
        return
    *above, step = path
    for mapping in mappings(schema, above):
        part = any_value(mapping) if step == "*" else mapping.get("properties", {}).get(step)
        if part:
            yield part


def mappings(schema: Schema, path: Sequence[str]) -> Iterator[Schema]:
    """Yield what is said of the mapping at a path, in each of its forms."""
    for node in parts_at(schema, path):
        for option in options(schema, node):
            if option.get("type") == "object":
                yield option
            for item in options(schema, option.get("items", {})):
                if item.get("type") == "object":
                    yield item
