"""What the record remembers of members: of earlier days alone, and what it does in a scenario."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from sim import convene, load_scenario
from sim.backtest.forecasters.simulator import Simulator
from sim.backtest.tasks import unseen
from sim.charter import DECIDED, Action
from sim.draft import Remembered
from sim.ensemble import GAIN_TERMS
from sim.errors import InvalidInput
from sim.fit.layers import as_document, layers
from sim.fit.prior import read_prior
from sim.fit.record_fit import HALF_LIFE, fit_record
from sim.fit.yaml_document import dumped
from sim.record import RecordedVote, read_record
from sim.record.memory import HABITS, ON_THE_MATTER, OPPOSITIONS, Memory, after_break
from sim.record.memory import HALF_LIFE as HALF_LIFE_OF_MEMORY
from sim.roster import bloc_of, sides_of
from sim.traits import TRAITS

RECORD = read_record()
LATEST = RECORD[-1]


def test_what_comes_later_is_not_remembered():
    """Votes of the day and of later days may be anything: the memory before it is the same."""
    middle = RECORD[-40]
    turned = [
        replace(v, roll_call=(2 - v.roll_call).astype(np.int8)) if v.date >= middle.date else v
        for v in RECORD
    ]
    before = Memory(turned).before(middle.date, middle, middle.council)
    assert before == middle.memory
    assert before != Memory(turned).before(LATEST.date, middle, middle.council)
    past = [v for v in RECORD if v.date < middle.date]
    assert Memory(past).before(middle.date, middle, middle.council) == middle.memory


def test_a_forecaster_sees_the_memory_and_no_record():
    """What a forecaster is shown keeps what is remembered, and nothing that could tell more."""
    blank = unseen(LATEST)
    assert blank.record is None
    assert blank.memory == LATEST.memory
    assert set(blank.roll_call) == {-1}


def test_nothing_is_remembered_at_first():
    """Before the first vote all ratios are of nothing to nothing."""
    first = RECORD[0]
    assert all(not any(part) for part in first.memory.values())


def test_names_are_those_of_the_tables():
    """Each kind of memory has its name in a table, and each name of the tables occurs."""
    seen = [memory for vote in RECORD[::37] for memory in vote.memory.values()]
    assert {name for memory in seen for name in memory.dissent} == set(HABITS)
    assert {name for memory in seen for name in memory.against} == set(OPPOSITIONS)


def test_who_dissents_more_than_expected_is_remembered_so():
    """Three abstentions of France alone on one mandate: its own memory rises, others' falls."""
    votes = [v for v in RECORD if v.mandate == "unficyp" and v.date.year >= 2016][:4]
    assert all(not v.roll_call.any() for v in votes[:3])
    seat = [m.code for m in votes[0].council].index("FRA")
    alone = np.zeros(15, dtype=np.int8)
    alone[seat] = Action.ABSTAINING
    past = [replace(v, roll_call=alone) for v in votes[:3]]
    memory = Memory(past).before(votes[3].date, votes[3], votes[3].council)
    assert memory["FRA"].dissent["own_mandate"] > 1
    assert memory["FRA"].dissent["last_vote"] == 1
    assert memory["GBR"].dissent["own_mandate"] < 0
    assert memory["GBR"].dissent["bloc_mandate"] > 0
    assert "own_mandate" not in memory["FRA"].against or memory["FRA"].against["own_mandate"] < 0


def test_sides_and_blocs():
    """Russia is no example of its group; pens are shared, but not by the West and Russia."""
    day = date(2024, 3, 28)
    assert [bloc_of(c, day) for c in ("USA", "RUS", "CHN", "LVA", "JPN", "BRA")] == [
        *("P3", "Russia_China", "Russia_China", "West", "West", "GRULAC")
    ]
    assert [sides_of([c], day) for c in ("FRA", "RUS", "CHN", "DEU", "DZA")] == [
        {side: 1.0} for side in ("P3", "Russia_China", "others", "West", "others")
    ]
    assert sides_of(["USA", "ECU"], day) == {"P3": 0.5, "others": 0.5}
    assert sides_of(["RUS", "CHN"], day) == {"Russia_China": 1.0}
    assert sides_of(["CHN", "PAK"], day) == sides_of(["RUS", "USA"], day) == {"others": 1.0}
    assert sides_of([], day) == {"P3": 1.0}


def habit_of(code: str, *settings: str) -> float:
    result = convene(load_scenario("ssd-sanctions-2023", settings), 500)
    term = len(result.scenario.draft.provisions) + GAIN_TERMS.index("habit")
    return float(result.mean(result.tally.terms)[result.scenario.codes.index(code), term])


