"""The renewal of a mandate as last time, from its name and a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sim import convene, load_scenario
from sim.catalogue import mandates, near_mandate, votes
from sim.errors import NotFound
from sim.facts.evidence import record_of
from sim.record.shipped import shipped_record, votes_on
from sim.report.basis import assumptions
from sim.report.brief import data
from sim.report.files import as_json
from sim.roster import years
from sim.scenario import scenario_of
from sim.scenario.renewal import LEAST_OF_USUAL, former, renewal

LAST_DAY = date(years()[1], 12, 31)
COMING = [m for m in mandates().values() if m.expires_on and m.expires_on <= LAST_DAY]
PAST = [(vote.mandate, vote.date) for vote in shipped_record() if vote.mandate in mandates()]
SAMPLE = PAST[:: len(PAST) // 12]


def test_a_renewal_is_as_last_time():
    """UNDOF is renewed for six months on its host's State, by its pen, before the Council then."""
    scenario = load_scenario("undof", on="2026-12-18")
    assert scenario.title == "Renewal of UNDOF, 18 December 2026"
    assert scenario.date == date(2026, 12, 18)
    draft = scenario.form.draft
    assert (draft.instrument, draft.target, draft.renews) == (
        "peacekeeping_renewal",
        "SYR",
        "undof",
    )
    assert draft.penholder == ["RUS", "USA"]
    assert draft.text["term"].value == 6 / 24
    assert draft.mandate == "UNDOF (expires on 31 December 2026)"
    assert draft.symbol == ""
    assert scenario.draft.relation == "consents"
    assert scenario.observed is None
    assert scenario.form.negotiation is None
    assert scenario.preferences_from.stem == "calibrated"
    assert {"PAK", "SOM", "COL"} < set(scenario.codes)


def test_the_text_is_coded_as_the_record_is():
    """Where the last text was for the usual term, the renewal has its text and lapse to a digit."""
    last = votes_on("unficyp", before=date(2024, 6, 1))[-1]
    draft = load_scenario("unficyp", on="2024-06-01").draft
    assert draft.text.tolist() == pytest.approx(last.text.tolist(), abs=1e-4)
    assert draft.lapse.tolist() == last.lapse.tolist()


def test_one_day_later_changes_nothing_before_it():
    """On the day of a vote only earlier votes are known; on the day after it counts."""
    vote = votes_on("south-sudan-sanctions")[-1]
    then = record_of(load_scenario("south-sudan-sanctions", on=vote.date))
    after = record_of(load_scenario("south-sudan-sanctions", on=vote.date + timedelta(1)))
    assert after["votes"] == then["votes"] + 1
    assert then["until"] < vote.date.isoformat()
    assert after["last"]["vote_id"] == vote.vote_id != then["last"]["vote_id"]


@pytest.mark.parametrize("spelling", ["unmiss@2027-04-30", "UNMISS"])
def test_the_name_may_hold_the_day_or_none(spelling):
    """Without a day the vote is on the day of expiry, and the question says so."""
    scenario = load_scenario(spelling)
    assert scenario.date == mandates()["unmiss"].expires_on
    assert scenario.name == f"unmiss@{scenario.date}"
    assert ("mandate expires" in scenario.question) == ("@" not in spelling)


