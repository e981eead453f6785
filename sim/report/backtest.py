"""What a back-test says and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
)
COMPARED = (
    "member_votes.log_loss",
    "member_votes.balanced_accuracy",
    "outcomes.log_loss",
    "outcomes.brier",
    "outcomes.roc_auc",
)
"""The differences that are shown of those that the file holds."""
IN_PARTS = (("member_votes", "log_loss"), ("outcomes", "brier"))
"""The scores shown for each year and each instrument."""

Scores = Mapping[str, Any]


def backtest_sections(facts: Facts) -> list[Section]:
    """Return the sections of a back-test in the order an analyst reads.

    Args:
        facts: what `BackTest.to_dict` returns.
    """
    sections = [
        _opening(facts),
        *_both(facts, ""),
        *_differences(facts["differences"], ""),
        *_both(facts["weighted"], ", weighted to the base rates"),
        *_differences(facts["weighted"]["differences"], ", weighted to the base rates"),
        *(_reliability(facts, of) for of in ("adopted", "member_in_favour")),
        _hardest(facts),
        _parts(facts, "by_year", "year"),
        _parts(facts, "by_instrument", "instrument"),
        _published(facts),
        _provenance(facts),
    ]
    return [s for s in sections if s.sentences or s.rows]


def _opening(facts: Facts) -> Section:
    settings = facts["settings"]
    often = {"yearly": "year", "monthly": "month"}[settings["refit"]]
    n_failed = sum(part["not_adopted"] for part in facts["by_year"].values())
    return Section(
        f"Back-test from {settings['from']} to {settings['to']}",
        [
            f"{facts['votes']} votes, {n_failed} of them not adopted, each forecast from earlier "
            f"votes only; forecasters learn anew every {often}.",
            "Contested votes are over-represented in the record; weighted figures bring each "
            "year's outcomes back to those of all its decisions.",
        ],
    )


def _both(facts: Facts, how: str) -> list[Section]:
    """Return the tables of member votes and of outcomes, forecasters side by side."""
    lower = "Lower is better for log loss, brier and ranked probability, higher for all others."
    failed = "Areas under the curves are for not adopted."
    return [
        _table(f"Member votes{how}", [lower], facts["member_votes"], MEMBER_SCORES),
        _table(f"Outcomes, adopted or not{how}", [failed], facts["outcomes"], OUTCOME_SCORES),
    ]


def _table(
    heading: str, sentences: Sequence[str], by_name: Mapping[str, Scores], shown: Sequence[str]
) -> Section:
    rows = [(words(s), *(_number(scores[s]) for scores in by_name.values())) for s in shown]
    return Section(heading, sentences, ("score", *map(words, by_name)), rows)


def _number(value: float | None, form: str = ".3f") -> str:
    """Return the number as it is shown, and a dash where there is none."""
    return "-" if value is None else f"{value:{form}}"


def _differences(by_name: Mapping[str, Scores], how: str) -> list[Section]:
    """Return what the model is better by, one row for each score and each other forecaster."""
    rows = []
    for key in COMPARED:
        of, score = key.split(".")
        for name, scores in by_name.items():
            d = scores[key]
            interval = f"{_number(d['low'], '+.3f')} to {_number(d['high'], '+.3f')}"
            what = f"{words(of)}: {words(score)}"
            rows.append((what, words(name), _number(d["difference"], "+.3f"), interval))
    if not rows:
        return []
    return [
        Section(
            f"The model less each baseline{how}",
            ["Paired over votes drawn with replacement; members' votes on a draft stay together."],
            ("score", "baseline", "difference", "95 % interval"),
            rows,
        )
    ]


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
    sentence = "Interval: where the share falls in 95 % of cases if every forecast is right."
    columns = ("forecast", "count", "mean", "observed", "95 % interval", "")
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


def _parts(facts: Facts, by: str, what: str) -> Section:
    """Return log loss of member votes and Brier score of outcomes, forecasters side by side."""
    names = list(facts["member_votes"])
    rows = [
        (
            words(part),
            str(scores["votes"]),
            str(scores["not_adopted"]),
            *(" / ".join(_number(scores[of][n][s]) for of, s in IN_PARTS) for n in names),
        )
        for part, scores in facts[by].items()
    ]
    sentence = "Log loss of member votes / Brier score of outcomes."
    columns = (what, "votes", "not adopted", *map(words, names))
    return Section(f"By {what}", [sentence], columns, rows)


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
            words(score),
            *(_number(scores.get(score)) for scores in (theirs, always, ours[leading])),
            _number(ours.get("always_in_favour", {}).get(score)),
        )
        for score in {**theirs, **always}
    ]


def _provenance(facts: Facts) -> Section:
    settings = facts["settings"]
    given = [
        f"{name} (version {f['version']}"
        + "".join(f", {words(key)} {str(value)[:20]}" for key, value in f["settings"].items())
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
