"""The back-test: no forecast knows what came later, runs resume, and the report holds it all."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pytest
from pages import Reader
from rich.console import Console
from sklearn import metrics

from sim.backtest import backtest
from sim.backtest.forecaster import Forecast
from sim.backtest.forecasters import (
    AlwaysInFavour,
    BaseRate,
    LastVote,
    Logit,
    MemberRate,
    Regression,
    baselines,
)
from sim.backtest.published import published_figures
from sim.backtest.results import BackTest
from sim.backtest.tables import TABLES, as_csv
from sim.backtest.tasks import unseen
from sim.catalogue import contested
from sim.charter import DECIDED, Outcome
from sim.errors import NotFound, UnscError
from sim.record import RecordedVote, read_record
from sim.record.base_rates import base_rate_weights, decisions_known
from sim.report.backtest import backtest_sections, foreseen
from sim.report.markdown import markdown
from sim.report.page.backtest import backtest_page
from sim.report.terminal import show

BEGIN, END = date(2018, 1, 1), date(2019, 12, 31)
QUICK = (AlwaysInFavour(), BaseRate(), MemberRate(), LastVote())
ALL = (*QUICK, Logit(strengths=(0.3,)), Regression(strengths=(0.03,)))


@dataclass(frozen=True)
class Twin(MemberRate):
    """A model that forecasts as the member rate does."""

    name: ClassVar[str] = "simulator"


@dataclass(frozen=True)
class Wrong(MemberRate):
    """A forecaster at fault: its numbers are no probabilities."""

    name: ClassVar[str] = "wrong"

    def learn(self, past, on):
        return lambda vote: Forecast(np.ones((len(vote.council), 3)), np.ones(3))


@dataclass(frozen=True)
class Curious(AlwaysInFavour):
    """A forecaster that writes down what it is shown."""

    name: ClassVar[str] = "curious"
    updates: ClassVar[bool] = True
    shown: ClassVar[list[tuple[Any, ...]]] = []

    def learn(self, past, on):
        inner = super().learn(past, on)

        def forecast(vote):
            self.shown.append((vote, [v.date for v in past], on))
            return inner(vote)

        return forecast


@pytest.fixture(scope="module")
def record() -> tuple[RecordedVote, ...]:
    """The record of some years, so that what learns from it has soon learnt."""
    return tuple(vote for vote in read_record() if 2017 <= vote.date.year <= 2020)


@pytest.fixture(scope="module")
def tested(record) -> BackTest:
    """All baselines and a model over two years."""
    return backtest(record, [Twin(), *ALL], BEGIN, END, workers=1)


@pytest.fixture(scope="module")
def facts(tested) -> dict[str, Any]:
    """What the back-test of two years holds."""
    return tested.to_dict(n_resamples=200)


def turned(vote: RecordedVote) -> RecordedVote:
    """Return the vote with everyone doing something else, and a new outcome."""
    other = (vote.roll_call + 1) % 3
    outcome = DECIDED[vote.rules.decide(other[:, None])[0]]
    return replace(vote, roll_call=other, outcome=outcome, mandate=f"{vote.mandate}-turned")


@pytest.mark.parametrize("refit", ["yearly", "monthly", "vote"])
def test_no_forecast_knows_what_came_later(record, refit):
    """Whatever is altered from a day on, forecasts up to that day stay the same to the bit."""
    forecasters = ALL if refit == "yearly" else QUICK
    day = date(2018, 7, 13)
    altered = [
        replace(turned(v), mandate=v.mandate) if v.date == day else turned(v) if v.date > day else v
        for v in record
    ]
    before, after = (
        backtest(r, forecasters, BEGIN, day, refit, workers=1) for r in (record, altered)
    )
    assert before.votes[-1].date == day
    for name, forecasts in before.forecasts.items():
        for one, other in zip(forecasts, after.forecasts[name], strict=True):
            np.testing.assert_array_equal(one.actions, other.actions, err_msg=name)
            np.testing.assert_array_equal(one.outcome, other.outcome, err_msg=name)


def test_forecasts_do_know_what_came_before(record):
    """What is altered before the refit changes every forecaster that learns."""
    altered = [turned(v) if v.date < BEGIN else v for v in record]
    before, after = (
        backtest(r, [MemberRate(), LastVote()], BEGIN, END, workers=1) for r in (record, altered)
    )
    for name, forecasts in before.forecasts.items():
        assert (forecasts[0].actions != after.forecasts[name][0].actions).any(), name


def test_a_forecaster_is_shown_earlier_days_only_and_no_roll_call(record):
    """The vote that is shown says nothing of its end, and all votes beside it are of before."""
    Curious.shown.clear()
    backtest(record, [Curious()], BEGIN, END, workers=1)
    assert Curious.shown
    for vote, days, on in Curious.shown:
        assert (vote.roll_call == -1).all()
        assert (vote.vote_id, vote.symbol, vote.not_participating) == ("", "", ())
        assert vote.outcome is Outcome.WITHDRAWN
        assert max(days) < vote.date
        assert on == vote.date.replace(month=1, day=1)


def test_a_vote_unseen_keeps_what_was_known_before(record):
    """Text, council, instrument, target and penholders are as they were."""
    vote = record[-1]
    hidden = unseen(vote)
    for name in ("date", "text", "lapse", "council", "instrument", "target", "penholders"):
        assert getattr(hidden, name) is getattr(vote, name), name


def test_forecasters_learn_at_the_start_of_the_period(record):
    """A refit each month knows more than one each year, from the second month on."""
    yearly, monthly = (
        backtest(record, [MemberRate()], BEGIN, END, refit, workers=1).forecasts["member_rate"]
        for refit in ("yearly", "monthly")
    )
    same = [(a.actions == b.actions).all() for a, b in zip(yearly, monthly, strict=True)]
    assert same[0]
    assert not all(same)


def test_a_refit_before_each_vote_knows_all_of_the_days_before(record):
    """Each forecast is what the forecaster says after learning every vote of an earlier day."""
    begin, end = date(2018, 3, 1), date(2018, 4, 30)
    tested = backtest(record, [MemberRate()], begin, end, "vote", workers=1)
    for vote, forecast in zip(tested.votes, tested.forecasts["member_rate"], strict=True):
        past = [v for v in record if v.date < vote.date]
        alone = MemberRate().learn(past, vote.date)(unseen(vote))
        np.testing.assert_array_equal(forecast.actions, alone.actions)
    assert len({vote.date for vote in tested.votes}) > 5


def test_two_processes_give_the_same_bytes(record):
    """Results do not depend on the number of workers."""
    one, two = (
        backtest(record, QUICK, BEGIN, END, workers=n).to_dict(n_resamples=20) for n in (1, 2)
    )
    assert json.dumps(one) == json.dumps(two)


KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from sim.backtest import backtest
from sim.backtest.forecasters import MemberRate
from sim.record import read_record

class Killed(MemberRate):
    def learn(self, past, on):
        if on.year == 2019:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().learn(past, on)

days = date(2018, 1, 1), date(2019, 12, 31)
record = [vote for vote in read_record() if 2017 <= vote.date.year <= 2020]
backtest(record, [Killed()], *days, cache=Path(sys.argv[1]), workers=1)
"""


