"""The scores in the READMEs are those of a fresh back-test, and they are what is said of them."""

import re
from datetime import date
from pathlib import Path

import pandas
import pytest

from sim.backtest import all_forecasters, backtest
from sim.backtest.past import SHIPPED
from sim.record import read_record

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
IN_FULL = (ROOT / "sim" / "README.md").read_text(encoding="utf-8")
NAMES = {
    "**the simulator**": "simulator",
    "the joint fit": "joint_fit",
    "regression on all the same facts": "regression",
    "logit on who votes and what is tabled": "logit",
    "the last vote on the same mandate": "last_vote",
    "each member's own rate": "member_rate",
    "yearly base rates": "base_rate",
    "always in favour": "always_in_favour",
}
COMPARED = ("joint_fit", "regression", "logit", "last_vote")
SCORES = {
    "member votes: log loss": "member_votes.log_loss",
    "outcome: Brier score": "outcomes.brier",
    "outcome: log loss": "outcomes.log_loss",
    "outcome: ROC AUC": "outcomes.roc_auc",
}
TOLERANCE = 0.003
"""Other versions of numpy, scipy and scikit-learn may end a search elsewhere by that much."""


def shown():
    """Return the README's rows by forecaster: five figures each."""
    rows = re.findall(r"^\| (.+?) \| ((?:[0-9.]+ \| ){4}[0-9.]+) \|$", README, re.MULTILINE)
    return {NAMES[name]: [float(cell) for cell in cells.split(" | ")] for name, cells in rows}


@pytest.mark.slow(reason="a whole back-test")
def test_a_fresh_back_test_gives_what_is_shown():
    """The READMEs' tables, the shipped forecasts, and what is said of them, by one back-test."""
    tested = backtest(read_record(), all_forecasters(), date(2016, 1, 1), date(2024, 12, 31))
    facts = tested.to_dict()
    check_the_table(facts)
    check_the_differences(facts)
    check_what_is_plain_is_beaten(facts)
    check_the_shipped_forecasts(tested, "outcomes", ["vote_id"])
    check_the_shipped_forecasts(tested, "forecasts", ["vote_id", "member"])


def check_the_table(facts):
    """Every figure of the README's table comes out again, for every forecaster."""
    assert set(shown()) == set(facts["member_votes"])
    for name, figures in shown().items():
        member, outcome = facts["member_votes"][name], facts["outcomes"][name]
        again = [member["log_loss"], member["balanced_accuracy"]]
        again += [outcome[score] for score in ("brier", "log_loss", "roc_auc")]
        assert figures == pytest.approx(again, abs=TOLERANCE), name


def with_interval(text):
    """Return each difference in a text with the bounds of its interval, as it is written."""
    return re.findall(r"([+-]?\d\.\d{3})\s+\(([+-]?\d\.\d{3})\s+to\s+([+-]?\d\.\d{3})\)", text)


def check_the_differences(facts):
    """Every difference in the table of `sim/README.md` comes out again, with its interval."""
    _, table = IN_FULL.split("| score | joint fit | regression | logit | last vote |\n")
    rows = [line.strip("| ").split(" | ") for line in table.split("\n\n")[0].splitlines()[1:]]
    assert [row[0] for row in rows] == list(SCORES)
    for label, *cells in rows:
        for name, cell in zip(COMPARED, cells, strict=True):
            ((difference, low, high),) = with_interval(cell)
            again = facts["differences"][name][SCORES[label]]
            assert float(difference) == pytest.approx(again["difference"], abs=TOLERANCE)
            assert float(low) == pytest.approx(again["low"], abs=2 * TOLERANCE)
            assert float(high) == pytest.approx(again["high"], abs=2 * TOLERANCE)


def test_the_front_page_quotes_the_table_of_differences():
    """The README gives no difference but those of the table in `sim/README.md`."""
    in_full = {tuple(map(float, found)) for found in with_interval(IN_FULL)}
    quoted = {tuple(map(float, found)) for found in with_interval(README)}
    assert quoted
    assert quoted <= in_full


def check_the_shipped_forecasts(tested, table, key):
    """The simulator's, of every vote, to what other versions of the libraries may change."""
    fresh = tested.to_frame(table).query("forecaster == 'simulator'").set_index(key)
    kept = pandas.read_csv(SHIPPED / f"{table}.csv").set_index(key)
    assert list(kept.index) == list(fresh.index)
    for column in (name for name in kept if name.startswith("p_")):
        assert (kept[column] - fresh[column]).abs().mean() < TOLERANCE


def check_what_is_plain_is_beaten(facts):
    """Its member log loss is below the last vote's and the logit's beyond chance."""
    for name in ("logit", "last_vote"):
        assert facts["differences"][name]["member_votes.log_loss"]["high"] < 0
    for name in ("last_vote", "member_rate", "base_rate", "always_in_favour"):
        assert facts["differences"][name]["outcomes.brier"]["high"] < 0
