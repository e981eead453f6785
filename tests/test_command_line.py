"""The commands as a user types them."""

import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import time
from inspect import signature
from pathlib import Path

import pytest
from conftest import HAND_SET
from typer.testing import CliRunner

import sim
from sim import __version__
from sim.chamber import convene
from sim.cli import DEFAULT_WORLDS
from sim.cli.app import app, main
from sim.report.differences import comparison_sections
from sim.scenario import load_scenario

SEED_VOTE = "dprk-panel-2024"
SCENARIOS = Path(__file__).parent.parent / "scenarios"
SHIPPED = sorted(p.stem for p in SCENARIOS.glob("*.yaml"))


def unsc(*arguments, cwd=None, **environment):
    """Run the command in a process of its own, and return it when it has ended."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **environment},
        check=False,
    )


def report(*arguments, **environment):
    result = unsc("run", *arguments, "--json", **environment)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_the_seed_vote_comes_out():
    """Russia is against with 0.93 or more, China abstains, the others are in favour."""
    found = report(SEED_VOTE)
    members = found["members"]
    assert members["RUS"]["against"] >= 0.93
    assert members["CHN"]["abstaining"] > 0.7
    assert all(m["in_favour"] >= 0.95 for c, m in members.items() if c not in ("RUS", "CHN"))
    assert found["roll_call"]["modal"] == found["roll_call"]["observed"]
    assert "cast by RUS" in found["headline"]


def test_2023_is_adopted_with_nothing_changed_but_the_day():
    """The renewal of 2023 passes, and differs from 2024 in day, seats, dated values and memory."""
    assert report("dprk-panel-2023")["outcome"]["adopted"]["p"] >= 0.9
    result = unsc("compare", SEED_VOTE, "dprk-panel-2023", "--worlds", 500, "--json")
    settings = {s["setting"] for s in json.loads(result.stdout)["others"][0]["settings"]}
    seats = {s for s in settings if s.startswith("members.") and s.count(".") == 1}
    dated = {f"members.{c}.ties.PRK.{x}" for c in ("RUS", "CHN") for x in ("mean", "spread")}
    memory = {s for s in settings if s.startswith("memory.")}
    assert memory
    assert settings - seats - dated - memory == {"date", "draft.symbol", "draft.mandate"}
    assert settings & dated >= {"members.RUS.ties.PRK.mean", "members.CHN.ties.PRK.mean"}


def test_without_the_arms_transfers_china_has_to_decide():
    """If Russia does not block, China's chance of voting against rises."""
    base, other = report(SEED_VOTE), report("dprk-panel-2024-no-arms-transfers")
    assert other["members"]["RUS"]["against"] < base["members"]["RUS"]["against"]
    assert other["members"]["CHN"]["against"] > base["members"]["CHN"]["against"]


def test_a_review_clause_softens_russia():
    """With a review clause Russia's chance of voting against falls."""
    base, other = report(SEED_VOTE), report("dprk-panel-2024-review")
    assert other["members"]["RUS"]["against"] < base["members"]["RUS"]["against"]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_runs(name):
    """Each gives probabilities that sum to 1, and has settled."""
    found = report(name, "--worlds", 2000)
    assert sum(v["p"] for v in found["outcome"].values()) == pytest.approx(1, abs=1e-5)
    assert not any("settled" in warning for warning in found["warnings"])
    assert found["question"]


def test_the_same_bytes_each_time(tmp_path):
    """Neither hash seeds nor the number of threads change a byte of the report."""
    written = set()
    for k, workers in enumerate((1, 2, 5)):
        out = tmp_path / str(k)
        unsc("run", SEED_VOTE, "--out", out, "--workers", workers, PYTHONHASHSEED=str(k))
        written.add((out / "report.json").read_bytes())
    assert len(written) == 1


def test_run_writes_a_report_and_says_where(tmp_path):
    """The folder holds the report in all forms, and the terminal names them."""
    result = unsc("run", SEED_VOTE, "--worlds", 500, "--out", "out", cwd=tmp_path)
    assert result.returncode == 0
    for name in ("report.json", "report.md", "report.html", "run.json"):
        assert (tmp_path / "out" / name).stat().st_size > 100
        assert f"out/{name}" in result.stderr


