"""What a back-test says and in which order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from sim.report.sections import Cell, Row, Section, Written, best, number, span, words

if TYPE_CHECKING:
    from sim.backtest.facts import BackTestFacts, DifferenceFacts, Of, ScoreFacts
    from sim.backtest.published import PublishedFacts

LABELS = {
    "brier": "Brier score",
    "balanced_accuracy_by_lift": "balanced accuracy, by lift",
    "f1": "F1",
    "f1_by_lift": "F1, by lift",
    "macro_f1": "macro F1",
    "macro_f1_by_lift": "macro F1, by lift",
    "pr_auc": "PR AUC",
    "roc_auc": "ROC AUC",
    "pr_auc_dissent": "PR AUC, dissent",
    "roc_auc_dissent": "ROC AUC, dissent",
    "apre": "APRE",
    "geometric_mean_probability": "geometric mean p",
    "log_loss_of_three": "log loss of three",
    "brier_of_three": "Brier of three",
}
"""What scores are called where their key is no word."""
LOSSES = ("log_loss", "brier", "ranked_probability", "log_loss_of_three", "brier_of_three")
"""The scores of which lower is better."""
COMPARED: Mapping[Of, Sequence[str]] = {
    "member_votes": ("log_loss", "balanced_accuracy", "balanced_accuracy_by_lift", "pr_auc"),
    "outcomes": ("log_loss", "brier", "roc_auc"),
}
"""The differences that are shown of those that the file holds."""
IN_PARTS: Sequence[tuple[Of, str]] = (("member_votes", "log_loss"), ("outcomes", "brier"))
"""The scores shown for each year and each instrument, and first of all."""


def backtest_sections(facts: BackTestFacts) -> list[Section]:
    """Return the sections of a back-test in the order an analyst reads."""
    sections = [
        opening(facts),
        *(scores(facts, of) for of in COMPARED),
        *(differences(facts, of) for of in COMPARED),
        *(reliability(facts, of) for of in ("adopted", "member_in_favour")),
        *(parts(facts, "by_year", of, score) for of, score in IN_PARTS),
        *(parts(facts, "by_instrument", of, score) for of, score in IN_PARTS),
        hardest(facts),
        published(facts),
        provenance(facts),
    ]
    return [s for s in sections if s.sentences or s.rows]


def label(score: str) -> str:
    """Return what a score is called."""
    return LABELS.get(score, words(score))


def opening(facts: BackTestFacts) -> Section:
    """Return how the simulator does beside the best of the others, and what was forecast how."""
    settings = facts["settings"]
    often = {"yearly": "year", "monthly": "month"}[settings["refit"]]
    n_failed = sum(part["not_adopted"] for part in facts["by_year"].values())
    return Section(
        f"Back-test from {settings['from']} to {settings['to']}",
        [
            *(headline(facts, of, score) for of, score in IN_PARTS if facts["differences"]),
            f"{facts['votes']} votes, {n_failed} of them not adopted, each forecast from earlier "
            f"votes only; forecasters are refitted every {often}.",
            "Contested votes are over-represented in the record; weighted figures restore each "
            "outcome's share of all the decisions of its year.",
        ],
    )


def headline(facts: BackTestFacts, of: Of, score: str) -> str:
    """Return in a sentence how the simulator does beside the best of the others by a loss."""
    losses = {name: by_score[score] for name, by_score in facts[of].items()}
    others = facts["differences"]
    baseline = min(others, key=lambda name: losses[name] or 0.0)
    d = others[baseline][f"{of}.{score}"]
    low, high = spelled(d["low"], "+.3f"), spelled(d["high"], "+.3f")
    return (
        f"{words(of).capitalize()}, {label(score)}: {spelled(losses['simulator'])} for the "
        f"simulator; the best of the others is {words(baseline)} with {spelled(losses[baseline])}. "
        f"Difference {spelled(d['difference'], '+.3f')}, 95 % interval {low} to {high}."
    )


def figure(value: float | None, form: str = ".3f") -> Written | None:
    """Return a number as a cell, None where there is none."""
    return None if value is None else number(value, form)


def spelled(value: float | None, form: str = ".3f") -> str:
    """Return a number in a sentence, and a dash where there is none."""
    return "-" if value is None else f"{value:{form}}"


def scores(facts: BackTestFacts, of: Of) -> Section:
    """Return the table of member votes or of outcomes, forecasters side by side."""
    shown = next(iter(facts[of].values()))
    heading, sentence = {
        "member_votes": ("Member votes", "Dissent: any vote but in favour."),
        "outcomes": (
            "Outcomes, adopted or not",
            "Areas under the curves (AUC) are for not adopted; of three: vetoed and not carried "
            "are told apart.",
        ),
    }[of]
    kinds = (("as is", facts[of]), ("weighted", facts["weighted"][of]))
    rows: list[Row] = [
        ("" if k else label(score), kind, *best_marked(by_name, score))
        for score in shown
        for k, (kind, by_name) in enumerate(kinds)
    ]
    losses = ", ".join(label(score) for score in shown if score in LOSSES)
    lower = f"Lower is better for {losses}; higher for all others. * marks the best of a row."
    return Section(heading, [lower, sentence], ("score", "votes", *map(words, facts[of])), rows)


def best_marked(by_name: Mapping[str, ScoreFacts], score: str) -> list[Cell]:
    """Return the score of each forecaster, and mark the best, or all that are shown like it."""
    values = [by_score[score] for by_score in by_name.values()]
    known = {round(value, 3) for value in values if value is not None}
    least_or_most = (min if score in LOSSES else max)(known, default=None)
    return [
        best(number(value, ".3f"))
        if value is not None and len(known) > 1 and round(value, 3) == least_or_most
        else figure(value)
        for value in values
    ]


def differences(facts: BackTestFacts, of: Of) -> Section:
    """Return the simulator's scores minus each other forecaster's, as is and weighted."""

    def with_interval(d: DifferenceFacts) -> list[Cell]:
        return [figure(value, "+.3f") for value in (d["difference"], d["low"], d["high"])]

    rows: list[Row] = [
        (
            "" if k else label(score),
            words(name),
            *with_interval(by_score[f"{of}.{score}"]),
            *with_interval(facts["weighted"]["differences"][name][f"{of}.{score}"]),
        )
        for score in COMPARED[of]
        for k, (name, by_score) in enumerate(facts["differences"].items())
    ]
    sentence = (
        "Low and high are the bounds of the 95 % interval, from a paired bootstrap over votes in "
        "which members' votes on a draft stay together. Below 0 is better for losses, above 0 for "
        "all other scores."
    )
    return Section(
        f"The simulator minus each of the others, {words(of)}",
        [sentence] if rows else (),
        ("score", "baseline", "difference", "low", "high", "weighted", "low", "high"),
        rows,
    )


def reliability(facts: BackTestFacts, of: Literal["adopted", "member_in_favour"]) -> Section:
    """Return how often what was forecast with about the same probability happened."""
    rows = [
        (
            span(number(b["begins"], ".1f"), number(b["begins"] + 0.1, ".1f")),
            b["count"],
            figure(b["mean_forecast"]),
            figure(b["observed"]),
            span(number(b["low"], ".3f"), number(b["high"], ".3f")),
            "off" if b["is_off"] else "",
        )
        for b in facts["reliability"]
        if b["of"] == of
    ]
    sentences = [
        "Interval: where the observed share falls in 95 % of cases if every forecast is right; "
        "off: it did not."
    ]
    if of == "member_in_favour":
        sentences.append("Members' votes on one draft move together: the interval is too narrow.")
    columns = ("forecast", "count", "mean", "observed", "95 % interval", "mark")
    heading = f"Reliability of {words(facts['settings']['leading'])}, {words(of)}"
    return Section(heading, sentences, columns, rows)


def hardest(facts: BackTestFacts) -> Section:
    """Return the members whose votes were forecast worst."""
    names = list(facts["member_votes"])
    rows: list[Row] = [
        (m["member"], m["votes"], m["not_in_favour"], *map(figure, map(m["log_loss"].get, names)))
        for m in facts["hardest"]
    ]
    columns = ("member", "votes", "not in favour", *map(words, names))
    return Section("Hardest to forecast", ["Mean log loss of the member's votes."], columns, rows)


def parts(
    facts: BackTestFacts, by: Literal["by_year", "by_instrument"], of: Of, score: str
) -> Section:
    """Return one score for each part of the record, forecasters side by side."""
    rows: list[Row] = [
        (
            Written(part) if by == "by_year" else words(part),
            scores["votes"],
            scores["not_adopted"],
            *best_marked(scores[of], score),
        )
        for part, scores in facts[by].items()
    ]
    what = by.removeprefix("by_")
    columns = (what, "votes", "not adopted", *map(words, facts[of]))
    heading = f"By {what}: {label(score)} of {words(of)}"
    return Section(heading, (), columns, rows)


def published(facts: BackTestFacts) -> Section:
    """Return published figures with ours of the same name, and what differs."""
    leading = facts["settings"]["leading"]
    columns = ("published", "score", "figure", "in favour", f"here, {words(leading)}", "in favour")

    def beside(figures: PublishedFacts) -> list[Row]:
        theirs, always, ours = figures["figures"], figures["always_in_favour"], facts[figures["of"]]
        every = (theirs, always, ours[leading], ours.get("always_in_favour", {}))
        return [
            (figures["what"], label(score), *(figure(by_score.get(score)) for by_score in every))
            for score in {**theirs, **always}
        ]

    return Section(
        "Published figures",
        [
            "None of these figures is for the same votes: they show the scale, and rank nothing. "
            "Beside each is that of always forecasting in favour, or adopted.",
            *(f"{figures['what']}: {figures['differs']}." for figures in facts["published"]),
        ],
        columns,
        [row for figures in facts["published"] for row in beside(figures)],
    )


def provenance(facts: BackTestFacts) -> Section:
    """Return what it takes to compute the same again."""
    settings = facts["settings"]
    given = []
    for name, f in settings["forecasters"].items():
        said = (f", {words(key)} {_brief(value)}" for key, value in f["settings"].items())
        given.append(f"{name} (version {f['version']}{''.join(said)})")
    return Section(
        "How it was computed",
        [
            f"unsc-sim {settings['software']['version']}; record {settings['record'][:16]}; "
            f"{settings['resamples']:,} resamples of the votes, random seed "
            f"{settings['random_seed']}; in logarithms no probability counts as less than "
            f"{settings['least_probability']:g}.",
            f"Forecasters: {'; '.join(given)}.",
        ],
    )


def _brief(value: object) -> str:
    """Return a setting as it is shown: many numbers by a hash, all of them are in the JSON."""
    if isinstance(value, Mapping):
        return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
    return "none" if value is None else str(value)[:20]
