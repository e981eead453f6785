"""A calibration as sections: to one vote, or to the record and then to the seed vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.facts.run import per_cent, percent
from sim.report.sections import Section

MOST_MOVED = 40
"""Preferences shown of those that the record moved; the file and the JSON hold all."""


def calibration_sections(facts: Mapping[str, Any]) -> list[Section]:
    """Return the sections of a calibration to the record, then those of the seed vote."""
    seed = facts["seed_vote"]
    return [_record(facts), _moved(facts["preferences"]), *(seed_sections(seed) if seed else [])]


def seed_sections(fit: Mapping[str, Any]) -> list[Section]:
    """Return the sections of one vote's fit: how well it is met, members, preferences."""
    return [_summary(fit), _members(fit), _preferences(fit)]


def _record(facts: Mapping[str, Any]) -> Section:
    record, count = facts["record"], facts["seed_count"]
    halved = (
        f"; votes count half after {record['half_life']:g} years" if record["half_life"] else ""
    )
    last = (
        f"The seed vote came last and counted {count} times, as an anchor."
        if count
        else "The seed vote lies after the last day learnt from, and was not met."
    )
    return Section(
        "Calibration to the record",
        [
            f"{record['votes']} votes ({record['member_votes']:,} member votes), {record['from']} "
            f"to {record['until']}, weighed to {record['weights']}{halved}.",
            f"{record['unknowns']:,} unknowns of members, groups and all; log likelihood "
            f"{record['log_likelihood']:.1f} at the mean ({record['iterations']} steps).",
            last,
            "How good forecasts from such fits are, unweighted and before they are a file: "
            "unsc backtest.",
        ],
    )


def _moved(preferences: Sequence[Mapping[str, Any]]) -> Section:
    moved = sorted(preferences, key=lambda x: -abs(x["shift"]))[:MOST_MOVED]
    rows = [
        (
            " from ".join(filter(None, (x["setting"], x.get("since")))),
            _spread(x["prior"]),
            _spread(x["posterior"]),
            f"{x['shift']:+.2f}",
        )
        for x in moved
    ]
    sentence = (
        f"{len(preferences)} numbers say something of their own; the {len(rows)} most moved "
        "(shift: in spreads of the prior). All else stays with the layer below, or as before any "
        "vote. The file and the JSON name the votes behind each number."
    )
    columns = ("preference", "prior", "posterior", "shift")
    return Section("What the record moved most", [sentence], columns, rows)


def _summary(fit: Mapping[str, Any]) -> Section:
    p, share = fit["p_roll_call"], fit["effective_worlds"] / fit["worlds"]
    tempered = "" if fit["temper"] == 1 else f", likelihoods raised to {fit['temper']:.3f}"
    return Section(
        f"Calibration to the observed vote of {fit['name']}",
        [
            f"Probability of the observed roll call: {percent(p['before'])} before, "
            f"{percent(p['after'])} after.",
            f"{fit['worlds']:,} worlds of the prior, effective {fit['effective_worlds']:,.0f} "
            f"({percent(share)}){tempered}; random seed {fit['random_seed']}.",
            "The vote is met, not forecast: what comes after shows how good this is.",
        ],
    )


def _members(fit: Mapping[str, Any]) -> Section:
    rows = [
        (code, *(per_cent(p) for p in (*m["before"], *m["after"])))
        for code, m in fit["members"].items()
    ]
    columns = ("", "% for", "abst.", "agst.", "after: for", "abst.", "agst.")
    return Section("Members, before and after", (), columns, rows)


def _preferences(fit: Mapping[str, Any]) -> Section:
    preferences = fit["preferences"]
    informed = {name: x for name, x in preferences.items() if x["informed"]}
    rows = [
        (name, _spread(x["prior"]), _spread(x["posterior"]), f"{x['shift']:+.2f}")
        for name, x in sorted(informed.items(), key=lambda item: -abs(item[1]["shift"]))
    ]
    sentence = (
        f"{len(informed)} of {len(preferences)} preferences with a spread are informed by the "
        "vote, the most moved first (shift: in spreads of the prior); the others stay as they were."
    )
    columns = ("preference", "prior", "posterior", "shift")
    return Section("Preferences that the vote informs", [sentence], columns, rows)


def _spread(estimate: Mapping[str, float]) -> str:
    return f"{estimate['mean']:.3f} ± {estimate['spread']:.3f}"