def test_run_prints_a_brief_and_all_if_asked_for_all():
    """The brief says how to see all; with --full all sections are there, and that is not said."""
    short, whole = (unsc("run", SEED_VOTE, "--worlds", 500, *full) for full in ([], ["--full"]))
    told = short.stdout.strip().splitlines()
    assert told[-1].startswith("All sections: --full.")
    assert told[:-1] == whole.stdout.strip().splitlines()[: len(told) - 1]
    assert "How it was computed" in whole.stdout
    assert "--full" not in whole.stdout


def test_report_writes_the_page_that_run_writes(tmp_path):
    """From the saved report the same page comes again, beside it, and not over another's."""
    assert unsc("run", SEED_VOTE, "--worlds", 500, "--out", tmp_path / "out").returncode == 0
    page, saved = tmp_path / "out" / "report.html", tmp_path / "out" / "report.json"
    written = page.read_bytes()
    kept = unsc("report", saved)
    assert (kept.returncode, "--force" in kept.stderr) == (2, True)
    page.unlink()
    assert str(page) in unsc("report", saved).stderr
    assert page.read_bytes() == written
    assert unsc("report", saved, "--out", tmp_path / "other.html").returncode == 0
    assert (tmp_path / "other.html").read_bytes() == written
    assert unsc("run", SEED_VOTE, "--worlds", 500, "--out", tmp_path / "out").returncode == 2


def test_several_scenarios_make_a_gallery(tmp_path):
    """One table in the terminal; in the folder an index, and pages of each scenario and pair."""
    names, out = ["dprk-panel-2023", SEED_VOTE, "dprk-panel-2024-review"], tmp_path / "g"
    result = unsc("run", *names, "--worlds", 500, "--out", out)
    assert result.returncode == 0, result.stderr
    assert all(name in result.stdout for name in names)
    assert "begin with" in result.stderr
    pages = {path.stem for path in out.glob("*.html")}
    pairs = {f"{names[0]}--{names[1]}", f"{names[0]}--{names[2]}", f"{names[1]}--{names[2]}"}
    assert pages == {"index", *names, *pairs}
    alone = report(SEED_VOTE, "--worlds", 500)
    assert json.loads((out / f"{SEED_VOTE}.json").read_text(encoding="utf-8")) == alone
    assert unsc("run", *names, "--worlds", 500, "--out", out, "--force").returncode == 0
    told = json.loads(unsc("run", *names, "--worlds", 500, "--json").stdout)
    assert told == json.loads((out / "index.json").read_text(encoding="utf-8"))


def test_an_existing_report_is_kept(tmp_path):
    """Without --force nothing is written over, and nothing is computed first."""
    first = unsc("run", SEED_VOTE, "--worlds", 500, "--out", tmp_path / "out")
    assert first.returncode == 0
    second = unsc("run", SEED_VOTE, "--worlds", 100_000_000, "--out", tmp_path / "out")
    assert second.returncode == 2
    assert "--force" in second.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "no-such-scenario"),
        ("run", SEED_VOTE, "--worlds", "0"),
        ("run", SEED_VOTE, "--worlds", "-5"),
        ("run", SEED_VOTE, "--random-seed", "-1"),
        ("run", SEED_VOTE, "--workers", "0"),
        ("run", SEED_VOTE, "--set", "members.RUS.ties.PRK=3"),
        ("run", SEED_VOTE, "--set", "members.RUS.tie.PRK=0"),
        ("run", SEED_VOTE, "--set", "nonsense"),
        ("run", SEED_VOTE, "--set", "draft.text.review=[1"),
        ("run", "."),
        ("run", "/dev/null"),
        ("compare", SEED_VOTE),
        ("compare", *[SEED_VOTE] * 9),
        ("run", SEED_VOTE, SEED_VOTE),
        ("run", SEED_VOTE, "no-such-scenario"),
        ("report", "no-such-report.json"),
        ("report", "."),
        ("report", str(SCENARIOS / f"{SEED_VOTE}.yaml")),
        ("compare", SEED_VOTE, "no-such-scenario"),
        ("validate", "no-such-file.yaml"),
        ("schema", "nonsense"),
        ("members", "--on", "1989-01-01"),
        ("members", "--on", "yesterday"),
        ("power", "--quota", "99"),
        ("power", "--vetoes-needed", "0"),
    ],
)
def test_a_users_mistake_is_a_sentence_and_exit_2(arguments, tmp_path):
    """No traceback, no output folder, exit code 2, and a word on what is allowed."""
    result = unsc(*arguments, *(["--out", tmp_path / "out"] if arguments[0] == "run" else []))
    assert result.returncode == 2, result.stdout
    assert "Traceback" not in result.stderr
    assert result.stderr.strip()
    assert list(tmp_path.iterdir()) == []