def test_a_run_that_was_killed_resumes_to_the_same_bytes(record, tmp_path):
    """What was done before the kill is kept, and the end is as if nothing had happened."""
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 1
    seen: list[tuple[int, int]] = []
    resumed = backtest(
        record,
        [MemberRate()],
        BEGIN,
        END,
        on_progress=lambda done, total: seen.append((done, total)),
        cache=tmp_path,
        workers=1,
    )
    assert seen == [(1, 2), (2, 2)]
    fresh = backtest(record, [MemberRate()], BEGIN, END, workers=1)
    assert json.dumps(resumed.to_dict(10)) == json.dumps(fresh.to_dict(10))


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_damaged_files_are_computed_again(record, tmp_path, damage):
    """An empty, cut or altered file of the cache is as good as none."""
    whole = backtest(record, [MemberRate()], BEGIN, END, cache=tmp_path, workers=1)
    files = sorted(tmp_path.iterdir())
    contents = [file.read_bytes() for file in files]
    for file, content in zip(files, contents, strict=True):
        flipped = content[:-1] + bytes([content[-1] ^ 1])
        file.write_bytes(flipped if damage is None else damage)
    again = backtest(record, [MemberRate()], BEGIN, END, cache=tmp_path, workers=1)
    assert [file.read_bytes() for file in files] == contents
    assert again.to_dict(10) == whole.to_dict(10)


