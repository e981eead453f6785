"""What a report says: one set of facts, the same numbers in every form, written whole or not."""

import io
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from sim import compare, convene, load_scenario
from sim.catalogue import statements
from sim.charter import OUTCOME_NAMES
from sim.errors import InvalidInput, WorldsDoNotMatch
from sim.facts.evidence import source_of
from sim.facts.figures import words
from sim.facts.seal import checksum
from sim.reading.files import shipped
from sim.report import files
from sim.report.basis import provenance, remembered
from sim.report.brief import former_votes, of_habit, reason, reasons
from sim.report.differences import comparison_sections
from sim.report.markdown import escaped, markdown
from sim.report.outcome import BRIEF, between, brief, report_sections
from sim.report.page import page_of
from sim.report.saved import check_same, saved_in
from sim.report.sections import Section, number
from sim.report.spelling import harmless
from sim.report.terminal import show

SEED_VOTE = "dprk-panel-2024"


@pytest.fixture(scope="module")
def ensemble():
    return convene(load_scenario(SEED_VOTE), 5000, keep_worlds=True)


@pytest.fixture(scope="module")
def report(ensemble):
    return ensemble.to_dict()


def in_terminal(sections, width=200):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    show(sections, console)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_in_a_terminal_ends_with_a_blank(report, width):
    """Sentences are broken and tables filled up without anything behind the last word."""
    printed = in_terminal(report_sections(report), width).splitlines()
    assert any(len(line) > width - 10 for line in printed)
    assert [line for line in printed if line != line.rstrip()] == []
    assert max(map(len, printed)) <= width


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_a_table_too_wide_for_a_terminal_comes_in_parts(width):
    """Each number is whole and shown once; each part begins with what its rows are of."""
    columns = [f"simulator without {k}" for k in range(15)]
    rows = [
        (name, *(number(10 * row + k / 1000, ".3f") for k in range(15)))
        for row, name in enumerate(("log loss of member votes", "score"), start=1)
    ]
    printed = in_terminal([Section("Scores", (), ("score", *columns), rows)], width)
    assert max(map(len, printed.splitlines())) <= width
    numbers = [cell for row in rows for cell in map(str, row[1:])]
    assert sorted(re.findall(r"[\d.]{4,}", printed)) == sorted(numbers)
    named = re.findall(r"^score .*\d\d\.\d\d\d", printed, flags=re.MULTILINE)
    assert len(named) == printed.count("─\n") > 1


@pytest.mark.parametrize("cell", ["short", "word " * 30])
def test_a_table_of_one_column_is_shown(cell):
    """However long its cells are, all their words are there."""
    printed = in_terminal([Section("Names", (), ("name",), [(cell,)])], 40)
    assert printed.split() == ["Names", "name", "─" * printed.count("─"), *cell.split()]


def test_report_holds_every_promised_key(report):
    """The keys that other programs rely on are there, with the shapes they rely on."""
    assert tuple(report["outcome"]) == OUTCOME_NAMES
    assert all(set(v) == {"p", "low", "high"} for v in report["outcome"].values())
    russia = report["members"]["RUS"]
    assert {"in_favour", "abstaining", "against", "gain", "terms"} <= set(russia)
    assert set(russia["gain"]) == {"mean", "sd"}
    assert {"modal", "p_modal", "p_observed"} <= set(report["roll_call"])
    for key in ("schema_version", "software", "worlds", "random_seed", "fingerprint"):
        assert key in report
    for key in ("vetoed_by", "text", "rounds", "residual", "scenario"):
        assert report[key]


def test_outcomes_and_actions_sum_to_one(report):
    """No probability is lost between the parts of a whole."""
    assert sum(v["p"] for v in report["outcome"].values()) == pytest.approx(1, abs=1e-5)
    for member in report["members"].values():
        actions = [member[a] for a in ("in_favour", "abstaining", "against")]
        assert sum(actions) == pytest.approx(1, abs=1e-5)
    vetoed = report["outcome"]["vetoed"]["p"]
    assert sum(report["vetoed_by"].values()) == pytest.approx(vetoed, abs=1e-5)


