"""The scenario that a saved report or comparison carries."""

from __future__ import annotations

import json
from pathlib import Path

from sim.errors import Fault, InvalidInput, Place
from sim.reading.files import Chain
from sim.reading.node import Node
from sim.reading.source import MAX_SAVED_BYTES, is_pipe, source_of, text_of
from sim.scenario.source import Source

OF_A_REPORT = ("name", "settings", "evidence", "scenario", "others")
"""What a saved report says of the scenario that it carries; a comparison has others."""


def may_be_saved(path: Path) -> bool:
    """Return whether a report may be here: by its name, or a pipe, which has none."""
    return path.suffix == ".json" or is_pipe(path)


def saved(path: Path) -> Node | None:
    """Return what a saved report or comparison holds, None of any other file.

    It is larger than what people write, and a program wrote it: places in it say nothing.

    Raises:
        InvalidInput: a program wrote it, and it carries no scenario, as a saved analysis.
    """
    if not may_be_saved(path):
        return None
    try:
        facts = json.loads(text_of(path, MAX_SAVED_BYTES))
    except (ValueError, RecursionError):  # the strict reader says where and why
        return None
    if not isinstance(facts, dict):
        return None
    if not {"scenario", "others"} & facts.keys():
        if "schema_version" not in facts:
            return None
        found, allowed = "this carries no scenario", "expected a scenario or a report.json"
        is_many = {"forecasts", "scenarios"} & facts.keys()  # a calendar or a gallery
        advice = "" if is_many else f"For the page of an analysis: unsc report {path}."
        raise InvalidInput([Fault(Place(source_of(path)), "", found, allowed, advice)])
    place = Place(source_of(path))
    return Node.of({key: facts[key] for key in OF_A_REPORT if key in facts}, place)


def reported(report: Node, path: Path, below: Chain | None) -> Source | None:
    """Return the scenario that a saved report carries, or None where the file is no report.

    Raises:
        InvalidInput: it is a saved comparison.
    """
    if not may_be_saved(path):
        return None
    if report.at(["others"]) is not None:
        allowed = f"expected one scenario or report.json; to run it again: unsc compare {path}"
        fault = Fault(Place(source_of(path)), "", "this is a saved comparison", allowed)
        raise InvalidInput([fault])
    inside = report.at(["scenario"])
    if inside is None or not isinstance(inside.value, dict):
        return None
    said = report.plain()
    settings, name = said.get("settings"), said.get("name")
    is_list = isinstance(settings, list) and all(isinstance(s, str) for s in settings)
    by_group = report.at(["evidence", "by_group"])
    is_said = by_group is not None and isinstance(by_group.value, list)
    called = report.at(["evidence", "preferences_named"])
    return Source(
        name if isinstance(name, str) else path.stem,
        inside,
        path.parent,
        below,
        before=tuple(settings) if is_list else (),
        by_group=tuple(by_group.plain()) if by_group is not None and is_said else (),
        called=str(called.value) if called is not None else "",
    )
