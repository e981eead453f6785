"""`sim/README.md` names the rooms as they are, and quotes what the behaviours do."""

import re
from pathlib import Path

import numpy as np
import pandas
import pytest
from test_architecture import LADDER
from test_readme_scenarios import WORLDS, assert_shown

from sim import convene, load_scenario
from sim.backtest.past import SHIPPED
from sim.charter import Action
from sim.record import read_record

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


TOLD = " ".join(README.split())


def shipped(table, *key):
    """Return a table of the shipped forecasts."""
    return pandas.read_csv(SHIPPED / f"{table}.csv").set_index(list(key))


def renewals():
    """Return the renewals that the shipped forecasts are of."""
    scored = shipped("outcomes", "vote_id").index
    return [v for v in read_record() if v.vote_id in scored and v.instrument.endswith("_renewal")]


def test_what_is_said_of_unanimous_renewals_is_in_the_shipped_forecasts():
    """Unanimous renewals, and those with the text of a unanimous last time, are as is said."""
    chances, record = shipped("outcomes", "vote_id")["p_adopted"], read_record()
    unanimous = [chances[v.vote_id] for v in renewals() if not v.roll_call.any()]
    same = []
    for vote in renewals():
        before = [v for v in record if v.mandate == vote.mandate and v.date < vote.date][-1:]
        if before and not before[0].roll_call.any() and (before[0].text == vote.text).all():
            same.append((chances[vote.vote_id], not vote.has_failed))
    p, passed = np.mean(same, axis=0)
    assert f"the {len(unanimous)} renewals that were adopted unanimously had a mean" in TOLD
    assert f"forecast of {np.mean(unanimous):.3f}" in TOLD
    assert f"the {len(same)} renewals with the text of the last time" in TOLD
    assert f"which was unanimous, {p:.3f} ({passed:.3f} of them passed)" in TOLD


def test_what_is_said_of_first_vetoes_is_in_the_shipped_forecasts():
    """Permanent members that never opposed on a State or a mandate are as is said."""
    against = shipped("forecasts", "vote_id", "member")["p_against"]
    opposed = [
        (member.code, v.date, {v.mandate, v.target or v.mandate})
        for v in read_record()
        for member, action in zip(v.council, v.roll_call, strict=True)
        if member.permanent and action == Action.AGAINST
    ]
    found = [
        against[vote.vote_id, member.code]
        for vote in renewals()
        for member in vote.council
        if member.permanent and not vote.rival
        if not any(
            code == member.code and day < vote.date and {vote.mandate, vote.target} & on
            for code, day, on in opposed
        )
    ]
    assert f"a veto of {100 * np.mean(found):.1f} % on average" in TOLD
    assert f"of {len(found):,} cases" in TOLD
