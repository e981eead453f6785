"""What is said of a study: the same numbers as its table, in words, as a page and as pictures."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sim import UnscError, study
from sim.cli.app import app
from sim.facts.study_view import adopted, axes, column, levels, means, shares
from sim.report.markdown import markdown
from sim.report.page.study import study_page
from sim.report.study import study_sections

TIE, TERM = "members.RUS.ties.PRK", "draft.text.term"
ONE = {TIE: [-0.4, 0.2, 0.8]}
TWO = {TIE: {"from": -0.4, "to": 0.8, "steps": 5}, TERM: [0, 0.25, 0.5, 0.75]}
BOUNDS = {TIE: [-0.4, 0.9], TERM: [0, 1], "draft.text.coercion": [0, 1]}
SAMPLE = {"sobol": {"points": 32, "between": {**BOUNDS, "members.CHN.ties.PRK": [-0.3, 0.9]}}}
KINDS = {"one": {"product": ONE}, "two": {"product": TWO}, "many": SAMPLE}


def plan(vary, **more):
    return {"kind": "study", "title": "T", "base": "dprk-panel-2024", "vary": vary, "worlds": 200,
            **more}  # fmt: skip


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    """Return a study of one setting, of two and of many."""
    folder = tmp_path_factory.mktemp("studies")
    return {name: study(plan(vary), folder / name) for name, vary in KINDS.items()}


def section(facts, key):
    return next(s for s in study_sections(facts) if s.key == key)


def test_the_grid_shows_the_table(studies):
    """Each cell of the map is the chance of the point that it is of."""
    facts = studies["two"].facts
    grid, at = section(facts, "grid"), means(facts, [TIE, TERM])
    for a, row in zip(levels(facts, TIE), grid.rows, strict=True):
        for b, cell in zip(levels(facts, TERM), row[1:], strict=True):
            assert cell.p == at[a, b].p
    assert len(at) == len(facts["rows"]) == 20


def test_replications_are_averaged(tmp_path):
    """Random seeds are no axis: a picture shows the means over them."""
    facts = study(plan({"product": ONE}, random_seeds=[0, 1]), tmp_path).facts
    assert axes(facts) == [TIE]
    ties, chances = column(facts, TIE), adopted(facts)
    for tie, row in zip(levels(facts, TIE), section(facts, "grid").rows, strict=True):
        own = [c.p for c, x in zip(chances, ties, strict=True) if x == tie]
        assert row[1].p == pytest.approx(np.mean(own))
        assert len(own) == 2
    assert "replications" in section(facts, "grid").sentences[0]


def test_best_and_worst_points(studies):
    """The first row is the highest chance, the last the lowest, and the headline says both."""
    for found in studies.values():
        chances = [chance.p for chance in adopted(found.facts)]
        rows = section(found.facts, "ends").rows
        shown = [row[-3].p for row in rows]
        assert (shown[0], shown[-1]) == (max(chances), min(chances))
        assert shown == sorted(shown, reverse=True)
        likely = sum(p >= 0.5 for p in chances)
        said = section(found.facts, "answer").sentences[0]
        assert f"over {len(chances)} points; at {likely} of them it is 50 % or more" in said


def test_shares_of_a_grid_are_those_of_the_means(studies):
    """In a full grid the shares of settings and of what they do together add up to the variance."""
    facts = studies["two"].facts
    y = np.array([c.p for c in adopted(facts)]).reshape(5, 4)
    by_tie, by_term = y.mean(axis=1), y.mean(axis=0)
    both = y - by_tie[:, None] - by_term + y.mean()
    found = {one.setting: one.share for one in shares(facts)}
    assert found[TIE] == pytest.approx(by_tie.var() / y.var())
    assert found[TERM] == pytest.approx(by_term.var() / y.var())
    assert sum(found.values()) + both.var() / y.var() == pytest.approx(1)
    assert section(facts, "shares").rows[0][0] == TIE


def test_shares_of_a_sample_have_intervals(studies):
    """The tie leads in a sample too, with an interval or the word that it has not converged."""
    first, *_ = shares(studies["many"].facts)
    assert first.setting == TIE
    assert first.low < first.share < first.high
    assert "not converged" in str(section(studies["many"].facts, "shares").rows[0][-1])
    assert shares(studies["one"].facts) == []  # three points say nothing


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_draws_what_there_is(studies, kind):
    """A map has a cell per point, a line a dot per value, and many settings a picture each."""
    facts = studies[kind].facts
    page = study_page(facts)
    marks = {"two": 'fill-opacity="', "one": 'class="curve-dot"', "many": 'class="faint-dot"'}
    pictures = len(axes(facts)) if kind == "many" else 1
    assert page.count(marks[kind]) == len(facts["rows"]) * pictures
    assert page.count('class="chart"') == pictures
    assert all(heading in page for heading in ("Best and worst points", "Each point"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_study_is_drawn_by_matplotlib(studies, kind, tmp_path):
    """As a map, a line or dots, and it becomes a file for a paper."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    ax = studies[kind].plot()
    assert TIE in (ax.get_xlabel(), ax.get_ylabel())
    ax.figure.savefig(tmp_path / "picture.pdf")
    pyplot.close("all")
    with pytest.raises(UnscError, match="expected one of"):
        studies[kind].plot("nonsense")


