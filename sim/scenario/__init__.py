"""The only door for YAML: a frozen scenario, or all its faults at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.errors import InvalidInput, NotFound
from sim.places import PREFERENCES
from sim.scenario import library
from sim.scenario.checks import Checker, check_layers
from sim.scenario.faults import check_form
from sim.scenario.form import Form, PreferencesFile, ScenarioFile
from sim.scenario.frozen import Observed, Scenario
from sim.scenario.resolve import resolve, scales_of
from sim.scenario.yaml12 import Node

__all__ = ["Observed", "Scenario", "load_scenario", "schema_of", "validate_preferences"]


def load_scenario(name: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """Return the scenario of a file.

    Args:
        name: a path to a scenario (or to a saved `report.json`, whose scenario is meant), or the
            name of a shipped one.
        overrides: settings laid over it, such as `members.RUS.ties.PRK=0.4`.

    Raises:
        InvalidInput: with all faults of the files at once.
        NotFound: no such file.
    """
    path = library.find(str(name))
    node = _scenario_in(library.read_chain(path), path)
    return _load(library.overridden(node, overrides), path)


def validate_preferences(path: Path) -> None:
    """Read a file of preferences on its own.

    Raises:
        InvalidInput: with all its faults at once.
    """
    _, check = _preferences(path, set(library.provisions()))
    if check.faults:
        raise InvalidInput(check.faults)


def schema_of(kind: str) -> Mapping[str, Any]:
    """Return the JSON Schema of `scenario` or `preferences` files."""
    forms: dict[str, type[Form]] = {"scenario": ScenarioFile, "preferences": PreferencesFile}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **forms[kind].model_json_schema(),
    }


def _scenario_in(node: Node, path: Path) -> Node:
    """Return the scenario that a saved report carries, or the node itself."""
    inside = node.at(["scenario"])
    is_report = path.suffix == ".json" and inside is not None and isinstance(inside.value, dict)
    return inside if is_report and inside is not None else node


def _load(node: Node, path: Path) -> Scenario:
    form, faults = check_form(ScenarioFile, node)
    if form is None:
        raise InvalidInput(faults)
    check = Checker(node, faults)
    base, below = PreferencesFile(kind="preferences"), Checker(node)
    if form.preferences is not None:
        try:
            found = library.find(form.preferences, PREFERENCES, beside=path.parent)
            base, below = _preferences(found, set(scales_of(form)))
        except NotFound as error:
            what, _, allowed = str(error).partition("; expected ")
            check.fault(("preferences",), what, allowed.strip(" ."))
    scenario = resolve(path.stem, form, base, check) if not below.faults else None
    if scenario is None or check.faults or below.faults:
        raise InvalidInput([*check.faults, *below.faults])
    return scenario


def _preferences(path: Path, scales: set[str]) -> tuple[PreferencesFile, Checker]:
    """Return a file of preferences and the checker that holds its faults."""
    node = library.read_chain(path, PREFERENCES)
    form, faults = check_form(PreferencesFile, node)
    check = Checker(node, faults)
    if form is None:
        return PreferencesFile(kind="preferences"), check
    check_layers(form, check, scales)
    return form, check
