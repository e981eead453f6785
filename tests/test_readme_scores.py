"""The scores in the READMEs are those of a fresh back-test, and they are what is said of them."""

import re
from datetime import date
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from sim.backtest import all_forecasters, backtest
from sim.charter import Action
from sim.record import read_record

pytestmark = pytest.mark.slow(reason="a whole back-test")

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
IN_FULL = (ROOT / "sim" / "README.md").read_text(encoding="utf-8")
NAMES = {
    "**the simulator**": "simulator",
    "the joint fit": "joint_fit",
    "logit on who votes and what is tabled": "logit",
    "the last vote on the same mandate": "last_vote",
    "each member's own rate": "member_rate",
    "yearly base rates": "base_rate",
    "always in favour": "always_in_favour",
}
COMPARED = {"joint fit": "joint_fit", "logit": "logit", "last vote": "last_vote"}
SCORES = {
    "member votes: log loss": ("", "member_votes.log_loss"),
    "balanced accuracy": ("", "member_votes.balanced_accuracy"),
    "outcome: Brier score": ("", "outcomes.brier"),
    "ROC AUC": ("", "outcomes.roc_auc"),
    "weighted: log loss": ("weighted", "member_votes.log_loss"),
    "weighted: Brier score": ("weighted", "outcomes.brier"),
}
TOLERANCE = 0.003
"""Other versions of numpy, scipy and scikit-learn may end a search elsewhere by that much."""
SHARES = 0.015
"""Likewise, of a share of some dozens of votes."""


@pytest.fixture(scope="module")
def tested():
    return backtest(read_record(), all_forecasters(), date(2016, 1, 1), date(2024, 3, 28))


@pytest.fixture(scope="module")
def facts(tested):
    return tested.to_dict()


def shown():
    """Return the README's rows by forecaster: six figures each."""
    rows = re.findall(r"^\| (.+?) \| ((?:[0-9.]+ \| ){5}[0-9.]+) \|$", README, re.MULTILINE)
    return {NAMES[name]: [float(cell) for cell in cells.split(" | ")] for name, cells in rows}


def test_the_table_is_what_a_fresh_back_test_gives(facts):
    """Every figure of the README's table comes out again, for every forecaster."""
    assert set(shown()) == set(facts["member_votes"])
    weighted = facts["weighted"]
    for name, figures in shown().items():
        member, outcome = facts["member_votes"][name], facts["outcomes"][name]
        again = [
            member["log_loss"],
            member["balanced_accuracy"],
            outcome["brier"],
            outcome["roc_auc"],
            weighted["member_votes"][name]["log_loss"],
            weighted["outcomes"][name]["brier"],
        ]
        assert figures == pytest.approx(again, abs=TOLERANCE), name


def with_interval(text):
    """Return each difference in a text with the bounds of its interval, as it is written."""
    return re.findall(r"([+-]?\d\.\d{3})\s+\(([+-]?\d\.\d{3})\s+to\s+([+-]?\d\.\d{3})\)", text)


def test_the_differences_are_those_of_a_fresh_back_test(facts):
    """Every difference in the table of `sim/README.md` comes out again, with its interval."""
    _, table = IN_FULL.split("| score | joint fit | logit | last vote |\n")
    rows = [line.strip("| ").split(" | ") for line in table.split("\n\n")[0].splitlines()[1:]]
    assert [row[0] for row in rows] == list(SCORES)
    for label, *cells in rows:
        kind, score = SCORES[label]
        by_name = facts["weighted"]["differences"] if kind else facts["differences"]
        for name, cell in zip(COMPARED.values(), cells, strict=True):
            ((difference, low, high),) = with_interval(cell)
            again = by_name[name][score]
            assert float(difference) == pytest.approx(again["difference"], abs=TOLERANCE)
            assert float(low) == pytest.approx(again["low"], abs=2 * TOLERANCE)
            assert float(high) == pytest.approx(again["high"], abs=2 * TOLERANCE)


def test_the_front_page_quotes_the_table_of_differences():
    """The README gives no difference but those of the table in `sim/README.md`."""
    in_full = {tuple(map(float, found)) for found in with_interval(IN_FULL)}
    quoted = {tuple(map(float, found)) for found in with_interval(README)}
    assert quoted
    assert quoted <= in_full


def test_what_is_said_of_the_logit_and_of_the_joint_fit_holds(facts):
    """No difference to the logit is beyond chance; the joint fit forecasts members better."""
    for score in {score for _, score in SCORES.values()}:
        for by_name in (facts["differences"], facts["weighted"]["differences"]):
            assert by_name["logit"][score]["low"] < 0 < by_name["logit"][score]["high"]
    assert facts["differences"]["joint_fit"]["member_votes.log_loss"]["low"] > 0
    assert facts["differences"]["joint_fit"]["member_votes.balanced_accuracy"]["high"] < 0


def test_bins_that_are_off_are_those_that_the_readme_names(facts):
    """Of bins of 20 or more none is off but member votes', as named: all but that from 0.5."""
    large = [(r["of"], r["begins"], r["is_off"]) for r in facts["reliability"] if r["count"] >= 20]
    members = {(begins, is_off) for of, begins, is_off in large if of == "member_in_favour"}
    assert members == {(b, b != 0.5) for b in (0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)}
    assert not any(is_off for of, _, is_off in large if of == "adopted")


def test_the_shares_in_favour_are_those_that_the_readme_names(tested):
    """Bin by bin, as is and weighted; of Russia; and of elected members on its drafts."""
    votes = list(zip(tested.votes, tested.forecasts["simulator"], tested.weights, strict=True))
    p = np.concatenate([forecast.actions[:, Action.IN_FAVOUR] for _, forecast, _ in votes])
    said_yes = np.concatenate([vote.roll_call == Action.IN_FAVOUR for vote, _, _ in votes])
    weights = np.repeat(tested.weights, [len(vote.council) for vote in tested.votes])
    for low, plain, weighted in ((0.6, 0.38, 0.66), (0.7, 0.53, 0.71), (0.8, 0.78, 0.87)):
        inside = (low <= p) & (p < low + 0.1)
        assert said_yes[inside].mean() == pytest.approx(plain, abs=SHARES)
        again = np.average(said_yes[inside], weights=weights[inside])
        assert again == pytest.approx(weighted, abs=SHARES)
    assert (said_yes[p < 0.5].sum(), (p < 0.5).sum()) == (1, 78)

    seats = [(vote, member) for vote in tested.votes for member in vote.council]
    is_russia = np.array([member.code == "RUS" for _, member in seats])
    on_its_drafts = np.array([v.penholders == ("RUS",) and not m.permanent for v, m in seats])
    between = (p >= 0.4) & (p < 0.8)
    for who, expected, was in ((is_russia, 0.68, 0.31), (on_its_drafts, 0.58, 0.28)):
        assert p[who & between].mean() == pytest.approx(expected, abs=SHARES)
        assert said_yes[who & between].mean() == pytest.approx(was, abs=SHARES)


def test_the_hardest_members_are_those_that_the_readme_names(facts):
    """Venezuela, Bolivia and Russia, each with the simulator's and the logit's log loss."""
    losses = {m["member"]: m["log_loss"] for m in facts["hardest"][:3]}
    assert list(losses) == ["VEN", "BOL", "RUS"]
    again = chain(*((m["logit"], m["simulator"]) for m in losses.values()))
    assert list(again) == pytest.approx([0.98, 1.32, 1.17, 1.19, 0.97, 1.17], abs=0.02)
