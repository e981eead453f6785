"""What a comparison says and in which order."""

from __future__ import annotations

from typing import Any

from sim.ensemble.facts import per_cent, percent
from sim.report.sections import Facts, Section, shares, words

LEAST_FLIPPED = 0.005
"""Members whose vote flipped in a smaller share of worlds are left to the JSON."""

MOST_SETTINGS = 40
"""Settings that differ between two scenarios are listed up to this number."""


def comparison_sections(comparison: Facts) -> list[Section]:
    """Return the sections of a comparison, one group for each scenario beside the base."""
    sections = []
    for other in comparison["others"]:
        sections += [
            _difference(comparison["base"], other),
            _settings(other),
            _moved(other),
        ]
    sentence = (
        f"The same {comparison['worlds']:,} worlds on both sides, random seed "
        f"{comparison['random_seed']}; unsc-sim {comparison['software']['version']}. The intervals "
        "cover the error of simulation, not what is unknown of the preferences."
    )
    return [*sections, Section("How it was computed", [sentence])]


def _difference(base: Facts, other: Facts) -> Section:
    rows = [
        (
            words(name),
            per_cent(base["outcome"][name]["p"]),
            per_cent(other["outcome"][name]["p"]),
            _points(change["p"]),
            f"{_points(change['low'])} to {_points(change['high'])}",
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
    )


def _points(share: float) -> str:
    return f"{100 * share:+.1f}"


def _settings(other: Facts) -> Section:
    settings = other["settings"]
    rows = [(s["setting"], _value(s["base"]), _value(s["other"])) for s in settings]
    more = len(rows) - MOST_SETTINGS
    sentences = ["No setting differs."] if not rows else []
    if more > 0:
        sentences.append(f"{more} more settings differ; the JSON lists all of them.")
    columns = ("setting", "base", "other")
    return Section("Settings that differ", sentences, columns, rows[:MOST_SETTINGS])


def _value(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _moved(other: Facts) -> Section:
    every = sorted(other["members"].items(), key=lambda item: -item[1]["flipped"]["p"])
    members = [(code, m) for code, m in every if m["flipped"]["p"] >= LEAST_FLIPPED]
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
    others = f"No other member's vote flipped in {100 * LEAST_FLIPPED:.1f} % of the worlds."
    return Section(
        "Members whose vote moved",
        [told, others] if rows else [others.replace("other ", "")],
        ("", "before", "after", "flipped %", "which way", "changed for it"),
        rows,
    )