def test_the_cache_knows_what_a_forecast_depends_on(record, tmp_path):
    """Another setting, refit or past has a file of its own; a later vote has not."""

    def files_after(votes, forecaster, refit="yearly", end=date(2018, 12, 31)):
        backtest(votes, [forecaster], BEGIN, end, refit, cache=tmp_path, workers=1)
        return len(list(tmp_path.iterdir()))

    assert files_after(record, MemberRate()) == 1
    assert files_after(record, MemberRate(member=3.0)) == 2
    assert files_after((turned(record[0]), *record[1:]), MemberRate()) == 3
    assert files_after((*record[:-1], turned(record[-1])), MemberRate()) == 3


def test_an_unusable_cache_is_refused_by_name(record, tmp_path):
    """A cache that is a file is refused with its path, before anything is computed."""
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(UnscError, match="expected a folder"):
        backtest(record, [Curious()], BEGIN, END, cache=file, workers=1)


@pytest.mark.parametrize(
    ("begin", "forecasters", "refit", "says"),
    [
        (date(2031, 1, 1), QUICK, "yearly", "no vote from"),
        (BEGIN, (), "yearly", "one or more"),
        (BEGIN, (MemberRate(), MemberRate(3.0)), "yearly", "each name once"),
        (BEGIN, QUICK, "weekly", "one of yearly, monthly, vote"),
    ],
)
def test_what_cannot_be_tested_is_refused(record, begin, forecasters, refit, says):
    """No votes, no forecasters, a name given twice or an unknown refit is the user's to mend."""
    with pytest.raises((NotFound, UnscError), match=says):
        backtest(record, forecasters, begin, date(2031, 12, 31), refit, workers=1)


def test_forecasts_that_are_no_probabilities_are_refused(record):
    """A forecaster whose numbers do not sum to 1 is named, as our mistake and not the user's."""
    with pytest.raises(ValueError, match="wrong: forecasts from 2018-01-01"):
        backtest(record, [Wrong()], BEGIN, END, workers=1)


def kind_of(vote: RecordedVote) -> str:
    """Return what sort of decision it was, as the table of all decisions counts them."""
    if vote.outcome is not Outcome.ADOPTED:
        return str(vote.outcome)
    return "by_majority" if vote.roll_call.any() else "unanimous"


def test_weights_bring_each_year_to_the_base_rates():
    """Under the weights every kind of outcome of a year has its share among all decisions."""
    record = read_record()
    weights = base_rate_weights(record)
    kinds = ("unanimous", "by_majority", "vetoed", "not_carried")
    for year in range(2016, 2024):
        own = [v.date.year == year for v in record]
        votes = [v for v in record if v.date.year == year]
        total = dict.fromkeys(kinds, 0.0)
        for vote, weight in zip(votes, weights[own], strict=True):
            total[kind_of(vote)] += weight
        rates = dict(zip(kinds, decisions_known(year), strict=True))
        known = sum(rates[k] for k in kinds if total[k])
        assert sum(total.values()) == pytest.approx(len(votes))
        for kind in kinds:
            wanted = rates[kind] / known if total[kind] else 0
            assert total[kind] / len(votes) == pytest.approx(wanted), (year, kind)


def test_weights_of_a_whole_year_are_the_rates_themselves():
    """In 2023, where every kind of outcome is in the record, nothing is left out."""
    votes = [v for v in read_record() if v.date.year == 2023]
    weights = base_rate_weights(votes)
    vetoed = sum(w for v, w in zip(votes, weights, strict=True) if v.outcome is Outcome.VETOED)
    assert vetoed / len(votes) == pytest.approx(6 / 65)


def test_a_model_like_a_baseline_does_not_differ_from_it(facts):
    """Forecasters that say the same have a difference of zero, and an interval that holds it."""
    for scores in (facts["differences"], facts["weighted"]["differences"]):
        for score, d in scores["member_rate"].items():
            assert (d["difference"], d["low"], d["high"]) == (0, 0, 0), score


