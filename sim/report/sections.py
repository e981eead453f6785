"""What reports are made of: sections, and how names and numbers are written for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Facts = Mapping[str, Any]

ACTIONS = ("in_favour", "abstaining", "against")


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and a table: its columns, then its rows as they are shown.

    What is `for_reference` is too long for a terminal and stands in the files only. The `key` is
    its name on a page.
    """

    heading: str
    sentences: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default_factory=tuple)
    for_reference: bool = False
    key: str = ""


def harmless(text: str) -> str:
    """Return the text without characters that steer a terminal; line breaks and tabs as blanks."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


def words(name: str) -> str:
    """Return a key of the report as people write it: `not_carried` is `not carried`."""
    return name.replace("_", " ").replace(" > ", " → ")


def shares(position: Mapping[str, float]) -> str:
    """Return in favour / abstaining / against in whole per cent: `28/72/0`."""
    return "/".join(f"{100 * position[action]:.0f}" for action in ACTIONS)


def possible(sides: Sequence[Facts]) -> list[str]:
    """Return the outcomes that can be in any of several reports or sides of a comparison."""
    every = sides[0]["outcome"]
    return [name for name in every if any(side["outcome"][name]["high"] > 0 for side in sides)]


def is_number(cells: Iterable[str]) -> bool:
    """Return whether a column's cells are all numbers, or nothing."""
    return all(not cell or cell == "-" or _begins_as_number(cell) for cell in cells)


def _begins_as_number(cell: str) -> bool:
    return cell.lstrip("+-<>*")[:1].isdecimal()
