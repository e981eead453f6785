"""The commented files that one starts from."""

from __future__ import annotations

import re
from datetime import date

import pytest
from typer.testing import CliRunner

from sim import convene, load_scenario
from sim.catalogue import mandates
from sim.cli.app import app
from sim.errors import InvalidInput
from sim.reading.yaml12 import parse
from sim.record.shipped import shipped_record
from sim.scenario import describe_file
from sim.scenario.renewal import former, renewal
from sim.scenario.template import of_mandate, of_vote, template


def new(*words):
    return CliRunner().invoke(app, ["new", *map(str, words)], env={"COLUMNS": "200"})


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--mandate", "undof", "--on", "2026-12-18"],
        ["--mandate", "south-sudan-sanctions", "--on", "2027-05-28", "--term", "9"],
        ["--like", "R2683"],
        ["--like", "S/2024/255"],
    ],
    ids=" ".join,
)
def test_what_is_written_is_sound(options, tmp_path):
    """Each file validates, tells an editor its schema, and names the calibrated preferences."""
    path = tmp_path / "mine.yaml"
    assert new(path, *options).exit_code == 0
    assert describe_file(path).words.startswith("a sound scenario")
    text = path.read_text()
    assert re.match(r"# yaml-language-server: \$schema=file://\S+/scenario\.schema\.json\n", text)
    assert load_scenario(path).preferences_from.stem == "calibrated"
    assert max(map(len, text.splitlines()[1:6])) <= 100


def test_the_file_and_the_mandate_give_the_same_numbers(tmp_path):
    """Simulated from the file or by name and day, the report has the same numbers."""
    path = tmp_path / "mine.yaml"
    path.write_text(of_mandate("undof", date(2026, 12, 18)))
    by_file, by_name = load_scenario(path), load_scenario("undof", on="2026-12-18")
    assert by_file.fingerprint == by_name.fingerprint
    reports = [convene(scenario, worlds=500).to_dict() for scenario in (by_file, by_name)]
    file, name = ({**report, "name": "", "checksum": ""} for report in reports)
    assert file == name


@pytest.mark.parametrize("name", [m.mandate for m in mandates().values() if m.expires_on][::5])
def test_a_file_holds_the_document(name):
    """Read again, the text is the document that it was written from."""
    day = date(2027, 1, 15)
    assert parse(of_mandate(name, day), "file").plain() == renewal(name, day)


@pytest.mark.parametrize("vote", shipped_record()[::97], ids=lambda vote: vote.vote_id)
def test_a_file_of_a_former_vote_holds_the_document(vote):
    """Read again, the text of a vote is the document that it was written from."""
    assert parse(of_vote(vote.vote_id), "file").plain() == former(vote.vote_id)


def test_the_empty_one_is_of_no_state():
    """What one starts from without a mandate is on nobody, and names no preference of anybody."""
    document = parse(template(), "file").plain()
    assert document["draft"]["target"] is None
    assert "members" not in document
    assert "PRK" not in template()


def test_term_and_pen_are_as_told():
    """A term in months and penholders take the place of those of last time."""
    draft = parse(of_mandate("unmiss", date(2027, 4, 30), 9, ["GBR"]), "file").plain()["draft"]
    assert draft["text"]["term"] == 9 / 24
    assert draft["penholder"] == ["GBR"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ["--mandate", "undof", "--term", "9m"],
            "expected a number of months above 0, as 9. Write 9.",
        ),
        (["--mandate", "undof", "--term", "12 months"], "Write 12."),
        (["--mandate", "undof", "--term", "0"], "above 0, as 9.\n"),
        (["--term", "9"], "expected a --mandate"),
        (["--mandate", "undof", "--like", "R2683"], "expected one of them"),
    ],
)
def test_what_does_not_fit_writes_nothing(options, said, tmp_path):
    """A wrong option is named, and no file is left."""
    done = new(tmp_path / "mine.yaml", *options)
    assert done.exit_code
    assert said in done.output + str(done.exception)
    assert not list(tmp_path.iterdir())


def test_a_penholder_without_a_seat_is_refused():
    """Before anything is written, the scenario must be sound."""
    with pytest.raises(InvalidInput, match="'BRA' is not a member"):
        of_mandate("undof", date(2026, 12, 18), None, ["BRA"])
