"""What is said of mandates, in a list and one by one."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from typer.testing import CliRunner

from sim import convene
from sim.backtest.past import SHIPPED, written_forecasts
from sim.catalogue import mandates
from sim.charter import Action
from sim.cli.app import app
from sim.cli.runs import past_forecasts
from sim.facts.mandates import EXPECTED, mandate_facts, mandates_that_live
from sim.record.shipped import votes_on
from sim.report.calendar import HOW_SURE
from sim.report.mandates import mandate_sections, mandates_section
from sim.scenario import scenario_of
from sim.scenario.renewal import former


def unsc(*words: str) -> str:
    result = CliRunner().invoke(app, [*words], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.output


def test_the_list_is_of_those_that_live():
    """Without a day those that have not ended; on a day those that lived then."""
    assert {m["mandate"] for m in mandates_that_live()} == {
        m.mandate for m in mandates().values() if not m.ended_on
    }
    then = {m["mandate"] for m in mandates_that_live(date(2023, 6, 1))}
    assert {"minusma", "dprk-panel"} <= then
    assert "gaza-stabilization-force" not in then


def test_a_sign_behind_a_day_means_one_thing():
    """Of the signs of the list, those that the calendar has too are told in the same words."""
    section = mandates_section("Mandates", mandates_that_live())
    told = dict(re.findall(r"([?!*~]) is ([a-z]+)", section.sentences[1]))
    shown = {day[-1] for _, _, _, day, _ in section.cells if day} & set("?!*~")
    assert shown == told.keys() == {"?", "~"}
    assert told["?"] == "presumed"
    assert HOW_SURE["presumed"] == "?"
    assert "~" not in HOW_SURE.values()


def test_the_list_begins_with_what_ends_first():
    """Those that expire come in that order; a day leaves out what ends on it or after it."""
    ends = [m["expires"][0]["on"] for m in mandates_that_live() if m["expires"]]
    assert ends == sorted(ends)
    soon = mandates_that_live(expiring_before=date(2026, 12, 31))
    assert all(m["expires"][0]["on"] < "2026-12-31" for m in soon)
    assert "monusco" in {m["mandate"] for m in soon}


def test_from_a_day_on_only_later_ends_count():
    """After the end that is known the next one is the one that is presumed."""
    facts = mandate_facts(mandates()["minurso"], date(2026, 11, 26))
    assert facts["expires"] == [{"on": "2027-10-31", "certainty": "presumed"}]
    assert all(vote["on"] < "2026-11-26" for vote in facts["votes"])


@pytest.mark.parametrize("on", [(), ("--on", "2023-06-01")])
def test_no_word_of_the_table_is_broken_in_a_narrow_terminal(on):
    """At 80 columns each name, day and tally is on one line."""
    printed = CliRunner().invoke(app, ["mandates", *on], env={"COLUMNS": "80"}).output
    every = mandates_that_live(date.fromisoformat(on[1]) if on else None)
    for mandate in every:
        row = next(x for x in printed.splitlines() if x.startswith(f"{mandate['mandate']} "))
        assert all(end["on"] in row for end in mandate["expires"][:1])
    whole = {*printed.split()}
    assert {party for m in every for party in m["parties"]} <= {w.rstrip(",") for w in whole}


def test_the_table_names_the_last_vote_and_who_dissented():
    """The last vote before the day is the one shown."""
    printed = unsc("mandates", "--on", "2023-06-01")
    row = next(line for line in printed.splitlines() if line.startswith("south-sudan-sanctions"))
    assert "2023: 10-0-5 CHN, RUS, GAB, GHA, MOZ" in row
    assert "No such" not in printed


@pytest.mark.parametrize("name", mandates())
def test_all_that_is_known_of_one_is_said(name):
    """Sources and confidence are shown, each vote once, and each failed draft again."""
    facts = mandate_facts(mandates()[name])
    sections = {section.heading: section for section in mandate_sections(facts)}
    known = dict(sections[mandates()[name].name].rows)
    assert known["sources"] == mandates()[name].sources
    assert known["confidence"]
    failed = [vote.symbol for vote in votes_on(name) if vote.has_failed]
    voted = sections["How the Council voted"]
    assert len(voted.rows) == len(votes_on(name))
    assert all(symbol in voted.sentences[-1] for symbol in failed)
    assert "What the model says of these votes" not in sections


def test_former_votes_are_forecast_beside_what_happened():
    """Chances are those of a run of the draft that was tabled; dissenters are those of the vote."""
    forecasts = past_forecasts("south-sudan-sanctions", None)
    votes = votes_on("south-sudan-sanctions")
    assert [each["vote_id"] for each in forecasts] == [v.vote_id for v in votes]
    for each, vote in zip(forecasts, votes, strict=True):
        in_favour = vote.sides["in_favour"]
        assert set(each["dissented"]) == {m.code for m in vote.council} - set(in_favour)
        assert set(each["expected"]) <= set(in_favour)
        assert all(p >= EXPECTED for p in each["expected"].values())
    last, vote = forecasts[-1], votes[-1]
    result = convene(scenario_of(former(vote.vote_id)), 1000)
    assert last["p_happened"] == round(result.outcome[vote.outcome].p, 6)
    china = result.actions[result.scenario.codes.index("CHN"), Action.IN_FAVOUR]
    assert last["dissented"]["CHN"] == pytest.approx(1 - china, abs=1e-6)


def test_they_are_said_to_be_in_sample():
    """The table says that the preferences know these votes, and counts what was foreseen."""
    facts = mandate_facts(mandates()["unisfa"], forecasts=past_forecasts("unisfa", None))
    section = next(s for s in mandate_sections(facts) if s.heading.startswith("What the model"))
    assert "In sample, so no true forecasts" in section.sentences[0]
    dissents = [p for f in facts["forecasts"] for p in f["dissented"].values()]
    foreseen = sum(p >= EXPECTED for p in dissents)
    assert f"not in favour: {len(dissents)}, of which {foreseen} were" in section.sentences[1]


def test_only_what_came_before_counts():
    """A day leaves out its own vote and later ones; what is remembered ends the day before."""
    day = votes_on("unisfa")[-1].date
    assert [f["on"] for f in past_forecasts("unisfa", day)] == [
        vote.date.isoformat() for vote in votes_on("unisfa", day)
    ]
    shown = unsc("mandates", "unisfa", "--on", day.isoformat())
    assert f"\n{day}" not in shown


def test_forecasts_of_former_votes_ship():
    """Without a folder the shipped back-test's are shown; before it begins, what the model says."""
    shown = json.loads(unsc("mandates", "unisfa", "--json"))
    assert not shown["in_sample"]
    of_its_time = [v.vote_id for v in votes_on("unisfa") if v.date.year >= 2016]
    assert [each["vote_id"] for each in shown["forecasts"]] == of_its_time
    assert json.loads(unsc("mandates", "unisfa", "--on", "2015-12-31", "--json"))["in_sample"]