def test_terms_add_up_to_the_gain(report):
    """What is said to make up a gain does make it up."""
    for member in report["members"].values():
        assert sum(member["terms"].values()) == pytest.approx(member["gain"]["mean"], abs=1e-4)


def test_report_holds_no_time_and_no_place(report):
    """Nothing in the report depends on when, where or by whom it was run."""
    text = json.dumps(report)
    assert str(Path.cwd()) not in text
    assert time.strftime("%Y-%m-%dT") not in text


def test_report_names_the_veto_and_who_cast_it(report):
    """The headline says that the draft is vetoed, and by whom."""
    assert report["headline"].startswith("Vetoed")
    assert "cast by RUS" in report["headline"]


def test_terminal_and_markdown_show_the_same_cells(report):
    """Both forms dress the same sections: no number stands in one and not in the other."""
    sections = report_sections(report)
    shown, written = in_terminal(sections, 400), markdown(sections)
    for section in (s for s in sections if not s.for_reference):
        for row in section.cells:
            for cell in filter(None, row):
                assert cell.strip() in shown
                assert escaped(cell) in written


@pytest.mark.parametrize("name", sorted(shipped()))
def test_the_brief_of_a_shipped_scenario_fits_a_screen(name):
    """In 40 lines of 80 columns, less warnings: the answer, who, why, doubt, on what data."""
    report = convene(load_scenario(name), 2000).to_dict()
    text = in_terminal(brief(report), 80)
    lines = [line.rstrip() for line in text.splitlines()]
    unwarned = in_terminal(brief({**report, "warnings": []}), 80)
    assert len(unwarned.splitlines()) <= 40
    assert max(map(len, lines)) <= 80
    text = " ".join(" ".join(lines).split())
    assert report["headline"] in text
    if report["outcome"]["vetoed"]["p"] >= 0.05:
        who = next(iter(report["vetoed_by"])).split("+")[-1]
        assert re.search(rf"The veto is cast by [A-Z, and]*{who}", text)
    assert f"P(adopted) is {between(report['doubt']['preferences'])}; with" in text
    least = min(report["members"], key=lambda code: report["members"][code]["in_favour"])
    assert reasons(report, least) in text or report["members"][least]["in_favour"] >= 0.95
    assert f"before this day goes to {report['evidence']['record']['until']}" in text
    assert "--full" in text


def test_the_brief_comes_first_and_nothing_is_said_twice(report):
    """All sections begin with those of the brief, and no sentence of theirs comes again."""
    every = report_sections(report)
    of_all = [key for key in BRIEF if key != "given"]  # only where it was asked for
    assert [s.key for s in every[: len(of_all)]] == of_all
    sentences = [sentence for section in every for sentence in section.sentences]
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize(
    ("votes", "words"),
    [
        ("2022 in_favour, 2023 abstaining, 2024 abstaining",
         "was in favour in 2022, abstained in 2023 and 2024"),
        ("2022 against, 2022 against, 2023 against", "was against twice in 2022 and in 2023"),
        ("2024 not_participating", "took no part in 2024"),
        ("2023 in_favour, 2024 in_favour, 2024 abstaining",
         "was in favour in 2023 and 2024, then abstained in 2024"),
    ],
)  # fmt: skip
def test_former_votes_are_told_by_their_years(votes, words):
    """Votes alike are told together; those of one year by their number, or in their order."""
    found = [vote.split() for vote in votes.split(", ")]
    assert former_votes([{"on": f"{year}-05-30", "vote": vote} for year, vote in found]) == words


