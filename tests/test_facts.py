"""The types of reports: what they hold fits them, and a misspelt key is seen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from sim import compare, convene, explain, frontier, load_scenario, sensitivity
from sim.charter import ACTIONS, OUTCOME_NAMES, OUTCOMES, Action
from sim.errors import InvalidInput, NotFound, WorldsDoNotMatch
from sim.facts.report import Member, Report, VoteName
from sim.facts.schema import KINDS, adapter, check, schema_of
from sim.facts.seal import SEAL, checksum
from sim.paths import SCENARIOS
from sim.report.files import as_json
from sim.report.page import saved_page

BOTH = ("dprk-panel-2024", "dprk-panel-2024-negotiated")
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}


def misfits(value: Any, part: dict[str, Any], whole: dict[str, Any], at: str = "") -> list[str]:
    """Return where plain data does not fit a JSON Schema, as far as ours use its words."""
    if "$ref" in part:
        return misfits(value, whole["$defs"][part["$ref"].rpartition("/")[2]], whole, at)
    if "anyOf" in part:
        every = [misfits(value, option, whole, at) for option in part["anyOf"]]
        return [] if [] in every else min(every, key=len)
    if "enum" in part:
        return [] if value in part["enum"] else [f"{at}: {value}"]
    is_right = isinstance(value, TYPES[part["type"]])
    if not is_right or (isinstance(value, bool) and part["type"] != "boolean"):
        return [f"{at}: {value!r} is no {part['type']}"]
    if isinstance(value, list):
        return [
            x for k, v in enumerate(value) for x in misfits(v, part["items"], whole, f"{at}.{k}")
        ]
    if isinstance(value, dict):
        return misfits_of_mapping(value, part, whole, at)
    outside = (
        isinstance(value, int | float)
        and not part.get("minimum", -1e99) <= value <= part.get("maximum", 1e99)
    ) or (isinstance(value, str) and not re.search(part.get("pattern", ""), value))
    return [f"{at}: {value}"] * outside


def misfits_of_mapping(
    value: dict[str, Any], part: dict[str, Any], whole: dict[str, Any], at: str
) -> list[str]:
    """Return where a mapping does not fit."""
    known, others = part.get("properties", {}), part.get("additionalProperties", True)
    found = [f"{at}: no {key}" for key in part.get("required", ()) if key not in value]
    for key, item in value.items():
        if "propertyNames" in part and key not in part["propertyNames"]["enum"]:
            found.append(f"{at}: {key}")
        if key in known or isinstance(others, dict):
            found += misfits(item, known.get(key, others), whole, f"{at}.{key}")
        elif not others:
            found.append(f"{at}: {key} is not known")
    return found


def shipped_schema(file: str) -> dict[str, Any]:
    """Return a JSON Schema as users have it."""
    return json.loads((SCENARIOS / "schema" / f"{file}.schema.json").read_text(encoding="utf-8"))


def plain(facts: Any) -> Any:
    """Return facts as whoever reads their JSON has them."""
    return json.loads(json.dumps(facts))


@pytest.fixture(scope="module")
def comparison() -> Any:
    """Return the comparison of two scenarios."""
    sides = [convene(load_scenario(name), 200, keep_worlds=True) for name in BOTH]
    return plain(compare(*sides).to_dict())


@pytest.fixture(scope="module")
def report() -> Any:
    """Return the report of a scenario."""
    return plain(convene(load_scenario(BOTH[0]), 200).to_dict())


@pytest.mark.parametrize("name", sorted(path.stem for path in SCENARIOS.glob("*.yaml")))
def test_the_report_of_a_shipped_scenario_fits_its_schema(name: str) -> None:
    """Every key is known, none is missing, and every value is within its bounds."""
    found = plain(convene(load_scenario(name), 200).to_dict())
    schema = shipped_schema("report")
    assert misfits(found, schema, schema) == []
    assert adapter(Report).validate_python(found, strict=True) == found


def test_a_comparison_fits_its_schema(comparison: Any) -> None:
    """So does what a comparison of two scenarios says."""
    schema = shipped_schema("compare")
    assert misfits(comparison, schema, schema) == []


def test_a_draft_that_may_be_withdrawn_fits_too() -> None:
    """Also where nobody votes, the report is one."""
    for p in ("0.5", "1"):
        found = convene(load_scenario(BOTH[0], [f"tabling.if_adoptable={p}"]), 200).to_dict()
        schema = shipped_schema("report")
        assert misfits(plain(found), schema, schema) == []


@pytest.mark.parametrize(
    "change",
    [
        {"worlds": 0},
        {"outcome": {"adopted": {"p": 1.5, "low": 0, "high": 1}}},
        {"outcome": {"adoptd": {"p": 0.5, "low": 0, "high": 1}}},
        {"vetoed_by": {"RUS": -0.1}},
        {"fingerprint": "none"},
        {"headlines": "x"},
        {"deadline": {"tabled": 1.0}},
        {"roll_call": None},
    ],
)
def test_what_is_out_of_bounds_does_not_fit(report: Any, change: dict[str, Any]) -> None:
    """A probability above 1, an unknown key or a missing one is no report by the schema."""
    schema = shipped_schema("report")
    assert misfits({**report, **change}, schema, schema)


def test_a_saved_report_is_checked_where_it_is_read(report: Any) -> None:
    """What is missing or wrong is named with its place; a key of somebody's is let pass."""
    check({**report, "mine": 1})
    rounds = [{**report["rounds"][0], "p_adopted": 2}, *report["rounds"][1:]]
    with pytest.raises(ValueError, match=r"rounds\.0\.p_adopted: input should be less than"):
        check({**report, "rounds": rounds})