@pytest.mark.slow(reason="runs a thousand former votes")
@pytest.mark.parametrize("name", mandates())
def test_every_former_vote_has_its_row(name):
    """Each vote on each mandate runs as it was tabled."""
    every = past_forecasts(name, None)
    assert [each["vote_id"] for each in every] == [vote.vote_id for vote in votes_on(name)]
    assert all(0 <= each["p_happened"] <= 1 for each in every)


@pytest.fixture
def back_test(tmp_path):
    """Return a folder with forecasts of the last two votes on a mandate, by two forecasters."""
    votes = votes_on("unisfa")[-2:]
    about = "forecaster,vote_id,date,mandate,instrument"
    outcomes = [f"{about},p_adopted,p_vetoed,p_not_carried,happened,log_loss,brier"]
    members = [f"{about},member,p_in_favour,p_abstaining,p_against,happened,log_loss"]
    for name, p in (("simulator", 0.6), ("logit", 0.1)):
        for vote in votes:
            row = f"{name},{vote.vote_id},{vote.date},unisfa,{vote.instrument}"
            outcomes.append(f"{row},{p},{1 - p},0,adopted,0,0")
            members += [f"{row},{m.code},{p},{1 - p},0,x,0" for m in vote.council]
    (tmp_path / "outcomes.csv").write_text("\n".join(outcomes), encoding="utf-8")
    (tmp_path / "forecasts.csv").write_text("\n".join(members), encoding="utf-8")
    return tmp_path


def test_forecasts_of_a_back_test_stand_in_their_place(back_test):
    """Those of the simulator are shown, said to be forecasts, for the votes that it has."""
    facts = json.loads(unsc("mandates", "unisfa", "--backtest", str(back_test), "--json"))
    votes = votes_on("unisfa")[-2:]
    assert [each["vote_id"] for each in facts["forecasts"]] == [vote.vote_id for vote in votes]
    assert not facts["in_sample"]
    assert {each["p_happened"] for each in facts["forecasts"]} == {0.6}
    shown = unsc("mandates", "unisfa", "--backtest", str(back_test))
    assert "from the votes of earlier years alone" in " ".join(shown.split())
    assert "In sample" not in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("undof", "--backtest", "{folder}"), "no forecast of the simulator on undof"),
        (("unisfa", "--backtest", "nowhere"), "outcomes.csv: there is no such file"),
        (("--backtest", "{folder}"), "expected the name of a mandate"),
    ],
)
def test_a_folder_without_forecasts_is_refused(back_test, words, said):
    """What is missing is said."""
    typed = ["mandates", *(word.format(folder=back_test) for word in words)]
    done = CliRunner().invoke(app, typed)
    assert said in str(done.exception)


def test_a_forecast_that_is_no_chance_is_refused(back_test):
    """The fault names the file, the line and what is allowed."""
    path = back_test / "outcomes.csv"
    path.write_text(path.read_text().replace("0.6", "much"), encoding="utf-8")
    done = CliRunner().invoke(app, ["mandates", "unisfa", "--backtest", str(back_test)])
    assert "found 'much'; expected a number from 0 to 1" in str(done.exception)


def test_what_is_not_known_is_said():
    """A renewal that was not seen, an assumed day and a pen that nobody holds are named."""
    said = {
        name: " ".join(mandate_sections(mandate_facts(mandates()[name]))[-1].sentences)
        for name in ("minurso", "undof", "bosnia-eufor")
    }
    never_voted_on = {**mandate_facts(mandates()["undof"]), "votes": []}
    assert "Whether it was renewed" in said["minurso"]
    assert "The day on which it expires" in said["undof"]
    assert "Who usually holds the pen" in said["bosnia-eufor"]
    assert "the record has no vote on it" in mandate_sections(never_voted_on)[-1].sentences[-1]


def test_json_has_the_same_facts():
    """One mandate is an object, the list an object with all of them."""
    forecasts = written_forecasts(SHIPPED, "undof")
    facts = mandate_facts(mandates()["undof"], forecasts=forecasts, in_sample=False)
    assert json.loads(unsc("mandates", "undof", "--json")) == facts
    every = json.loads(unsc("mandates", "--json"))["mandates"]
    assert every == json.loads(json.dumps(mandates_that_live()))


def test_an_empty_list_says_so():
    """Where none expires before the day, there is no table."""
    assert mandates_section("Mandates", []).rows == []
    assert "None." in unsc("mandates", "--expiring-before", "2001-01-01")