@pytest.mark.parametrize(
    ("mandate", "day", "code", "often"),
    [
        ("minurso", "2026-10-31", "RUS", True),  # abstained at the last three
        ("minurso", "2026-10-31", "CHN", False),  # in favour at all three
        ("minusca", "2022-11-14", "GAB", False),  # one of 94 renewals, and none on this mandate
    ],
)
def test_a_habit_is_called_a_members_own_only_where_its_votes_say_so(mandate, day, code, often):
    """One that was in favour on the mandate is not said to be often not so, whatever others did."""
    report = convene(load_scenario(f"{mandate}@{day}"), 500).to_dict()
    assert report["members"][code]["terms"]["habit"] < 0
    said = reasons(report, code)
    assert ("it is often not in favour of such drafts" in said) == often
    assert ("drafts like this draw more dissent than usual" in said) != often


def test_of_one_that_never_voted_no_habit_of_its_own_is_told():
    """Of Latvia, of which the record has no vote, only what States like it do is said."""
    report = convene(load_scenario("undof@2026-12-18"), 500).to_dict()
    assert "LVA" in report["evidence"]["record"]["never_voted"]
    assert of_habit(report, "LVA", True).startswith("States like it are as a rule")
    assert of_habit(report, "LVA", False) == "drafts like this draw more dissent than usual"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.818, 0.836, "81.8 to 83.6 %"),
        (0.001, 0.00101, "0.1 %"),
        (0.0, 0.0002, "under 0.1 %"),
        (0.0001, 0.0002, "under 0.1 %"),
        (0.0001, 0.0012, "under 0.1 to 0.1 %"),
        (0.998, 0.9999, "99.8 to over 99.9 %"),
    ],
)
def test_an_interval_does_not_go_from_a_number_to_itself(report, low, high, said):
    """Bounds that are written alike are written once, and those too small to write in words."""
    outcome = {"adopted": {"p": low, "low": low, "high": high}}
    told = provenance({**report, "outcome": outcome}).sentences[-1]
    assert f"simulation error: adopted {said}. They cover" in told


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("red-sea@2027-01-15", "USA", "it holds the pen"),
        ("undof@2026-12-18", "RUS", "it is one of those who hold the pen"),
        ("undof@2026-12-18", "CHN", "it is at ease with those who hold the pen"),
    ],
)
def test_who_holds_the_pen_is_not_at_ease_with_itself(name, code, said):
    """A member that holds the pen is said to do so, alone or with others."""
    report = convene(load_scenario(name), 200).to_dict()
    assert report["members"][code]["terms"]["penholder"] > 0
    assert reason(report, code, "penholder") == said


@pytest.mark.parametrize(
    "name", ["south-sudan-sanctions@2027-05-31", "iran-sanctions@2020-08-14", "undof@2026-12-18"]
)
def test_the_headline_leaves_out_no_outcome_that_matters(name):
    """Each outcome of 5 % or more is named with its probability."""
    report = convene(load_scenario(name), 500).to_dict()
    said = report["headline"].lower()
    for outcome, value in report["outcome"].items():
        if value["p"] >= 0.05:
            assert re.search(rf"{words(outcome)}, with (probability )?[0-9.]+ %", said)


def test_the_only_vote_on_a_mandate_is_not_called_the_last():
    """Of a mandate voted on once, the vote is named, and there is no last of one."""
    report = convene(load_scenario("red-sea@2024-06-27"), 200).to_dict()
    said = " ".join(remembered(report["evidence"]["record"]))
    assert "one vote on this mandate: S/RES/2722(2024) on 2024-01-10, adopted (11 in" in said


@pytest.mark.parametrize("width", range(40, 81))
def test_no_line_begins_with_what_belongs_to_the_number_before_it(width):
    """A per cent sign stays with its number and a month with its day, and no stand-in is left."""
    said = "Renewal of it, 31 October 2026: in favour 5.2 %, against 0.5 %, on 1 May 2027, 44 %. "
    section = Section(said, [said * 3])
    printed = io.StringIO()
    show([section], Console(file=printed, width=width))
    lines = printed.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert not [line for line in lines if re.match(r"%|October|May", line)]
    assert " ".join(printed.getvalue().split()) == f"{said * 4}".strip()