def test_set_keeps_the_spread_and_names_the_setting():
    """A bare number changes the mean alone; the report's name carries the setting."""
    over = ("--set", HAND_SET, "--set", "members.RUS.ties.PRK=0.4")
    found = report(SEED_VOTE, "--worlds", 500, *over)
    tie = found["scenario"]["members"]["RUS"]["ties"]["PRK"]
    assert (tie["mean"], tie["spread"], tie["evidence"]) == (0.4, 0.06, ["assumed"])
    assert "members.RUS.ties.PRK=0.4" in found["name"]


def test_rules_can_be_set_although_the_real_vote_is_known():
    """A real vote under other rules is no real vote: it is left out, not held against the user."""
    found = report(SEED_VOTE, "--worlds", 500, "--set", "charter.vetoes_needed=2")
    assert found["roll_call"]["observed"] is None
    assert found["outcome"]["adopted"]["p"] > 0.5


def test_compare_takes_saved_reports(tmp_path):
    """Two saved reports are compared over their own worlds, which are drawn again."""
    for name, tie in (("a", 0.9), ("b", 0.2)):
        setting = f"members.RUS.ties.PRK={tie}"
        unsc("run", SEED_VOTE, "--worlds", 700, "--set", setting, "--out", tmp_path / name)
    saved = [tmp_path / name / "report.json" for name in ("a", "b")]
    result = unsc("compare", *saved, "--json")
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    assert found["worlds"] == 700
    assert [s["setting"] for s in found["others"][0]["settings"]] == ["members.RUS.ties.PRK.mean"]


@pytest.fixture(scope="module")
def saved_comparison(tmp_path_factory):
    """Return the folder of a comparison of two scenarios under a setting."""
    out = tmp_path_factory.mktemp("saved") / "c"
    setting = ("--set", "members.RUS.ties.PRK=0.4")
    names = (SEED_VOTE, "dprk-panel-2023", "--worlds", 300, "--random-seed", 3)
    result = unsc("compare", *names, *setting, "--out", out)
    assert result.returncode == 0, result.stderr
    return out


def test_a_saved_comparison_runs_again_to_itself(saved_comparison, tmp_path):
    """Its files come again byte for byte, from the file alone and from the command it names."""
    for k, what in enumerate(([saved_comparison / "compare.json"], again(saved_comparison)[2:])):
        result = unsc("compare", *what, "--out", tmp_path / str(k))
        assert result.returncode == 0, result.stderr
        for name in ("compare.json", "compare.md", "compare.html"):
            written = (tmp_path / str(k) / name).read_bytes()
            assert written == (saved_comparison / name).read_bytes(), name


def test_a_saved_comparison_runs_over_other_worlds(saved_comparison):
    """Where other worlds are asked for, they are simulated, and no number is held against it."""
    result = unsc("compare", saved_comparison / "compare.json", "--worlds", 400, "--json")
    found = json.loads(result.stdout)
    assert (found["worlds"], found["random_seed"]) == (400, 3)


def test_an_edited_comparison_is_found_out(saved_comparison, tmp_path):
    """A comparison that does not give its own numbers again is refused with the key."""
    facts = json.loads((saved_comparison / "compare.json").read_text(encoding="utf-8"))
    facts["others"][0]["outcome"]["adopted"]["p"] = 0.5
    path = tmp_path / "compare.json"
    path.write_text(json.dumps(facts), encoding="utf-8")
    result = unsc("compare", path)
    assert (result.returncode, result.stdout) == (2, "")
    assert "does not give its own others; it was edited" in result.stderr
    del facts["base"]["scenario"]
    path.write_text(json.dumps(facts), encoding="utf-8")
    assert "a comparison without its scenarios" in unsc("compare", path).stderr


