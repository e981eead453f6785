"""`sim/README.md` names the rooms as they are, and quotes what the behaviours do."""

import re
from pathlib import Path

import pytest
from test_architecture import LADDER
from test_readme_scenarios import WORLDS, assert_shown

from sim import convene, load_scenario
from sim.charter import Action

ROOT = Path(__file__).parent.parent
README = (ROOT / "sim" / "README.md").read_text(encoding="utf-8")
PATH = re.compile(r"`([a-z_/]+(?:/|\.py|\.yaml|\.csv))`")
ROWS = re.findall(
    r"^\| (.*?) \| ([\d.]+) \| ([\d.]+) \| (\d+ / \d+ / \d+) \| (\d+ / \d+ / \d+) \|$",
    README,
    re.MULTILINE,
)


def test_every_room_has_a_row():
    """The table of rooms has each rung of the ladder, in an order that imports run down."""
    table = README.split("| room | what it knows |\n|---|---|\n")[1].split("\n\n")[0]
    named = [path for line in table.splitlines() for path in PATH.findall(line.split(" | ")[0])]
    rooms = [path.removesuffix(".py").removesuffix("/") for path in named]
    assert sorted(rooms) == sorted([room for rung in LADDER for room in rung] + ["report/page"])
    heights = [k for r in rooms for k, rung in enumerate(LADDER) if r.split("/")[0] in rung]
    assert heights == sorted(heights)


def test_every_path_exists():
    """What is named as a file or a folder is in the repository, or in a folder that is meant."""
    named = set(PATH.findall(README))
    assert len(named) > 40
    for path in named:
        meant = (ROOT, ROOT / "sim", ROOT / "scenarios" / "preferences")
        assert any((folder / path).exists() for folder in meant), path


def test_the_behaviours_are_compared_with_the_default():
    """The table has the default and three settings."""
    settings = [re.findall(r"^`(.*=.*)`$", row[0]) for row in ROWS]
    assert [len(found) for found in settings] == [0, 1, 1, 1]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_the_behaviours_do_is_what_a_fresh_run_gives(row):
    """Each figure of a row is what 20,000 worlds of random seed 0 give, to the digits shown."""
    what, adopted, vetoed, *members = row
    result = convene(load_scenario("dprk-panel-2024", re.findall(r"`(.*=.*)`", what)), WORLDS, 0)
    assert_shown(adopted, result.outcome["adopted"].p)
    assert_shown(vetoed, result.outcome["vetoed"].p)
    for code, cell in zip(("RUS", "CHN"), members, strict=True):
        actions = result.actions[result.scenario.codes.index(code)]
        order = (Action.IN_FAVOUR, Action.ABSTAINING, Action.AGAINST)
        for figure, action in zip(cell.split(" / "), order, strict=True):
            assert_shown(figure, actions[action])


def test_chinas_abstention_is_strategic():
    """By its gain alone China would oppose the draft far more often than it does."""
    base, sincere = (
        convene(load_scenario("dprk-panel-2024", settings), WORLDS, 0)
        for settings in ([], ["defaults.behaviour=sincere"])
    )
    china = base.scenario.codes.index("CHN")
    against = [result.actions[china, Action.AGAINST] for result in (base, sincere)]
    assert against[1] > against[0] + 0.6
