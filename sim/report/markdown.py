"""Sections as a Markdown file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sim.report.sections import Section, harmless

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def markdown(sections: Iterable[Section]) -> str:
    """Return the sections as Markdown; text from files stays text and becomes no markup."""
    parts = []
    for level, section in zip(_levels(), sections, strict=False):
        parts.append(f"{level} {escaped(section.heading)}\n")
        parts += [f"{escaped(sentence)}\n" for sentence in section.sentences]
        if section.rows:
            parts.append(_table(section) + "\n")
    return "\n".join(parts)


def _levels() -> Iterable[str]:
    yield "#"
    while True:
        yield "##"


def _table(section: Section) -> str:
    lines = [_row(section.columns), "|" + " --- |" * len(section.columns)]
    return "\n".join([*lines, *map(_row, section.rows)])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(escaped, cells)) + " |"


def escaped(text: str) -> str:
    """Return the text on one line with everything that Markdown or HTML would read escaped."""
    return _SPECIAL.sub(r"\\\1", " ".join(harmless(text).split()))