@pytest.mark.parametrize("command", ["run", "compare"])
def test_a_comparison_is_not_taken_for_a_scenario(command, saved_comparison):
    """Where one scenario is meant, a comparison is refused with the command that runs it again."""
    path = saved_comparison / "compare.json"
    result = unsc(command, path, *([] if command == "run" else [SEED_VOTE]))
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "this is a saved comparison; expected one scenario" in result.stderr
    assert f"unsc compare {path}" in result.stderr


def again(folder):
    """Return the words of the command that the files of a folder name."""
    (file,) = folder.glob("*.md")
    (line,) = re.findall(r"\| a terminal \| (.*) \|", file.read_text(encoding="utf-8"))
    return shlex.split(line.replace("\\", ""))


def test_a_report_says_how_to_run_it_again(tmp_path):
    """The command line and the line of Python in the files give the same report."""
    settings = ("--set", "members.RUS.ties.PRK=0.4", "--set", "draft.text.review={value: 0.5}")
    unsc("run", SEED_VOTE, *settings, "--worlds", 300, "--random-seed", 3, "--out", tmp_path / "r")
    saved = (tmp_path / "r" / "report.json").read_text(encoding="utf-8")
    words = again(tmp_path / "r")
    assert words[:3] == ["unsc", "run", SEED_VOTE]
    assert unsc(*words[1:], "--json").stdout == saved
    text = (tmp_path / "r" / "report.md").read_text(encoding="utf-8").replace("\\", "")
    (python,) = re.findall(r"\| Python \| import sim; (.*) \|", text)
    assert eval(python, {"sim": sim}).to_dict() == json.loads(saved)
    assert "Run it again" in (tmp_path / "r" / "report.html").read_text(encoding="utf-8")


def test_a_comparison_names_only_a_command_that_makes_it():
    """Where the base has settings of its own, Python alone is named, and makes the comparison."""
    base = sim.convene(load_scenario(SEED_VOTE, ["consultations.rounds=3"]), 300, keep_worlds=True)
    other = sim.convene(load_scenario(SEED_VOTE), 300, keep_worlds=True)
    facts = sim.compare(base, other).to_dict()
    section = comparison_sections(facts)[-1]
    assert [row[0] for row in section.rows] == ["Python"]
    python = section.rows[0][1].removeprefix("import sim; ")
    assert eval(python, {"sim": sim}).to_dict() == facts


@pytest.mark.parametrize("worlds", ["2e2", "200", "0.2e3", "2_00"])
def test_worlds_may_be_written_in_several_ways(worlds):
    """Powers of ten and separated digits are taken; what may be misread is refused by name."""
    result = unsc("run", SEED_VOTE, "--worlds", worlds, "--json")
    if worlds == "2_00":
        assert result.returncode == 2
        assert "Invalid value for '--worlds': '2_00' is not a whole number; write" in result.stderr
    else:
        assert json.loads(result.stdout)["worlds"] == 200


def test_compare_refuses_worlds_that_do_not_match(tmp_path):
    """Reports of other numbers of worlds or other seeds are refused, with the reason."""
    for name, seed in (("a", 0), ("b", 1)):
        unsc("run", SEED_VOTE, "--worlds", 700, "--random-seed", seed, "--out", tmp_path / name)
    saved = [tmp_path / name / "report.json" for name in ("a", "b")]
    result = unsc("compare", *saved, "--out", tmp_path / "c")
    assert result.returncode == 2
    assert "cannot be paired" in result.stderr
    assert not (tmp_path / "c").exists()


def test_compare_takes_a_seed_of_zero_at_its_word(tmp_path):
    """A random seed of 0 that is asked for is no leave to take the report's."""
    unsc("run", SEED_VOTE, "--worlds", 700, "--random-seed", 1, "--out", tmp_path / "a")
    saved = tmp_path / "a" / "report.json"
    result = unsc("compare", saved, "dprk-panel-2023", "--random-seed", 0)
    assert result.returncode == 2
    assert "random seed 0 and 700 worlds with random seed 1 cannot be paired" in result.stderr


def test_new_writes_a_scenario_that_runs(tmp_path):
    """The commented scenario to start from is valid as it stands, and is not written over."""
    path = tmp_path / "mine.yaml"
    assert unsc("new", path).returncode == 0
    assert unsc("validate", path).returncode == 0
    assert report(path, "--worlds", 500)["title"] == "My renewal"
    assert unsc("new", path).returncode == 2
    assert unsc("new", path, "--force").returncode == 0


