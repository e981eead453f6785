"""Studies: the plan and its points, samples, running, what is kept, and the tidy table."""

import csv
import io
import json
import resource
import shlex
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import sim
from sim import compare, convene, load_scenario, sensitivity
from sim.chance import Block
from sim.draws import drawn
from sim.errors import InvalidInput, UnscError
from sim.studies import conduct, merge, read_plan, run, study
from sim.studies.point import unpacked
from sim.studies.sample import Spread, over_spreads, unit_cube
from sim.studies.store import Store, sound
from sim.writing.once import clear_drafts, make_once

BASE = "dprk-panel-2024"
TIE, TERM = "members.RUS.ties.PRK", "draft.text.term"
GRID = {TIE: {"from": 0, "to": 0.8, "steps": 3}, TERM: [0.25, 0.5]}


def planned(worlds=200, **over):
    """A small study of the seed vote."""
    return {"kind": "study", "base": BASE, "worlds": worlds, "vary": {"product": GRID}} | over


def files_in(folder):
    """The files of points, by what makes one the same file: its inode and when it was written."""
    return {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in folder.glob("points/*/*.json")}


def unsc(*arguments, cwd=None, **more):
    return subprocess.run(
        [sys.executable, "-m", "sim", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
        **more,
    )


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    """The small study, run once."""
    return study(planned(), tmp_path_factory.mktemp("grid") / "out", workers=2)


def test_of_several_ways_every_combination_is_a_point(tmp_path):
    """Product, lists side by side, a table, bases and random seeds multiply; none is lost."""
    (tmp_path / "points.csv").write_text(
        "members.CHN.voice,draft.penholder\n0.1,[USA]\n0.2,[GBR]\n"
    )
    vary = {
        "product": {TIE: [0, 0.5, 0.8]},
        "zip": {"members.RUS.voice": [0, 1], "members.FRA.voice": [1, 0]},
        "table": "points.csv",
    }
    plan = read_plan(planned(vary=vary, random_seeds=[3, 4]), tmp_path)
    assert len(plan) == 3 * 2 * 2 * 2
    assert len({plan.key(point) for point in plan.points()}) == len(plan)
    seen = {(point.random_seed, *plan.laid_over(point)) for point in plan.points()}
    last = ("draft.penholder=[GBR]", "members.CHN.voice=0.2", "members.FRA.voice=0",
            f"{TIE}=0.8", "members.RUS.voice=1")  # fmt: skip
    assert (4, *last) in seen
    parts = [point.number for k in (1, 2, 3) for point in plan.points((k, 3))]
    assert sorted(parts) == list(range(1, 25))


def test_mandates_on_days_are_bases():
    """Each mandate is renewed on each day on which it lived."""
    plan = read_plan({"kind": "study", "mandates": ["undof", "unmiss"],
                      "days": ["2010-06-30", "2025-06-30"], "worlds": 100})  # fmt: skip
    assert plan.bases == ("undof@2010-06-30", "undof@2025-06-30", "unmiss@2025-06-30")
    assert plan.columns(plan[1]) == {"base": "undof@2025-06-30"}


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_a_sample_has_one_point_in_each_part_of_each_range(kind):
    """Both samples stratify every dimension, and are the same for the same random seed alone."""
    cube = unit_cube(kind, 64, 3, 7)
    for column in cube.T:
        assert sorted((column * 64).astype(int)) == list(range(64))
    assert (cube == unit_cube(kind, 64, 3, 7)).all()
    assert (cube != unit_cube(kind, 64, 3, 8)).any()


def test_a_sobol_sample_is_evener_than_chance():
    """It also has one point in each square of a grid of 8 x 8, as its net property says."""
    cells = (unit_cube("sobol", 64, 2, 1) * 8).astype(int)
    assert len({tuple(cell) for cell in cells}) == 64


def test_a_sample_over_spreads_has_their_means_and_deviations():
    """Means and standard deviations are those given, and no value leaves its bounds."""
    spreads = [Spread(0.2, 0.1, -1, 1), Spread(0.9, 0.5, 0, 1)]
    rows = np.array(over_spreads(unit_cube("sobol", 1024, 3, 0), spreads))
    assert rows[:, 0].mean() == pytest.approx(0.2, abs=0.002)
    assert rows[:, 0].std() == pytest.approx(0.1, rel=0.02)
    assert rows[:, 1].min() >= 0
    assert rows[:, 1].max() <= 1


def test_spreads_are_those_of_the_preferences():
    """Over the preferences' own spreads a number varies about its mean, and has no spread left."""
    base = load_scenario(BASE)
    setting = next(s for s, e in base.counting[base.codes.index("CHN")].items() if e.spread)
    vary = {"latin_hypercube": {"points": 50, "spreads": [f"members.CHN.{setting}"]}}
    plan = read_plan(planned(vary=vary))
    own = base.counting[base.codes.index("CHN")][setting]
    values = [point.values[0] for point in plan.points()]
    assert np.mean(values) == pytest.approx(own.mean, abs=own.spread / 5)
    varied = plan.scenario(plan[0])
    estimate = varied.preferences[varied.codes.index("CHN")].as_plain()
    assert varied.settings[-1].endswith("spread: 0}")
    assert estimate


def test_preferences_vary_together_where_that_is_asked_for():
    """Together they correlate as over the worlds of the model; else each varies by itself."""
    base = load_scenario(BASE)
    seat = base.codes.index("RUS")
    settings = [s for s, e in base.counting[seat].items() if e.spread]
    chance = Block(0, 0, 24_000)
    drawn_by_model = drawn(
        {s: base.counting[seat][s] for s in settings}, chance, base.council[seat],
        base.draws, base.draws.of_worlds(chance),
    )  # fmt: skip
    real = np.corrcoef(drawn_by_model)
    np.fill_diagonal(real, 0)
    one, other = np.unravel_index(np.abs(real).argmax(), real.shape)
    assert abs(real[one, other]) > 0.4
    found = {}
    for together in (True, False):
        spreads = [f"members.RUS.{settings[k]}" for k in (one, other)]
        sample = {"points": 400, "spreads": spreads, "together": together}
        plan = read_plan(planned(vary={"latin_hypercube": sample}))
        values = np.array([point.values for point in plan.points()])
        found[together] = np.corrcoef(values.T)[0, 1]
        assert values.std(0) == pytest.approx(drawn_by_model[[one, other]].std(1), rel=0.1)
    assert found[True] == pytest.approx(real[one, other], abs=0.1)
    assert abs(found[False]) < 0.15


def test_a_point_that_comes_again_is_made_once_and_has_every_row(tmp_path):
    """Two rows of a table that say the same are one file and two rows, and none is missing."""
    (tmp_path / "points.csv").write_text(f"{TIE}\n0.5\n0.2\n0.5\n")
    plan = read_plan(planned(vary={"table": "points.csv"}), tmp_path)
    for _ in range(2):  # when they are made, and when they are there
        facts = study(plan, tmp_path / "out", workers=1).facts
        assert [row[:2] for row in facts["rows"]] == [[1, 0.5], [2, 0.2], [3, 0.5]]
        assert facts["rows"][0][2:] == facts["rows"][2][2:]
        assert facts["n_missing"] == 0
    assert len(files_in(tmp_path / "out")) == 2
    assert conduct.found_in(plan, Store(tmp_path / "out")).n_todo == 0


def test_the_table_is_the_same_wherever_it_was_made(grid, tmp_path):
    """Processes, anybody's executor and merged shards give the table of threads, byte by byte."""
    text = grid.to_csv()
    with ThreadPoolExecutor(2) as pool:
        assert study(planned(), tmp_path / "pool", pool).to_csv() == text
    assert study(planned(), tmp_path / "processes", "processes", workers=2).to_csv() == text
    shards = [tmp_path / f"shard{k}" for k in (3, 1, 2)]
    for folder in shards:
        study(planned(), folder, shard=(int(folder.name[-1]), 3))
    merged = merge(shards, tmp_path / "merged")
    assert merged.to_csv() == text
    assert not list((tmp_path / "merged").glob("points"))
    assert merge([tmp_path / "merged"], tmp_path / "merged").to_csv() == text
    files = {p.name: p.read_bytes() for p in (tmp_path / "pool").glob("points/*/*.json")}
    assert files == {p.name: p.read_bytes() for p in grid.folder.glob("points/*/*.json")}
    assert study(planned(), tmp_path / "merged").to_csv() == text


def test_what_is_there_is_not_run_again(grid, tmp_path):
    """Only what is missing or damaged is made; a changed plan keeps what it still holds."""
    out = tmp_path / "out"
    study(planned(), out)
    kept = files_in(out)
    gone, cut, *_ = sorted(kept)
    gone.unlink()
    cut.write_bytes(cut.read_bytes()[:-40])
    assert study(planned(), out).to_csv() == grid.to_csv()
    again = files_in(out)
    assert {p for p in kept if kept[p] != again[p]} == {gone, cut}
    wider = {TIE: [0, 0.4, 0.8, 0.9], TERM: [0.25, 0.5]}
    found = conduct.found_in(read_plan(planned(vary={"product": wider})), Store(out))
    assert (len(found.points), len(found.todo), found.n_others) == (6, 2, 0)
    other = conduct.found_in(read_plan(planned(worlds=201)), Store(out))
    assert (len(other.points), len(other.todo), other.n_others) == (0, 6, 6)


def test_tasks_are_small_at_the_end():
    """Each point is in one task, none lasts much over a second, and the last ones are one point."""
    todo = [(k, str(k)) for k in range(1000)]
    tasks = run._tasks(todo, 2, 0.02)
    assert [one for task in tasks for one in task] == todo
    assert len(tasks[0]) == 50
    assert [len(task) for task in tasks[-8:]] == [1] * 8
    assert {len(task) for task in run._tasks(todo[:20], 2, 3.0)} == {1}


def test_two_runs_side_by_side_share_the_work(grid, tmp_path, monkeypatch):
    """Two runs of one study at once make each point once, and both have the whole table."""
    made = []
    simulated = run.simulated

    def counted(plan, point):
        made.append(point.number)
        return simulated(plan, point)

    monkeypatch.setattr(run, "simulated", counted)
    tables = []

    def one():
        tables.append(study(planned(), tmp_path / "out", workers=1).to_csv())

    both = [threading.Thread(target=one) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert tables == [grid.to_csv()] * 2
    assert sorted(made) == [1, 2, 3, 4, 5, 6]
    assert not (tmp_path / "out" / "drafts").exists() or not any(
        (tmp_path / "out/drafts").iterdir()
    )


def test_a_draft_is_written_whole_or_not_at_all(tmp_path):
    """What fails leaves no file; what a killed process left is cleared or written over."""
    file, draft = tmp_path / "a" / "file", tmp_path / "drafts" / "file"

    def fails():
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        make_once(file, draft, fails)
    assert not file.exists()
    assert not draft.exists()
    draft.parent.mkdir(exist_ok=True)
    draft.write_bytes(b"half of something longer")
    assert make_once(file, draft, lambda: b"whole")
    assert file.read_bytes() == b"whole"
    draft.write_bytes(b"half")
    clear_drafts(draft.parent)
    assert not draft.exists()


def test_differences_are_those_of_compare(grid):
    """A point's chance and its difference from the base are what compare says of those worlds."""
    base = load_scenario(BASE)
    sides = (base, base.with_settings({TIE: 0.4, TERM: 0.5}))
    told = compare(*(convene(s, 200, keep_worlds=True) for s in sides)).to_dict()["others"][0]
    row = next(r for r in rows_of(grid.to_csv()) if (r[TIE], r[TERM]) == ("0.4", "0.5"))
    for name, change in told["difference"].items():
        assert float(row[name]) == pytest.approx(told["outcome"][name]["p"], abs=1e-6)
        ends = [float(row[f"{name}_change{end}"]) for end in ("", "_low", "_high")]
        assert ends == pytest.approx([change["p"], change["low"], change["high"]], abs=1e-6)
    assert float(row["RUS_against"]) == pytest.approx(told["members"]["RUS"]["after"]["against"])


def test_each_command_reproduces_its_row(grid):
    """The command of a row, typed, gives the row's chance."""
    words = shlex.split(grid.facts["commands"][3])
    assert words.pop(0) == "unsc"
    told = json.loads(unsc(*words, "--json").stdout)
    place = grid.facts["columns"].index("adopted")
    assert told["outcome"]["adopted"]["p"] == grid.facts["rows"][3][place]


def test_every_column_is_a_setting_a_measure_or_the_end_of_an_interval(grid):
    """Nothing in the table is without a kind; a frame has the same columns."""
    facts = grid.facts
    named = {"point", *facts["settings"]}
    for measure in facts["measures"]:
        named |= {measure["column"], measure["low"], measure["high"]}
    assert named - {None} == set(facts["columns"])
    frame = grid.to_frame()
    assert list(frame.columns) == facts["columns"]
    assert (frame["adopted_low"] <= frame["adopted"]).all()
    assert facts["settings"] == [TIE, TERM]
    assert "6 of 6 points" in repr(grid)


def test_what_is_kept_is_what_was_asked_for(tmp_path):
    """Text, rounds, roll calls and worlds are kept on demand, and worlds can be read again."""
    keep = ["text", "rounds", "roll_calls", "worlds"]
    done = study(planned(300, keep=keep, vary={"product": {TIE: [0.5]}}), tmp_path / "out")
    columns = done.facts["columns"]
    assert {"text_review", "round_1_adopted", "roll_call", "roll_call_p"} <= {*columns}
    assert not any(column.endswith("_against") for column in columns)
    (file,) = files_in(tmp_path / "out")
    worlds = unpacked(sound(file.read_bytes())["worlds"], 300)
    result = convene(load_scenario(BASE).with_settings({TIE: 0.5}), 300, keep_worlds=True)
    assert (worlds[0] == result.kept().outcome).all()
    assert (worlds[1:] == result.kept().votes).all()


UNSOUND = {
    "product": {
        "draft.text.review": [0.5, 0.2],
        "draft.red_lines.review": [{"low": 0.1, "high": 0.9}, {"low": 0.4, "high": 0.9}],
    }
}
"""Each value goes with the first of the other setting; the last two do not go together."""


@pytest.mark.parametrize("on_error", ["stop", "skip"])
def test_a_point_that_fails_is_told_with_its_settings(tmp_path, on_error):
    """It is listed with its settings, no other is lost where it is skipped, and the code is 1."""
    file = tmp_path / "plan.yaml"
    file.write_text(json.dumps(planned(vary=UNSOUND)))
    told = unsc("study", file, "--on-error", on_error, "--workers", 1, cwd=tmp_path)
    assert told.returncode == 1
    assert "point 4 (draft.text.review=0.2" in told.stderr
    assert "lies outside 0.4 to 0.9" in told.stderr
    assert "Traceback" not in told.stderr
    assert len(rows_of((tmp_path / "plan" / "table.csv").read_text())) == 3
    failed = json.loads((tmp_path / "plan" / "errors.json").read_text())["failed"]
    assert [one["point"] for one in failed] == [4]


def test_a_dry_run_says_what_would_be_done_and_does_nothing(tmp_path):
    """Points, worlds, time and size are told; no folder is made."""
    file = tmp_path / "plan.yaml"
    file.write_text(json.dumps(planned(title="A grid")))
    told = unsc("study", file, "--dry-run", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    for words in ("A grid", "6 points of 200 worlds", "6 to run", " s by ", "MB in"):
        assert words in told.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["plan.yaml"]


def test_a_study_from_the_command_line(tmp_path):
    """A template runs as it is; progress is told in lines; a second run finds all there."""
    assert unsc("new", "--study", "new.yaml", cwd=tmp_path).returncode == 0
    assert "18 points" in unsc("validate", "new.yaml", cwd=tmp_path).stdout
    file = tmp_path / "new.yaml"
    file.write_text(file.read_text().replace("worlds: 5000", "worlds: 100"))
    first = unsc("study", file, cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "new: 18 of 18 points" in first.stderr
    table = (tmp_path / "new" / "table.csv").read_bytes()
    again = unsc("study", file, cwd=tmp_path)
    assert "All of them are there already" in again.stdout
    assert (tmp_path / "new" / "table.csv").read_bytes() == table
    assert unsc("study", "merge", "new", "--out", "packed", cwd=tmp_path).returncode == 0
    assert (tmp_path / "packed" / "table.csv").read_bytes() == table


def bad(text, *words):
    return pytest.param(text, words, id=words[-1][:40])


ONE, TWO = "members.RUS.voice", "members.CHN.voice"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        bad("  product: {members.RUS.tie.PRK: [1]}", ":5:", "key 'tie'", "Did you mean 'ties'"),
        bad(f"  product: {{{TIE}: [0, 5]}}", ":5:", "a number from -1 to 1"),
        bad(f"  product: {{{TIE}: {{from: 1, to: 0, steps: 3}}}}", ":5:", "lower number first"),
        bad(f"  sobol: {{points: 4, between: {{{TIE}: [0.5, 0.1]}}}}", ":5:", "0.5 to 0.1"),
        bad(f"  product: {{{TIE}: []}}", ":5:", "found an empty list", "a list of 1"),
        bad(f"  product: {{{TIE}: [1], {TERM}: 0.5}}", ":5:", "found 0.5"),
        bad(f"  product: {{{TIE}: {{from: 0, to: 1, steps: 1000000000}}}}", ":5:", "1000000"),
        bad(
            f"  product: {{{ONE}: {{from: 0, to: 1, steps: 40000}},\n"
            f"    {TWO}: {{from: 0, to: 1, steps: 25000}}}}",
            ":4:",
            "1,000,000,000 points",
            "at most 1,000,000",
        ),
        bad(f"  zip: {{{ONE}: [0, 1], {TWO}: [0]}}", ":5:", "as many of each"),
        bad(f"  product: {{{ONE}: [1]}}\n  zip: {{{ONE}: [0]}}", ":6:", "given twice"),
        bad(f"  product: {{{ONE}: [1], members.RUS: [{{}}]}}", ":5:", "also set by"),
        bad(f"  product: {{{ONE}: [1, 1]}}", ":5:", "expected each once"),
        bad("  sobol: {points: 4, spreads: [a, a]}", ":5:", "a twice", "expected each once"),
        bad("  sobol: {points: 100, spreads: all}", ":5:", "power of two", "Write 128"),
        bad("  sobol: {points: 4, spreads: members.RUS.nothing}", ":5:", "has no spread"),
        bad(
            "  sobol: {points: 4, spreads: all, together: true}\nsettings: {draws: null}",
            ":5:",
            "has no joint draws",
        ),
        bad("  latin_hypercube: {points: 4}", ":5:", "neither bounds nor spreads"),
        bad("  table: nowhere.csv", ":5:", "there is no file 'nowhere.csv'"),
        bad("  table: holes.csv", "holes.csv:3", "an empty cell", "expected a value"),
        bad("  table: wrong.csv", "wrong.csv:2:1", "Did you mean 'ties'"),
        bad("  table: semicolons.csv", "semicolons.csv:1:1", "by semicolons", "commas"),
        bad("  table: twice.csv", "twice.csv:1:1", "given twice"),
        bad("  table: middle.csv", "middle.csv:151:1", "found 'much'"),
        bad("  table: middle.csv", "middle.csv:152:1", "found 7", "from 0 to 5"),
        bad("  table: nothing.csv", "nothing.csv", "the file is empty", "names of the columns"),
        bad("  table: header.csv", ":5:", "no rows"),
        bad("  squared: {}", ":5:", "unknown key 'squared'"),
    ],
)
def test_bad_plans_are_refused_with_file_and_line(tmp_path, text, words):
    """What is wrong is told with its place and what is allowed, before anything runs."""
    (tmp_path / "wrong.csv").write_text("members.RUS.tie.PRK\n1\n")
    (tmp_path / "holes.csv").write_text("members.RUS.voice,members.CHN.voice\n1,0\n1,\n")
    (tmp_path / "semicolons.csv").write_text(f"\ufeff{ONE};{TWO}\n1;0\n", encoding="utf-8")
    (tmp_path / "twice.csv").write_text(f"{ONE},{ONE}\n1,0\n")
    many = [str(k / 1000) for k in range(300)]
    many[149:151] = "much", "7"
    (tmp_path / "middle.csv").write_text("\n".join([ONE, *many]))
    (tmp_path / "nothing.csv").write_text("")
    (tmp_path / "header.csv").write_text(f"{ONE}\n")
    file = tmp_path / "plan.yaml"
    file.write_text(f"kind: study\nbase: {BASE}\nworlds: 100\nvary:\n{text}\n")
    with pytest.raises(InvalidInput) as refused:
        read_plan(file)
    told = str(refused.value)
    for each in words:
        assert each in told, told
    assert "; expected" in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        bad("base: nowhere", ":2:", "no such scenario or mandate"),
        bad("worlds: 5", ":1:", "neither is given"),
        bad("base: undof\nmandates: undof", ":3:", "one of them"),
        bad("mandates: undoff", ":2:", "in one word, as undof. Did you mean 'undof'?"),
        bad("base: dprk-panel-2025", ":2:", "Did you mean 'dprk-panel-2026' or the mandate"),
        bad("base: undof\nkeep: all", ":3:", "a list of at most 6, each item one of"),
        bad("base: undof\nworlds: 20k", ":3:", "to 1,000,000. Write 20000 in full."),
        bad("base: dprk-panel-2024\nsettings: {draft.text.trm: 1}", ":3:", "trm"),
        bad("base: dprk-panel-2024\nkeep: [outcome]", ":3:", "outcomes"),
        bad("base: dprk-panel-2024\nworlds: 0", ":3:", "from 1 to"),
        bad("base: dprk-panel-2024\nrandom_seeds: []", ":3:", "an empty list"),
        bad("base: dprk-panel-2024\nrandom_seeds: [3, 3]", ":3:", "3 twice"),
        bad("base: dprk-panel-2024\nkeep: [text, text]", ":3:", "text twice"),
        bad("mandates: [undof, undof]", ":2:", "undof twice"),
        bad("mandates: undof\ndays: [2025-06-30, 2025-06-30]", ":3:", "2025-06-30 twice"),
        bad("mandates: undof\ndays: [1950-06-30]", ":3:", "none of the mandates lived then"),
        bad("mandates: [undof, minusma]\ndays: [2026-06-30]", ":2:19", "minusma lived on none of"),
    ],
)
def test_bases_and_worlds_are_checked_too(tmp_path, text, words):
    """A base that does not exist, or none, is refused as well."""
    file = tmp_path / "plan.yaml"
    file.write_text(f"kind: study\n{text}\n")
    with pytest.raises(InvalidInput) as refused:
        read_plan(file)
    for each in words:
        assert each in str(refused.value)


