"""What scores are called, and how they are written: with three digits, the best of a row marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.facts.figures import words
from sim.report.sections import Cell, Written, number

if TYPE_CHECKING:
    from sim.backtest.facts import ScoreFacts

LABELS = {
    "brier": "Brier score",
    "balanced_accuracy_by_lift": "balanced accuracy, by lift",
    "f1": "F1",
    "f1_by_lift": "F1, by lift",
    "macro_f1": "macro F1",
    "macro_f1_by_lift": "macro F1, by lift",
    "pr_auc": "PR AUC",
    "pr_auc_of_labels": "PR AUC of labels",
    "pr_auc_of_labels_by_lift": "PR AUC of labels, by lift",
    "roc_auc": "ROC AUC",
    "pr_auc_dissent": "PR AUC, dissent",
    "roc_auc_dissent": "ROC AUC, dissent",
    "apre": "APRE",
    "geometric_mean_probability": "geometric mean p",
    "log_loss_of_three": "log loss of three",
    "brier_of_three": "Brier of three",
}
"""What scores are called whose key is not plain English."""
LOSSES = ("log_loss", "brier", "ranked_probability", "log_loss_of_three", "brier_of_three")
"""The scores for which lower is better."""


def label(score: str) -> str:
    """Return what a score is called."""
    return LABELS.get(score, words(score))


def figure(value: float | None, form: str = ".3f") -> Written | None:
    """Return a number as a cell, None where there is none."""
    return None if value is None else number(value, form)


def spelled(value: float | None, form: str = ".3f") -> str:
    """Return a number in a sentence, and a dash where there is none."""
    return "-" if value is None else f"{value:{form}}"


def best_marked(by_name: Mapping[str, ScoreFacts], score: str) -> list[Cell]:
    """Return the score of each forecaster, and mark the best, or all that are shown like it."""
    values = [by_score[score] for by_score in by_name.values()]
    known = {round(value, 3) for value in values if value is not None}
    least_or_most = (min if score in LOSSES else max)(known, default=None)
    return [
        Written(f"*{number(value, '.3f')}")
        if value is not None and len(known) > 1 and round(value, 3) == least_or_most
        else figure(value)
        for value in values
    ]
