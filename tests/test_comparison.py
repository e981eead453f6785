"""Two outcomes side by side: the pairing, the differences, the refusals."""

import re

import numpy as np
import pytest
from conftest import HAND_SET

from sim import compare, convene, load_scenario
from sim.errors import WorldsDoNotMatch
from sim.report.differences import settings

SEED_VOTE = "dprk-panel-2024"


def seed_vote(*over):
    return load_scenario(SEED_VOTE, [HAND_SET, *over])


@pytest.fixture(scope="module")
def base():
    return convene(seed_vote(), 4000, keep_worlds=True)


@pytest.fixture(scope="module")
def without_tie():
    return convene(seed_vote("members.RUS.ties.PRK=0"), 4000, keep_worlds=True)


def test_a_scenario_does_not_differ_from_itself(base):
    """Compared with itself, a scenario shows no setting, no difference and no flip."""
    other = compare(base, base).to_dict()["others"][0]
    assert other["settings"] == []
    assert other["outcome_flips"] == {}
    assert all(d == {"p": 0, "low": 0, "high": 0} for d in other["difference"].values())
    assert all(m["flipped"]["p"] == 0 for m in other["members"].values())


def test_the_one_setting_that_differs_is_named(base, without_tie):
    """One changed preference is one line, with the old and the new value."""
    other = compare(base, without_tie).to_dict()["others"][0]
    assert other["settings"] == [
        {"setting": "members.RUS.ties.PRK.mean", "base": 0.9, "other": 0.0}
    ]


def test_members_whom_nothing_moves_do_not_flip(base, without_tie):
    """A member whose vote does not turn on beliefs votes the same in every world."""
    members = compare(base, without_tie).to_dict()["others"][0]["members"]
    assert members["KOR"]["flipped"]["p"] < 0.002
    assert members["RUS"]["flipped"]["p"] > 0.5
    assert next(iter(members["RUS"]["changed"])) == "target"


def test_paired_intervals_are_narrower(base, without_tie):
    """Sharing worlds pays: the difference is known better than from two independent runs."""
    change = compare(base, without_tie).to_dict()["others"][0]["difference"]["vetoed"]
    paired = change["high"] - change["low"]
    widths = [e.outcome["vetoed"].high - e.outcome["vetoed"].low for e in (base, without_tie)]
    assert paired < np.hypot(*widths)


def test_differences_add_up(base, without_tie):
    """What one outcome gains the others lose; flips out of and into outcomes explain it."""
    other = compare(base, without_tie).to_dict()["others"][0]
    assert abs(sum(d["p"] for d in other["difference"].values())) < 1e-5
    drawn = np.bincount(without_tie.worlds.outcome, minlength=5) / 4000
    before = np.bincount(base.worlds.outcome, minlength=5) / 4000
    flips = other["outcome_flips"]
    into = sum(p for name, p in flips.items() if name.endswith("> adopted"))
    out = sum(p for name, p in flips.items() if name.startswith("adopted >"))
    assert abs((drawn - before)[0] - (into - out)) < 1e-6


def test_another_council_is_one_line_a_seat(base):
    """Members seated on one side only are named once, not once for each preference."""
    earlier = convene(load_scenario("dprk-panel-2023", [HAND_SET]), 4000, keep_worlds=True)
    other = compare(base, earlier).to_dict()["others"][0]
    seats = [s for s in other["settings"] if s["setting"].count(".") == 1]
    assert {s["setting"] for s in seats} >= {"members.ALB", "members.KOR"}
    assert other["seated_only_in_base"] == ["DZA", "GUY", "KOR", "SLE", "SVN"]
    assert "KOR" not in other["members"]


def test_the_headline_begins_with_adoption(base, without_tie):
    """Another outcome comes second where it moves clearly more, and else not at all."""
    withdrawn = convene(seed_vote("tabling.if_adoptable=1"), 4000, keep_worlds=True)
    alone, two = (o["headline"] for o in compare(base, without_tie, withdrawn).to_dict()["others"])
    assert alone.startswith("Adopted: ")
    assert alone.count("becomes") == 1
    assert re.search(r"^Adopted: .* becomes 0\.0 %.*\. Withdrawn: .* becomes 100\.0 %", two)


def test_settings_of_another_day_are_a_few_lines():
    """Memory and seats are told in a sentence each, whatever the number of settings."""
    days = ("undof@2024-06-28", "undof@2026-12-18")
    sides = [convene(load_scenario(name), 200, keep_worlds=True) for name in days]
    other = compare(*sides).to_dict()["others"][0]
    assert len(other["settings"]) > 100
    n = len(other["remembered_otherwise"])
    assert n == len(other["members"])
    section = settings(other)
    assert f"What the record remembers of {n} members differs." in section.sentences
    assert len(section.sentences) + len(section.rows) <= 12
    assert not any("memory" in row[0] for row in section.cells)


@pytest.mark.parametrize(
    ("worlds", "seed", "keep", "reason"),
    [
        (3000, 0, True, "worlds 3000, but 4000"),
        (4000, 1, True, "random_seed 1, but 0"),
        (4000, 0, False, "were not kept"),
    ],
)
def test_other_worlds_are_refused(base, worlds, seed, keep, reason):
    """Ensembles that do not share their worlds are refused, with the reason."""
    other = convene(seed_vote(), worlds, seed, keep_worlds=keep)
    with pytest.raises(WorldsDoNotMatch, match=reason):
        compare(base, other)


def test_a_base_alone_is_refused(base):
    """One ensemble is no comparison."""
    with pytest.raises(WorldsDoNotMatch, match="1 scenario to compare; expected 2 to 8"):
        compare(base)


@pytest.mark.parametrize(
    ("setting", "code", "cause"),
    [
        ("members.RUS.veto_cost=3", "RUS", "veto_cost"),
        ("members.RUS.opposition_cost=3", "RUS", "opposition_cost"),
        ("members.RUS.restraint={PRK: 3}", "RUS", "restraint_PRK"),
        ("members.RUS.stances={any: 2}", "RUS", "stance"),
        ("members.CHN.voice=0", "CHN", "voice"),
        ("members.CHN.caucuses={P5: 3}", "CHN", "caucus_P5"),
        ("charter.must_abstain=[RUS]", "RUS", "may_not_vote"),
        ("charter.vetoes_needed=2", "RUS", "vetoes_needed"),
        ("members.RUS.ties.PRK=0", "RUS", "target"),
        ("members.RUS.ties.PRK=0", "CHN", "believes_adopted_if_abstaining"),
    ],
)
def test_what_changed_for_a_member_is_named_first(base, setting, code, cause):
    """The first thing named for a member whose vote flipped is the cause, not what followed."""
    other = convene(seed_vote(setting), 4000, keep_worlds=True)
    member = compare(base, other).to_dict()["others"][0]["members"][code]
    assert member["flipped"]["p"] > 0.01
    assert next(iter(member["changed"])) == cause


def test_a_member_that_takes_no_part_is_called_so(base):
    """Who is present and does not participate neither abstains nor is said to."""
    other = convene(seed_vote("charter.not_participating=[RUS]"), 4000, keep_worlds=True)
    member = compare(base, other).to_dict()["others"][0]["members"]["RUS"]
    assert member["after"] == {
        "in_favour": 0,
        "abstaining": 0,
        "against": 0,
        "not_participating": 1,
    }
    assert set(member["flips"]) <= {
        f"{action} > not_participating" for action in ("in_favour", "abstaining", "against")
    }
