"""The files in an editor with the YAML language server: nothing false, all names, all meanings."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from language_server import NAME, SERVER, Editor
from typer.testing import CliRunner

from sim import catalogue
from sim.behaviours import behaviours
from sim.cli.app import app
from sim.paths import PREFERENCES, SCENARIOS
from sim.reading.files import shipped
from sim.roster import states
from sim.traits import TRAITS

if SERVER is None:
    pytest.skip(f"no {NAME} (npm) on this machine", allow_module_level=True)

SHIPPED = sorted([*SCENARIOS.glob("*.yaml"), *PREFERENCES.glob("*.yaml")])
LINE = "# yaml-language-server: $schema=schema/scenario.schema.json\nkind: scenario\n"
HERE = SCENARIOS / "not-there.yaml"
KEY = re.compile(r"( *)([A-Za-z_]\w*):(?: |$)")
NEW = {
    "empty": [],
    "mandate": ["--mandate", "undof", "--on", "2026-12-18"],
    "vote": ["--like", "S/2024/255"],
}


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    with Editor() as running:
        yield running


def complete(editor, text):
    """Return what may stand at the `^` of a scenario that begins as all do."""
    before, _, after = (LINE + text).partition("^")
    assert editor.open(HERE, before + after) is not None
    line = before.rpartition("\n")[2]
    return editor.completions(HERE, before.count("\n"), len(line))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_file_shows_no_fault(editor, path):
    """Nor does one that extends another, and lacks what the other has."""
    assert editor.open(path) == []


@pytest.mark.parametrize("options", NEW.values(), ids=NEW)
def test_a_new_file_shows_no_fault_and_is_completed_wherever_it_lies(editor, tmp_path, options):
    """Outside of the repository too it names its schema, by which names are completed."""
    path = tmp_path / "elsewhere" / "mine.yaml"
    assert CliRunner().invoke(app, ["new", str(path), *options]).exit_code == 0
    assert editor.open(path) == []
    text = re.sub("instrument: .*", "instrument: ", path.read_text(encoding="utf-8"))
    editor.open(path, text)
    lines = text.splitlines()
    row = next(k for k, line in enumerate(lines) if "instrument:" in line)
    column = lines[row].index("instrument:") + len("instrument: ")
    assert set(catalogue.instruments()) <= editor.completions(path, row, column)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("draft:\n  instrument: ^\n", catalogue.instruments()),
        ("draft:\n  renews: ^\n", catalogue.mandates()),
        ("draft:\n  text:\n    ^\n", catalogue.provisions()),
        ("draft:\n  lapse:\n    ^\n", catalogue.provisions()),
        ("draft:\n  penholder: ^\n", states()),
        ("draft:\n  target: ^\n", states()),
        ("council: [^]\n", states()),
        ("members:\n  ^\n", states()),
        ("assume:\n  ^\n", states()),
        ("members:\n  RUS:\n    ^\n", {*TRAITS, "behaviour", "note"}),
        ("members:\n  RUS:\n    ideal:\n      ^\n", catalogue.provisions()),
        ("members:\n  RUS:\n    ties:\n      ^\n", states()),
        ("members:\n  RUS:\n    stances:\n      ^\n", {"any", "rival", *catalogue.instruments()}),
        ("members:\n  RUS:\n    behaviour: ^\n", {"sincere", "quantal_response"}),
        ("members:\n  RUS:\n    behaviour:\n      ^\n", {*behaviours()} & {"fixed", "follows"}),
        ("members:\n  RUS:\n    voice:\n      evidence: ^\n", catalogue.evidence_ids()),
        ("members:\n  RUS:\n    voice:\n      evidence:\n        - ^\n", catalogue.evidence_ids()),
        ("groups:\n  ^\n", {"African", "GRULAC", "WEOG"}),
        ("coefficients:\n  hostility:\n    ^\n", catalogue.provisions()),
        ("extends: ^\n", shipped()),
        ("preferences: ^\n", shipped(PREFERENCES)),
    ],
)
def test_names_are_completed(editor, text, names):
    """Every name that may stand at a place is offered there."""
    assert names
    assert {*names} <= complete(editor, text)


@pytest.mark.parametrize(
    "path", [SCENARIOS / "dprk-panel-2024.yaml", PREFERENCES / "assumed.yaml"], ids=lambda p: p.stem
)
def test_every_key_says_what_it_means(editor, path):
    """A pointer that rests on a key of a shipped file is shown its description."""
    editor.open(path)
    silent, seen = [], set()
    for row, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        found = KEY.match(line)
        if found and found.group() not in seen:
            seen.add(found.group())
            said = editor.hover(path, row, len(found[1]) + 1).partition("Source:")[0]
            silent += [line] if not re.search(r"\w+ \w+", said) else []
    assert len(seen) > 15
    assert silent == []


def test_what_a_pointer_is_shown_is_what_the_readme_says(editor):
    """The instrument, a provision and a trait are told in the words of their tables."""
    text = f"{LINE}draft:\n  instrument: other\n  text:\n    blame: 0\ndefaults:\n  voice: 0\n"
    editor.open(HERE, text)
    assert "kind of text; gives the usual text" in editor.hover(HERE, 3, 4)
    assert catalogue.provisions()["blame"].unit in editor.hover(HERE, 5, 5)
    assert TRAITS["voice"].meaning in editor.hover(HERE, 7, 4)


BASE = "title: t\nextends: dprk-panel-2024\n"


@pytest.mark.parametrize(
    ("text", "row", "fault"),
    [
        (BASE + "draft:\n  text:\n    scrutinny: 0.5\n", 6, "scrutiny"),
        (BASE + "members:\n  RUS: {ideal: {scrutinny: 0.5}}\n", 5, "scrutiny"),
        (BASE + "draft:\n  instrument: panel_renewals\n", 5, "panel_renewal"),
        (BASE + "draft:\n  penholders: USA\n", 5, "not allowed"),
        (BASE + "members:\n  RUS: {ties: {PRK: 3}}\n", 5, "maximum of 1"),
        (BASE + "members:\n  RUS: {voice: {mean: 1, evidence: E999}}\n", 5, "E01"),
        (BASE + "members:\n  RUSS: {voice: 1}\n", 5, "RUS"),
        ("title: t\ndate: 2024-03-28\ndraft:\n  instrument: other\n", 4, "penholder"),
    ],
)
def test_a_fault_is_marked_where_it_is(editor, text, row, fault):
    """A misspelt provision, a name nobody has, a number out of bounds, a key that is missing."""
    found = editor.open(HERE, LINE + text)
    assert [each["range"]["start"]["line"] for each in found] == [row]
    assert fault in found[0]["message"]


def test_a_scale_of_ones_own_is_no_fault(editor):
    """Where a file has provisions of its own, their names are taken."""
    own = "provisions:\n  publicity: {unit: a, at_0: a, at_half: b, at_1: c}\n"
    used = "draft:\n  text: {publicity: 0.8}\ndefaults:\n  ideal: {publicity: 1}\n"
    assert editor.open(HERE, LINE + BASE + own + used) == []
