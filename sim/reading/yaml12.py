"""YAML 1.2, strictly: plain values that know their place.

PyYAML follows YAML 1.1, where `NO` is false and `012` is ten, so only its events are used. The
tree is built here from mappings, lists, texts, numbers, true, false and null; nothing else is
ever constructed. Any fault means that no tree is returned, so a faulty node may hold anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from sim.errors import Fault, InvalidInput, Place
from sim.reading.node import MAX_DEPTH, TOO_DEEP, Node
from sim.reading.source import invalid, place_after, plain_text, source_of, text_of

MAX_NODES = 100_000  # keys and values, each alias counted as all that it stands for
MAX_DIGITS = 400

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE = "tag:yaml.org,2002:"
_TAGS = "only !!str, !!int, !!float, !!bool, !!null, !!map, !!seq are allowed, each before its kind"
# Thousands of %TAG lines cost the scanner quadratic time, and no tag that is allowed needs one.
_TAG_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#.*)?\n|%(?!TAG).*\n)*+(?=%TAG)")


# The core schema, section 10.3.2 of YAML 1.2.2, in the order in which it is tried.
_FLOAT = (
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_SCHEMA: dict[str, tuple[str, Callable[[str], bool | int | float | str | None]]] = {
    "null": (r"null|Null|NULL|~|", lambda _: None),
    "bool": (r"true|True|TRUE|false|False|FALSE", lambda text: text[0] in "tT"),
    "int": (
        r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
        lambda text: int(text, 0 if text[1:2] in ("o", "x") else 10),
    ),
    "float": (_FLOAT, lambda text: float(re.sub(r"\.(?=[iInN])", "", text))),
    "str": (r"(?s:.*)", lambda text: text),
}
_KINDS = re.compile("|".join(f"(?P<{kind}>{form})" for kind, (form, _) in _SCHEMA.items()))


def read(path: Path) -> Node:
    """Return the tree of a file; a file that holds what it held before is not parsed again.

    Raises:
        NotFound: there is no such file.
        InvalidInput: with all faults of the file.
    """
    return _parsed(text_of(path), source_of(path))


@lru_cache(maxsize=32)
def _parsed(text: str, source: str) -> Node:
    return parse(text, source)


def parse(text: str, source: str) -> Node:
    """Return the tree of the one mapping that the text holds.

    Args:
        text: what a file holds.
        source: what to call it in faults.

    Raises:
        InvalidInput: with every fault that could be found in one pass.
    """
    text = plain_text(text, source)
    if tags := _TAG_DIRECTIVE.match(text):
        raise invalid(place_after(tags[0], source), "'%TAG' defines tags", _TAGS)
    return _Tree(text, source).root()


def is_text(plain: str) -> bool:
    """Return whether a plain scalar is a text: not null, true or false, nor any number."""
    return _kind_of(plain) == "str"


def _kind_of(plain: str) -> str:
    """Return the kind that the core schema finds in a plain scalar."""
    found = _KINDS.fullmatch(plain)
    return (found and found.lastgroup) or "str"


def _brief(text: str) -> str:
    """Return the text in quotes, harmless to a terminal and cut after 40 characters."""
    return repr(text if len(text) <= 40 else f"{text[:39]}…")


def _kind(value: object) -> str:
    names = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false"}
    return "null" if value is None else names.get(type(value), "a number")


class _Tree:
    """One pass over PyYAML's events; recursion ends at MAX_DEPTH, so no stack overflows."""

    def __init__(self, text: str, source: str) -> None:
        self.text, self.source = text, source
        self.events = self._events()
        self.faults: list[Fault] = []
        # What an anchor names, its number of nodes and its depth; None while it is still open.
        self.anchors: dict[str, tuple[Node, int, int] | None] = {}
        self.n_nodes = 0
        self.deepest = 0  # below the node being read

    def root(self) -> Node:
        """Return the top level, which is a mapping without any fault in it."""
        node, n_documents = Node(None, Place(self.source, 1, 1)), 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                n_documents += 1
                if n_documents > 1:
                    found, allowed = "a second document starts here", "a file holds one document"
                    self._fault(self._place(event), (), found, allowed)
                    raise InvalidInput(self.faults)
                if event.version not in (None, (1, 2)):
                    found = f"the file says it is YAML {event.version[0]}.{event.version[1]}"
                    self._fault(self._place(event), (), found, "expected YAML 1.2")
            elif isinstance(event, yaml.NodeEvent):
                node = self._node(event, ())
        if not isinstance(node.value, dict) and not (self.faults and node.value is None):
            empty, other = "the file is empty", f"the top level is {_kind(node.value)}"
            found = empty if node.value is None else other
            self._fault(node.place, (), found, "expected a mapping (`name: value`)")
        if self.faults:
            raise InvalidInput(self.faults)
        return node

    def _events(self) -> Iterator[Any]:
        try:
            yield from yaml.parse(self.text, Loader=_LOADER)
        except Exception as error:  # whatever PyYAML trips over is a fault of the text
            raise InvalidInput([*self.faults, self._syntax(error)]) from None

    def _syntax(self, error: Exception) -> Fault:
        """Return PyYAML's complaint, in its words, as a fault with line and column."""
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        place = Place(self.source, mark.line + 1, mark.column + 1) if mark else Place(self.source)
        problem = str(getattr(error, "problem", None) or error)
        if "nesting depth" in problem:  # libyaml 0.2.6 reads ahead, and stops before `_count` does
            return Fault(place, "", *TOO_DEEP)
        found = f"not YAML: {problem}"
        context, start = getattr(error, "context", None), getattr(error, "context_mark", None)
        if context:
            found += f" ({context}" + (f" from line {start.line + 1})" if start else ")")
        line = "".join(self.text.split("\n")[mark.line : mark.line + 1]) if mark else ""
        advice = (
            "Text that holds ': ' or starts with a special character needs quotes, and a key's "
            "colon a blank after it."
        )
        if "\t" in line[: len(line) - len(line.lstrip())]:
            advice = "Indent with spaces, not with tabs."
        return Fault(place, "", found, "the file must be YAML 1.2", advice)

    def _place(self, event: Any) -> Place:
        return Place(self.source, event.start_mark.line + 1, event.start_mark.column + 1)

    def _fault(
        self, place: Place, path: Sequence[str], found: str, allowed: str, advice: str = ""
    ) -> None:
        steps = ".".join(_brief(step)[1:-1] for step in path if step)
        self.faults.append(Fault(place, steps, found, allowed, advice))

    def _node(self, event: Any, path: tuple[str, ...]) -> Node:
        """Return the node that begins with the event; the path is as long as the node is deep."""
        place = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event.anchor or "", place, path)
        n_before, deepest_before, self.deepest = self.n_nodes, self.deepest, 0
        is_scalar = isinstance(event, yaml.ScalarEvent)
        self._count(1, len(path) + (not is_scalar), place, path)
        if event.anchor:
            self.anchors[event.anchor] = None
        kind = self._tagged(event, place, path)
        if is_scalar:
            node = self._scalar(event.value, kind, place, path)
        else:
            node = self._collection(event, place, path)
        # An anchor inside of the same name came later, so it stays.
        if event.anchor and self.anchors[event.anchor] is None:
            size, depth = self.n_nodes - n_before, self.deepest - len(path)
            self.anchors[event.anchor] = (node, size, depth)
        self.deepest = max(self.deepest, deepest_before)
        return node

    def _count(self, size: int, depth: int, place: Place, path: Sequence[str]) -> None:
        """Count what is about to be added, and refuse it before it gets too big or too deep."""
        self.n_nodes += size
        self.deepest = max(self.deepest, depth)
        if self.n_nodes > MAX_NODES:
            found = "the file holds too much, each alias counted as all that it stands for"
            allowed = f"at most {MAX_NODES:,} keys and values are allowed"
            self._fault(place, path, found, allowed)
            raise InvalidInput(self.faults)
        if depth > MAX_DEPTH:
            self._fault(place, path, *TOO_DEEP)
            raise InvalidInput(self.faults)

    def _alias(self, anchor: str, place: Place, path: Sequence[str]) -> Node:
        """Return the node that the anchor names, standing here too; nothing is copied."""
        known, shown = self.anchors.get(anchor), _brief(f"*{anchor}")
        if known:
            node, size, depth = known
            self._count(size, len(path) + depth, place, path)
            return replace(node, place=place)
        if anchor in self.anchors:
            found, allowed = f"{shown} stands inside what it names", "no value holds itself"
        else:
            found, allowed = f"{shown} names nothing", "an alias repeats what an '&' named above"
        self._fault(place, path, found, allowed)
        return Node(None, place)

    def _tagged(self, event: Any, place: Place, path: Sequence[str]) -> str:
        """Return the kind that the tag names or, without a tag, that the core schema finds."""
        text = event.value if isinstance(event, yaml.ScalarEvent) else None
        if event.tag is None:
            return "str" if text is None or event.style else _kind_of(text)
        fits = {"seq" if isinstance(event, yaml.SequenceStartEvent) else "map"}
        if text is not None:
            fits = {kind for kind, (form, _) in _SCHEMA.items() if re.fullmatch(form, text)}
        kind: str = event.tag.removeprefix(_CORE)
        if kind in fits and event.tag.startswith(_CORE):
            return kind
        shown = _brief(event.tag.replace(_CORE, "!!", 1))
        self._fault(place, path, f"the tag {shown} stands here", _TAGS)
        return "str"

    def _scalar(self, text: str, kind: str, place: Place, path: Sequence[str]) -> Node:
        if kind in ("int", "float") and len(text) > MAX_DIGITS:
            found = f"this number is {len(text):,} characters long"
            self._fault(place, path, found, f"at most {MAX_DIGITS} are allowed")
            return Node(None, place)
        if any("\ud800" <= character <= "\udfff" for character in text):  # "\ud83d" without libyaml
            self._fault(place, path, "half a character stands here", "expected whole characters")
        return Node(_SCHEMA[kind][1](text), place)

    def _collection(self, event: Any, place: Place, path: tuple[str, ...]) -> Node:
        """Return the list or the mapping that begins with the event."""
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(inner := next(self.events), yaml.SequenceEndEvent):
                items.append(self._node(inner, (*path, str(len(items)))))
            return Node(items, place)
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(inner := next(self.events), yaml.MappingEndEvent):
            key = self._key(inner, keys, path)
            entries[key] = self._node(next(self.events), (*path, key))
        return Node(entries, place, keys)

    def _key(self, event: Any, keys: dict[str, Place], path: tuple[str, ...]) -> str:
        """Return the key and note its place, or a fault if it cannot be a key here."""
        n_faults = len(self.faults)
        node = self._node(event, (*path, ""))
        key = node.value if isinstance(node.value, str) else ""
        if len(self.faults) > n_faults:
            return key
        if key == "<<" and isinstance(event, yaml.ScalarEvent) and not event.style:
            found, allowed = "'<<' merges a mapping", "YAML 1.2 has no merge keys"
            self._fault(node.place, path, found, allowed, "Write `extends:` instead.")
        elif not isinstance(node.value, str):
            advice = "" if isinstance(node.value, list | dict) else "Put the key in quotes."
            if isinstance(node.value, int | float) and path and keys:
                advice += " A decimal has a point, as 0.6."
            found = f"{_kind(node.value)} stands as a key"
            self._fault(node.place, path, found, "each key must be a text", advice)
        elif key in keys:
            found = f"{_brief(key)} is given twice (first in line {keys[key].line})"
            self._fault(node.place, (*path, key), found, "each key may stand once")
        else:
            keys[key] = node.place
        return key
