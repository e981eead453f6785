"""What a JSON Schema allows and what a file holds, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from sim.errors import listed
from sim.reading.meant import entry_meant, list_meant, mapping_meant, name_meant
from sim.reading.node import is_number
from sim.reading.numerals import MONTHS_OF_A_FULL_TERM, day_meant, how_to_write, months_meant
from sim.reading.state_names import near_state

Steps = tuple[str | int, ...]
Schema = dict[str, Any]
CODE = r"^[A-Z]{3}$"
"""The form of an ISO 3166 alpha-3 code."""
TERM = "term"
"""The provision that is in months."""
ANY_STATE = "an ISO 3166 alpha-3 code, as USA"
"""What is allowed where any State may stand."""


def quoted(text: str, most: int = 60) -> str:
    """Return a text in quotes, cut after `most` characters and harmless to a terminal."""
    return repr(text if len(text) <= most else f"{text[:most]}...")


def shown(value: Any) -> str:
    """Return a value as a fault quotes it: texts in quotes, numbers without, all of them short."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and not math.isfinite(value):
        return {"nan": ".nan", "inf": ".inf", "-inf": "-.inf"}[str(value)]
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list):
        return f"a list of {len(value):,}" if value else "an empty list"
    text = quoted(str(value))
    return text if isinstance(value, str) else text[1:-1]


def part_at(schema: Schema, path: Steps) -> list[Schema]:
    """Return the alternatives of the JSON Schema for what stands at the path."""
    part = schema
    for step in path:
        options = _options(part, schema)
        part = next(filter(None, (_below(option, step) for option in options)), part)
    return _options(part, schema)


def takes_codes(schema: Schema, path: Steps) -> bool:
    """Return whether the keys of the mapping at the path are codes of States."""
    return any(CODE in option.get("patternProperties", {}) for option in part_at(schema, path))


def allowed_at(schema: Schema, path: Steps) -> str:
    """Return in words what may stand at the path."""
    options = part_at(schema, path)
    words = dict.fromkeys(_in_words(option) for option in options if option.get("type") != "null")
    return " or ".join(words)


def advice_on(schema: Schema, path: Steps, value: Any) -> str:
    """Return what to write instead of the value, or nothing where that is not plain."""
    options = part_at(schema, path)
    if isinstance(value, str):
        names = [n for option in options for n in option.get("enum", [option.get("const")]) if n]
        codes = [option for option in options if _takes_code(option)]
        if codes and (many := [option for option in options if option.get("type") == "array"]):
            is_list = all(x in many or x.get("type") == "null" for x in options)
            is_list = is_list or not near_state(value)
            return list_meant(value, True) if is_list else near_state(value)
        if codes:
            is_item = isinstance(path[-1], int)  # of a list that was written without its brackets
            return near_state(value) or (list_meant(value, True) if is_item else "")
        if any(option.get("format") == "date" for option in options):
            return day_meant(value)
        near = name_meant(value, names) or _as_term(value, path) or _as_plain(value, options)
        is_mapping = any(option.get("type") == "object" for option in options)
        near = near or mapping_meant(value, _keys(options))
        return near or (entry_meant(value) if is_mapping else "")
    if isinstance(value, list):
        is_mapping = any(option.get("type") == "object" for option in options)
        named = "Write each as `name: value`, without a dash." if is_mapping else ""
        return mapping_meant(value, _keys(options)) or named
    if isinstance(value, dict) and value and all(map(str.isdecimal, value)):
        return "Write a list as a whole, not item by item."
    if value is None and any(option.get("type") == "object" for option in options):
        return "Write {} where there is nothing to say."
    return _advice_on_number(options, path, value) if is_number(value) else ""


def _advice_on_number(options: Iterable[Schema], path: Steps, value: float) -> str:
    """Return what to write instead of a number: months or per cent on a scale, or a text."""
    is_text = any(
        option.get("type") == "string" and not {"enum", "const", "pattern", "format"} & set(option)
        for option in options
    )
    meant = _as_term(value, path) or _as_share(value, options)
    return meant or ("Put it in quotes." if is_text else "")


def _takes_code(option: Schema) -> bool:
    """Return whether an alternative is a code, or a list of them."""
    return CODE in (option.get("pattern"), option.get("items", {}).get("pattern"))


def _keys(options: Iterable[Schema]) -> list[str]:
    """Return the keys of the mappings among the alternatives."""
    return [key for option in options for key in option.get("properties", {})]