def test_validate_takes_both_kinds_and_names_every_fault(tmp_path):
    """Sound files are named with what they are; all faults of all files are told at once."""
    folder = Path(__file__).parent.parent / "scenarios"
    sound = unsc("validate", folder / f"{SEED_VOTE}.yaml", folder / "preferences" / "assumed.yaml")
    assert sound.returncode == 0
    assert "scenario" in sound.stdout
    assert "preferences" in sound.stdout
    broken = tmp_path / "broken.yaml"
    broken.write_text("kind: scenario\ntitle: x\ndate: 2024-02-30\ndraft: {penholder: UAS}\n")
    result = unsc("validate", folder / f"{SEED_VOTE}.yaml", broken)
    assert result.returncode == 2
    assert f"{broken}:3:7 date" in result.stderr
    assert "instrument" in result.stderr


def test_schema_is_the_shipped_one():
    """The schemas that editors read are those that the command prints."""
    folder = Path(__file__).parent.parent / "scenarios" / "schema"
    for kind in ("scenario", "preferences", "study"):
        shipped = (folder / f"{kind}.schema.json").read_text(encoding="utf-8")
        assert unsc("schema", kind).stdout == shipped, f"run `make schema` ({kind})"


def test_lists():
    """Who sits, which scenarios there are and who has what power can be asked."""
    assert "Republic of Korea" in unsc("members", "--on", "2024-03-28").stdout
    listed = unsc("scenarios").stdout
    assert all(name in listed for name in SHIPPED)
    assert "421/2145" in unsc("power").stdout


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "compare",
        "report",
        "backtest",
        "calibrate",
        "validate",
        "schema",
        "scenarios",
        "members",
        "power",
        "new",
    ],
)
def test_every_command_has_help_with_an_example(command):
    """Each command's help ends with an example that starts as one types it."""
    assert f"Example: unsc {command}" in unsc(command, "--help").stdout


def test_help_lists_every_command_though_none_is_built():
    """The options of commands that are not called are left out; their lines in the help are not."""
    all_built = CliRunner().invoke(app, ["--help"], prog_name="python -m sim").stdout
    begun = [line[:50] for line in all_built.splitlines()]  # the widths of the two differ
    assert [line[:50] for line in unsc("--help", COLUMNS="80").stdout.splitlines()] == begun


def test_two_commands_in_one_process(monkeypatch, capsys):
    """A command leaves nothing behind that would keep the next one from running."""
    for command, said in (("power", "421/2145"), ("scenarios", SEED_VOTE)):
        monkeypatch.setattr(sys, "argv", ["unsc", command])
        with pytest.raises(SystemExit):
            main()
        assert said in capsys.readouterr().out


def test_the_command_is_found_behind_what_is_no_word():
    """A `--` before the command, or an option, does not hide which one is called."""
    assert "421/2145" in unsc("--", "power").stdout
    assert unsc("--version", "power").stdout == f"unsc-sim {__version__}\n"
    assert "Did you mean 'run'?" in unsc("rum").stderr


def test_version():
    """The version can be asked for without a command."""
    result = unsc("--version")
    assert (result.returncode, result.stdout) == (0, f"unsc-sim {__version__}\n")


def test_help_states_how_many_worlds_convene_simulates():
    """The command line and `convene` simulate the same number of worlds unless told."""
    assert signature(convene).parameters["worlds"].default == DEFAULT_WORLDS
    assert f"[default: {DEFAULT_WORLDS}]" in unsc("run", "--help").stdout


