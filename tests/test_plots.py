"""Pictures of results by matplotlib: what is drawn is what the facts say."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sim import UnscError, compare, convene, explain, frontier, load_scenario, sensitivity

matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is not installed")
matplotlib.use("Agg")
pyplot = pytest.importorskip("matplotlib.pyplot")

SEED_VOTE = "dprk-panel-2024"


@pytest.fixture(scope="module")
def results():
    """Return one result of each kind that can be drawn."""
    scenario = load_scenario(SEED_VOTE)
    result = convene(scenario, 1000, keep_worlds=True)
    other = convene(load_scenario("dprk-panel-2024-review"), 1000, keep_worlds=True)
    return {
        "result": result,
        "explanation": explain(scenario, "CHN", 500),
        "comparison": compare(result, other),
        "sensitivity": sensitivity(scenario, 1000),
        "frontier": frontier(scenario, 1000, free={"review": (0.0, 1.0)}),
    }


PICTURES = (
    ("result", "outcome"),
    ("result", "roll_call"),
    ("result", "gains"),
    ("explanation", "reasons"),
    ("explanation", "flips"),
    ("comparison", "difference"),
    ("sensitivity", "tornado"),
    ("sensitivity", "shares"),
    ("frontier", "frontier"),
)


@pytest.fixture(autouse=True)
def _close():
    yield
    pyplot.close("all")


@pytest.mark.parametrize(("kind", "what"), PICTURES)
def test_each_picture_can_be_saved(results, kind, what, tmp_path):
    """It says what is shown along its axis, and becomes a file of lines for a paper."""
    ax = results[kind].plot(what)
    assert ax.get_xlabel()
    assert ax.get_title() or ax.get_title("right")
    path = tmp_path / "picture.pdf"
    ax.figure.savefig(path)
    assert path.read_bytes().startswith(b"%PDF")


def test_bars_are_as_long_as_the_facts_say(results):
    """Outcomes, chances of members, and the frontier lie where the facts have them."""
    facts = results["result"].to_dict()
    bars = results["result"].plot().patches
    shown = [c["p"] for c in reversed(facts["outcome"].values()) if c["high"] > 0]
    assert [bar.get_width() for bar in bars] == pytest.approx([100 * p for p in shown])
    votes = results["result"].plot("roll_call").patches
    assert sum(bar.get_width() for bar in votes) == pytest.approx(100 * 15, rel=1e-4)
    found = results["frontier"].to_dict()
    line = results["frontier"].plot().lines[0]
    assert list(line.get_xdata()) == [point["worth"] for point in found["points"]]


def test_a_picture_goes_onto_given_axes(results):
    """Axes that are given are drawn on, and returned."""
    _, (left, right) = pyplot.subplots(1, 2)
    assert results["result"].plot("gains", ax=right) is right
    assert not left.lines
    assert right.lines


def test_an_unknown_picture_is_refused(results):
    """The message lists the pictures that there are."""
    with pytest.raises(UnscError, match=r"one of outcome, roll_call, gains\. Did you mean"):
        results["result"].plot("gain")


def test_without_matplotlib_it_is_a_sentence():
    """Where matplotlib is not installed, the error says how to get it; nothing else needs it."""
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from sim import UnscError, convene, load_scenario\n"
        "result = convene(load_scenario('dprk-panel-2024'), 100)\n"
        "try:\n    result.plot()\nexcept UnscError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == (
        "plot() needs matplotlib, which is not installed: pip install 'matplotlib>=3.8'."
    )
