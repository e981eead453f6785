"""The JSON Schemas of the files, for editors that complete them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.errors import NotFound, did_you_mean, listed
from sim.preferences import TRAITS
from sim.reading.form import Form
from sim.reading.messages import shown
from sim.scenario.form import PreferencesFile, ScenarioFile


def schema_of(kind: str) -> Mapping[str, Any]:
    """Return the JSON Schema of `scenario` or `preferences` files.

    Raises:
        NotFound: there is no such kind of file.
    """
    forms: dict[str, type[Form]] = {"scenario": ScenarioFile, "preferences": PreferencesFile}
    if kind not in forms:
        found = f"{shown(kind)}: no such kind of file; expected {listed(forms)}."
        raise NotFound(f"{found} {did_you_mean(kind, forms)}".rstrip())
    schema = forms[kind].json_schema()
    for trait in TRAITS.values():
        schema["$defs"]["Traits"]["properties"][trait.name]["description"] = trait.meaning
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