def test_a_file_goes_before_a_mandate(tmp_path, monkeypatch):
    """A file called as a mandate is the scenario meant, unless a day is given."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "undof").write_text("kind: scenario\ntitle: Mine\nextends: dprk-panel-2024\n")
    assert load_scenario("undof").title == "Mine"
    assert load_scenario("undof", on="2026-12-18").title.startswith("Renewal")


@pytest.mark.parametrize(
    ("name", "on", "said"),
    [
        ("undofs", None, "Did you mean the mandate 'undof'"),
        ("undofs", "2026-12-18", "no such mandate.*Did you mean 'undof'"),
        ("al-shabaab", None, "'somalia-sanctions'"),
        ("undof", "2030-01-01", "undof: no roster for 2030.*to 2027-12-31"),
        ("cted", None, r"cted \(it expires on 2029-01-05\): no roster for 2029"),
        ("dprk-panel", None, "ended on 2024-04-30; say on which day"),
        ("dprk-sanctions", None, "it has no end date"),
        ("dprk-panel-2024", "2026-01-01", "a day of its own.*--set date=2026-01-01"),
        ("undof", "2026-02-30", "no such day"),
    ],
)
def test_what_cannot_be_renewed_says_what_can(name, on, said):
    """A name, a day or a Council that is not known comes with what is near it."""
    with pytest.raises(NotFound, match=said):
        load_scenario(name, on=on)


@pytest.mark.parametrize(
    ("name", "on", "has_no_end"),
    [
        ("dprk-sanctions", date(2022, 5, 26), True),
        ("iran-sanctions", date(2020, 8, 14), False),  # then ended, and without end again since
        ("undof", date(2026, 12, 18), False),
    ],
)
def test_of_a_mandate_without_an_end_the_question_says_so(name, on, has_no_end):
    """What goes on without a renewal is not passed off as what a renewal would save."""
    assert ("has no end date" in renewal(name, on)["question"]) == has_no_end


def test_a_name_within_a_sentence_has_no_capital_of_its_own():
    """Words that are names keep their capital: those of States, bodies and missions."""
    assert renewal("syria-aid", date(2022, 7, 8))["title"].startswith("Renewal of the cross-border")
    for name in ("residual-tribunal", "eritrea-sanctions", "red-sea", "ictr", "drc-sanctions"):
        assert mandates()[name].name in renewal(name, date(2015, 6, 1))["title"]


def test_technical_rollovers_are_no_last_time():
    """A renewal much shorter than usual is passed over for the latest of usual length."""
    for name in ("somalia-sanctions", "unama", "unsmil"):
        term = load_scenario(name, on="2026-06-01").form.draft.text["term"].value
        assert term * 24 >= LEAST_OF_USUAL * mandates()[name].usual_term_months[0]


def test_a_title_says_what_the_text_would_be():
    """The first text establishes a mandate, one after its end revives it."""
    assert renewal("unmin", date(2007, 1, 23))["title"].startswith("Establishment of UNMIN")
    revived = renewal("dprk-panel", date(2026, 1, 5))
    assert revived["title"].startswith("Revival of the 1718 Panel")
    assert revived["question"].startswith("Would the Council revive the 1718 Panel")


def test_who_holds_the_pen_is_seated():
    """Of the usual penholders those with a seat; else those of an earlier text."""
    assert renewal("red-sea", date(2026, 7, 15))["draft"]["penholder"] == ["USA", "GRC"]
    assert renewal("red-sea", date(2027, 7, 15))["draft"]["penholder"] == ["USA"]
    assert renewal("bosnia-eufor", date(2027, 10, 31))["draft"]["penholder"] == ["FRA"]


def test_a_former_vote_is_the_vote_of_the_record():
    """Its text, lapse, memory and real roll call are those of the record."""
    for name in ("R2683", "S/RES/2683(2023)", "S/2024/255", "r2623"):
        document = former(name)
        vote = next(v for v in shipped_record() if v.symbol == document["draft"]["symbol"])
        scenario = scenario_of(document)
        assert scenario.draft.text.tolist() == pytest.approx(vote.text.tolist(), abs=1e-4)
        assert scenario.observed.roll_call.tolist() == vote.roll_call.tolist()
        if vote.target == "SSD":  # to which no member's tie has changed
            assert scenario.draft.memory == vote.memory
    with pytest.raises(NotFound, match="no such vote"):
        former("R99999")


def test_mandates_are_found_by_other_words():
    """A word of the name, or a code of a party, says which mandate may be meant."""
    assert "'somalia-sanctions'" in near_mandate("Al-Shabaab sanctions")
    assert "'libya-inspections'" in near_mandate("irini")
    assert near_mandate("undofs") == "Did you mean 'undof'?"
    assert near_mandate("zzzz") == ""


@pytest.mark.parametrize(("name", "day"), SAMPLE, ids=str)
def test_past_votes_can_be_forecast(name, day):
    """On the day of a past vote its mandate runs without a fault."""
    result = convene(load_scenario(name, on=day), worlds=50)
    assert sum(value.p for value in result.outcome.values()) == pytest.approx(1)


@pytest.mark.parametrize("mandate", COMING[::6], ids=lambda m: m.mandate)
def test_coming_votes_can_be_forecast(mandate):
    """On the day on which it expires a mandate runs without a fault."""
    assert convene(load_scenario(mandate.mandate), worlds=50).scenario.date == mandate.expires_on


@pytest.mark.slow(reason="simulates every vote on a mandate, minutes")
@pytest.mark.parametrize("name", mandates())
def test_every_vote_on_every_mandate_can_be_forecast(name):
    """Each mandate runs on the day it expires and on that of each of its past votes."""
    days = {vote.date for vote in votes_on(name)}
    days |= {m.expires_on for m in COMING if m.mandate == name}
    for day in sorted(days):
        scenario = load_scenario(name, on=day)
        convene(scenario, worlds=50, workers=1)
        last = record_of(scenario)["last"]
        assert last is None or last["on"] < day.isoformat()


def test_votes_of_the_record_have_their_sides():
    """In favour, against and abstaining are as the record's row has them."""
    for vote in shipped_record()[::50]:
        row = votes()[vote.vote_id]
        assert len(vote.sides["in_favour"]) == int(row["in_favour"])
        assert set(vote.sides["against"]) == set(row["against"].split())
        assert set(vote.sides["abstaining"]) == set(row["abstaining"].split())
        assert vote.tally.startswith(f"{row['in_favour']}-")


def test_a_report_says_what_it_rests_on(tmp_path):
    """It names its preferences and the last vote on the mandate, and does so when run again."""
    report = convene(load_scenario("unmiss", on="2027-04-29"), worlds=100).to_dict()
    told = " ".join([*assumptions(report).sentences, *data(report).sentences])
    last = votes_on("unmiss", before=date(2027, 4, 29))[-1]
    assert "Preferences: calibrated (" in told
    assert f"{len(votes_on('unmiss'))} votes on this mandate; the last, {last.symbol}" in told
    assert "It has no vote by " in told
    path = tmp_path / "report.json"
    path.write_text(as_json(report))
    assert convene(load_scenario(path), worlds=100).to_dict() == report
