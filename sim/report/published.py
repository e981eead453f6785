"""A back-test beside published ones: on the votes most like theirs, and figure by figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.facts.figures import percent, words
from sim.report.scores import best_marked, figure, label
from sim.report.sections import Row, Section

if TYPE_CHECKING:
    from sim.backtest.facts import BackTestFacts
    from sim.backtest.published import Of, PublishedFacts

LIKE: Mapping[Of, Sequence[str]] = {
    "member_votes": (
        "balanced_accuracy",
        "balanced_accuracy_by_lift",
        "macro_f1",
        "macro_f1_by_lift",
        "pr_auc_of_labels",
        "pr_auc_of_labels_by_lift",
        "pr_auc",
    ),
    "outcomes": ("balanced_accuracy", "balanced_accuracy_by_lift", "f1", "f1_by_lift", "pr_auc"),
}
"""The scores shown on the votes that are most like those of a published test."""


def like(facts: BackTestFacts, what: str) -> Section:
    """Return our scores on the votes that are most like those of a published test."""
    part = facts["like_published"][what]
    theirs = next(figures for figures in facts["published"] if figures["what"] == what)
    if not part["votes"] or not theirs["votes"]:
        return Section("")
    happened, n = part["happened"], sum(part["happened"].values())
    shares = "; ".join(f"{words(k)} {m:,} ({percent(m / n)})" for k, m in happened.items())
    since, until = theirs["votes"]["since"], theirs["votes"]["until"]
    kind = "adopted drafts" if theirs["votes"]["adopted_only"] else "drafts"
    rows: list[Row] = [
        (label(score), figure(theirs["figures"].get(score)), *best_marked(part["scores"], score))
        for score in LIKE[theirs["of"]]
    ]
    return Section(
        f"On the terms of {what}",
        [
            f"The {part['votes']} {kind} from {since} to {until} in this back-test: {shares}.",
            f"Published: {theirs['differs']}.",
            caution(theirs["of"], happened),
        ],
        ("score", "published", *map(words, part["scores"])),
        rows,
    )


def caution(of: Of, happened: Mapping[str, int]) -> str:
    """Return what a reader of such scores must know of how rare the rarest is."""
    n = sum(happened.values())
    if of == "member_votes":
        return (
            "Each action that occurs weighs alike in balanced accuracy, macro F1 and the areas, "
            f"however rare: of {n:,} votes {happened['against']} were against."
        )
    return (
        "Not adopted is the positive class of F1 and of the area, whose value without any skill is "
        f"its share, {1 - happened['adopted'] / n:.3f}."
    )


def published(facts: BackTestFacts) -> Section:
    """Return published figures with ours of the same name, and what differs."""
    leading = facts["settings"]["leading"]
    columns = ("published", "score", "figure", "in favour", f"here, {words(leading)}", "in favour")
    elsewhere = [figures for figures in facts["published"] if not figures["votes"]]

    def beside(figures: PublishedFacts) -> list[Row]:
        theirs, always, ours = figures["figures"], figures["always_in_favour"], facts[figures["of"]]
        every = (theirs, always, ours[leading], ours.get("always_in_favour", {}))
        return [
            (figures["what"], label(score), *(figure(by_score.get(score)) for by_score in every))
            for score in {**theirs, **always}
        ]

    return Section(
        "Other published figures",
        [
            "None of these figures is for the same votes: they show the scale, and rank nothing. "
            "Beside each is that of always forecasting in favour, or adopted.",
            *(f"{figures['what']}: {figures['differs']}." for figures in elsewhere),
        ],
        columns,
        [row for figures in elsewhere for row in beside(figures)],
    )
