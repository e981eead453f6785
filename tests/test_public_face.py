"""What a user sees of the package at a prompt, in a notebook and in an editor."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest
from conftest import Imagine

import sim
from sim import Comparison, Result, UnscError, compare, convene, load_scenario

PUBLIC = {
    "Comparison",
    "CouncilModel",
    "Explanation",
    "Frontier",
    "Result",
    "Scenario",
    "Sensitivity",
    "Study",
    "UnscError",
    "__version__",
    "compare",
    "convene",
    "explain",
    "explain_difference",
    "frontier",
    "load_scenario",
    "sensitivity",
    "study",
}


@cache
def seed() -> Result:
    """Return the vote of 2024."""
    return convene(load_scenario("dprk-panel-2024"), 2000, keep_worlds=True)


@cache
def compared() -> Comparison:
    """Return it beside the vote of 2023 and a variant."""
    others = (load_scenario("dprk-panel-2023"), load_scenario("dprk-panel-2024-review"))
    return compare(seed(), *(convene(other, 2000, keep_worlds=True) for other in others))


def test_dir_shows_the_public_names_and_each_is_there():
    """`dir(sim)` lists the public names and no others, before any of them is imported."""
    listed = subprocess.run(
        [sys.executable, "-c", "import sim; print(dir(sim))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert set(re.findall(r"'(\w+)'", listed)) == PUBLIC == set(sim.__all__)
    assert all(getattr(sim, name) is not None for name in PUBLIC)
    with pytest.raises(AttributeError, match="no attribute 'convone'"):
        sim.convone  # noqa: B018


def test_a_result_is_one_line_at_the_prompt():
    """It names the scenario, the worlds, the seed and the most likely outcome."""
    vetoed = 100 * seed().to_dict()["outcome"]["vetoed"]["p"]
    line = f"Result('dprk-panel-2024', 2,000 worlds, random seed 0: vetoed {vetoed:.1f} %)"
    assert repr(seed()) == line


def test_a_comparison_is_one_line_at_the_prompt():
    """It names all scenarios and how likely each is adopted."""
    sides = [compared().base, *compared().others]
    p_adopted = [side.to_dict()["outcome"]["adopted"]["p"] for side in sides]
    adopted = " / ".join(f"{100 * p:.1f}" for p in p_adopted)
    assert repr(compared()) == (
        "Comparison('dprk-panel-2024' beside 'dprk-panel-2023' beside 'dprk-panel-2024-review', "
        f"2,000 worlds, random seed 0: adopted {adopted} %)"
    )


class Tags(HTMLParser):
    """Collects the tags and attributes of a piece of HTML, and checks that they are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def parsed(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    return tags


def test_a_notebook_shows_the_head_of_a_report():
    """The piece has headline, outcomes and likeliest roll call, no script, and nothing to load."""
    report, tags = seed().to_dict(), parsed(seed()._repr_html_())
    assert report["title"] in tags.text
    assert report["headline"] in tags.text
    assert "Most likely roll call" in tags.text
    assert ", ".join(report["roll_call"]["likeliest"][0]["in_favour"]) in tags.text
    assert tags.seen <= {
        *("div", "p", "strong", "small", "table", "caption"),
        *("thead", "tbody", "tr", "th", "td"),
    }
    assert tags.attributes <= {"style", "scope", "dir"}
    colours = re.findall('color: *([^;"]*)', seed()._repr_html_())
    assert set(colours) == {"inherit"}  # the notebook's own, in dark and in light
    assert len(seed()._repr_html_()) < 5000


def test_a_notebook_shows_each_headline_of_a_comparison():
    """Every other side has its headline and its table of differences."""
    tags = parsed(compared()._repr_html_())
    others = compared().to_dict()["others"]
    assert all(other["headline"] in tags.text for other in others)
    assert tags.text.count("95 % interval") == 2 * len(others)


def test_a_notebook_shows_text_as_text():
    """Markup in a title or a name stays text."""
    title = "<script>alert('&')</script>"
    scenario = replace(seed().scenario, title=title, name=title)
    shown = replace(seed(), scenario=scenario)
    for html in (shown._repr_html_(), compare(shown, shown)._repr_html_()):
        assert "<script" not in html
        assert title in parsed(html).text


def test_a_draft_that_is_withdrawn_has_no_roll_call_to_show(imagine: Imagine):
    """Where no vote is taken, the notebook shows none, and the table of roll calls is empty."""
    over = ("tabling={if_adoptable: 0.99}",)
    result = convene(imagine({"USA": -2.0, "FRA": -2.0, "GBR": -2.0}, *over), 500)
    assert repr(result).endswith(": withdrawn 100.0 %)")
    assert "roll call" not in result._repr_html_()
    pytest.importorskip("pandas")
    assert set(result.to_frame("roll_calls").columns[-3:]) == {"USA", "FRA", "GBR"}
    assert len(result.to_frame("roll_calls")) == 0


def test_frames_hold_what_the_report_holds():
    """Each table has its documented columns, one row per thing, and the report's own numbers."""
    pytest.importorskip("pandas")
    report = seed().to_dict()
    members = seed().to_frame().set_index("member")
    assert list(members.index) == list(report["members"])
    assert members.loc["RUS", "against"] == report["members"]["RUS"]["against"]
    assert members.loc["RUS", "gain_sd"] == report["members"]["RUS"]["gain"]["sd"]
    sides = ["in_favour", "abstaining", "against", "not_participating"]
    assert members[sides].sum(axis=1).between(0.9999, 1.0001).all()
    outcomes = seed().to_frame("outcomes").set_index("outcome")
    assert outcomes.loc["vetoed"].to_dict() == report["outcome"]["vetoed"]
    calls = seed().to_frame("roll_calls")
    assert list(calls["p"]) == [call["p"] for call in report["roll_call"]["likeliest"]]
    assert calls.loc[0, list(report["members"])].to_dict() == report["roll_call"]["modal"]
    assert calls.loc[0, "n_in_favour"] == len(report["roll_call"]["likeliest"][0]["in_favour"])
    rounds = seed().to_frame("rounds")
    assert len(rounds) == len(report["rounds"]) * len(members)
    last = rounds[rounds["round"] == len(report["rounds"])].set_index("member")
    assert last.loc["CHN", "p_adopted"] == report["rounds"][-1]["p_adopted"]


def test_frames_hold_what_the_comparison_holds():
    """Members before and after with flips, and outcomes with differences, for each other side."""
    pytest.importorskip("pandas")
    told = compared().to_dict()
    names = [other["name"] for other in told["others"]]
    members = compared().to_frame().set_index(["scenario", "member"])
    assert list(dict.fromkeys(members.index.get_level_values("scenario"))) == names
    russia, frame = told["others"][0]["members"]["RUS"], members.loc[(names[0], "RUS")]
    assert frame["against_before"] == russia["before"]["against"]
    assert frame["against_after"] == russia["after"]["against"]
    assert frame["flipped"] == russia["flipped"]["p"]
    outcomes = compared().to_frame("outcomes").set_index(["scenario", "outcome"])
    for other in told["others"]:
        row = outcomes.loc[(other["name"], "adopted")]
        assert row["difference"] == other["difference"]["adopted"]["p"]
        assert row["after"] - row["before"] == pytest.approx(row["difference"], abs=1e-5)


@pytest.mark.parametrize("table", ["member", None, ["members"], ""])
def test_an_unknown_table_is_refused_with_those_there_are(table):
    """The message names the tables, of a result and of a comparison."""
    with pytest.raises(UnscError, match="expected one of members, outcomes, roll_calls, rounds"):
        seed().to_frame(table)
    with pytest.raises(UnscError, match="expected one of members, outcomes"):
        compared().to_frame(table)


def test_without_pandas_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    """Where pandas is missing, tables are refused with the command that installs it."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UnscError, match="pip install 'pandas>=2'"):
        seed().to_frame()