def test_an_assumed_vote_is_its_own_reason():
    """Of a member whose vote is assumed the brief gives no other reason."""
    report = convene(load_scenario(SEED_VOTE, ["assume.CHN=abstaining"]), 200).to_dict()
    assert reasons(report, "CHN") == "assumed: abstaining"


def test_where_every_roll_call_is_unlikely_none_is_a_headline():
    """The headline has the likeliest number in favour and those likely to dissent instead."""
    report = convene(load_scenario("ssd-sanctions-2023"), 2000).to_dict()
    assert report["roll_call"]["p_modal"] < 0.2
    votes = report["conditions"]["votes_in_favour"]["distribution"]
    n = max(votes, key=votes.get)
    assert f"{n} in favour is likeliest; likely to abstain: CHN, RUS" in report["headline"]
    assert "roll call" not in report["headline"]


def test_the_doubt_is_that_of_the_worlds(ensemble, report):
    """Its bounds are the outer tenths of P(adopted) over the worlds, not the simulation's error."""
    p = ensemble.kept().p_outcome[0]
    low, high = (float(np.quantile(p, q)) for q in (0.1, 0.9))
    assert report["doubt"]["all"]["low"] == pytest.approx(low, abs=0.006)
    assert report["doubt"]["all"]["high"] == pytest.approx(high, abs=0.006)
    assert report["doubt"]["all"]["high"] > report["outcome"]["adopted"]["high"]


def test_without_a_shared_shock_all_doubt_is_of_preferences(report):
    """Where nothing moves all members alike both bounds are the same, otherwise they are wider."""
    calm = load_scenario(SEED_VOTE, ["coefficients.shared_shock=0"])
    doubt = convene(calm, 2000).to_dict()["doubt"]
    assert doubt["all"] == doubt["preferences"]
    assert report["doubt"]["all"]["high"] > report["doubt"]["preferences"]["high"]


def test_one_world_has_no_doubt_that_is_told():
    """Where no world is calm, the bounds are said to be unknown; where one is, they are one."""
    found = {
        between(convene(load_scenario(SEED_VOTE), 1, seed).to_dict()["doubt"]["preferences"])
        for seed in range(12)
    }
    assert "not known" in found
    assert all(words == "not known" or words.startswith("about") for words in found)


def test_every_shown_percentage_is_the_reports(report):
    """The members' table holds the report's probabilities, to the digits it shows."""
    section = next(s for s in report_sections(report) if s.heading.startswith("Members"))
    shown = {row[0]: row for row in section.cells}
    for code, member in report["members"].items():
        for column, action in ((2, "in_favour"), (3, "abstaining"), (4, "against")):
            cell = shown[code][column]
            if cell[0] not in "<>":
                assert float(cell) == pytest.approx(100 * member[action], abs=0.0501)


def test_comparison_shows_differences_and_settings(ensemble):
    """A comparison's table holds the difference, its interval and the setting behind it."""
    tie = load_scenario(SEED_VOTE, ["members.RUS.ties.PRK=0"])
    other = convene(tie, 5000, keep_worlds=True)
    text = in_terminal(comparison_sections(compare(ensemble, other).to_dict()))
    assert "members.RUS.ties.PRK.mean" in text
    assert "vetoed → adopted" in text


def test_text_from_files_steers_neither_terminal_nor_page():
    """Escape codes, markup and table bars in a title stay harmless text."""
    hostile = "a\x1b[2Jb\u202e<script>alert(1)</script>|[x](javascript:1)\r\n# c"
    assert "\x1b" not in harmless(hostile)
    assert "\u202e" not in harmless(hostile)
    written = escaped(hostile)
    assert not re.search(r"(?<!\\)[<|\[#]", written)
    assert "\n" not in written


