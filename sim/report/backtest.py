"""What a back-test says and in which order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from sim.facts.figures import Share, words
from sim.report.coding import coding_sentences
from sim.report.published import like, published
from sim.report.scores import LOSSES, best_marked, figure, label, spelled
from sim.report.sections import Cell, Row, Section, Written, keyed, number, span

if TYPE_CHECKING:
    from sim.backtest.facts import (
        BackTestFacts,
        DifferenceFacts,
        Event,
        PartFacts,
        WorstFacts,
    )
    from sim.backtest.published import Of

OFTEN = {"yearly": "year", "monthly": "month", "vote": "day with a vote"}
"""How often forecasters are refitted."""
COMPARED: Mapping[Of, Sequence[str]] = {
    "member_votes": ("log_loss", "balanced_accuracy", "balanced_accuracy_by_lift", "pr_auc"),
    "outcomes": ("log_loss", "brier", "roc_auc"),
}
"""The differences that are shown of those that the file holds."""
OF_PARTS: Sequence[tuple[Of, str]] = (("member_votes", "log_loss"), ("outcomes", "brier"))
"""The scores shown for each part of the record, and first of all."""
KINDS: Mapping[Of, str] = {"member_votes": "member vote", "outcomes": "outcome"}
"""What a score is of, where its row says so."""
SUMMARY: Mapping[Of, Sequence[str]] = {
    "member_votes": ("log_loss", "balanced_accuracy", "balanced_accuracy_by_lift"),
    "outcomes": ("brier", "log_loss", "roc_auc"),
}
"""The scores that say most."""
CONTESTED: Mapping[Of, Sequence[str]] = {
    "member_votes": ("log_loss", "balanced_accuracy", "balanced_accuracy_by_lift", "roc_auc"),
    "outcomes": ("brier", "log_loss", "balanced_accuracy", "balanced_accuracy_by_lift", "roc_auc"),
}
"""The scores shown for the contested votes."""
BY_LIFT = (
    "By lift: what is forecast is not the likeliest, but what is likeliest relative to its share "
    "among the votes before."
)
HARDEST = 15
"""At most so many members are listed as the hardest to forecast."""


def backtest_sections(facts: BackTestFacts) -> list[Section]:
    """Return the sections of a back-test in the order an analyst reads."""
    likes = enumerate(facts["like_published"], start=1)
    sections = [
        ("opening", opening(facts)),
        ("summary", summary(facts)),
        ("contested", contested(facts)),
        *((f"like-{k}", like(facts, what)) for k, what in likes),
        *((f"reliability-{event}", reliability(facts, event)) for event in facts["reliability"]),
        *((f"worst-{of}", worst(facts, of)) for of in reversed(facts["worst"])),
        *((f"scores-{of}", scores(facts, of)) for of in COMPARED),
        *((f"differences-{of}", differences(facts, of)) for of in COMPARED),
        *(
            (f"{by}-{of}", parts(facts, by, of, score))
            for by in ("by_year", "by_instrument", "by_mandate")
            for of, score in OF_PARTS
        ),
        ("by_regional_group", of_members(facts, "by_regional_group")),
        ("by_member", of_members(facts, "by_member")),
        ("hardest", hardest(facts)),
        ("published", published(facts)),
        ("provenance", provenance(facts)),
    ]
    known = [(key, section) for key, section in sections if section.sentences or section.rows]
    return keyed(known, for_reference=("by_mandate", "by_member"))


def opening(facts: BackTestFacts) -> Section:
    """Return how the simulator does beside the best of the others, and what was forecast how."""
    settings = facts["settings"]
    often = OFTEN[settings["refit"]]
    return Section(
        f"Back-test from {settings['from']} to {settings['to']}",
        [
            foreseen(facts),
            *(headline(facts, of, score) for of, score in OF_PARTS if facts["differences"]),
            f"{facts['votes']} votes, {facts['not_adopted']} of them not adopted, each forecast "
            f"from earlier votes only; forecasters are refitted every {often}.",
            *coding_sentences(facts["coding"]),
            "Contested votes are over-represented in the record; weighted figures restore each "
            "outcome's share of all the decisions of its year.",
        ],
    )


def foreseen(facts: BackTestFacts) -> str:
    """Return how many failures and adoptions the leading forecaster expected."""
    leading, n_failed = facts["settings"]["leading"], facts["not_adopted"]
    right = facts["foreseen"][leading]
    return (
        f"Of {n_failed} drafts that failed, the {words(leading)} gave {right['not_adopted']} a "
        f"probability of failing above one half; of {facts['votes'] - n_failed} that were adopted, "
        f"it expected {right['adopted']} to be."
    )


def headline(facts: BackTestFacts, of: Of, score: str) -> str:
    """Return in a sentence how the simulator does beside the best of the others by a loss."""
    losses = {name: by_score[score] for name, by_score in facts[of].items()}
    others = facts["differences"]
    baseline = min(others, key=lambda name: losses[name] or 0.0)
    d = others[baseline][f"{of}.{score}"]
    difference, low, high = (spelled(x, "+.3f") for x in (d["difference"], d["low"], d["high"]))
    return (
        f"{words(of).capitalize()}, {label(score)}: {spelled(losses['simulator'])} for the "
        f"simulator, {spelled(losses[baseline])} for {words(baseline)}, the best of the others. "
        f"Difference {difference}, 95 % interval {low} to {high}."
    )


def summary(facts: BackTestFacts) -> Section:
    """Return the scores that say most, forecasters side by side."""
    sentence = (
        "Lower is better for log loss and Brier score; higher for all others. * marks the best of "
        f"a row. {BY_LIFT}"
    )
    return side_by_side("How good the forecasts are", [sentence], facts, SUMMARY)


def side_by_side(
    heading: str,
    sentences: Sequence[str],
    scored: BackTestFacts | PartFacts,
    shown: Mapping[Of, Sequence[str]],
) -> Section:
    """Return some scores of member votes and of outcomes, forecasters side by side."""
    rows: list[Row] = [
        (f"{KINDS[of]}: {label(score)}", *best_marked(scored[of], score))
        for of, scores in shown.items()
        for score in scores
    ]
    return Section(heading, sentences, ("score", *map(words, scored["outcomes"])), rows)


def scores(facts: BackTestFacts, of: Of) -> Section:
    """Return the table of member votes or of outcomes, forecasters side by side."""
    shown = next(iter(facts[of].values()))
    heading, sentence = {
        "member_votes": ("Member votes", "Dissent: any vote but in favour."),
        "outcomes": (
            "Outcomes, adopted or not",
            "F1 and the areas under the curves (AUC) are for not adopted; of three: vetoed and not "
            "carried are told apart.",
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
    sentences = [lower, f"{sentence} {BY_LIFT}"]
    return Section(heading, sentences, ("score", "votes", *map(words, facts[of])), rows)


def differences(facts: BackTestFacts, of: Of) -> Section:
    """Return the simulator's scores minus each other forecaster's, as is and weighted."""

    def cells(d: DifferenceFacts, weighted: DifferenceFacts) -> list[Cell]:
        by_mandate = d["low_by_mandate"], d["high_by_mandate"]
        each = (d["difference"], d["low"], d["high"], *by_mandate, weighted["difference"])
        return [figure(value, "+.3f") for value in each]

    weighted = facts["weighted"]["differences"]
    rows: list[Row] = [
        (
            "" if k else label(score),
            words(name),
            *cells(by_score[f"{of}.{score}"], weighted[name][f"{of}.{score}"]),
        )
        for score in COMPARED[of]
        for k, (name, by_score) in enumerate(facts["differences"].items())
    ]
    sentence = (
        "Low and high are the bounds of the 95 % interval, from a paired bootstrap over votes in "
        "which members' votes on a draft stay together; by mandate, over whole mandates. Below 0 "
        "is better for losses, above 0 for all other scores."
    )
    by_mandate = ("by mandate: low", "high")
    return Section(
        f"The simulator minus each of the others, {words(of)}",
        [sentence] if rows else (),
        ("score", "baseline", "difference", "low", "high", *by_mandate, "weighted"),
        rows,
    )


def contested(facts: BackTestFacts) -> Section:
    """Return the scores on the votes that were chosen for being divided or telling."""
    part = facts["contested"]
    if not part["votes"]:
        return Section("")
    sentence = (
        f"Votes chosen for being divided or telling, {part['not_adopted']} of them not adopted. "
        "Where most votes are unanimous, scores on all votes say little of these."
    )
    return side_by_side(f"The {part['votes']} contested votes", [sentence], part, CONTESTED)


def reliability(facts: BackTestFacts, event: Event) -> Section:
    """Return how often what was forecast with about the same probability happened."""
    found, leading = facts["reliability"][event], facts["settings"]["leading"]
    rows: list[Row] = [
        (
            span(number(step["begins"], ".3f"), number(step["ends"], ".3f")),
            step["count"],
            figure(step["mean_forecast"]),
            figure(step["observed"]),
            span(number(step["low"], ".3f"), number(step["high"], ".3f")),
            "no" if step["is_off"] else "yes",
        )
        for step in found["steps"]
    ]
    d, n_off = found["decomposition"][leading], sum(step["is_off"] for step in found["steps"])
    sentences = [
        f"Brier score {d['brier']:.4f} = miscalibration {d['miscalibration']:.4f} - discrimination "
        f"{d['discrimination']:.4f} + uncertainty {d['uncertainty']:.4f}.",
        "Steps are found by isotonic regression, not chosen. Band: where the observed share falls "
        "in 95 % of cases if every forecast is right; "
        f"{n_off} of {len(rows)} steps are outside it.",
    ]
    if event == "member_in_favour":
        sentences.append("Members' votes on one draft move together: the band is too narrow.")
    columns = ("forecast", "count", "mean", "observed", "95 % band", "inside")
    return Section(f"Reliability of the {words(leading)}, {words(event)}", sentences, columns, rows)


def worst(facts: BackTestFacts, of: Of) -> Section:
    """Return the forecasts of the leading forecaster that cost most."""

    def row(f: WorstFacts) -> Row:
        member = [f["member"]] if "member" in f else []
        forecast = Written(" / ".join(str(Share(p)) for p in f["p"].values()))
        ended = (words(f["happened"]), figure(f["log_loss"], ".2f"))
        return (f["vote_id"], Written(f["date"]), *member, f["title"], forecast, *ended)

    first = facts["worst"][of][0]
    member = ["member"] if "member" in first else []
    return Section(
        f"The worst forecasts of the {words(facts['settings']['leading'])}, {words(of)}",
        [
            f"Forecast: probabilities of {', '.join(map(words, first['p']))}, %. The worst by log "
            f"loss{' of adopted or not' if of == 'outcomes' else ''} come first."
        ],
        ("vote", "date", *member, "on", "forecast", "happened", "log loss"),
        [row(f) for f in facts["worst"][of]],
    )


def parts(
    facts: BackTestFacts, by: Literal["by_year", "by_instrument", "by_mandate"], of: Of, score: str
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


def of_members(facts: BackTestFacts, by: Literal["by_regional_group", "by_member"]) -> Section:
    """Return the log loss of each member's or each group's votes, forecasters side by side."""
    rows: list[Row] = [
        (
            part,
            scores["votes"],
            scores["not_in_favour"],
            *best_marked(scores["member_votes"], "log_loss"),
        )
        for part, scores in facts[by].items()
    ]
    what = words(by.removeprefix("by_"))
    columns = (what, "votes", "not in favour", *map(words, facts["member_votes"]))
    sentences = ["Permanent members are a group of their own."] if what != "member" else []
    return Section(f"By {what}: log loss of member votes", sentences, columns, rows)


def hardest(facts: BackTestFacts) -> Section:
    """Return the members whose votes the leading forecaster forecast worst."""
    whole, leading = of_members(facts, "by_member"), facts["settings"]["leading"]
    losses = [m["member_votes"][leading]["log_loss"] or 0.0 for m in facts["by_member"].values()]
    order = sorted(range(len(losses)), key=lambda k: -losses[k])[:HARDEST]
    rows = [whole.rows[k] for k in order]
    return Section(
        "Hardest to forecast", ["Mean log loss of the member's votes."], whole.columns, rows
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