def test_differences_are_the_model_less_the_baseline(facts):
    """A difference is the model's score less the other's, inside an interval about it."""
    for name, scores in facts["differences"].items():
        for key, d in scores.items():
            of, score = key.split(".")
            gap = facts[of]["simulator"][score] - facts[of][name][score]
            assert d["difference"] == pytest.approx(gap, abs=2e-6), key
    d = facts["differences"]["always_in_favour"]["member_votes.log_loss"]
    assert d["low"] < d["difference"] < d["high"] < 0


def test_without_a_model_there_are_no_differences(record):
    """Baselines alone are not set against each other, and the best of them leads."""
    found = backtest(record, QUICK, BEGIN, END, workers=1).to_dict(10)
    assert found["differences"] == {}
    losses = {name: scores["log_loss"] for name, scores in found["member_votes"].items()}
    assert found["settings"]["leading"] == min(losses, key=losses.get)


def test_the_file_holds_every_part(facts, tested):
    """All parts are there as plain JSON without a number that is none, and the counts add up."""
    json.dumps(facts, allow_nan=False)
    n_votes = len(tested.votes)
    assert facts["votes"] == n_votes
    for by in ("by_year", "by_instrument", "by_mandate"):
        assert sum(part["votes"] for part in facts[by].values()) == n_votes
    for by in ("by_regional_group", "by_member"):
        assert sum(part["votes"] for part in facts[by].values()) == 15 * n_votes
    assert facts["by_regional_group"]["permanent"]["votes"] == 5 * n_votes
    names = {"simulator", *(f.name for f in baselines())}
    assert set(facts["member_votes"]) == set(facts["outcomes"]) == names
    for event, n in (("adopted", n_votes), ("member_in_favour", 15 * n_votes)):
        steps = facts["reliability"][event]["steps"]
        assert sum(step["count"] for step in steps) == n
        assert set(facts["reliability"][event]["decomposition"]) == names
    for worst in facts["worst"].values():
        losses = [f["log_loss"] for f in worst]
        assert losses == sorted(losses, reverse=True)
    right = facts["foreseen"]["simulator"]
    accuracy = facts["outcomes"]["simulator"]["accuracy"]
    assert sum(right.values()) == round(accuracy * n_votes)


def test_the_intervals_over_mandates_draw_them_whole(tested, facts):
    """Drawing whole mandates moves the bounds, not the difference; weighted scores have none."""
    d = facts["differences"]["always_in_favour"]["member_votes.log_loss"]
    assert d["low_by_mandate"] < d["difference"] < d["high_by_mandate"]
    assert (d["low_by_mandate"], d["high_by_mandate"]) != (d["low"], d["high"])
    weighted = facts["weighted"]["differences"]["always_in_favour"]["member_votes.log_loss"]
    assert set(weighted) == {"difference", "low", "high"}


def test_a_vote_on_no_matter_is_a_matter_of_its_own(tested):
    """Votes of a mandate, or on one State, are one cluster; those on neither are one each."""
    by_matter = {}
    for vote, matter in zip(tested.votes, tested.matters, strict=True):
        by_matter.setdefault(matter, []).append(vote)
    assert len(by_matter["unficyp"]) > 2
    alone = [vote for vote in tested.votes if vote.mandate.startswith("general-")]
    assert len(alone) > 1
    assert all(by_matter[vote.vote_id] == [vote] for vote in alone)


def test_outside_of_a_list_of_votes_nothing_is_scored():
    """After the contested votes and those of published tests there is no section of either."""
    record = read_record()[-80:]
    last = backtest(record, [LastVote()], date(2024, 11, 1), date(2024, 12, 31), workers=1)
    facts = last.to_dict(10)
    assert facts["contested"]["votes"] == 0
    assert facts["contested"]["outcomes"]["last_vote"]["brier"] is None
    assert facts["like_published"]["UNBench, adoption"]["votes"] == 0
    keys = {section.key.split("-")[0] for section in backtest_sections(facts)}
    assert not keys & {"contested", "like"}
    assert "<details" in backtest_page(facts)