def test_analyses_fit_their_schemas(tmp_path: Path) -> None:
    """What explain, sensitivity and frontier say fits too, and its page is made of it alone."""
    scenario = load_scenario(BOTH[0])
    analyses = {
        "explain": explain(scenario, "RUS", 300),
        "sensitivity": sensitivity(scenario, 1000),
        "frontier": frontier(scenario, 1000, free={"review": (0.0, 1.0)}),
    }
    for name, analysis in analyses.items():
        found, schema = plain(analysis.to_dict()), shipped_schema(name)
        assert misfits(found, schema, schema) == []
        assert misfits({**found, "mine": 1}, schema, schema)
        saved = tmp_path / f"{name}.json"
        saved.write_text(as_json(found), encoding="utf-8")
        assert "<svg" in saved_page(saved)
        edited = {**found, "members": 1, "worlds": "x"}
        saved.write_text(as_json(edited), encoding="utf-8")
        with pytest.raises(WorldsDoNotMatch, match="edited after it was made"):
            saved_page(saved)
        saved.write_text(as_json({**edited, SEAL: checksum(edited)}), encoding="utf-8")
        with pytest.raises(InvalidInput, match="nothing that can be shown"):
            saved_page(saved)


FILES = {"comparison": "compare", "explanation": "explain"}
"""Kinds of file whose name is another."""


@pytest.mark.parametrize(("kind", "file"), [(kind, FILES.get(kind, kind)) for kind in KINDS])
def test_the_schemas_of_reports_are_shipped(kind: str, file: str) -> None:
    """The shipped schema is the generated one, with bounds and with what keys mean."""
    assert shipped_schema(file) == schema_of(kind), "run `make schema`"
    assert "Which worlds a random seed draws" in json.dumps(shipped_schema(file))
    with pytest.raises(NotFound, match="Did you mean 'report'"):
        schema_of("reports")


def test_names_are_those_of_the_law() -> None:
    """Actions and outcomes are called in types as the law has them, in its order."""
    assert tuple(action.name.lower() for action in Action) == ACTIONS
    assert tuple(map(str, OUTCOMES)) == OUTCOME_NAMES
    assert get_args(VoteName) == (*ACTIONS, "not_participating")
    assert set(get_type_hints(Member)) >= set(get_args(VoteName))


MISSPELT = """
from sim import compare, convene, explain, frontier, load_scenario, sensitivity
from sim.report.backtest import backtest_sections
ensemble = convene(load_scenario("x"), keep_worlds=True)
report, comparison = ensemble.to_dict(), compare(ensemble, ensemble).to_dict()
report["outcome"]["vetoed"]["p"], report["members"]["RUS"]["pivot"]
report["headlin"]
report["outcome"]["vetod"]
report["members"]["RUS"]["gain"]["men"]
report["rounds"][0]["p_adoptd"]
report["evidence"]["asumed"]
report["scenario"]["drft"]
comparison["others"][0]["headlin"]
comparison["base"]["text"]["term"]["lapsed"]
backtest_sections({"votes": 3})
"""


def test_mypy_sees_a_misspelt_key(tmp_path: Path) -> None:
    """Each wrong key of a report or of a comparison is an error, and no right one is."""
    pytest.importorskip("mypy")
    path = tmp_path / "misspelt.py"
    path.write_text(MISSPELT, encoding="utf-8")
    root = Path(__file__).parent.parent
    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", str(path)],
        capture_output=True,
        text=True,
        cwd=root,
        check=False,
    )
    lines = {int(n) for n in re.findall(r"misspelt\.py:(\d+): error", found.stdout)}
    assert lines == set(range(7, 1 + len(MISSPELT.splitlines()))), found.stdout + found.stderr
