"""Why a member votes so: parts that sum to the whole, words from the numbers, flips that flip."""

from __future__ import annotations

import json
import shlex
from functools import cache

import numpy as np
import pytest
from typer.testing import CliRunner

from sim import convene, explain, load_scenario
from sim.analysis.attribution import Worths, odds_over, weighs
from sim.analysis.explanation import hanging_on
from sim.behaviours import DEFAULT
from sim.behaviours.sincere import Sincere
from sim.chamber import map_blocks
from sim.charter import Action
from sim.cli.app import app
from sim.errors import NotFound, UnscError
from sim.facts.explanation import size_of
from sim.report.explanation import explanation_sections
from sim.report.markdown import markdown
from sim.report.part_words import in_reason

WORLDS = 2000
SCENARIOS = (
    "dprk-panel-2024",
    "dprk-panel-2023",
    "dprk-panel-2024-negotiated",
    "dprk-panel-2024-no-arms-transfers",
    "dprk-panel-2024-relief",
    "dprk-panel-2024-rollover",
    "dprk-sanctions-2022",
    "mli-sanctions-2023",
    "ssd-sanctions-2023",
    "syr-aid-2023",
)


def unsc(*words):
    return CliRunner().invoke(app, [*map(str, words)], env={"COLUMNS": "80"})


@cache
def explained(name, member=None, worlds=WORLDS):
    """Return the facts of an explanation."""
    return explain(load_scenario(name), member, worlds).to_dict()


@cache
def dissenters(name):
    """Return who is shown of a scenario: those on whom its outcome hangs."""
    return hanging_on(convene(load_scenario(name), WORLDS).to_dict())


def test_of_one_that_never_voted_no_vote_of_its_own_is_told():
    """An explanation of Latvia, of which the record has no vote, speaks of what others did."""
    said = " ".join(explanation_sections(explained("undof@2026-12-18", "LVA", 500))[0].sentences)
    assert "Habit, what others did on drafts like this" in said
    assert "States like it are as a rule in favour of such drafts" in said
    for own in ("it often opposes", "it seldom opposes", "it is usually in favour"):
        assert own not in said


def test_log_odds_that_speak_against_the_likeliest_vote_are_explained():
    """Russia is likelier in favour on MINURSO, while the mean of its log-odds is for abstaining."""
    facts = explained("minurso@2026-10-31", "RUS")
    odds, chances = facts["members"]["RUS"]["odds"][0], facts["report"]["members"]["RUS"]
    assert odds["whole"] < 0
    assert chances["in_favour"] > chances[odds["over"]]
    said = " ".join(explanation_sections(facts)[0].sentences)
    assert said.count("on average, although it is the likelier over all worlds") == 1


def test_a_cost_of_opposing_says_what_is_opposed():
    """Sides of the pen, States and kinds of text are drafts by somebody, on one, or of a kind."""
    report = explained("dprk-panel-2024", "RUS")["report"]
    for name, drafts in (("PRK", "on PRK"), ("P3", "of the P3"), ("panel_renewal", "of this kind")):
        said = in_reason(report, "RUS", f"restraint.{name}", 1.0, "against", "abstaining")
        assert said == f"opposing drafts {drafts} costs it less than usual"


@pytest.mark.parametrize("name", SCENARIOS)
def test_parts_sum_to_the_log_odds(name):
    """For every member and vote the parts sum, within a millionth, to what its utilities give."""
    scenario = load_scenario(name)
    worths = Worths([seat for seat in range(len(scenario.codes)) if weighs(scenario, seat)])
    result = convene(scenario, WORLDS, on_block=worths.read)
    for seat, worth in worths.averaged(WORLDS).items():
        likeliest = Action(int(result.actions[seat].argmax()))
        utilities = result.mean(result.tally.utilities)[seat]
        for over in set(Action) - {likeliest}:
            odds = odds_over(over, likeliest, worth, scenario, seat)
            whole = scenario.coefficients.precision * (utilities[likeliest] - utilities[over])
            assert odds["whole"] == pytest.approx(whole, abs=1e-6)
            assert sum(map(size_of, odds["parts"].values())) == pytest.approx(whole, abs=1e-6)