def test_the_contested_votes_are_those_of_the_list(tested, facts):
    """Their scores are those of a back-test of these votes alone."""
    named = [vote.vote_id in contested() for vote in tested.votes]
    part = facts["contested"]
    assert part["votes"] == sum(named) > 10
    rows = [row for row in rows_of(tested, "outcomes")["logit"] if row["vote_id"] in contested()]
    losses = [float(row["log_loss"]) for row in rows]
    assert part["outcomes"]["logit"]["log_loss"] == pytest.approx(np.mean(losses), abs=2e-6)
    failed = [row["happened"] != "adopted" for row in rows]
    p = [-float(row["p_adopted"]) for row in rows]
    area = metrics.roc_auc_score(failed, p)
    assert part["outcomes"]["logit"]["roc_auc"] == pytest.approx(area, abs=2e-6)


def test_every_contested_vote_is_in_the_record():
    """The list has 165 votes of the record, from 2016 to March 2024, each once."""
    days = [vote.date for vote in read_record() if vote.vote_id in contested()]
    assert len(days) == len(contested()) == 165
    assert date(2016, 1, 1) <= min(days)
    assert max(days) == date(2024, 3, 28)


def test_published_tests_are_met_on_their_own_terms(tested, facts):
    """On adopted drafts, and with failed ones as the positive class, scores are scikit-learn's.

    Like the published area, that of labels is of one threshold, a mean over the actions.
    """
    votes = {vote.vote_id: vote for vote in tested.votes}
    found = facts["like_published"]["UNBench, member votes"]
    rows = rows_of(tested, "forecasts")["logit"]
    rows = [row for row in rows if not votes[row["vote_id"]].has_failed]
    assert found["votes"] == sum(not vote.has_failed for vote in tested.votes)
    actions = ["in_favour", "abstaining", "against"]
    y = np.array([actions.index(row["happened"]) for row in rows])
    p = np.array([[float(row[f"p_{action}"]) for action in actions] for row in rows])
    labels, ours = p.argmax(axis=1), found["scores"]["logit"]
    assert ours["balanced_accuracy"] == pytest.approx(
        metrics.balanced_accuracy_score(y, labels), abs=2e-6
    )
    areas = [metrics.average_precision_score(y == k, labels == k) for k in set(y.tolist())]
    assert ours["pr_auc_of_labels"] == pytest.approx(np.mean(areas), abs=2e-6)
    assert sum(found["happened"].values()) == len(rows)

    found = facts["like_published"]["UNBench, adoption"]
    rows = rows_of(tested, "outcomes")["logit"]
    failed = np.array([row["happened"] != "adopted" for row in rows])
    expected = np.array([float(row["p_adopted"]) < 0.5 for row in rows])
    ours = found["scores"]["logit"]
    assert ours["f1"] == pytest.approx(metrics.f1_score(failed, expected), abs=2e-6)
    always = found["scores"]["always_in_favour"]
    assert (always["balanced_accuracy"], always["f1"]) == (0.5, 0)
    assert found["happened"]["adopted"] == (~failed).sum()


