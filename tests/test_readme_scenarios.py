"""The figures and the rules of `scenarios/README.md` are those of the program."""

import re
from pathlib import Path

import numpy as np
import pytest

from sim import convene, load_scenario
from sim.behaviours import behaviours
from sim.charter import OUTCOMES, Action
from sim.errors import InvalidInput
from sim.reading.files import shipped
from sim.traits import TRAITS

README = (Path(__file__).parent.parent / "scenarios" / "README.md").read_text(encoding="utf-8")
WORLDS = 20_000
COLUMNS = (
    "scenario",
    "question",
    "result, %",
    "RUS",
    "CHN",
    "observed",
    "P(observed roll call), %",
)
JUST_OVER_HALF = 0.501
"""In units of the last digit shown: where a figure ends in 5, either neighbour will do."""


def table_under(header):
    """Return the rows of the README's table with that header, each a list of its cells."""
    lines = iter(README.splitlines())
    assert header in lines
    next(lines)
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


ROWS = table_under(f"| {' | '.join(COLUMNS)} |")
CLEARED = table_under("| key | what holds then |")


def assert_shown(figure, probability):
    """The figure is that probability in percent, to the digits that the figure has."""
    unit = 10.0 ** -len(figure.partition(".")[2])
    difference = abs(float(figure) - 100 * probability)
    assert difference <= JUST_OVER_HALF * unit, (figure, 100 * probability)


def test_the_table_has_every_shipped_scenario_once():
    """Every shipped scenario has one row, with the question that its file asks."""
    shown = {row[0].strip("`"): row[1] for row in ROWS}
    assert len(shown) == len(ROWS)
    assert shown == {name: load_scenario(name).question for name in shipped()}


@pytest.mark.parametrize("row", ROWS, ids=[row[0].strip("`") for row in ROWS])
def test_a_row_is_what_a_fresh_run_gives(row):
    """Each figure of a row is what 20,000 worlds of random seed 0 give, to the digits shown."""
    cells = dict(zip(COLUMNS, row, strict=True))
    ensemble = convene(load_scenario(cells["scenario"].strip("`")), WORLDS, 0)
    scenario, outcome = ensemble.scenario, ensemble.outcome

    shown = dict(part.rsplit(" ", 1) for part in cells["result, %"].split(", "))
    by_words = {str(o).replace("_", " "): outcome[o].p for o in OUTCOMES}
    assert set(shown) == {words for words, p in by_words.items() if p >= 0.0005}
    for words, figure in shown.items():
        assert_shown(figure, by_words[words])
    assert all(o.high - o.p < 0.01 for o in outcome.values()), "the README's simulation error"

    for code in ("RUS", "CHN"):
        figures = cells[code].split(" / ")
        actions = ensemble.actions[scenario.codes.index(code)]
        order = (Action.IN_FAVOUR, Action.ABSTAINING, Action.AGAINST)
        for figure, action in zip(figures, order, strict=True):
            assert_shown(figure, actions[action])

    if scenario.observed is None:
        assert (cells["observed"], cells["P(observed roll call), %"]) == ("-", "-")
        return
    counts = np.bincount(scenario.observed.roll_call, minlength=3)
    order = (Action.IN_FAVOUR, Action.AGAINST, Action.ABSTAINING)
    tally = "-".join(str(counts[action]) for action in order)
    assert cells["observed"] == f"{scenario.observed.outcome} {tally}"
    assert_shown(
        cells["P(observed roll call), %"], ensemble.probability_of(scenario.observed.roll_call)
    )


def test_the_table_of_traits_is_that_of_the_program():
    """The README lists every trait as its row of TRAITS has it, in that order, and a note."""
    rows = [
        [
            f"`{trait.name}.<{trait.keyed_by}>`" if trait.keyed_by else f"`{trait.name}`",
            f"{trait.low:g} to {trait.high:g}",
            trait.unit,
            trait.meaning,
        ]
        for trait in TRAITS.values()
    ]
    assert table_under("| key | bounds of the mean | unit | meaning |")[:-1] == rows
    named_after = {trait.keyed_by for trait in TRAITS.values() if trait.keyed_by}
    assert {row[0] for row in table_under("| named after | names |")} == named_after


def test_the_table_of_behaviours_is_that_of_the_program():
    """The README lists every behaviour under its name; what it writes chooses that one."""
    rows = table_under("| behaviour | written | how it chooses |")
    assert [row[0].strip("`") for row in rows] == list(behaviours())
    for name, (_, written, _) in zip(behaviours(), rows, strict=True):
        for value in re.findall(r"`([^`]+)`", written):
            scenario = load_scenario("dprk-panel-2024", [f"members.RUS.behaviour={value}"])
            chosen = scenario.behaviours[scenario.codes.index("RUS")]
            assert type(chosen) is behaviours()[name], value


def refuses_nothing(key):
    """Return whether `null` is refused at the key, laid over the seed vote."""
    try:
        load_scenario("dprk-panel-2024", [f"{key}=null"])
    except InvalidInput as error:
        return "found nothing" in str(error)
    return False


def cleared_keys():
    """Return the keys that the README says `null` clears, each in full, but for `extends`."""
    for cell, _ in CLEARED:
        for key in re.findall(r"`([^`]+)`", cell):
            of_one_number = key in ("mean", "spread", "evidence", "since")
            in_traits = cell.startswith("in traits")
            before = "members.RUS.voice." * of_one_number + "members.RUS." * in_traits
            yield before + key.replace("<provision>", "review")


KEPT = """
title question sources date draft draft.symbol draft.instrument draft.rival draft.penholder
draft.text draft.text.review draft.text.review.value draft.lapse.review draft.red_lines.review
charter charter.matter charter.quota charter.vetoes_needed charter.must_abstain
consultations.rounds tabling tabling.rollover observed.against observed.evidence
negotiation.rounds_on coefficients coefficients.precision.evidence coefficients.hostility.term
defaults groups members members.RUS members.RUS.ties members.RUS.ties.PRK
members.RUS.ideal.review members.RUS.caucuses.P5 members.RUS.stances members.RUS.stances.any
members.RUS.restraint.PRK
"""


@pytest.mark.parametrize("key", [key for key in cleared_keys() if key != "extends"])
def test_null_clears_what_the_readme_says(key):
    """No key of the README's list refuses `null`."""
    assert not refuses_nothing(key)


@pytest.mark.parametrize("key", KEPT.split())
def test_null_clears_nothing_else(key):
    """A key that is not in the README's list refuses `null`."""
    assert key not in set(cleared_keys())
    assert refuses_nothing(key)


def test_a_bare_number_keeps_the_spread():
    """A bare number over a mapping is its new middle, with the spread, without the evidence."""
    whole = "members.RUS.voice={mean: 0.2, spread: 0.3, evidence: E01}"
    scenario = load_scenario("dprk-panel-2024", [whole, "members.RUS.voice=0.4"])
    voice = scenario.preferences[scenario.codes.index("RUS")].voice
    assert (voice.mean, voice.spread, voice.evidence) == (0.4, 0.3, ("assumed",))


def test_the_python_of_the_readme_runs(capsys):
    """The block of Python prints one result for each variant of its loop."""
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(block, {})
    assert len(capsys.readouterr().out.splitlines()) == 3