def test_xarray_has_settings_as_axes(studies):
    """A grid has a dimension per setting; a sample has one of points, with coordinates."""
    pytest.importorskip("xarray")
    grid = studies["two"].to_xarray()
    assert dict(grid.sizes) == {TIE: 5, TERM: 4}
    lowest = grid["adopted"].sel({TIE: 0.8, TERM: 0.75}).item()
    assert lowest == means(studies["two"].facts, [TIE, TERM])[0.8, 0.75].p
    sample = studies["many"].to_xarray()
    assert dict(sample.sizes) == {"point": 32}
    assert set(BOUNDS) < set(sample.coords)


def test_a_point_is_made_again_by_its_command(studies):
    """The command that the report gives for a point prints the chance that stands in its row."""
    facts = studies["two"].facts
    k = 7
    _, *words = shlex.split(facts["commands"][k])
    found = CliRunner().invoke(app, [*words, "--json"])
    assert found.exit_code == 0, found.output
    p = re.search(r'"adopted": \{\s*"p": ([\d.e-]+)', found.stdout)
    assert float(p.group(1)) == pytest.approx(adopted(facts)[k].p, abs=2e-6)
    assert facts["commands"][k] in markdown(study_sections(facts)).replace("\\", "")


def test_failed_points_and_tables_without_chances():
    """What failed is listed with its settings; a table without outcomes has a clear sentence."""
    facts = {
        "schema_version": 1, "software": {"name": "unsc-sim", "version": "0", "stream_format": 1},
        "title": "<b>T</b>", "question": "", "worlds": 10, "n_points": 2, "n_missing": 1,
        "columns": ["point", TIE], "settings": [TIE], "measures": [], "bases": [],
        "rows": [[1, 0.5]], "commands": ["unsc run x"],
        "failed": [{"point": 2, "settings": {TIE: 7}, "error": "no <such> thing"}],
    }  # fmt: skip
    assert "hold no chances" in section(facts, "answer").sentences[0]
    assert section(facts, "failed").rows == [(2, f"{TIE}=7", "no <such> thing")]
    page = study_page(facts)
    assert "<b>T</b>" not in page
    assert "no &lt;such&gt; thing" in page
    nothing = {**facts, "rows": [], "commands": []}
    assert study_page(nothing)


def test_the_command_writes_report_and_page(tmp_path):
    """`unsc study` prints the answer and leaves a report and a page beside the table."""
    path = tmp_path / "s.yaml"
    path.write_text(
        "kind: study\ntitle: Ties\nbase: dprk-panel-2024\nworlds: 100\n"
        f"vary:\n  product:\n    {TIE}: [0, 0.8]\n"
    )
    found = CliRunner().invoke(app, ["study", str(path), "--out", str(tmp_path / "out")])
    assert found.exit_code == 0, found.output
    assert "Best and worst points" in found.stdout
    assert {"report.md", "study.html", "table.csv"} <= {
        p.name for p in (tmp_path / "out").iterdir()
    }


def test_from_a_plan_to_a_figure(tmp_path):
    """The notebook's lines run as they stand, and are few."""
    pytest.importorskip("matplotlib")
    pytest.importorskip("xarray")
    script = Path(__file__).parent / "from_plan_to_figure.py"
    body = script.read_text(encoding="utf-8").split("plan = ")[1]
    assert len(body.splitlines()) <= 15
    figure = tmp_path / "figure.png"
    words = [sys.executable, str(script), str(tmp_path / "study"), str(figure)]
    done = subprocess.run(
        words, capture_output=True, text=True, env={"MPLBACKEND": "Agg"}, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "adopted" in done.stdout
    assert figure.read_bytes().startswith(b"\x89PNG")