def rows_of(tested, name):
    """Return the rows of a CSV file of single forecasts, those of each forecaster by its name."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(as_csv(TABLES[name](tested)))):
        rows.setdefault(row["forecaster"], []).append(row)
    return rows


def test_the_scores_follow_from_the_single_forecasts(tested, facts):
    """Whoever has the CSV files alone gets the losses of the JSON, and who was right."""
    for name, rows in rows_of(tested, "forecasts").items():
        assert len(rows) == 15 * len(tested.votes)
        of = facts["member_votes"][name]
        losses = [-np.log(max(float(row[f"p_{row['happened']}"]), 1e-6)) for row in rows]
        assert np.mean(losses) == pytest.approx(of["log_loss"], abs=2e-6)
        assert [float(row["log_loss"]) for row in rows] == pytest.approx(losses, abs=1e-6)
        actions = ("in_favour", "abstaining", "against")
        right = [max(actions, key=lambda a: float(r[f"p_{a}"])) == r["happened"] for r in rows]
        assert np.mean(right) == pytest.approx(of["accuracy"], abs=1e-6)
    for name, rows in rows_of(tested, "outcomes").items():
        assert len(rows) == len(tested.votes)
        brier = [(float(row["p_adopted"]) - (row["happened"] == "adopted")) ** 2 for row in rows]
        assert np.mean(brier) == pytest.approx(facts["outcomes"][name]["brier"], abs=2e-6)
        assert [float(row["brier"]) for row in rows] == pytest.approx(brier, abs=1e-6)
        losses = [float(row["log_loss"]) for row in rows]
        assert np.mean(losses) == pytest.approx(facts["outcomes"][name]["log_loss"], abs=2e-6)


def test_single_forecasts_say_what_they_are_of(tested):
    """Each row names the vote and the member as the record does, in its order."""
    rows = rows_of(tested, "forecasts")["member_rate"]
    seats = [(vote, member.code) for vote in tested.votes for member in vote.council]
    for row, (vote, code) in zip(rows, seats, strict=True):
        assert (row["vote_id"], row["date"]) == (vote.vote_id, str(vote.date))
        assert (row["mandate"], row["instrument"]) == (vote.mandate, vote.instrument)
        assert row["member"] == code


def test_single_forecasts_are_tables_for_pandas(tested):
    """The frames have the rows and columns of the CSV files, unrounded; others are refused."""
    frame = tested.to_frame("outcomes")
    assert list(frame.columns) == list(TABLES["outcomes"](tested)[0])
    p = frame[frame.forecaster == "last_vote"].p_adopted.to_numpy()
    np.testing.assert_array_equal(p, tested.outcomes("last_vote").p[:, 0])
    assert len(tested.to_frame()) == 15 * len(tested.votes) * len(tested.forecasts)
    with pytest.raises(UnscError, match="Did you mean 'outcomes'"):
        tested.to_frame("outcome")


def test_shares_are_of_earlier_days_alone(record, tested):
    """What a class is set against is counted over all votes before the vote's day, half added."""
    for k in (0, 1, 7, -1):
        day = tested.votes[k].date
        before = [vote for vote in record if vote.date < day]
        counts = np.bincount(np.concatenate([v.roll_call for v in before]), minlength=3) + 0.5
        seat = 15 * (k % len(tested.votes))
        np.testing.assert_allclose(
            tested.member_votes("last_vote").shares[seat], counts / counts.sum()
        )
        ends = [sum(v.outcome is outcome for v in before) + 0.5 for outcome in DECIDED]
        np.testing.assert_allclose(
            tested.outcomes("last_vote").shares[k], np.array(ends) / sum(ends)
        )


def test_a_year_scores_as_if_it_were_alone(record, facts):
    """The figures of a year are those of a back-test of that year."""
    alone = backtest(record, QUICK, date(2019, 1, 1), END, workers=1).to_dict(10)
    for name in ("member_rate", "last_vote"):
        for of in ("outcomes", "member_votes"):
            scores = facts["by_year"]["2019"][of][name]
            assert scores == {score: alone[of][name][score] for score in scores}


def test_the_report_shows_every_forecaster_and_what_differs(facts):
    """Each table has a cell for each column; names, bins and published figures are all shown."""
    sections = backtest_sections(facts)
    for section in sections:
        assert all(len(row) == len(section.columns) for row in section.rows), section.heading
    text = markdown(sections)
    for name in ("always in favour", "last vote", "logit", "DW-NOMINATE"):
        assert name in text
    headings = [section.heading for section in sections]
    assert "Reliability of the simulator, adopted" in headings
    assert "The simulator minus each of the others, member votes" in headings
    assert "The simulator minus each of the others, outcomes" in headings
    assert "Other published figures" in headings
    assert "On the terms of UNBench, adoption" in headings
    assert "The worst forecasts of the simulator, outcomes" in headings


def test_the_page_has_the_tables_of_the_report(facts):
    """Each section's table is on the page, cell for cell, and the page says the answer first."""
    sections, page = backtest_sections(facts), Reader(backtest_page(facts))
    for section in sections:
        if section.rows:
            assert page.tables[section.key][1:] == section.cells, section.heading
    assert page.texts["opening"][0] == foreseen(facts)


