"""A calibration to one vote as sections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.ensemble.facts import per_cent, percent
from sim.report.sections import Section


def calibration_sections(fit: Mapping[str, Any]) -> list[Section]:
    """Return the sections of a fit: how well the vote is met, members, preferences."""
    return [_summary(fit), _members(fit), _preferences(fit)]


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
