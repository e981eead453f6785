"""What is said of mandates, in a list and one by one."""

from __future__ import annotations

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from sim.catalogue import mandates
from sim.cli.app import app
from sim.facts.mandates import mandate_facts, mandates_that_live
from sim.record.shipped import votes_on
from sim.report.mandates import mandate_sections, mandates_section


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


def test_the_table_names_the_last_vote_and_who_dissented():
    """The last vote before the day is the one shown."""
    printed = unsc("mandates", "--on", "2023-06-01")
    row = next(line for line in printed.splitlines() if line.startswith("south-sudan-sanctions"))
    assert "May 2023: 10-0-5 CHN, RUS, GAB, GHA, MOZ" in row
    assert "No such" not in printed


@pytest.mark.parametrize("name", mandates())
def test_all_that_is_known_of_one_is_said(name):
    """Sources and confidence are shown, each vote once, and each failed draft again."""
    facts = mandate_facts(mandates()[name])
    sections = {section.heading: section for section in mandate_sections(facts)}
    known = dict(sections[mandates()[name].name].rows)
    assert known["sources"] == mandates()[name].sources
    assert known["confidence"]
    failed = sum(vote.has_failed for vote in votes_on(name))
    assert len(sections["How the Council voted"].rows) == len(votes_on(name))
    assert len(sections["Drafts that failed"].rows if failed else ()) == failed


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
    assert json.loads(unsc("mandates", "undof", "--json")) == mandate_facts(mandates()["undof"])
    every = json.loads(unsc("mandates", "--json"))["mandates"]
    assert every == json.loads(json.dumps(mandates_that_live()))


def test_an_empty_list_says_so():
    """Where none expires before the day, there is no table."""
    assert mandates_section("Mandates", []).rows == []
    assert "None." in unsc("mandates", "--expiring-before", "2001-01-01")
