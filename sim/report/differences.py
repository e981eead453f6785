"""What a comparison says and in which order."""

from __future__ import annotations

from typing import Any

from sim.facts.run import per_cent, percent, points
from sim.report.again import compare_again
from sim.report.sections import Facts, Section, shares, words

LEAST_FLIPPED = 0.005
"""Members whose vote flipped in a smaller share of worlds are left to the JSON."""

MOST_SETTINGS = 40
"""Settings that differ between two scenarios are listed up to this number."""


def comparison_sections(comparison: Facts) -> list[Section]:
    """Return the sections of a comparison, one group for each scenario beside the base."""
    sections = []
    for k, other in enumerate(comparison["others"], start=1):
        sections += [
            _difference(comparison["base"], other, f"outcome-{k}"),
            _settings(other, f"settings-{k}"),
            _moved(other, f"moved-{k}"),
            _every_member(other, f"members-{k}"),
        ]
    sections += [_texts(comparison), _rounds(comparison)]
    sentence = (
        f"The same {comparison['worlds']:,} worlds on all sides, random seed "
        f"{comparison['random_seed']}; unsc-sim {comparison['software']['version']}. The intervals "
        "cover the error of simulation, not what is unknown of the preferences."
    )
    computed = Section("How it was computed", [sentence], key="provenance")
    return [*sections, computed, compare_again(comparison)]


def _difference(base: Facts, other: Facts, key: str) -> Section:
    rows = [
        (
            words(name),
            per_cent(base["outcome"][name]["p"]),
            per_cent(other["outcome"][name]["p"]),
            points(change["p"]),
            f"{points(change['low'])} to {points(change['high'])}",
        )
        for name, change in other["difference"].items()
        if base["outcome"][name]["p"] or other["outcome"][name]["p"]
    ]
    flips = [f"{words(name)} in {percent(p)}" for name, p in other["outcome_flips"].items()]
    flipped = f"By the drawn votes, in the same world: {'; '.join(flips)}." if flips else ""
    return Section(
        f"{base['name']} → {other['name']}",
        [other["headline"], *([flipped] if flipped else [])],
        ("outcome", "base %", "other %", "points", "95 % interval"),
        rows,
        key=key,
    )


def _settings(other: Facts, key: str) -> Section:
    settings = other["settings"]
    rows = [(s["setting"], _value(s["base"]), _value(s["other"])) for s in settings]
    more = len(rows) - MOST_SETTINGS
    sentences = ["No setting differs."] if not rows else []
    if more > 0:
        sentences.append(f"{more} more settings differ; the JSON lists all of them.")
    columns = ("setting", "base", "other")
    return Section("Settings that differ", sentences, columns, rows[:MOST_SETTINGS], key=key)


def _value(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _moved(other: Facts, key: str) -> Section:
    members = [(code, m) for code, m in most_flipped(other) if m["flipped"]["p"] >= LEAST_FLIPPED]
    rows = [
        (
            code,
            shares(m["before"]),
            shares(m["after"]),
            per_cent(m["flipped"]["p"]),
            "; ".join(f"{words(n)} {per_cent(p)}" for n, p in list(m["flips"].items())[:2]),
            "; ".join(f"{words(n)} {x:+.2f}" for n, x in list(m["changed"].items())[:2]) or "-",
        )
        for code, m in members
    ]
    told = (
        "In favour / abstaining / against, %. Changed for it: rules and costs first, then terms of "
        "its gain, last its belief, which also answers to its own vote."
    )
    others = f"No other member's vote flipped in {100 * LEAST_FLIPPED:.1f} % of the worlds or more."
    return Section(
        "Members whose vote moved",
        [told, others] if rows else [others.replace("other ", "")],
        ("", "before", "after", "flipped %", "which way", "changed for it"),
        rows,
        key=key,
    )


def _every_member(other: Facts, key: str) -> Section:
    """Return every member that sits on both sides, the one that flipped most first."""
    rows = [
        (
            code,
            shares(m["before"]),
            shares(m["after"]),
            per_cent(m["flipped"]["p"]),
            f"{m['gain']['before']:+.2f}",
            f"{m['gain']['after']:+.2f}",
        )
        for code, m in most_flipped(other)
    ]
    seated = [
        f"Seated only in {side}: {', '.join(other[f'seated_only_in_{key}'])}."
        for key, side in (("base", "the base"), ("other", "the other"))
        if other[f"seated_only_in_{key}"]
    ]
    return Section(
        "Members seated in both, before and after",
        ["In favour / abstaining / against, %, and the mean gain.", *seated],
        ("", "before", "after", "flipped %", "gain before", "gain after"),
        rows,
        for_reference=True,
        key=key,
    )


def most_flipped(other: Facts) -> list[tuple[str, Facts]]:
    """Return the members that sit on both sides, the one that flipped most first."""
    return sorted(other["members"].items(), key=lambda item: -item[1]["flipped"]["p"])


def sides(comparison: Facts) -> list[Facts]:
    """Return the base and the others, each by its name, outcome, text and rounds."""
    return [comparison["base"], *comparison["others"]]


def _texts(comparison: Facts) -> Section:
    """Return the text at the deadline of each scenario, provision by provision."""
    names = list(dict.fromkeys(name for side in sides(comparison) for name in side["text"]))
    rows = [(words(name), *(_deadline(side, name) for side in sides(comparison))) for name in names]
    return Section(
        "Text at the deadline",
        ["What stands if it is not adopted → the text put to the vote, mean over worlds."],
        ("provision", *(side["name"] for side in sides(comparison))),
        rows,
        for_reference=True,
        key="text",
    )


def _deadline(side: Facts, name: str) -> str:
    if name not in side["text"]:
        return "-"
    provision = side["text"][name]
    return f"{provision['lapse']:.2f} → {provision['at_the_deadline']['mean']:.2f}"


def _rounds(comparison: Facts) -> Section:
    """Return P(adopted) of each scenario round by round."""
    by_round = [side["p_adopted_by_round"] for side in sides(comparison)]
    rows = [
        (str(r + 1), *(per_cent(p[r]) if r < len(p) else "" for p in by_round))
        for r in range(max(map(len, by_round)))
    ]
    return Section(
        "Consultations",
        ["P(adopted) by the positions stated in each round, %."],
        ("round", *(side["name"] for side in sides(comparison))),
        rows,
        for_reference=True,
        key="rounds",
    )
