"""Whole numbers, however a caller writes them; what is of the wrong kind is refused by name."""

from __future__ import annotations

import re
from datetime import datetime

import numpy as np
import pytest

from sim import (
    compare,
    convene,
    explain,
    explain_difference,
    frontier,
    load_scenario,
    sensitivity,
    study,
)
from sim.analysis.trade_off import _bounds
from sim.arguments import written_number
from sim.errors import UnscError
from sim.scenario import scenario_of

PLAN = "ties-and-terms"


@pytest.mark.parametrize("text", ["20000", "20_000", "20,000", "2e4", "2.0E+4", "0.2e5"])
def test_written_numbers(text: str) -> None:
    """Digits, digits in groups of three and powers of ten spell a whole number."""
    assert written_number(text) == 20_000


@pytest.mark.parametrize("text", ["", "20.000", "1.5", "2,0000", "1e-3", "1_5", "nan", "x"])
def test_what_spells_no_number(text: str) -> None:
    """Anything else is refused with what to write, also a point that may part thousands."""
    with pytest.raises(ValueError, match=r"is not a whole number; write 20000"):
        written_number(text)


def test_a_time_of_day_is_its_day_and_numpy_s_numbers_are_numbers() -> None:
    """A datetime says the day of a vote, and numpy's scalars bound a provision."""
    on = datetime(2026, 12, 18, 15, 30)
    assert load_scenario("undof", on=on).date == on.date()
    for unit in ("D", "s", "ns"):  # pandas keeps days in nanoseconds
        day = np.datetime64(on, unit)
        assert load_scenario("undof", on=day).date == on.date()
        assert load_scenario("dprk-panel-2024", {"date": day}).date == on.date()
    bounds = np.float32(0.25), np.int64(1)
    assert _bounds("review", bounds) == (0.25, 1.0)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (lambda s: convene("dprk-panel-2024"), "scenario: 'dprk-panel-2024'; expected a scenario"),
        (lambda s: convene(s, 10, given=5), "given: 5; expected votes by code"),
        (lambda s: convene(s, 10, behaviours=["CHN"]), "behaviours: ['CHN']; expected"),
        (lambda s: compare(s, s), "compare: <Scenario"),
        (lambda s: explain_difference(s), "comparison: <Scenario"),
        (lambda s: explain("dprk-panel-2024", "RUS"), "expected a scenario from load_scenario"),
        (lambda s: explain(s, 5), "member: 5; expected the code of a member"),
        (lambda s: sensitivity(None), "scenario: None; expected a scenario"),
        (lambda s: frontier(s, free=["review"]), "free: ['review']; expected provisions"),
        (lambda s: frontier(s, free={"review": 0.5}), "review: 0.5; expected two numbers"),
        (lambda s: frontier(s, free={"review": (0.5, 0.5)}), "review: from 0.5 to 0.5; expected"),
        (lambda s: frontier(s, free={"term": (6, 12)}), "first. 6 to 12 months is 0.25 to 0.5."),
        (lambda s: frontier(s, every=True, adopted="0.9"), "adopted: '0.9'; expected a number"),
        (lambda s: frontier(s, every=True, member="Russia"), "Did you mean 'RUS'?"),
        (lambda s: load_scenario(s), "name: <Scenario"),
        (lambda s: load_scenario(None), "name: None; expected the name of a scenario"),
        (lambda s: load_scenario("undof", on=20261218), "on: 20261218; expected a day"),
        (lambda s: load_scenario("undof", on=np.datetime64("NaT", "D")), "on: NaT; expected a day"),
        (lambda s: load_scenario("undof", on=""), "undof: '': no such day"),
        (lambda s: frontier(s, every=True, member=1), "member: 1; expected the code of a member"),
        (lambda s: s.with_settings({"title": b"x"}), "title: found bytes; expected"),
        (lambda s: study(5), "plan: 5; expected a study's file"),
        (lambda s: study(PLAN, out=3), "out: 3; expected the path of a folder"),
        (lambda s: study(PLAN, executor="dask"), "executor: 'dask'; expected one of threads"),
        (lambda s: study(PLAN, executor=4), "executor: 4; expected threads, processes or an"),
        (lambda s: study(PLAN, shard=(0, 3)), "shard: 0; expected a whole number from 1 to 3"),
        (lambda s: study(PLAN, shard=(1.5, 3)), "shard: 1.5; expected a whole number from 1 to 3"),
        (lambda s: study(PLAN, shard=(1, 2, 3)), "shard: (1, 2, 3); expected a part of many"),
        (lambda s: study(PLAN, shard="1/3"), "shard: '1/3'; expected a part of many"),
        (lambda s: study(PLAN, on_error="skipp"), "on_error: 'skipp'; expected one of stop, skip"),
        (lambda s: study(PLAN, workers=0), "workers: 0; expected a whole number from 1 to 1,000"),
        (lambda s: study(PLAN, workers="2"), "workers: '2'; expected a whole number"),
        (lambda s: s.with_settings(5), "settings: 5; expected values by path"),
        (lambda s: s.with_settings([{"date": "2024-03-28"}]), "settings: {'date': "),
    ],
)
def test_what_is_of_the_wrong_kind_is_refused_by_name(given, said, tmp_path, monkeypatch) -> None:
    """The name of a scenario in place of one, a list where a mapping belongs, and the like."""
    monkeypatch.chdir(tmp_path)
    scenario = load_scenario("dprk-panel-2024", ["preferences=assumed"])
    with pytest.raises(UnscError, match=re.escape(said)):
        given(scenario)
    assert not [*tmp_path.iterdir()]


def test_what_is_nested_without_end_is_refused_by_all_who_take_documents(tmp_path) -> None:
    """Mappings and lists of Python and JSON are read down to as many levels as those of a file."""
    endless: dict[str, object] = {}
    endless["x"] = endless
    received = tmp_path / "report.json"
    scenario = load_scenario("dprk-panel-2024", ["preferences=assumed"])
    for depth in (25, 400, 900):
        received.write_text(f'{{"scenario": {"[" * depth + "]" * depth}}}', encoding="utf-8")
        with pytest.raises(UnscError, match=r"nested too deeply|too many levels"):
            load_scenario(received)
    for given in (
        lambda: scenario_of(endless),
        lambda: load_scenario("dprk-panel-2024", preferences=endless),
        lambda: scenario.with_settings({"members.RUS.ties": endless}),
        lambda: scenario.with_settings({"members.RUS.ties": [[endless]]}),
        lambda: study(endless),
    ):
        with pytest.raises(UnscError, match="nested too deeply; at most 20 levels are allowed"):
            given()
