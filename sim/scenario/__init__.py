"""The only door for YAML: a frozen scenario, or all its faults at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim import catalogue
from sim.errors import Fault, InvalidInput, NotFound, did_you_mean, listed
from sim.paths import PREFERENCES, SCENARIOS
from sim.preferences import TRAITS
from sim.reading.faults import FormType, check_form
from sim.reading.form import Form
from sim.reading.messages import shown
from sim.reading.node import Node
from sim.reading.yaml12 import read
from sim.scenario import files
from sim.scenario.checks import Checker, check_dates, check_layers
from sim.scenario.form import PreferencesFile, ScenarioFile
from sim.scenario.resolve import resolve, scales_in
from sim.scenario.scenario import Observed, Scenario

__all__ = [
    "Observed",
    "Scenario",
    "describe_file",
    "load_scenario",
    "read_preferences",
    "schema_of",
    "validate_preferences",
]


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
    path = files.find(str(name))
    file = _read(ScenarioFile, path, SCENARIOS)
    node, name, before = _scenario_in(file, path)
    called = f"{name} ({', '.join(overrides)})" if overrides else name
    over = files.overridden(node, overrides)
    scenario = _load(called, over, path)
    by_group = scenario.by_group if node is file else _still_by_group(file, node, over)
    return replace(scenario, by_group=by_group, settings=(*before, *overrides))


def validate_preferences(path: Path) -> None:
    """Read a file of preferences on its own.

    Raises:
        InvalidInput: with all its faults at once.
    """
    read_preferences(path)


def read_preferences(name: str | Path) -> PreferencesFile:
    """Return the filled form of a file of preferences, a path or the name of a shipped one.

    Raises:
        InvalidInput: with all its faults at once.
        NotFound: no such file.
    """
    form, faults = _preferences(files.find(str(name), PREFERENCES), catalogue.provisions())
    if faults:
        raise InvalidInput(faults)
    return form


def describe_file(path: Path) -> str:
    """Return in a few words what a sound file of either kind holds.

    Raises:
        InvalidInput: with all its faults at once.
        NotFound: no such file.
    """
    kind = read(files.find(str(path))).at(["kind"])
    if kind is not None and kind.value == "preferences":
        validate_preferences(path)
        return "sound preferences"
    scenario = load_scenario(path)
    return f"a sound scenario, {len(scenario.council)} members on {scenario.date}"


def schema_of(kind: str) -> Mapping[str, Any]:
    """Return the JSON Schema of `scenario` or `preferences` files.

    Raises:
        NotFound: there is no such kind of file.
    """
    forms: dict[str, type[Form]] = {"scenario": ScenarioFile, "preferences": PreferencesFile}
    if kind not in forms:
        found = f"{shown(kind)}: no such kind of file; expected {listed(forms)}."
        raise NotFound(f"{found} {did_you_mean(kind, forms)}".rstrip())
    schema = forms[kind].model_json_schema()
    for trait in TRAITS.values():
        schema["$defs"]["Traits"]["properties"][trait.name]["description"] = trait.meaning
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _scenario_in(node: Node, path: Path) -> tuple[Node, str, list[str]]:
    """Return the scenario of a file, or the one that a saved report carries; name and settings."""
    inside = node.at(["scenario"])
    if path.suffix != ".json" or inside is None or not isinstance(inside.value, dict):
        return node, path.stem, []
    report = node.plain()
    settings = report.get("settings")
    is_list = isinstance(settings, list) and all(isinstance(s, str) for s in settings)
    name = report.get("name")
    return inside, name if isinstance(name, str) else path.stem, settings if is_list else []


def _still_by_group(report: Node, inside: Node, over: Node) -> tuple[str, ...]:
    """Return who sat by its group in a saved report, less those that settings now speak of.

    The scenario in a report holds every number under its member, so that it cannot tell.
    """
    said = report.at(["evidence", "by_group"])
    codes = said.plain() if said is not None and isinstance(said.value, list) else []
    untouched = (c for c in codes if over.at(["members", c]) is inside.at(["members", c]))
    return tuple(c for c in untouched if inside.at(["members", c]))


def _load(name: str, node: Node, path: Path) -> Scenario:
    check, form = _checked(ScenarioFile, node)
    base, below = PreferencesFile(kind="preferences"), None
    faults: list[Fault] = []
    if form.preferences is not None:
        try:
            below = files.referred(check.node, "preferences", PREFERENCES, path.parent)
            base, faults = _preferences(below, scales_in(check))
        except InvalidInput as error:
            faults = list(error.faults)
    if faults:
        check.doubt(("preferences",))
    scenario = resolve(name, form, base, check)
    if scenario is None or faults:
        raise InvalidInput([*check.faults, *faults])
    return replace(scenario, preferences_from=below)


def _read(form: type[Form], path: Path, folder: Path) -> Node:
    """Return a file laid over all that it extends.

    Where that is not to be had, what is wrong with the file itself is said too; what it lacks may
    have stood in the other.
    """
    try:
        return files.read_chain(path, folder)
    except InvalidInput as error:
        own = check_form(form, read(path), is_whole=False).faults
        raise InvalidInput([*error.faults, *own]) from None


def _checked(form: type[FormType], node: Node) -> tuple[Checker, FormType]:
    """Return the filled form and a checker that holds the form's faults."""
    filled = check_form(form, node)
    return Checker(node, filled.faults, filled.left_out), filled.form


def _preferences(path: Path, scales: Iterable[str] | None) -> tuple[PreferencesFile, list[Fault]]:
    """Return a file of preferences and its faults."""
    check, form = _checked(PreferencesFile, _read(PreferencesFile, path, PREFERENCES))
    check_layers(check, scales)
    check_dates(form, check)
    return form, check.faults
