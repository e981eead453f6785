"""Memory is estimated before anything is computed, and the largest scenario finds room in 2 GB."""

import os
import resource
import subprocess
import sys
import tracemalloc
from itertools import chain
from pathlib import Path

import pytest
import yaml

from sim import convene, load_scenario
from sim.catalogue import provisions
from sim.chamber import CouncilModel, memory, session, voted
from sim.chance import BLOCK, MAX_WORLDS, Block
from sim.cli import main
from sim.errors import InvalidInput, UnscError
from sim.reading.source import MAX_BYTES
from sim.reading.yaml12 import MAX_NODES
from sim.roster import states
from sim.scenario.form import ScenarioFile
from sim.scenario.source import MAX_TEXT_BYTES

GB = 1_000_000_000
PERMANENT = ["USA", "RUS", "CHN", "GBR", "FRA"]


def largest(n_members=40, n_own=25, n_vetoes=10, **consultations):
    """Return a scenario of the most members, provisions, vetoes and rounds that there may be."""
    own = [f"p{k}" for k in range(n_own)]
    names = [*provisions(), *own]
    others = [code for code in states() if code not in PERMANENT]
    members = [*PERMANENT, *others][:n_members]
    return {
        "kind": "scenario",
        "title": "The largest",
        "date": "2024-03-28",
        "preferences": "assumed",
        "council": members,
        "provisions": {p: {"unit": "u", "at_0": "a", "at_half": "b", "at_1": "c"} for p in own},
        "draft": {
            "instrument": "panel_renewal",
            "target": "PRK",
            "penholder": "USA",
            "text": {p: {"value": 0.5, "spread": 0.1} for p in names},
            "lapse": dict.fromkeys(names, 0.1),
            "red_lines": {p: {"low": 0.2, "high": 0.9} for p in names},
        },
        "charter": {
            "quota": n_members // 2,
            "veto": members[:n_vetoes],
            "vetoes_needed": n_vetoes,
        },
        "consultations": {"rounds": 200} | consultations,
        "tabling": {
            "if_adoptable": 0.01,
            "rollover_below": 0.9,
            "rollover": dict.fromkeys(names, 0.15),
        },
        "defaults": {
            "ideal": {p: {"mean": 0.4, "spread": 0.2} for p in own},
            "salience": {p: {"mean": 0.2, "spread": 0.1} for p in own},
        },
    }


@pytest.fixture
def file_of(tmp_path):
    """Write a scenario down and return its path."""

    def written(document):
        path = tmp_path / "largest.yaml"
        path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
        return path

    return written


def name_again(path, letter, n_times):
    """Add a text of 19,000 letters to the sources of a scenario, so many times by an alias."""
    aliases = chain([f'&a "{letter * 19_000}"'], ["*a"] * (n_times - 1))
    with path.open("a", encoding="utf-8") as file:
        file.write(f"sources: [{', '.join(aliases)}]\n")


@pytest.mark.parametrize(
    ("n_members", "n_own", "n_vetoes"), [(15, 0, 1), (40, 0, 5), (40, 25, 1), (40, 25, 10)]
)
def test_the_estimate_is_what_a_model_takes(file_of, n_members, n_own, n_vetoes):
    """Within a fifth of the most that is measured, whatever the members, texts and vetoes."""
    scenario = load_scenario(file_of(largest(n_members, n_own, n_vetoes, rounds=2)))
    n_worlds = 1000
    tracemalloc.start()
    try:
        with voted(scenario, Block(0, 0, n_worlds)) as model:
            session._count(session._followed(scenario, model.votes), False, {}, model)
        measured = tracemalloc.get_traced_memory()[1] / n_worlds
    finally:
        tracemalloc.stop()
    assert memory.bytes_per_world(scenario) == pytest.approx(measured, rel=0.2)


def refused(capsys, monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["unsc", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    return capsys.readouterr().err


def never(*_args, **_kwargs):
    raise AssertionError("something is computed")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run", "dprk-panel-2024", "--worlds", "1e8", "--workers", "1000"), "workers: 1000 need"),
        (
            ("compare", "dprk-panel-2024", "dprk-panel-2023", "--worlds", "1e7"),
            "worlds: 10,000,000",
        ),
        (("run", "dprk-panel-2024", "dprk-panel-2023", "--worlds", "1e7"), "worlds: 10,000,000"),
        (("sensitivity", "dprk-panel-2024", "--worlds", "1e7"), "worlds: 10,000,000 need"),
        (("frontier", "dprk-panel-2024", "--free", "review", "--workers", "900"), "workers: 900"),
    ],
)
def test_what_does_not_fit_is_refused_at_once(capsys, monkeypatch, arguments, says):
    """What is needed, what there is, and the most that would fit, before anything is computed."""
    monkeypatch.setattr(memory, "memory", lambda: 2 * GB)
    monkeypatch.setattr(CouncilModel, "step", never)
    said = refused(capsys, monkeypatch, *arguments)
    assert said.startswith(says)
    assert "there are 2.0 GB; expected at most " in said
    most = int(said.rsplit(" ", 1)[1].strip(".\n").replace(",", ""))
    assert 0 < most < 10_000_000


def test_the_most_that_would_fit_fits(monkeypatch):
    """The number that a refusal names is one that is taken, and one more is not."""
    scenario = load_scenario("dprk-panel-2024")
    monkeypatch.setattr(memory, "memory", lambda: 2 * GB)
    with pytest.raises(UnscError, match="expected at most") as error:
        memory.checked_workers(scenario, 10**8, 1000)
    most = int(str(error.value).rsplit(" ", 1)[1].strip("."))
    assert memory.checked_workers(scenario, 10**8, most) == most
    with pytest.raises(UnscError, match=f"at most {most}"):
        memory.checked_workers(scenario, 10**8, most + 1)


