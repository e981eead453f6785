"""The scores in the README are those of a fresh back-test, and they are what it says of them."""

import re
from datetime import date
from pathlib import Path

import pytest

from sim.backtest import all_forecasters, backtest
from sim.record import read_record

pytestmark = pytest.mark.slow(reason="a whole back-test")

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
NAMES = {
    "**the simulator**, fitted anew": "model",
    "logit on who votes and what is tabled": "logit",
    "the last vote on the same mandate": "last_vote",
    "each member's own rate": "member_rate",
    "yearly base rates": "base_rate",
    "always in favour": "always_in_favour",
}
TOLERANCE = 0.003
"""Other versions of numpy, scipy and scikit-learn may end a search elsewhere by that much."""


@pytest.fixture(scope="module")
def facts():
    record = read_record()
    return backtest(record, all_forecasters(), date(2016, 1, 1), date(2024, 3, 28)).to_dict(400)


def shown():
    """Return the README's rows by forecaster: six figures each."""
    rows = re.findall(r"^\| (.+?) \| ((?:[0-9.]+ \| ){5}[0-9.]+) \|$", README, re.MULTILINE)
    return {NAMES[name]: [float(cell) for cell in cells.split(" | ")] for name, cells in rows}


def test_the_table_is_what_a_fresh_back_test_gives(facts):
    """Every figure of the README's table comes out again."""
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


def test_the_simulator_is_better_than_every_baseline(facts):
    """As is: on log loss, balanced accuracy, outcome Brier score and ROC AUC."""
    members, outcomes = facts["member_votes"], facts["outcomes"]
    for name in set(members) - {"model"}:
        assert members["model"]["log_loss"] < members[name]["log_loss"]
        assert members["model"]["balanced_accuracy"] > members[name]["balanced_accuracy"]
        assert outcomes["model"]["brier"] < outcomes[name]["brier"]
        assert outcomes["model"]["roc_auc"] > outcomes[name]["roc_auc"]


def test_bins_that_are_off_are_those_that_the_readme_names(facts):
    """No bin of 20 or more is off but three of members' votes, which the README explains."""
    off = {(r["of"], r["begins"]) for r in facts["reliability"] if r["is_off"] and r["count"] >= 20}
    assert off <= {("member_in_favour", begins) for begins in (0.4, 0.6, 0.7)}
