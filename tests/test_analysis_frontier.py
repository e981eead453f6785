"""Which texts would pass: against a grid of all texts, against theory, and in hard cases."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from typer.testing import CliRunner

from sim import UnscError, convene, frontier, load_scenario
from sim.analysis.text_search import distance, nearest, not_dominated, trade_off
from sim.analysis.text_trials import TextTrials
from sim.chance import Block
from sim.cli.app import app
from sim.facts.frontier import FrontierFacts
from sim.facts.schema import adapter
from sim.report.frontier import frontier_sections
from sim.report.page.frontier import frontier_page

SEED_VOTE = "dprk-panel-2024"
WITHIN = 0.01
"""Adoption that a text on a grid may be likelier by, at equal worth."""


def trials_of(name, free, worlds=512):
    """Return trials of a shipped scenario in which provisions may be moved within limits."""
    scenario = load_scenario(name)
    low, high = scenario.draft.text.copy(), scenario.draft.text.copy()
    names = [provision.name for provision in scenario.draft.provisions]
    for provision, (least, most) in free.items():
        low[names.index(provision)], high[names.index(provision)] = least, most
    seat = scenario.codes.index(scenario.draft.penholders[0])
    return TextTrials(scenario, seat, low, high, Block(4, 0, worlds))


@pytest.mark.parametrize(
    ("name", "free", "steps"),
    [
        (SEED_VOTE, {"review": (0, 1), "relief": (0, 1)}, 15),
        ("mli-sanctions-2023", {"coercion": (0, 1), "term": (0, 1), "review": (0, 1)}, 7),
        (
            "dprk-panel-2024-negotiated",
            {"review": (0.1, 0.8), "relief": (0.2, 0.6), "term": (0.25, 0.5), "scrutiny": (0.4, 1)},
            4,
        ),
    ],
)  # fmt: skip
def test_no_text_on_a_grid_is_better(name, free, steps):
    """At equal worth no text of a grid over all that may be written is likelier by 0.01."""
    trials = trials_of(name, free)
    found = trade_off(trials, workers=2)
    axes = [np.linspace(trials.low[d], trials.high[d], steps) for d in trials.free]
    grid = trials.side_by_side((trials.full(np.array(x)) for x in product(*axes)), 2)
    for point in found:
        above = [t.p_adopted for t in grid if t.worth >= point.worth]
        assert max(above, default=0) <= point.p_adopted + WITHIN
    dearest, likeliest = (max(getattr(t, by) for t in grid) for by in ("worth", "p_adopted"))
    assert found[-1].worth >= dearest - 0.005
    assert found[0].p_adopted >= likeliest - WITHIN
    for least in (0.3, 0.6):
        tabled = trials.scenario.draft.text
        able = [distance(t.text, tabled) for t in grid if t.p_adopted >= least]
        near = nearest(trials, tabled, least, [*trials.done.values()], 2)
        assert (near is None) == (not able)
        if near is not None:
            assert near.p_adopted >= least
            assert distance(near.text, tabled) <= min(able) + 1e-6


@pytest.mark.parametrize("name", [SEED_VOTE, "mli-sanctions-2023"])
def test_slopes_are_those_of_the_model(name):
    """The slopes that the search climbs by are those of differences, to some per cent."""
    trials = trials_of(name, {"review": (0, 1), "relief": (0, 1), "term": (0, 1)}, 4096)
    text = trials.full(np.array([0.5, 0.5, 0.5]))
    here = trials.at(text)
    for d in trials.free:
        step = np.zeros_like(text)
        step[d] = 0.02
        up, down = trials.at(text + step), trials.at(text - step)
        steepness = (up.p_adopted - down.p_adopted) / 0.04
        assert here.p_slope[d] == pytest.approx(steepness, rel=0.08, abs=0.01)
        worth = (up.worth - down.worth) / 0.04
        assert here.worth_slope[d] == pytest.approx(worth, rel=0.01, abs=1e-3)


@pytest.mark.parametrize(
    ("pen", "decisive", "lapse"),
    [(0.9, 0.5, 0.2), (0.6, 0.5, 0.2), (1.0, 0.4, 0.1), (0.8, 0.6, 0.0), (0.95, 0.5, 0.0)],
)
def test_agenda_setting_lies_on_the_frontier(imagine, pen, decisive, lapse):
    """The best value is the setter's ideal, or all that leaves the decisive member no worse off.

    Source: Romer and Rosenthal 1978.
    """
    scenario = imagine(
        dict.fromkeys(("USA", "CHN", "RUS"), 1.0),
        f"draft.text.scrutiny.value={lapse}",
        f"draft.lapse.scrutiny={lapse}",
        f"draft.red_lines.scrutiny={{low: {lapse}, high: 1}}",
        f"members.USA.ideal.scrutiny={pen}",
        f"members.CHN.ideal.scrutiny={decisive}",
        f"members.RUS.ideal.scrutiny={lapse}",
        "coefficients.precision=1000",
        "defaults.voice=0.5",
    )
    found = frontier(scenario, 1000)
    assert found.best.text[0] == pytest.approx(min(pen, 2 * decisive - lapse), abs=0.02)
    assert found.best.adopted.p > 0.9


@pytest.fixture(scope="module")
def seed():
    """Return the frontier of the seed vote over texts that keep a panel."""
    free = {"scrutiny": (0.6, 1.0), "review": (0.0, 1.0), "relief": (0.0, 1.0)}
    return frontier(load_scenario(SEED_VOTE), 3000, free=free, adopted=0.5)


def test_the_seed_vote_says_whether_a_panel_would_have_passed(seed):
    """The tabled text is mostly vetoed, and the frontier names what would be likelier."""
    facts = seed.to_dict()
    assert facts["tabled"]["adopted"]["p"] < 0.5
    assert "RUS" in facts["tabled"]["dissenters"]
    reached = facts["target"]["text"]
    likeliest = facts["points"][-1]["adopted"]["p"]
    assert (reached is None) == (likeliest < 0.5)
    if reached is not None:
        assert reached["adopted"]["p"] >= 0.5
        assert reached["text"]["scrutiny"] >= 0.6
        assert reached["text"]["coercion"] == facts["provisions"]["coercion"]["tabled"]


def test_facts_are_of_the_types_that_they_say(seed):
    """Every key is there, with a value of its type and within its bounds."""
    adapter(FrontierFacts).validate_python(seed.to_dict(), strict=True)


def test_no_point_beats_another(seed):
    """Worth falls from point to point, and the chance of adoption rises."""
    points = seed.to_dict()["points"]
    worths, chances = zip(*((p["worth"], p["adopted"]["p"]) for p in points), strict=True)
    assert list(worths) == sorted(worths, reverse=True)
    assert list(chances) == sorted(chances)
    assert len(points) > 3


def test_a_point_is_what_a_run_gives(seed):
    """The text of a point, given by `--set`, is adopted as the point says, in the same worlds."""
    point = seed.to_dict()["points"][2]
    over = {f"draft.text.{name}.value": value for name, value in point["text"].items()}
    run = convene(load_scenario(SEED_VOTE).with_settings(over), 3000)
    assert run.outcome["adopted"].p == pytest.approx(point["adopted"]["p"], abs=1e-5)
    likely = {c: 1 - a[0] for c, a in zip(run.scenario.codes, run.actions, strict=True)}
    assert point["dissenters"] == pytest.approx(
        {c: likely[c] for c in point["dissenters"]}, abs=1e-5
    )


def test_steps_are_paired_differences(seed):
    """Each step changes one provision, and says by how much P(adopted) and the worth change."""
    scenario = load_scenario(SEED_VOTE)
    base = convene(scenario, 3000).outcome["adopted"].p
    for step in seed.to_dict()["moves"][:3]:
        path = f"draft.text.{step['provision']}.value"
        run = convene(scenario.with_settings({path: step["after"]}), 3000)
        assert run.outcome["adopted"].p - base == pytest.approx(step["adopted"]["p"], abs=1e-5)
    order = [step.bought for step in seed.steps]
    assert order == sorted(order, reverse=True)


def test_another_member_has_another_frontier(seed):
    """What is worth most to Russia is not what is worth most to the United States."""
    free = {"review": (0.0, 1.0), "relief": (0.0, 1.0)}
    facts = frontier(load_scenario(SEED_VOTE), 1000, free=free, member="RUS").to_dict()
    assert facts["member"] == "RUS"
    assert facts["points"][0]["text"] != seed.to_dict()["points"][0]["text"]


def test_the_same_bytes_whatever_the_workers():
    """The facts depend on scenario, limits, worlds and seed alone."""
    scenario, free = load_scenario(SEED_VOTE), {"review": (0.0, 1.0)}
    one, two = (
        json.dumps(frontier(scenario, 1000, 5, free=free, workers=n).to_dict()) for n in (1, 2)
    )
    assert one == two


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no provision may be moved, since it has no red lines; say which may"),
        (("--free", "reviw"), "no provision 'reviw'; .* Did you mean 'review'?"),
        (("--free", "review=1:0"), "review: from 1 to 0; expected two numbers from 0 to 1"),
        (("--free", "review=low"), "--free review=low: expected a provision, as review, or one"),
        (("--all", "--for", "DEU"), "'DEU' has no seat in this Council; expected one of CHN"),
        (("--all", "--adopted", "90"), "adopted: 90.0; expected a number between 0 and 1"),
        (("--all", "--for", "Russia"), "Did you mean 'RUS'?"),
        (("--free", "review=20:80"), "20 to 80 % is 0.2 to 0.8"),
        (("--all", "--worlds", "1"), "worlds: 1; expected a whole number from 1,000"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words, said):
    """No free provision, a misspelt one, a member without a seat, one world: no traceback."""
    done = CliRunner().invoke(app, ["frontier", SEED_VOTE, *words])
    assert isinstance(done.exception, UnscError)
    with pytest.raises(UnscError, match=said):
        raise done.exception


def test_a_pen_without_a_seat_needs_a_member():
    """Where nobody who drafts sits in the Council, somebody must be named."""
    scenario = load_scenario(SEED_VOTE)
    scenario = replace(scenario, draft=replace(scenario.draft, penholders=()))
    with pytest.raises(UnscError, match="nobody who holds the pen has a seat"):
        frontier(scenario, 1000, every=True)


def test_an_outcome_that_no_text_changes(imagine):
    """Where every text passes, one is both worth most and likeliest, and the page says so."""
    scenario = imagine(
        dict.fromkeys(("USA", "CHN", "RUS"), 1.0),
        "draft.red_lines.scrutiny={low: 0.5, high: 1}",
        "coefficients.precision=1000",
        "defaults.voice=1",
    )
    facts = frontier(scenario, 1000).to_dict()
    assert "The tabled text reaches 90 % as it is." in facts["headline"]
    assert "One text is both worth most and likeliest" in facts["headline"]
    assert "It is the tabled text." in frontier_page(facts)


def test_what_is_out_of_reach_is_said(seed):
    """Where no text is likely enough, the section says so and how far texts get."""
    facts = seed.to_dict()
    facts["target"] = {"adopted": 0.999, "text": None}
    section = next(s for s in frontier_sections(facts) if s.key == "amendment")
    assert "None does" in section.sentences[0]
    assert section.heading.endswith("99.9 %")


def test_tables_for_pandas(seed):
    """A row for each text, with its provisions, and one for each step."""
    facts = seed.to_dict()
    table = seed.to_frame()
    assert list(table["adopted"]) == [p["adopted"]["p"] for p in facts["points"]]
    assert list(table["review"]) == [p["text"]["review"] for p in facts["points"]]
    assert len(seed.to_frame("moves")) == len(facts["moves"])
    assert facts["headline"] in repr(seed)
    assert "worth to USA" in seed._repr_html_()


def test_dominated_texts_are_left_out():
    """Of several trials those remain beside which none is both worth more and likelier."""
    trials = trials_of(SEED_VOTE, {"review": (0, 1)}, 200)
    tried = trials.side_by_side((trials.full(np.array([x])) for x in (0, 0.3, 0.6, 0.9)), 1)
    kept = not_dominated(tried)
    for trial in tried:
        beaten = any(o.worth > trial.worth and o.p_adopted > trial.p_adopted for o in tried)
        assert beaten or any(k is trial for k in kept)
    assert [k.worth for k in kept] == sorted(k.worth for k in kept)


def test_the_command_as_a_user_types_it(tmp_path):
    """It prints the texts in words, and writes JSON, Markdown and a page."""
    out = tmp_path / "out"
    words = ["frontier", SEED_VOTE, "--free", "review", "--free", "relief=0.2:0.8"]
    done = CliRunner().invoke(
        app, [*words, "--worlds", "1000", "--out", str(out)], env={"COLUMNS": "80"}
    )
    assert done.exit_code == 0, done.output
    assert max(map(len, done.stdout.splitlines())) <= 80
    facts = json.loads((out / "frontier.json").read_text(encoding="utf-8"))
    assert facts["provisions"]["relief"]["high"] == 0.8
    page = (out / "frontier.html").read_text(encoding="utf-8")
    assert "<polyline" in page
    assert "general humanitarian exemptions" in page or "measures lifted" in page
    assert "The texts in words" in (out / "frontier.md").read_text(encoding="utf-8")