def test_the_log_odds_are_the_mean_over_worlds(seed_vote):
    """What is split is the mean of ln(P/P) in the worlds, not what the means would give."""
    seat = seed_vote.codes.index("RUS")
    answers = next(map_blocks(seed_vote, WORLDS, 0, lambda m: m.answers[seat].astype(float)))
    odds = explained("dprk-panel-2024", "RUS")["members"]["RUS"]["odds"][0]
    over = Action[odds["over"].upper()]
    in_worlds = np.log(answers[Action.AGAINST] / answers[over])
    assert odds["whole"] == pytest.approx(in_worlds.mean(), abs=1e-4)
    means = answers.mean(axis=1)
    at_means = np.log(means[Action.AGAINST] / means[over])
    assert abs(odds["whole"] - at_means) > 0.1


def test_a_term_of_the_gain_is_a_part_in_proportion(imagine):
    """With one term and no chance, its part is precision times its gain times what a vote does."""
    scenario = imagine({"RUS": -1.0, "CHN": 0.5, "FRA": 0.5}, "members.RUS.voice=0.25")
    result = explain(scenario, "RUS", 10)
    facts = result.to_dict()["members"]["RUS"]
    against = next(o for o in facts["odds"] if {o["over"], facts["likeliest"]} >= {"in_favour"})
    believes = result.to_dict()["report"]["members"]["RUS"]["believes_adopted_if"]
    moved = believes[facts["likeliest"]] - believes["in_favour"]
    assert list(against["parts"]) == ["scrutiny"]
    part = against["parts"]["scrutiny"]
    assert part["by_outcome"] == pytest.approx(3 * -1.0 * moved, abs=1e-5)
    times = 2 if facts["likeliest"] == "against" else 1
    assert part["by_record"] == pytest.approx(3 * 0.25 * times, abs=1e-5)


def test_where_no_vote_counts_nothing_comes_by_the_outcome(seed_vote):
    """With a unanimous quota and a known veto nobody's vote moves the outcome for anybody else."""
    scenario = seed_vote.with_settings(["assume.RUS=against"])
    facts = explain(scenario, "CHN", 500).to_dict()["members"]["CHN"]
    assert facts["counts"] == 0
    assert all(p["by_outcome"] == 0 for o in facts["odds"] for p in o["parts"].values())


def test_the_seed_vote_is_told_as_it_was():
    """Russia: the tie and the arms transfers; China: the tie, and a veto that gains it little."""
    russia = explained("dprk-panel-2024", "RUS")["members"]["RUS"]
    assert russia["likeliest"] == "against"
    assert next(iter(russia["odds"][0]["parts"])) == "target"
    assert size_of(russia["odds"][0]["parts"]["target"]) > russia["odds"][0]["whole"] / 2
    assert "arms transfers" in russia["dated"]["ties.PRK"]["note"]
    assert russia["dated"]["ties.PRK"]["before"] < 0.2 < russia["numbers"]["ties.PRK"]["mean"]
    assert russia["counts"] > 0.5
    assert any("arms" in source["says"] for source in russia["sources"].values())
    china = explained("dprk-panel-2024", "CHN")["members"]["CHN"]
    assert china["likeliest"] == "abstaining"
    against = next(o for o in china["odds"] if o["over"] == "against")["parts"]["target"]
    assert size_of(against) < 0, "its tie alone would have it vote against"
    assert abs(against["by_outcome"]) < abs(against["by_record"]) / 4, "its veto changes little"
    assert china["counts"] < 0.2
    sway = china["swayed_by"]
    assert sway["what"] == "RUS"
    before = explained("dprk-panel-2024", "CHN")["report"]["members"]["CHN"]["against"]
    assert sway["votes"]["against"] > before, "without Russia's veto it would sooner cast its own"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("RUS", ("the text weighs on a State it is close to", "arms transfers", "E05", "E08")),
        ("CHN", ("without its veto, which would gain it little", "if RUS were known to vote")),
        ("CHN", ("On this mandate it was", "E17", "tie to PRK is")),
    ],
)
def test_the_words_tell_the_story(code, told):
    """The printed explanation has the reasons, the dated change, the record and the evidence."""
    printed = " ".join(unsc("explain", "dprk-panel-2024", code, "--worlds", 500).output.split())
    for words in told:
        assert words in printed