def test_where_nothing_can_be_written_a_sentence_says_so(tmp_path):
    """A folder of something else, a file in its place and a full disk end in one line."""
    file = tmp_path / "plan.yaml"
    file.write_text(json.dumps(planned()))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    for out, words in (("mine", "holds no study"), ("plan.yaml", "expected a folder")):
        told = unsc("study", file, "--out", out, cwd=tmp_path)
        assert told.returncode == 2
        assert words in told.stderr
        assert len(told.stderr.splitlines()) == 1

    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    told = unsc("study", file, "--out", "full", cwd=tmp_path, preexec_fn=little_room)
    assert told.returncode == 2
    assert "what is done is kept" in told.stderr
    assert "Traceback" not in told.stderr
    assert all(sound(file.read_bytes()) for file in files_in(tmp_path / "full"))
    assert not any((tmp_path / "full").glob("drafts/*"))
    assert unsc("study", file, "--out", "full", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["plan.yaml", "--shard", "4/3"], "as 3/10"),
        (["plan.yaml", "--executor", "dask"], "--scheduler"),
        (["nowhere.yaml"], "unsc new --study"),
        (["merge", "nowhere"], "holds no study"),
        (["merge"], "expected the folders of its shards"),
        (["plan.yaml", "other.yaml"], "expected one study"),
    ],
)
def test_what_is_asked_for_wrongly_is_refused(tmp_path, arguments, words):
    """A wrong option ends with a sentence and exit code 2."""
    (tmp_path / "plan.yaml").write_text(json.dumps(planned()))
    told = unsc("study", *arguments, cwd=tmp_path)
    assert told.returncode == 2
    assert words in told.stderr