def test_an_interrupt_ends_a_run_soon_and_quietly():
    """A Ctrl-C in a long run ends it with exit code 130, without a traceback or half a report."""
    # A test run in the background ignores interrupts, and so would what it starts.
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    start = f"{heed}; from sim.cli import main; print(flush=True); main()"
    arguments = [sys.executable, "-c", start, "run", SEED_VOTE, "--worlds", "50000000"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            process.stdout.readline()
            time.sleep(2)
            process.send_signal(signal.SIGINT)
            out, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130
    assert out == b""
    assert b"Traceback" not in errors


def test_progress_is_shown_on_a_terminal_only():
    """A long run shows a bar where standard error is a terminal, and nothing where it is not."""
    arguments = [sys.executable, "-m", "sim", "run", SEED_VOTE, "--worlds", "120000", "--json"]
    quiet = subprocess.run(arguments, capture_output=True, check=True)
    assert quiet.stderr == b""
    ours, theirs = pty.openpty()
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while process.poll() is None or shown == b"":
            try:
                shown += os.read(ours, 65536)
            except OSError:
                break
            if b"worlds" in shown:
                break
        os.close(ours)
        process.communicate()
    assert b"worlds" in shown


def test_streams_that_cannot_spell_get_a_question_mark():
    """A report is told whole even where the stream knows no other characters than ASCII."""
    result = unsc("run", SEED_VOTE, "--worlds", 500, "--full", PYTHONIOENCODING="ascii")
    assert result.returncode == 0
    assert "How it was computed" in result.stdout


def test_calibrate_writes_preferences_that_run(tmp_path):
    """What a vote teaches is told, written once, and can be run."""
    path = tmp_path / "learnt.yaml"
    result = unsc("calibrate", "--only-seed-vote", "--worlds", 20_000, "--out", path)
    assert result.returncode == 0, result.stderr
    assert "informed by the vote" in " ".join(result.stdout.split())
    assert unsc("validate", path).returncode == 0
    again = unsc("calibrate", "--worlds", 100_000_000, "--out", path)
    assert again.returncode == 2
    assert "--force" in again.stderr
    found = report(SEED_VOTE, "--worlds", 500, "--set", f"preferences={path}")
    assert "S-2024-255" in found["evidence"]["cited"]["members.CHN.ties.PRK"]


def test_votes_import_reads_and_tells_what_is_wrong(tmp_path):
    """A file that is not the library's is refused in a sentence."""
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,2\n")
    result = unsc("votes", "import", path)
    assert result.returncode == 2
    assert "undl_id" in result.stderr
    assert result.stdout == ""


def test_a_pipe_holds_what_a_file_would(tmp_path):
    """A saved report, comparison or scenario through standard input is run as from a file."""
    saved = {
        "run": unsc("run", "undof", "--worlds", "200", "--json").stdout,
        "compare": unsc(
            "compare", SEED_VOTE, "dprk-panel-2023", "--worlds", "200", "--json"
        ).stdout,
    }
    for command, text in saved.items():
        path = tmp_path / f"{command}.json"
        path.write_text(text, encoding="utf-8")
        from_file = unsc(command, path)
        assert from_file.returncode == 0, from_file.stderr
        with path.open(encoding="utf-8") as pipe:
            through = subprocess.run(
                [sys.executable, "-m", "sim", command, "-"],
                stdin=pipe,
                capture_output=True,
                text=True,
                check=False,
            )
        assert (through.returncode, through.stderr) == (0, "")
        assert through.stdout == from_file.stdout


def test_what_is_saved_without_a_checksum_is_named(tmp_path):
    """A calendar has no page to be made of it, and nobody is told that it was edited."""
    day = "2026-12-31"
    made = unsc("calendar", "--from", day, "--to", day, "--worlds", "200", "--json")
    path = tmp_path / "calendar.json"
    path.write_text(made.stdout, encoding="utf-8")
    assert "report: a calendar, whose pages unsc calendar --out" in unsc("report", path).stderr
    assert "unsc report" not in unsc("run", path).stderr


def test_no_file_is_called_a_hyphen(tmp_path):
    """Where - elsewhere means a pipe, no command makes a file or a page of that name."""
    for command in (
        ("new", "-"),
        ("run", "undof", "--worlds", "200", "--out", "-"),
        ("report", "-"),
    ):
        done = unsc(*command, cwd=tmp_path)
        assert done.returncode == 2
        assert done.stderr.startswith("-: ")
    assert not [*tmp_path.iterdir()]


def test_options_of_a_study_to_write_are_not_ignored(tmp_path):
    """A day, a term or a penholder with --study is refused, as a mandate is."""
    for option in (("--on", "2026-12-18"), ("--term", "3"), ("--penholder", "USA")):
        done = unsc("new", "s.yaml", "--study", *option, cwd=tmp_path)
        assert done.returncode == 2
        assert "--study: expected no option but --force with it." in done.stderr
    assert not [*tmp_path.iterdir()]