def test_a_machine_too_small_for_one_model(monkeypatch):
    """It is said what makes a scenario smaller."""
    monkeypatch.setattr(memory, "memory", lambda: GB // 4)
    with pytest.raises(UnscError, match=r"fewer worlds, members, provisions or vetoes_needed"):
        convene(load_scenario("dprk-panel-2024"), BLOCK)


def test_workers_follow_the_memory(monkeypatch):
    """Unasked no more models than half of the memory holds; results are the same."""
    scenario = load_scenario("dprk-panel-2024", ["preferences=assumed"])
    monkeypatch.setattr(memory.os, "cpu_count", lambda: 64)
    monkeypatch.setattr(memory, "memory", lambda: 10**12)
    assert memory.checked_workers(scenario, 10**8, None) == 64
    usual = convene(scenario, 2 * BLOCK).to_dict()
    monkeypatch.setattr(memory, "memory", lambda: GB)
    assert 1 <= memory.checked_workers(scenario, 10**8, None) < 5
    monkeypatch.setattr(memory, "memory", lambda: GB // 2)
    assert memory.checked_workers(scenario, 10**8, None) == 1
    assert convene(scenario, 2 * BLOCK).to_dict() == usual


def test_there_is_memory():
    """The machine has some, and a limit of this process counts."""
    assert memory.memory() > 10**8
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_DATA, (10**9, 10**9));"
        "from sim.chamber.memory import memory; assert memory() == 10**9"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


PAGES_OF_RUNS = """
import resource
from sim import convene, load_scenario
scenario = load_scenario("dprk-panel-2024")
taken = []
for _ in range(4):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    convene(scenario, 5000, workers=1)
    taken.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
print(min(taken))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts what Linux hands out")
@pytest.mark.parametrize("given", [{}, {"MALLOC_TRIM_THRESHOLD_": "65536"}])
def test_a_run_takes_its_memory_from_the_one_before(given):
    """What a run frees the next one finds: hardly a page comes anew, in a worker of dask either."""
    command = [sys.executable, "-c", PAGES_OF_RUNS]
    done = subprocess.run(command, env={**os.environ, **given}, capture_output=True, check=True)
    assert int(done.stdout) < 3000  # of 4 KB; 21,700 where the library gives all back


def in_2_gb(folder, *arguments):
    """Run a command that may have 2 GB, and return the most that it took and what it said."""
    limited = (
        "import resource as r, sys; from sim.cli import main;"
        f"r.setrlimit(r.RLIMIT_DATA, ({2 * GB}, {2 * GB}))\n"
        "try: main()\n"
        "finally: print('peak', r.getrusage(r.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    command = [sys.executable, "-c", limited, *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    *said, peak = done.stderr.splitlines()
    return int(peak.split()[1]) * 1024, "\n".join(said)


@pytest.mark.slow(reason="a full block of worlds of the largest scenario, half a minute")
def test_the_largest_scenario_in_2_gb(file_of, tmp_path):
    """A full block of worlds of the most that there may be, but for rounds, which take none."""
    file_of(largest(rounds=3))
    peak, said = in_2_gb(tmp_path, "run", "largest.yaml", "--worlds", BLOCK + 1, "--out", "out")
    assert "Written" in said
    assert GB < peak < 2 * GB


@pytest.mark.slow(reason="six commands of the largest files there are, half a minute")
def test_the_largest_scenario_is_read_again(file_of, tmp_path):
    """Of the most members, provisions and rounds, with the longest texts: run, shown, compared."""
    name_again(file_of(largest()), "\\x01", (MAX_TEXT_BYTES - 100_000) // 19_000)  # \u0001 in JSON
    for command in (
        ("run", "largest.yaml", "--worlds", 5, "--out", "out"),
        ("run", "out/report.json"),
        ("report", "out/report.json", "--force"),
        ("compare", *["out/report.json"] * 8, "--out", "compared"),
        ("compare", "compared/compare.json"),
        ("report", "compared/compare.json", "--force"),
    ):
        peak, said = in_2_gb(tmp_path, *command)
        assert peak < 2 * GB
        assert "differ" not in said


def test_the_readme_states_the_limits():
    """Each as the code has it."""
    readme = (Path(__file__).parent.parent / "scenarios" / "README.md").read_text(encoding="utf-8")
    stated = readme.partition("## Limits")[2].partition("\n## ")[0]
    text = {MAX_TEXT_BYTES, MAX_BYTES, MAX_NODES, MAX_WORLDS, BLOCK}
    assert all(f"{limit:,}" in stated for limit in text)
    assert f"| worlds; workers | {MAX_WORLDS:,}; {session.MOST_WORKERS} |" in stated
    fields = ScenarioFile.model_json_schema()["properties"]
    n_members, n_own = (
        fields["council"]["anyOf"][0]["maxItems"],
        fields["provisions"]["maxProperties"],
    )
    assert f"holders of a veto | {n_members}; 10 |" in stated
    assert f"own; rounds | {n_own}; 200 |" in stated


def test_texts_have_a_limit_that_aliases_do_not_pass(tmp_path, file_of):
    """A text that is named 90,000 times counts as often, before anything is made of it."""
    path = file_of({"kind": "scenario", "title": "T", "extends": "dprk-panel-2024"})
    name_again(path, "x", 90_001)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InvalidInput, match=r"1,710,\d{3},\d{3} bytes; at most 1,000,000 bytes"):
        load_scenario(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