def test_shards_of_different_studies_do_not_merge(tmp_path, grid):
    """Folders of two studies are told apart."""
    study(planned(100, vary={"product": {TIE: [0.1]}}), tmp_path / "other")
    with pytest.raises(UnscError, match="holds another study"):
        merge([grid.folder, tmp_path / "other"], tmp_path / "merged")


def test_the_public_names():
    """The function is `sim.study`, and no room hides it."""
    assert sim.studies.study is study
    assert sim.study is study


@pytest.mark.slow(reason="runs a sensitivity")
def test_a_study_over_spreads_finds_what_sensitivity_finds(tmp_path):
    """What moves P(adopted) most when all vary by their spreads is what has the longest bar."""
    base = load_scenario(BASE)
    spreads = {
        f"members.{code}.{setting}": estimate.spread
        for code, counting in zip(base.codes, base.counting, strict=True)
        for setting, estimate in counting.items()
    }
    effects = {}
    for bar in sensitivity(base, 2000).to_dict()["bars"]:
        if spread := spreads.get(bar["setting"]):
            moved = abs(bar["at_high"]["p"] - bar["at_low"]["p"])
            effects[bar["setting"]] = moved / (bar["high"] - bar["low"]) * spread
    chosen: list[str] = []
    for setting in sorted(effects, key=effects.get, reverse=True):
        if not chosen or effects[setting] < effects[chosen[-1]] / 2:
            chosen.append(setting)
    chosen = chosen[:3]
    assert len(chosen) > 1
    vary = {"sobol": {"points": 128, "spreads": chosen}}
    table = study(planned(1000, vary=vary), tmp_path / "out").to_frame()
    values = table[chosen].to_numpy()
    scaled = np.column_stack([(values - values.mean(0)) / values.std(0), np.ones(len(values))])
    slopes = np.abs(np.linalg.lstsq(scaled, table["adopted"].to_numpy())[0][:-1])
    assert list(np.argsort(-slopes)) == list(range(len(chosen)))
