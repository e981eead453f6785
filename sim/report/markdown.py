"""Sections as a Markdown file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sim.report.sections import Section
from sim.report.spelling import harmless

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_ITEM = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+]))(.)(?=[ -]|$)")
"""What would make a line the item of a list, or a rule."""


def markdown(sections: Iterable[Section]) -> str:
    """Return the sections as Markdown; text from files stays text and becomes no markup."""
    parts = []
    for k, section in enumerate(sections):
        parts.append(f"{'##' if k else '#'} {escaped(section.heading)}\n")
        parts += [f"{escaped(sentence)}\n" for sentence in section.sentences]
        if section.rows:
            rule = "|" + " --- |" * len(section.columns)
            parts.append("\n".join([_row(section.columns), rule, *map(_row, section.cells)]) + "\n")
    return "\n".join(parts)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(escaped, cells)) + " |"


def escaped(text: str) -> str:
    """Return the text on one line with everything that Markdown or HTML would read escaped."""
    return _ITEM.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", " ".join(harmless(text).split())))
