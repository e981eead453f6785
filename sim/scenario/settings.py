"""Settings such as `members.RUS.ties.PRK=0.4`, laid over a scenario's file."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import PurePath
from typing import Any, NamedTuple

from sim.arguments import as_python, check_kind
from sim.errors import Fault, InvalidInput, Place
from sim.reading.files import merged, without
from sim.reading.messages import quoted
from sim.reading.node import MAX_DEPTH, TOO_DEEP, Node
from sim.reading.yaml12 import is_text, parse

Settings = Mapping[str, object] | Sequence[str] | str
"""Values by their dotted path, or texts such as `members.RUS.ties.PRK=0.4`, or one such text."""

EXPECTED = 'values by path, as {"members.RUS.ties.PRK": 0.4}, or texts of the form path=value'


class Setting(NamedTuple):
    """A setting as it was written, and the mapping that it lays over a file."""

    text: str
    node: Node


PUT_TO_THE_VOTE = ("charter", "council", "date", "draft", "provisions", "tabling")
"""Keys that say what was put to the real vote, before whom and by which rules."""


def as_texts(settings: Settings) -> tuple[str, ...]:
    """Return settings as they are written after `--set`.

    Raises:
        InvalidInput: a value is of a kind that no file can hold.
    """
    if isinstance(settings, str):
        return (settings,)
    if isinstance(settings, Mapping):
        return tuple(f"{path}={_written(value, str(path))}" for path, value in settings.items())
    check_kind("settings", settings, Sequence, EXPECTED)
    for setting in settings:
        check_kind("settings", setting, str, EXPECTED)
    return tuple(settings)


def _written(value: object, path: str, levels: int = MAX_DEPTH) -> str:
    """Return a value as YAML on one line."""
    value = as_python(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, float) and not math.isfinite(value):
        return {"nan": ".nan", "inf": ".inf", "-inf": "-.inf"}[str(value)]
    if isinstance(value, int | float | date):
        return str(value)
    if isinstance(value, str | PurePath):
        text = str(value)
        is_plain = re.fullmatch(r"[\w./](?:[\w ./-]*\w)?", text, re.ASCII) and is_text(text)
        return text if is_plain else json.dumps(text, ensure_ascii=False)
    if isinstance(value, Mapping | Sequence) and not isinstance(value, bytes | bytearray):
        return _collected(value, path, levels)
    allowed = "expected a number, true or false, a text, a day, a list or a mapping"
    raise InvalidInput([Fault(Place("--set"), path, f"found {type(value).__name__}", allowed)])


def _collected(values: Mapping[Any, object] | Sequence[object], path: str, levels: int) -> str:
    """Return a mapping or a list likewise."""
    if not levels:
        raise InvalidInput([Fault(Place("--set"), path, *TOO_DEEP)])
    inside = partial(_written, path=path, levels=levels - 1)
    if isinstance(values, Mapping):
        entries = (f"{inside(key)}: {inside(value)}" for key, value in values.items())
        return "{" + ", ".join(entries) + "}"
    return "[" + ", ".join(map(inside, values)) + "]"


def read_settings(settings: Settings) -> tuple[Setting, ...]:
    """Return settings as they were written and as mappings that hold nothing else.

    Raises:
        InvalidInput: settings that are not of the form path=value, all of them at once.
    """
    read: list[Setting] = []
    faults: list[Fault] = []
    for text in as_texts(settings):
        try:
            read.append(Setting(text, _node_of(text)))
        except InvalidInput as error:
            faults += error.faults
    if faults:
        raise InvalidInput(faults)
    return tuple(read)


def overridden(node: Node, settings: Sequence[Setting]) -> Node:
    """Return the node with settings laid over it.

    The real vote was on the file's own text, before its Council and by its rules: where a setting
    changes one of these, it is left out, unless a setting gives another.
    """
    changed: set[str] = set()
    for setting in settings:
        node = merged(node, setting.node)
        changed |= set(setting.node.keys)
    is_another_vote = changed & set(PUT_TO_THE_VOTE) and "observed" not in changed
    return without(node, ["observed"]) if is_another_vote else node


def _node_of(setting: str) -> Node:
    """Return the mapping that holds nothing but one setting."""
    path, equals, text = setting.partition("=")
    place = Place(f"--set {quoted(setting)[1:-1]}")
    steps = [step.strip() for step in path.split(".")]
    if not equals or not all(steps) or len(steps) > MAX_DEPTH:
        allowed = "expected path=value, as members.RUS.ties.PRK=0.4"
        raise InvalidInput([Fault(place, "", "this is no setting", allowed)])
    if steps[0] == "extends":
        found = "what a file extends is read before any setting"
        raise InvalidInput([Fault(place, "extends", found, "expected any other setting")])
    said = quoted(path.strip())[1:-1]
    try:
        tree = parse(f"value: {text}\n", place.source).plain()
    except InvalidInput as error:  # its lines and columns would be those of no file
        faults = (fault._replace(place=place, path=said) for fault in error.faults)
        raise InvalidInput(faults) from None
    if len(tree) > 1:
        raise InvalidInput([Fault(place, said, "more than one value", "expected one value")])
    value = Node.of(tree["value"], place)
    for step in reversed(steps):
        value = Node({step: value}, place, {step: place})
    return value