@pytest.mark.parametrize(
    "name",
    [
        *SCENARIOS[:2],
        *(
            pytest.param(
                name, marks=pytest.mark.slow(reason="searches and runs dozens of variants")
            )
            for name in SCENARIOS[2:]
        ),
    ],
)
def test_a_proposed_change_flips_what_it_says(name):
    """Each change, laid over the scenario and run, gives the votes and outcome that it names."""
    scenario = load_scenario(name)
    shown = dissenters(name) or scenario.codes[:1]
    for code in shown:
        facts = explained(name, code)["members"][code]
        for flip in [*facts["flips"], *([facts["swayed_by"]] if facts["swayed_by"] else [])]:
            option, argument = shlex.split(flip["argument"])
            setting = argument if option == "--set" else f"assume.{argument}"
            report = convene(scenario.with_settings([setting]), WORLDS).to_dict()
            member = report["members"][code]
            assert member["most_likely"] == flip["likeliest"]
            assert {action: member[action] for action in flip["votes"]} == flip["votes"]
            assert report["outcome"]["adopted"]["p"] == flip["outcome"]["adopted"]
        assert all(flip["likeliest"] != facts["likeliest"] for flip in facts["flips"])


def test_a_flip_is_the_smallest_of_its_kind():
    """A little less of the same change leaves the vote as it is."""
    scenario = load_scenario("dprk-panel-2024")
    facts = explained("dprk-panel-2024", "CHN")["members"]["CHN"]
    numbers = [flip for flip in facts["flips"] if flip["kind"] != "vote"]
    assert numbers
    for flip in numbers:
        path = flip["argument"].removeprefix("--set ").partition("=")[0]
        whole = flip["before"] - flip["after"]
        back = np.sign(whole) * max(0.03, 0.05 * abs(whole))
        variant = scenario.with_settings([f"{path}={flip['after'] + back:.4f}"])
        report = convene(variant, WORLDS).to_dict()
        assert report["members"]["CHN"]["most_likely"] == facts["likeliest"], flip["argument"]


def test_close_to_a_flip_a_small_change_flips():
    """Where a vote all but flips, what flips it is found nearby, whichever way few worlds lean."""
    for code in ("RUS", "CHN"):
        flip = explained("dprk-panel-2024", code)["members"][code]["flips"][0]
        path = flip["argument"].removeprefix("--set ").partition("=")[0]
        short_of_it = flip["after"] - 0.05 * np.sign(flip["after"] - flip["before"])
        nearby = load_scenario("dprk-panel-2024", [f"{path}={short_of_it:.2f}"])
        found = explain(nearby, code, WORLDS).to_dict()["members"][code]["flips"]
        (again,) = (other for other in found if path in other["argument"])
        assert abs(again["after"] - flip["after"]) <= 0.03


def test_nothing_flips_where_nothing_can(imagine):
    """Where a vote is assumed, or nobody weighs anything, the explanation says so in a sentence."""
    scenario = load_scenario("dprk-panel-2024", ["assume.CHN=abstaining"])
    facts = explain(scenario, "CHN", 200).to_dict()
    member = facts["members"]["CHN"]
    assert (member["odds"], member["flips"], member["tried"]["vote"]) == ([], [], 0)
    assert "its vote is assumed to be abstaining" in markdown(explanation_sections(facts))
    quiet = imagine({"RUS": 1.0, "CHN": 1.0, "FRA": 1.0}, "charter.not_participating=[FRA]")
    text = markdown(explanation_sections(explain(quiet, "FRA", 20).to_dict()))
    assert "takes no part in the vote" in text


def test_a_follower_is_told_as_one(seed_vote):
    """A member that follows another has no log-odds, and the other's vote flips it."""
    scenario = seed_vote.with_settings(["members.CHN.behaviour={follows: RUS}"])
    facts = explain(scenario, "CHN", 300).to_dict()
    assert facts["members"]["CHN"]["odds"] == []
    assert any(f["what"] == "RUS" for f in facts["members"]["CHN"]["flips"])
    assert "follows RUS" in markdown(explanation_sections(facts))
    assert scenario.behaviours[seed_vote.codes.index("CHN")] != DEFAULT


@pytest.mark.parametrize("worlds", [1, 3])
def test_one_world_is_enough(worlds):
    """A handful of worlds gives an explanation, whose report warns of them."""
    facts = explain(load_scenario("dprk-panel-2024"), "CHN", worlds).to_dict()
    odds = facts["members"]["CHN"]["odds"]
    assert all(np.isfinite(o["whole"]) for o in odds)
    assert "rough" in " ".join(facts["report"]["warnings"])