def test_habit_can_be_switched_off():
    """For one member, for all, and by having nothing remembered."""
    assert habit_of("RUS") < -0.5
    assert habit_of("RUS", "members.RUS.habit=0") == 0
    assert habit_of("CHN", "members.RUS.habit=0") == habit_of("CHN")
    assert habit_of("CHN", "defaults.habit=0") == 0
    assert habit_of("CHN", "memory={}") == 0


def test_a_kind_of_memory_that_is_none_is_refused():
    """With its place, and a word that was meant."""
    with pytest.raises(InvalidInput, match=r"own_mandates.*is not a kind of memory"):
        load_scenario("dprk-panel-2024", ["memory={RUS: {dissent: {own_mandates: 1}}}"])


def test_what_ships_is_what_is_scored(tmp_path):
    """Files fitted to the past, and one of each of ten votes, give the back-test's row."""
    day = date(1998, 1, 1)
    past = [v for v in RECORD if v.date < day]
    votes = [v for v in RECORD if v.date >= day]
    seated = [v for v in votes if v.penholders and {*v.penholders} <= {m.code for m in v.council}]
    forecast = Simulator(worlds=2000).learn(past, day)
    fit = fit_record(past, replace(read_prior(), dated={}), day, HALF_LIFE)
    draws = fit.joint()
    (tmp_path / "fitted.draws").write_bytes(draws.content)
    learnt = {"kind": "preferences", "extends": "prior", **as_document(layers(fit, past))}
    learnt["draws"] = {"file": "fitted.draws", "sha256": draws.sha256}
    path = tmp_path / "fitted.yaml"
    path.write_text(dumped(learnt), encoding="utf-8")
    for vote in seated[:: len(seated) // 10][:10]:
        scenario = tmp_path / "vote.yaml"
        document = written(vote) | {"preferences": str(path)}
        scenario.write_text(dumped(document), encoding="utf-8")
        result = convene(load_scenario(str(scenario)), 2000, Simulator().random_seed)
        ours = forecast(unseen(vote))
        np.testing.assert_allclose(result.actions, ours.actions, atol=1e-6)
        ends = np.array([result.outcome[outcome].p for outcome in DECIDED])
        np.testing.assert_allclose(ends / ends.sum(), ours.outcome, atol=1e-6)


def written(vote: RecordedVote) -> dict[str, object]:
    """Return a vote of the record as a file of a scenario gives it."""
    names = [p.name for p in vote.draft.provisions]
    draft = {
        "instrument": vote.instrument,
        "target": vote.target,
        "penholder": [*vote.penholders],
        "text": dict(zip(names, vote.text.tolist(), strict=True)),
        "lapse": dict(zip(names, vote.lapse.tolist(), strict=True)),
    }
    draft |= {"relation": vote.relation} if vote.relation else {}
    draft |= {"rival": [*vote.rival]} if vote.rival else {}
    memory = {
        code: {"dissent": dict(m.dissent), "against": dict(m.against)}
        for code, m in vote.memory.items()
    }
    facts = {"kind": "scenario", "title": "A vote", "date": str(vote.date)}
    facts |= {"charter": {"matter": "procedural"}} if vote.procedural else {}
    return {**facts, "draft": draft, "memory": memory}


def test_a_break_weakens_what_is_remembered_on_the_matter():
    """Half of it is left after a half-life; what is remembered of other matters stays."""
    seen = Remembered({"own": 1.0, "own_target": 1.0, "last_vote": 1.0}, {"council_mandate": -2.0})
    day, years = date(2024, 3, 28), round(HALF_LIFE_OF_MEMORY * 365.25)
    half = after_break(seen, day, day - timedelta(days=years))
    assert half == Remembered(
        {"own": 1.0, "own_target": 0.5, "last_vote": 0.5}, {"council_mandate": -1.0}
    )
    assert after_break(seen, day, day).dissent == {"own": 1.0, "own_target": 0, "last_vote": 0}
    assert after_break(seen, day, date(1900, 1, 1)) == seen


def test_a_dated_tie_is_a_break():
    """Russia of 2024 has a new tie to the target; with an old one, what it remembers comes back."""
    base = load_scenario("dprk-panel-2024")
    steady = base.with_settings({"members.RUS.ties.PRK": {"mean": 0.9, "since": "1950-01-01"}})
    assert base.with_settings({"members.RUS.ties.PRK": 0.9}).draft.memory == base.draft.memory
    on_matter = [n for n in ON_THE_MATTER if n in steady.draft.memory["RUS"].dissent]
    assert on_matter
    for name in on_matter:
        before, after = (s.draft.memory["RUS"].dissent[name] for s in (steady, base))
        assert abs(after) < 0.2 * abs(before)
    assert base.draft.memory["USA"] == steady.draft.memory["USA"]


def test_habit_is_no_trait_of_the_fit():
    """Its weights are fitted; how much one member heeds them is a setting."""
    assert not TRAITS["habit"].spreads