@pytest.mark.parametrize(
    ("text", "written"),
    [("- a list", r"\- a list"), ("1. first", r"1\. first"), ("2) x", r"2\) x"), ("+ y", r"\+ y"),
     ("---", r"\---"), ("-", r"\-"), ("-0.38", "-0.38"), ("1.5 %", "1.5 %"), ("a - b", "a - b")],
)  # fmt: skip
def test_a_text_that_begins_like_a_list_stays_text(text, written):
    """A dash or a number with a point at its beginning is escaped; a negative number is not."""
    assert escaped(text) == written


def test_a_kill_leaves_the_old_report(tmp_path):
    """Killed at any moment of a run, the report that was there is still whole."""
    out = tmp_path / "report"
    run = [sys.executable, "-m", "sim", "run", SEED_VOTE, "--out", str(out), "--force"]
    subprocess.run([*run, "--worlds", "500"], check=True, capture_output=True)
    old = (out / "report.json").read_bytes()
    for pause in (0.3, 1.0):
        process = subprocess.Popen([*run, "--worlds", "3000000"], stderr=subprocess.PIPE)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert (out / "report.json").read_bytes() == old


def test_a_saved_report_runs_again_to_itself(tmp_path, report):
    """What a report carries is what ran: its scenario gives the same report again."""
    path = tmp_path / "report.json"
    path.write_text(files.as_json(report), encoding="utf-8")
    saved = saved_in(str(path))
    again = convene(load_scenario(path), *saved.run)
    check_same(saved, again)
    repeated = {**again.to_dict(), "name": report["name"]}
    assert files.as_json(repeated) == files.as_json(report)


@pytest.mark.parametrize(
    ("change", "error", "reason"),
    [
        ({"worlds": "many"}, InvalidInput, "no number of worlds"),
        ({"software": {"version": "0.0.0"}}, WorldsDoNotMatch, "version 0.0.0"),
        ({"schema_version": 99}, WorldsDoNotMatch, "schema version 99"),
    ],
)
def test_a_report_that_cannot_be_run_again_is_refused(tmp_path, report, change, error, reason):
    """Reports without their numbers, or of another version, are refused with the reason."""
    path = tmp_path / "report.json"
    path.write_text(json.dumps({**report, **change}), encoding="utf-8")
    with pytest.raises(error, match=reason):
        saved_in(str(path))


def saved_as(path, facts):
    path.write_text(json.dumps(facts), encoding="utf-8")
    return saved_in(str(path))


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": {"adopted": {"p": 0.5, "low": 0.4, "high": 0.6}}},
        {"headline": "Adopted."},
        {"vetoed_by": {"USA": 0.98}},
        {"fingerprint": "0" * 64},
        {"evidence": {}},
        {"a key": "of somebody's"},
        {"name": "another"},
        {"settings": ["members.RUS.ties.PRK=0"]},
        {"checksum": "0" * 64},
    ],
)
def test_an_edited_report_is_found_out(tmp_path, report, change):
    """A report that was edited anywhere, its name and its settings too, is not paired."""
    saved = saved_as(tmp_path / "report.json", {**report, **change})
    again = convene(load_scenario(saved.path), *saved.run, keep_worlds=True)
    with pytest.raises(WorldsDoNotMatch, match="it was edited"):
        check_same(saved, again)


def test_last_digits_of_another_machine_are_no_edit(tmp_path, report, ensemble):
    """Within what is stated a sound report is said to be another machine's; beyond, refused."""
    path = tmp_path / "report.json"
    assert check_same(saved_as(path, report), ensemble) == ""
    for change, told in ((1e-6, "another kind of processor"), (0.1, "other data")):
        members = json.loads(json.dumps(report["members"]))
        members["CHN"]["gain"]["mean"] += change
        other = {**report, "members": members}
        saved = saved_as(path, {**other, "checksum": checksum(other)})
        if change < 0.01:
            assert told in check_same(saved, ensemble)
        else:
            with pytest.raises(WorldsDoNotMatch, match=told):
                check_same(saved, ensemble)


