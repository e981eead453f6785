"""What a back-test says and in which order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from sim.report.sections import Facts, Section, words

MEMBER_SCORES = (
    "log_loss",
    "brier",
    "ranked_probability",
    "accuracy",
    "balanced_accuracy",
    "macro_f1",
    "pr_auc",
    "roc_auc",
    "pr_auc_dissent",
    "roc_auc_dissent",
    "apre",
    "geometric_mean_probability",
)
OUTCOME_SCORES = (
    "log_loss",
    "brier",
    "accuracy",
    "balanced_accuracy",
    "macro_f1",
    "pr_auc",
    "roc_auc",
    "log_loss_of_three",
    "brier_of_three",
)
LABELS = {
    "brier": "Brier score",
    "f1": "F1",
    "macro_f1": "macro F1",
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
LOSSES = frozenset(
    {"log_loss", "brier", "ranked_probability", "log_loss_of_three", "brier_of_three"}
)
"""The scores of which lower is better."""
COMPARED = {
    "member_votes": ("log_loss", "balanced_accuracy", "pr_auc"),
    "outcomes": ("log_loss", "brier", "roc_auc"),
}
"""The differences that are shown of those that the file holds."""
IN_PARTS = (("member_votes", "log_loss"), ("outcomes", "brier"))
"""The scores shown for each year and each instrument, and first of all."""

Scores = Mapping[str, Any]


def backtest_sections(facts: Facts) -> list[Section]:
    """Return the sections of a back-test in the order an analyst reads.

    Args:
        facts: what `BackTest.to_dict` returns.
    """
    sections = [
        _opening(facts),
        _scores(facts, "member_votes", MEMBER_SCORES),
        _scores(facts, "outcomes", OUTCOME_SCORES),
        *(_differences(facts, of) for of in COMPARED),
        *(_reliability(facts, of) for of in ("adopted", "member_in_favour")),
        *(_parts(facts, "by_year", "year", *what) for what in IN_PARTS),
        *(_parts(facts, "by_instrument", "instrument", *what) for what in IN_PARTS),
        _hardest(facts),
        _published(facts),
        _provenance(facts),
    ]
    return [s for s in sections if s.sentences or s.rows]


def label(score: str) -> str:
    """Return what a score is called."""
    return LABELS.get(score, words(score))


def _opening(facts: Facts) -> Section:
    settings = facts["settings"]
    often = {"yearly": "year", "monthly": "month"}[settings["refit"]]
    n_failed = sum(part["not_adopted"] for part in facts["by_year"].values())
    return Section(
        f"Back-test from {settings['from']} to {settings['to']}",
        [
            *(_headline(facts, of, score) for of, score in IN_PARTS if facts["differences"]),
            f"{facts['votes']} votes, {n_failed} of them not adopted, each forecast from earlier "
            f"votes only; forecasters learn anew every {often}.",
            "Contested votes are over-represented in the record; weighted figures bring each "
            "year's outcomes back to those of all its decisions.",
        ],
    )


def _headline(facts: Facts, of: str, score: str) -> str:
    """Return in a sentence how the model stands to the best of the others by a loss."""
    losses = {name: scores[score] for name, scores in facts[of].items()}
    others = facts["differences"]
    best = min(others, key=lambda name: losses[name])
    d = others[best][f"{of}.{score}"]
    return (
        f"{words(of).capitalize()}, {label(score)}: the model has {_number(losses['model'])}; of "
        f"the others {words(best)} has the least, {_number(losses[best])}. Difference "
        f"{_number(d['difference'], '+.3f')}, 95 % interval {_number(d['low'], '+.3f')} to "
        f"{_number(d['high'], '+.3f')}."
    )


def _scores(facts: Facts, of: str, shown: Sequence[str]) -> Section:
    """Return the table of member votes or of outcomes, forecasters side by side."""
    heading, sentence = {
        "member_votes": ("Member votes", "Dissent: not in favour against in favour."),
        "outcomes": (
            "Outcomes, adopted or not",
            "Areas under the curves (AUC) are for not adopted; of three: vetoed and not carried "
            "told apart.",
        ),
    }[of]
    kinds = (("as is", facts[of]), ("weighted", facts["weighted"][of]))
    rows = [
        ("" if k else label(score), kind, *_best_marked(by_name, score))
        for score in shown
        for k, (kind, by_name) in enumerate(kinds)
    ]
    losses = ", ".join(label(score) for score in shown if score in LOSSES)
    lower = f"Lower is better for {losses}; higher for all others. * best of the row."
    return Section(heading, [lower, sentence], ("score", "votes", *map(words, facts[of])), rows)


def _best_marked(by_name: Mapping[str, Scores], score: str) -> list[str]:
    """Return the score of each forecaster; the best, as far as it is shown, after a star."""
    cells = [_number(scores[score]) for scores in by_name.values()]
    known = {float(cell) for cell in cells if cell != "-"}
    if len(known) < 2:
        return cells
    best = min(known) if score in LOSSES else max(known)
    return [f"*{cell}" if cell != "-" and float(cell) == best else cell for cell in cells]


def _number(value: float | None, form: str = ".3f") -> str:
    """Return the number as it is shown, and a dash where there is none."""
    return "-" if value is None else f"{value:{form}}"


def _differences(facts: Facts, of: str) -> Section:
    """Return what the model's scores are above each other forecaster's, as is and weighted."""
    columns = ("score", "baseline", "model less it", "low", "high", "weighted", "low", "high")
    rows = [
        (
            "" if k else label(score),
            words(name),
            *_with_interval(scores[f"{of}.{score}"]),
            *_with_interval(facts["weighted"]["differences"][name][f"{of}.{score}"]),
        )
        for score in COMPARED[of]
        for k, (name, scores) in enumerate(facts["differences"].items())
    ]
    sentence = (
        "Low and high bound the 95 % interval, paired over votes drawn with replacement; members' "
        "votes on a draft stay together. Of losses below 0 is better, of all others above 0."
    )
    if not rows:
        return Section("")
    return Section(f"The model less each baseline, {words(of)}", [sentence], columns, rows)


def _with_interval(d: Scores) -> tuple[str, ...]:
    return tuple(_number(d[key], "+.3f") for key in ("difference", "low", "high"))


def _reliability(facts: Facts, of: str) -> Section:
    bins = [b for b in facts["reliability"] if b["of"] == of]
    rows = [
        (
            f"{b['begins']:.1f} to {b['begins'] + 0.1:.1f}",
            str(b["count"]),
            _number(b["mean_forecast"]),
            _number(b["observed"]),
            f"{_number(b['low'])} to {_number(b['high'])}",
            "off" if b["is_off"] else "",
        )
        for b in bins
    ]
    note = {
        "adopted": "",
        "member_in_favour": "Members' votes on one draft move together, so the interval is narrow.",
    }
    sentence = (
        "Interval: where the observed share falls in 95 % of cases if every forecast is right; "
        "off: it did not."
    )
    columns = ("forecast", "count", "mean", "observed", "95 % interval", "mark")
    heading = f"Reliability of {words(facts['settings']['leading'])}, {words(of)}"
    return Section(heading, [s for s in (sentence, note[of]) if s], columns, rows)


def _hardest(facts: Facts) -> Section:
    names = list(facts["member_votes"])
    rows = [
        (
            m["member"],
            str(m["votes"]),
            str(m["not_in_favour"]),
            *(_number(m["log_loss"][name]) for name in names),
        )
        for m in facts["hardest"]
    ]
    columns = ("member", "votes", "not in favour", *map(words, names))
    return Section("Hardest to forecast", ["Mean log loss of the member's votes."], columns, rows)


def _parts(facts: Facts, by: str, what: str, of: str, score: str) -> Section:
    """Return one score for each part of the record, forecasters side by side."""
    rows = [
        (
            words(part),
            str(scores["votes"]),
            str(scores["not_adopted"]),
            *_best_marked(scores[of], score),
        )
        for part, scores in facts[by].items()
    ]
    columns = (what, "votes", "not adopted", *map(words, facts[of]))
    heading = f"By {what}: {label(score)} of {words(of)}"
    return Section(heading, (), columns, rows)


def _published(facts: Facts) -> Section:
    """Return published figures with ours of the same name, and what differs."""
    leading = facts["settings"]["leading"]
    columns = ("published", "score", "figure", "in favour", f"here, {words(leading)}", "in favour")
    differs = [f"{figure['what']}: {figure['differs']}." for figure in facts["published"]]
    return Section(
        "Published figures",
        [
            "None of these is on the same votes: they show the scale, and rank nothing. Beside "
            "each figure stands that of always in favour, or always adopted.",
            *differs,
        ],
        columns,
        [
            row
            for figure in facts["published"]
            for row in _beside(figure, facts[figure["of"]], leading)
        ],
    )


def _beside(figure: Facts, ours: Mapping[str, Scores], leading: str) -> list[tuple[str, ...]]:
    """Return a row for each score of a published figure, with ours where we have one."""
    theirs, always = figure["figures"], figure["always_in_favour"]
    return [
        (
            figure["what"],
            label(score),
            *(_number(scores.get(score)) for scores in (theirs, always, ours[leading])),
            _number(ours.get("always_in_favour", {}).get(score)),
        )
        for score in {**theirs, **always}
    ]


def _provenance(facts: Facts) -> Section:
    settings = facts["settings"]
    given = [
        f"{name} (version {f['version']}"
        + "".join(f", {words(key)} {_brief(value)}" for key, value in f["settings"].items())
        + ")"
        for name, f in settings["forecasters"].items()
    ]
    return Section(
        "How it was computed",
        [
            f"unsc-sim {settings['software']['version']}; record {settings['record'][:16]}; "
            f"{settings['resamples']:,} resamples of the votes, random seed "
            f"{settings['random_seed']}; in a logarithm no probability counts as less than "
            f"{settings['least_probability']:g}.",
            f"Forecasters: {'; '.join(given)}.",
        ],
    )


def _brief(value: Any) -> str:
    """Return a setting as it is shown: many numbers by a hash, all of them stand in the JSON."""
    if isinstance(value, Mapping):
        return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
    return "none" if value is None else str(value)[:20]