def test_the_page_is_sealed_and_folds_what_is_long(facts):
    """It may load and run nothing; tables of steps are folded away, those of the answer are not."""
    html = backtest_page(facts)
    tags = Reader(html).tags
    policy = next(a["content"] for _, a in tags if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not [tag for tag, _ in tags if tag in ("script", "link", "img", "iframe")]
    folded = [part.split("</details>")[0] for part in html.split("<details")[1:]]
    assert any('aria-labelledby="reliability-adopted-heading"' in part for part in folded)
    assert not any('aria-labelledby="summary-heading"' in part for part in folded)
    assert backtest_page(facts) == html


def test_the_diagram_shows_the_steps(facts):
    """The curve passes through each step's share, where it begins and where it ends."""
    html = backtest_page(facts)
    for event in ("adopted", "member_in_favour"):
        section = html.split(f'<section id="reliability-{event}"')[1].split("</section>")[0]
        points = re.search(r'<polyline points="([^"]+)" class="curve"', section).group(1)
        steps = facts["reliability"][event]["steps"]
        drawn = [tuple(map(float, point.split(","))) for point in points.split()]
        wanted = [(p, s["observed"]) for s in steps for p in (s["begins"], s["ends"])]
        assert drawn == [
            pytest.approx((32 + 340 * p, 20 + 340 * (1 - share)), abs=0.06) for p, share in wanted
        ]
        assert section.count("<circle") == len(steps)


def test_published_figures_say_what_differs():
    """Each published figure lies between 0 and 1, and stands there with what differs."""
    for published in published_figures():
        assert published["differs"], published["what"]
        figures = {**published["figures"], **published["always_in_favour"]}
        assert all(0 < figure < 1 for figure in figures.values()), published["what"]


@pytest.mark.parametrize("width", [80, 88, 120])
def test_no_digit_is_cut_in_a_terminal(facts, width):
    """Every number of every table is shown whole on one line, however the headings are broken."""
    sections = backtest_sections(facts)
    console = Console(file=io.StringIO(), width=width, highlight=False)
    show(sections, console)
    lines = [line.split() for line in console.file.getvalue().splitlines()]
    shown = Counter(word for line in lines for word in line)
    cells = [cell for s in sections if not s.for_reference for row in s.cells for cell in row]
    wanted = Counter(word for cell in cells for word in cell.split() if word[:1] in "*+-0123456789")
    assert not wanted - shown


def test_the_best_of_a_row_is_marked(facts):
    """A star stands before the least loss and before the greatest of all other scores."""
    for section in backtest_sections(facts):
        if section.heading not in ("Member votes", "Outcomes, adopted or not"):
            continue
        name = ""
        for first, _, *cells in section.cells:
            name = first or name
            values = [float(cell.removeprefix("*")) for cell in cells]
            best = min(values) if "log loss" in name or "Brier" in name else max(values)
            best = min(values) if name == "ranked probability" else best
            starred = {value for value, cell in zip(values, cells, strict=True) if cell[0] == "*"}
            assert starred == {best}, name


def test_the_report_opens_with_how_the_model_stands(facts):
    """Before all tables stand the model's loss, that of the best other, and their difference."""
    foreseen, first, second, *_ = backtest_sections(facts)[0].sentences
    assert foreseen.startswith(f"Of {facts['not_adopted']} drafts that failed, the simulator gave ")
    losses = {name: scores["log_loss"] for name, scores in facts["member_votes"].items()}
    others = {name: loss for name, loss in losses.items() if name != "simulator"}
    best = min(others, key=others.get)
    the_two = f"{losses['simulator']:.3f} for the simulator, {others[best]:.3f} for "
    assert f"{the_two}{best.replace('_', ' ')}, the best of the others." in first
    assert second.startswith("Outcomes, Brier score: ")


def test_what_is_kept_is_computed_again_where_that_is_asked(record, tmp_path):
    """With `fresh` the cache is not read, and what it held is replaced."""
    whole = backtest(record, [MemberRate()], BEGIN, END, cache=tmp_path, workers=1)
    seen: list[tuple[int, int]] = []
    again = backtest(
        record,
        [MemberRate()],
        BEGIN,
        END,
        on_progress=lambda done, of: seen.append((done, of)),
        cache=tmp_path,
        workers=1,
        fresh=True,
    )
    assert seen == [(0, 2), (1, 2), (2, 2)]
    assert again.to_dict(10) == whole.to_dict(10)
    assert len(list(tmp_path.iterdir())) == 2


def test_the_report_without_a_model(record):
    """Baselines alone, also just one and over a few votes, can be shown."""
    few = backtest(record, [LastVote()], date(2018, 1, 1), date(2018, 2, 27), workers=1)
    text = markdown(backtest_sections(few.to_dict(10)))
    assert "minus each baseline" not in text
    assert not re.search(r"\bnan\b", text)
