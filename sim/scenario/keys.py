"""What each key of a file means, as the tables of `scenarios/README.md` say it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from sim.paths import SCENARIOS
from sim.traits import TRAITS

Keys = tuple[str, ...]
"""The keys that lead to one; `*` is any name."""
TABLES: Mapping[str, Sequence[Keys]] = {
    "| key | what it takes | default | meaning |": [()],
    "| key | bounds | unit | meaning |": [("coefficients",)],
    "| key of one number | bounds | default | meaning |": [
        ("defaults", trait.name, "*") if trait.keyed_by else ("defaults", trait.name)
        for trait in TRAITS.values()
    ],
    "| behaviour | written | how it chooses |": [("defaults", "behaviour")],
}
"""The headings of the tables, and below which keys are those that they tell."""
SEE = re.compile(r",? \(?(default: )?(see \"[^\"]+\"|below\b)\)?(?=[;)])")
"""Where to read on in the README."""


def meanings() -> Mapping[Keys, str]:
    """Return what each key means, what it takes and what holds without it, by its path."""
    found: dict[Keys, str] = {}
    for below, (keys, *details, meaning) in _rows():
        said = SEE.sub("", f"{meaning} ({'; '.join(details)})")
        for path in _paths(keys):
            found.setdefault((*below, *path), said)
    return found


def _rows() -> Iterator[tuple[Keys, Sequence[str]]]:
    """Yield the cells of the tables' rows, each with what its keys are below."""
    below: Sequence[Keys] = ()
    has_defaults = False
    for line in (SCENARIOS / "README.md").read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            below = ()
        elif line in TABLES:
            below, has_defaults = TABLES[line], "default" in line
        elif below and not line.startswith("|--"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if has_defaults and not cells[2].startswith("required"):
                cells[2] = f"default: {cells[2]}"
            for path in below:
                yield path, cells


def _paths(cell: str) -> Iterator[Keys]:
    """Yield the keys that a cell names: of "`a.b`, `.c`" those are a.b and a.c."""
    path: Keys = ()
    for name in re.findall(r"`([^`]+)`", cell):
        steps = tuple("*" if step.startswith("<") else step for step in name.split("."))
        path = (*path[:-1], *steps[1:]) if name.startswith(".") else steps
        yield path
