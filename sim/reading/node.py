"""A value of a file, and its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sim.errors import Fault, InvalidInput, Place

MAX_DEPTH = 20
"""Mappings and lists inside one another."""
TOO_DEEP = (
    "mappings and lists are nested too deeply",
    f"at most {MAX_DEPTH} levels are allowed",
)


def is_number(value: object) -> bool:
    """Return whether a value is a number: true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value and where it stands; for a mapping also where each of its keys stands.

    Two nodes are equal only if they are the same one, so that a tree can be a cache's key.
    """

    value: bool | int | float | str | list[Node] | dict[str, Node] | None
    place: Place
    keys: Mapping[str, Place] = field(default_factory=dict)

    @classmethod
    def of(cls, value: Any, place: Place, levels: int = MAX_DEPTH) -> Node:
        """Return plain mappings, lists and scalars as a node, every part of it at one place.

        Raises:
            InvalidInput: more than so many levels stand inside one another.
        """
        if isinstance(value, Mapping | list | tuple) and not levels:
            raise InvalidInput([Fault(place, "", *TOO_DEEP)])
        if isinstance(value, Mapping):
            nodes = {key: cls.of(item, place, levels - 1) for key, item in value.items()}
            return cls(nodes, place, dict.fromkeys(nodes, place))
        if isinstance(value, list | tuple):
            return cls([cls.of(item, place, levels - 1) for item in value], place)
        return cls(str(value) if isinstance(value, date) else value, place)

    def plain(self) -> Any:
        """Return the value as dicts, lists and scalars that share nothing with the tree."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def text_bytes(self) -> int:
        """Return the bytes of all texts in it, keys too, each as often as it stands there."""
        if isinstance(self.value, dict):
            return sum(
                len(key.encode("utf-8", "replace")) + node.text_bytes()
                for key, node in self.value.items()
            )
        if isinstance(self.value, list):
            return sum(node.text_bytes() for node in self.value)
        return len(self.value.encode("utf-8", "replace")) if isinstance(self.value, str) else 0

    def at(self, path: Sequence[str | int]) -> Node | None:
        """Return the node that the path leads to, or None where any step is missing."""
        here: Node | None = self
        for step in path:
            here = here._child(step) if here else None
        return here

    def place_of(self, path: Sequence[str | int]) -> Place:
        """Return where the last known step of the path stands: its key, or the item of a list.

        Unknown steps are skipped, since pydantic puts steps into a path that no file holds.
        """
        here, place = self, self.place
        for step in path:
            if child := here._child(step):
                here, place = child, here.keys.get(str(step), child.place)
        return place

    def _child(self, step: str | int) -> Node | None:
        if isinstance(self.value, dict) and isinstance(step, str):
            return self.value.get(step)
        if isinstance(self.value, list) and isinstance(step, int) and 0 <= step < len(self.value):
            return self.value[step]
        return None