def test_a_member_without_a_seat_is_refused():
    """The message names who sits, and understands everyday names."""
    scenario = load_scenario("dprk-panel-2024")
    with pytest.raises(NotFound, match="DEU has no seat on 2024-03-28; expected one of CHN"):
        explain(scenario, "DEU", 10)
    with pytest.raises(NotFound, match="Did you mean 'RUS'"):
        explain(scenario, "Russia", 10)
    assert explain(scenario, "rus", 10).to_dict()["asked"] == "RUS"
    with pytest.raises(UnscError, match="worlds"):
        explain(scenario, "RUS", 0)
    refused = unsc("explain", "dprk-panel-2024", "XXX")
    assert refused.exit_code != 0


def test_a_scenario_that_was_changed_by_hand_is_refused(seed_vote):
    """Its variants would be of what was read: that would explain another scenario."""
    changed = seed_vote.with_behaviours({"CHN": Sincere()})
    with pytest.raises(UnscError, match="was changed after it was read"):
        explain(changed, "CHN", 10)


def test_a_saved_report_is_explained_as_it_is(tmp_path):
    """Its scenario, worlds and seed are used; one that was edited is refused."""
    unsc("run", "dprk-panel-2024", "--worlds", 250, "--random-seed", 3, "--out", tmp_path / "r")
    path = tmp_path / "r" / "report.json"
    facts = json.loads(unsc("explain", path, "CHN", "--json").output)
    assert facts["report"]["worlds"] == 250
    assert facts["report"] == json.loads(path.read_text())
    path.write_text(path.read_text().replace('"Vetoed', '"Passed'))
    assert unsc("explain", path, "CHN").exit_code != 0


def test_the_outcome_is_explained_by_those_it_hangs_on():
    """Without a member: who is pivotal or may dissent, and what each of their votes would do."""
    facts = explained("dprk-panel-2024")
    assert set(facts["members"]) == {"RUS", "CHN"}
    if_russia = facts["if_it_voted"]["RUS"]
    assert if_russia["against"]["adopted"] == 0
    assert if_russia["abstaining"]["adopted"] > 0.5
    for code, by_vote in facts["if_it_voted"].items():
        for vote, outcome in by_vote.items():
            variant = load_scenario("dprk-panel-2024", [f"assume.{code}={vote}"])
            told = convene(variant, WORLDS).to_dict()["outcome"]
            assert outcome == {name: value["p"] for name, value in told.items()}
    printed = unsc("explain", "dprk-panel-2024", "--worlds", 500).output
    assert "If one of them were known to vote so" in printed


def test_a_certain_outcome_hangs_on_nobody(imagine):
    """Where no member may dissent or matters, that is said."""
    gains = {"RUS": 9.0, "CHN": 9.0, "FRA": 9.0, "GBR": 9.0, "USA": 9.0}
    facts = explain(imagine(gains, "defaults.voice=1"), None, 50).to_dict()
    assert facts["members"] == {}
    assert "No member is likely to dissent" in markdown(explanation_sections(facts))


def test_the_same_question_has_the_same_answer_to_the_byte():
    """Whatever the number of threads."""
    scenario = load_scenario("dprk-panel-2024")
    one, two = (explain(scenario, "CHN", 700, workers=n).to_dict() for n in (1, 3))
    assert json.dumps(one) == json.dumps(two)


def test_an_explanation_shows_itself(tmp_path):
    """At a prompt, in a notebook, as tables, and as files with a page."""
    result = explain(load_scenario("dprk-panel-2024"), "RUS", 300)
    assert repr(result) == "Explanation('dprk-panel-2024', 300 worlds, random seed 0: RUS against)"
    assert "RUS: against rather than " in result._repr_html_()
    pandas = pytest.importorskip("pandas")
    parts = result.to_frame()
    assert isinstance(parts, pandas.DataFrame)
    odds = result.to_dict()["members"]["RUS"]["odds"][0]
    over = parts[parts.over == odds["over"]]
    assert over.log_odds.sum() == pytest.approx(odds["whole"], abs=1e-6)
    assert set(result.to_frame("flips").member) <= {"RUS"}
    assert "ties.PRK" in set(result.to_frame("numbers").setting)
    done = unsc("explain", "dprk-panel-2024", "RUS", "--worlds", 300, "--out", tmp_path / "x")
    assert done.exit_code == 0, done.output
    assert {p.name for p in (tmp_path / "x").iterdir()} >= {
        "explain.json",
        "explain.md",
        "explain.html",
    }
    assert json.loads((tmp_path / "x" / "explain.json").read_text()) == result.to_dict()