def _as_term(value: str | float, path: Steps) -> str:
    """Return how to write what was meant as months by a number or a text on the scale `term`."""
    if TERM not in path[-2:] or not (months := months_meant(str(value))):
        return ""
    if months > MONTHS_OF_A_FULL_TERM:
        return f"Write 1, which stands for {MONTHS_OF_A_FULL_TERM} months and more."
    scale = f"months / {MONTHS_OF_A_FULL_TERM}"
    return f"Write {months / MONTHS_OF_A_FULL_TERM:.4g} for {months:g} months ({scale})."


def _as_share(value: float, options: Iterable[Schema]) -> str:
    """Return how to write what was meant as per cent by a number where the most is 1."""
    is_share = any((x.get("minimum"), x.get("maximum")) == (0, 1) for x in options)
    return f"Write {value / 100:g} for {value:g} %." if is_share and 1 < value <= 100 else ""


def _as_plain(text: str, options: Iterable[Schema]) -> str:
    """Return how to write what was meant by a `yes`, or by a number that is written as text."""
    truth = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(text.lower())
    if truth and any(option.get("type") == "boolean" for option in options):
        return f"Write {truth}."
    numbers = [option for option in options if option.get("type") in ("number", "integer")]
    is_share = any(1 in (x.get("maximum"), x.get("exclusiveMaximum")) for x in numbers)
    return how_to_write(text, lambda value: any(_fits(value, x) for x in numbers), is_share)


def _fits(value: float, option: Schema) -> bool:
    """Return whether a number is one that the alternative of a schema allows."""
    low, high = option.get("minimum", -math.inf), option.get("maximum", math.inf)
    above = option.get("exclusiveMinimum", -math.inf)
    below = option.get("exclusiveMaximum", math.inf)
    is_of_kind = option["type"] == "number" or value.is_integer()
    return is_of_kind and bool(low <= value <= high and above < value < below)


def _options(part: Schema, schema: Schema) -> list[Schema]:
    """Return the alternatives of a part of the schema, references followed.

    A description that stands beside alternatives or a reference is handed down to each of them.
    """
    if "$ref" in part:
        found = [schema["$defs"][part["$ref"].rsplit("/", 1)[1]]]
    elif "anyOf" in part:
        found = part["anyOf"]
    else:
        return [part]
    options = [option for alternative in found for option in _options(alternative, schema)]
    said: Schema = {key: part[key] for key in ("description", "examples") if key in part}
    return [{**option, **said} for option in options]


def _below(option: Schema, step: str | int) -> Schema | None:
    """Return the part for one step further down, None where the option has none."""
    if isinstance(step, int):
        return option.get("items")
    named = next(iter(option.get("patternProperties", {}).values()), None)
    others = option.get("additionalProperties") or named
    below = option.get("properties", {}).get(step, others)
    return below if isinstance(below, dict) else None


def _in_words(option: Schema) -> str:
    """Return one alternative of a schema in words."""
    kind = option.get("type")
    if "enum" in option:
        return "one of " + listed(map(str, option["enum"]))
    if "const" in option:
        return f"'{option['const']}'"
    if kind == "object" and "properties" in option:
        return f"a mapping with keys among {listed(option['properties'], 30)}"
    if "description" in option:
        return str(option["description"])
    if kind in ("number", "integer"):
        return ("a whole number" if kind == "integer" else "a number") + _bounds(option)
    if kind == "array":
        items = _in_words(option.get("items", {}))
        return f"{_counted(option.get('maxItems'), option.get('minItems', 0))}, each item {items}"
    if kind == "string":
        return "text" + _length(option)
    most = f" of at most {option['maxProperties']}" if "maxProperties" in option else ""
    return {"object": f"a mapping (name: value){most}", "boolean": "true or false"}.get(
        str(kind), "a value"
    )


def _counted(most: int | None, least: int = 0) -> str:
    """Return a list in words with its number of items."""
    if most is None:
        return f"a list of {least} or more" if least else "a list"
    return f"a list of {least} to {most:,}" if least else f"a list of at most {most:,}"


def _length(option: Schema) -> str:
    least, most = option.get("minLength", 0), option.get("maxLength")
    if most is None:
        return ""
    return f" of {least} to {most:,} characters" if least else f" of at most {most:,} characters"


def _bounds(option: Schema) -> str:
    """Return the bounds of a number in words."""
    if "minimum" in option and "maximum" in option:
        return f" from {_bound(option['minimum'])} to {_bound(option['maximum'])}"
    words = {
        "minimum": "at least",
        "exclusiveMinimum": "above",
        "maximum": "at most",
        "exclusiveMaximum": "below",
    }
    parts = [f"{word} {_bound(option[key])}" for key, word in words.items() if key in option]
    return ", " + " and ".join(parts) if parts else ""


def _bound(number: float) -> str:
    """Return a bound in full: `1000`, `1,000,000`."""
    return f"{number:,}" if abs(number) >= 10_000 else f"{number:g}"
