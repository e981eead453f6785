"""What a report warns of, each kind where it is so and not where it is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from conftest import Imagine

from sim import convene, load_scenario
from sim.catalogue import mandates
from sim.charter import Action
from sim.facts.warnings import OFTEN_BOUND, warnings_on
from sim.record.shipped import shipped_record

WORLDS = 1000


def warned(name: str, *over: str, worlds: int = WORLDS, on: str | None = None) -> str:
    """Return all warnings of a run in one line."""
    report = convene(load_scenario(name, over, on=on), worlds).to_dict()
    return " ".join(report["warnings"])


def test_a_day_long_after_the_data() -> None:
    """A vote more than a year after the record ends is warned of, one of its last year is not."""
    last = shipped_record()[-1].date
    said = f"The record of votes ends on {last}"
    assert said in warned("undof", on="2026-12-18")
    assert "record of votes ends" not in warned("undof", on=last.isoformat())


def test_a_later_text_whose_votes_are_not_known() -> None:
    """The latest text on the mandate is named where the record ends before it, and not before."""
    mandate, end = mandates()["unmiss"], shipped_record()[-1].date
    assert end < mandate.last_date
    later = f"how members voted on {mandate.last_text} of {mandate.last_date} is not known"
    assert later in warned("unmiss", on="2027-04-29")
    assert later not in warned("unmiss", on=mandate.last_date.isoformat())
    assert later not in warned("south-sudan-sanctions", on="2027-05-28")


def test_a_mandate_that_is_to_be_renewed_no_more() -> None:
    """Where the latest text is to be the last, a vote after it is warned of, and none before it."""
    mandate = mandates()["unifil"]
    assert mandate.status == "closing"
    said = f"{mandate.last_text} of {mandate.last_date} is to be the last text"
    assert said in warned("unifil")
    assert said not in warned("unifil", on=mandate.last_date.isoformat())
    assert "to be the last text" not in warned("unmiss", on="2027-04-29")
    assert load_scenario("unifil").title.startswith("Renewal")
    assert load_scenario("unifil", on="2027-06-30").title.startswith("Revival")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("minusma", "The mandate ended on 2023-12-31. Whether a revival is put to the vote at all"),
        ("libya-inspections", "The mandate is taken to have lapsed on 2026-05-25. Whether a rev"),
    ],
)
def test_a_revival_that_nobody_may_want(name: str, said: str) -> None:
    """Of a mandate that has ended only the end of a vote is forecast; until then none is said."""
    ended = mandates()[name].ended_on
    assert ended
    assert said in warned(name, on="2026-12-18")
    assert "Whether a revival" not in warned(name, on=ended.isoformat())


def test_a_party_without_a_tie_that_rests_on_evidence() -> None:
    """A State the text weighs on, all ties to it assumed; one with evidence is enough."""
    own = ("draft.target=NZL", "members.CHN.ties.NZL=0.5")
    assert "No tie to NZL rests on a vote or a statement" in warned("dprk-panel-2024", *own)
    cited = (own[0], "members.CHN.ties.NZL={mean: 0.5, spread: 0.1, evidence: E01}")
    assert "No tie to" not in warned("dprk-panel-2024", *cited)
    assert "No tie to" not in warned("dprk-panel-2024", "draft.target=null")


def test_a_text_far_from_all_that_was_coded() -> None:
    """A provision beyond those of the nearest text of the record is named, with both values."""
    far = warned("dprk-panel-2024", "draft.text.review=1")
    assert "No coded text is near: review is 1" in far
    assert "No coded text" not in warned("dprk-panel-2024")
    own = "provisions.fee={unit: share, at_0: none, at_half: half, at_1: all}"
    text = (
        "draft.text.fee=1",
        "draft.lapse.fee=0",
        "defaults.ideal.fee=0",
        "defaults.salience.fee=1",
    )
    assert "No text of the record was coded for fee" in warned("dprk-panel-2024", own, *text)


def test_numbers_that_are_often_set_to_their_bound() -> None:
    """The share of draws beyond the scale is that of a normal distribution."""
    on_the_end = "members.RUS.ties.PRK={mean: 1, spread: 0.2}"
    assert "are set to it: 50.0 % of RUS ties.PRK." in warned("dprk-panel-2024", on_the_end)
    within = "members.RUS.ties.PRK={mean: 0.5, spread: 0.2}"
    assert "RUS ties.PRK" not in warned("dprk-panel-2024", within)
    assert 0 < OFTEN_BOUND < 0.5


@pytest.mark.parametrize(("p", "is_told"), [(0.5, True), (0.1, False)])
def test_a_roll_call_that_is_not_what_each_is_likeliest_to_do(
    imagine: Imagine, p: float, is_told: bool
) -> None:
    """Members that vote otherwise in it than they are likeliest to are named, where it is told."""
    result = convene(imagine({"RUS": 2.0, "PAK": 2.0, "FRA": 2.0}), WORLDS)
    call = np.full((1, 3), Action.IN_FAVOUR, dtype=np.int8)
    call[0, result.scenario.codes.index("PAK")] = Action.ABSTAINING
    tally = replace(result.tally, roll_calls=np.array([p * WORLDS]))
    found = " ".join(warnings_on(replace(result, roll_calls=call, tally=tally)))
    said = "PAK is abstaining in the most likely roll call; by itself it is likelier to vote in"
    assert (said in found) is is_told
    assert "by itself" not in " ".join(warnings_on(result))


def test_few_worlds() -> None:
    """Fewer than a thousand worlds are warned of."""
    assert "Worlds: 10." in warned("dprk-panel-2024", worlds=10)
    assert "Worlds:" not in warned("dprk-panel-2024")


@pytest.mark.parametrize("rounds", [1, 40])
def test_consultations_that_have_not_settled(rounds: int) -> None:
    """One round leaves positions away from the choices that follow; many do not."""
    found = warned("dprk-panel-2024", f"consultations.rounds={rounds}")
    assert ("had not settled" in found) == (rounds == 1)
