"""Files found, extended and read: each once, as long as it holds the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import load_scenario
from sim.cli.lists import scenarios
from sim.paths import PREFERENCES
from sim.reading import yaml12
from sim.reading.node import Node

SMALL = "kind: scenario\ntitle: Small\nextends: dprk-panel-2024\n"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list that every file which is parsed adds its name to, as if none had been."""
    names: list[str] = []
    parse = yaml12.parse

    def noted(text: str, source: str) -> Node:
        names.append(source)
        return parse(text, source)

    monkeypatch.setattr(yaml12, "parse", noted)
    yaml12._parsed.cache_clear()
    return names


def test_a_file_is_parsed_once_as_long_as_it_holds_the_same(
    parsed: list[str], tmp_path: Path
) -> None:
    """A scenario that is loaded again parses no file; a file that changed is read as it is now."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    load_scenario(path)
    load_scenario("dprk-panel-2023")
    assert len(parsed) == len(set(parsed))
    assert str(PREFERENCES / "calibrated.yaml") in parsed
    parsed.clear()
    load_scenario(path)
    assert not parsed
    path.write_text(SMALL.replace("Small", "Other"), encoding="utf-8")
    assert load_scenario(path).title == "Other"
    assert parsed == [str(path)]


def test_the_list_of_scenarios_needs_no_preferences(parsed: list[str]) -> None:
    """`unsc scenarios` reads scenarios alone."""
    scenarios()
    assert parsed
    assert not any("preferences" in name for name in parsed)