def test_a_setting_on_a_saved_report_is_that_setting_on_its_scenario(tmp_path, report):
    """A bare number keeps the spread, whether it is laid over a scenario or a saved report."""
    path, setting = tmp_path / "report.json", "members.RUS.ties.PRK=0.4"
    path.write_text(files.as_json(report), encoding="utf-8")
    scenario, saved = load_scenario(SEED_VOTE, [setting]), load_scenario(path, [setting])
    assert saved.fingerprint == scenario.fingerprint
    assert saved.settings == (setting,)


def test_no_roll_call_is_told_where_no_vote_is_taken():
    """Where the penholder always withdraws, the headline says so and names no roll call."""
    scenario = load_scenario(SEED_VOTE, ["tabling={if_adoptable: 1}"])
    report = convene(scenario, 500).to_dict()
    assert report["headline"].startswith("Withdrawn")
    assert report["headline"].endswith("No vote is taken.")
    assert report["deadline"] == {"tabled": 0, "withdrawn": 1, "fell_back": 0}


@pytest.fixture(scope="module")
def seldom_tabled():
    """The report of a draft that is withdrawn in nineteen worlds of twenty."""
    return convene(load_scenario(SEED_VOTE, ["tabling.if_adoptable=0.5"]), 3000).to_dict()


def test_a_roll_call_of_a_draft_that_may_be_withdrawn_is_given_a_vote(seldom_tabled):
    """The headline and the table give its chance given that a vote is taken, and say so."""
    report = seldom_tabled
    p_vote = 1 - report["deadline"]["withdrawn"]
    assert 0 < p_vote < 0.05
    call = report["roll_call"]["likeliest"][0]
    given = 100 * call["p"] / p_vote
    assert given > 10
    assert report["headline"].startswith("Withdrawn")
    assert " If it is put to the vote, the most likely roll call is " in report["headline"]
    assert report["headline"].endswith(f"({given:.1f} %, adopted).")
    table = next(s for s in report_sections(report) if s.key == "roll-calls")
    assert table.cells[0][0] == f"{given:.1f}"
    assert f"put to the vote, as it is in {100 * p_vote:.1f} % of worlds" in table.sentences[0]


def test_votes_that_nobody_may_take_are_said_to_be_hypothetical(seldom_tabled, report):
    """Chances that are of a vote in every world say so where some drafts are withdrawn."""
    words = "as if a vote were held in every world"
    sections = {s.key: " ".join(s.sentences) for s in report_sections(seldom_tabled)}
    held = {key for key, sentences in sections.items() if words in sentences}
    assert held == {"conditions", "members", "rounds", "pivots"}
    assert f"most likely vote, {words}." in page_of(seldom_tabled)
    assert words not in page_of(report)
    never = compare(
        *(
            convene(load_scenario(SEED_VOTE, over), 200, keep_worlds=True)
            for over in ([], ["members.RUS.ties.PRK=0", "tabling.if_adoptable=1"])
        )
    ).to_dict()
    moved = next(s for s in comparison_sections(never) if s.key == "moved-1")
    assert words in moved.sentences[0]


def test_the_observed_roll_call_of_a_draft_that_may_be_withdrawn_is_given_both_ways(seldom_tabled):
    """Its chance over all worlds stands beside that given a vote."""
    seen = {code: m["most_likely"] for code, m in seldom_tabled["members"].items()}
    p = seldom_tabled["roll_call"]["likeliest"][0]["p"]
    calls = {**seldom_tabled["roll_call"], "observed": seen, "observed_outcome": "vetoed"}
    report = {**seldom_tabled, "roll_call": {**calls, "p_observed": p}}
    told = next(s for s in report_sections(report)[0].sentences if s.startswith("What happened"))
    given = 100 * p / (1 - report["deadline"]["withdrawn"])
    assert f"({given:.1f} % given that the draft is put to the vote)" in told


def test_a_rollover_is_told():
    """Where the penholder falls back, the report says in what share of worlds."""
    scenario = load_scenario(SEED_VOTE, ["tabling={rollover_below: 0.5}"])
    report = convene(scenario, 500).to_dict()
    assert report["deadline"]["fell_back"] > 0.5
    assert "fell back on a technical rollover" in in_terminal(report_sections(report))


def resting(report, sentence):
    """Return the sentences on what the report rests on that hold some words."""
    section = next(s for s in report_sections(report) if s.heading == "What the numbers rest on")
    return [s for s in section.sentences if sentence in s]


def test_who_sits_by_its_group_is_told():
    """A member without a number of its own is named, and one with a number or a setting is not."""
    over = ["preferences=prior", "members={GUY: {note: of no number}, SLE: {voice: 0.5}}"]
    report = convene(load_scenario(SEED_VOTE, over), 200).to_dict()
    by_group = [code for code in report["members"] if code not in ("RUS", "CHN", "SLE")]
    assert report["evidence"]["by_group"] == by_group
    (told,) = resting(report, "regional group")
    assert told.startswith(f"{', '.join(by_group)} have no number of their own and take their")
    one = {**report, "evidence": {**report["evidence"], "by_group": ["GUY"]}}
    assert resting(one, "GUY has no number of its own and takes its regional group's")
    nobody = {**report, "evidence": {**report["evidence"], "by_group": []}}
    assert resting(nobody, "regional group") == []


def test_a_saved_report_knows_who_sits_by_its_group(tmp_path):
    """Its scenario names a number for every member, and yet says again who has none of its own.

    A setting that speaks of a member takes it from there.
    """
    path = tmp_path / "report.json"
    report = convene(load_scenario("dprk-panel-2026"), 200).to_dict()
    by_group = report["evidence"]["by_group"]
    assert {"PAN", "COL"} <= set(by_group)
    path.write_text(files.as_json(report), encoding="utf-8")
    saved = saved_in(str(path))
    check_same(saved, convene(load_scenario(path), *saved.run))
    spoken_of = load_scenario(path, ["members.PAN.voice=0.5"])
    assert [*spoken_of.by_group] == [code for code in by_group if code != "PAN"]


def test_who_sits_by_its_group_counts_for_nothing(report):
    """Two scenarios that differ in nothing else have the same fingerprint."""
    plain, said = (load_scenario(SEED_VOTE, over) for over in ([], ["members.SLE={note: x}"]))
    assert plain.fingerprint == said.fingerprint == report["fingerprint"]


@pytest.mark.parametrize("name", [SEED_VOTE, "dprk-panel-2026"])
def test_numbers_lead_to_evidence_and_evidence_to_sources(name):
    """Ties, ideals, stances and costs of those who decide name ids, and each id its source."""
    sections = {s.heading: s for s in report_sections(convene(load_scenario(name), 500).to_dict())}
    evidence = ("Evidence: what was said", "Evidence: past votes")
    sources = {row[0]: row[1:] for heading in evidence for row in sections[heading].rows}
    rows = sections["What the numbers rest on"].rows
    for code in ("RUS", "CHN"):
        ids = {setting: cited for who, setting, _, cited in rows if who == code}
        for setting in ("ties.PRK", "sides.P3", "stances.any", "ideal.scrutiny", "veto_cost"):
            assert ids[setting]
        assert "opposition_cost" in ids
        named = {name for cited in ids.values() for name in cited.split(", ")}
        assert all(sources[name][-1] for name in named)


def test_every_statement_leads_to_publications():
    """Whichever statement a report cites, what it was taken from is named in full."""
    for name in statements():
        assert all(publication.count(", ") >= 2 for publication in source_of(name)["published"])


def test_assumed_numbers_are_said_to_be_informed_by_nothing(report):
    """The report says of how many numbers no vote and no statement tells anything."""
    n_assumed = sum(report["evidence"]["assumed"].values())
    (told,) = resting(report, "informed by no vote or statement")
    assert told.startswith(f"{n_assumed} of the {report['evidence']['preferences']} preferences")
