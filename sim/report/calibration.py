"""A calibration as sections: to one vote, or to the record and then to the seed vote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.facts.figures import Share, percent
from sim.report.coding import coding_sentences
from sim.report.sections import Row, Section, mean_spread, number

if TYPE_CHECKING:
    from sim.fit.facts import CalibrationFacts, FittedFacts, LearntFacts, SeedFacts

MOST_MOVED = 40
"""Preferences shown of those that the record moved; the file and the JSON hold all."""
MOVED = ("preference", "prior", "posterior", "shift")


def calibration_sections(facts: CalibrationFacts) -> list[Section]:
    """Return the sections of a calibration to the record, then those of the seed vote."""
    seed = facts["seed_vote"]
    return [record(facts), moved(facts), *(seed_sections(seed) if seed else [])]


def record(facts: CalibrationFacts) -> Section:
    """Return what was learnt from and how the fit went."""
    record, count = facts["record"], facts["seed_count"]
    half_life = record["half_life"]
    halved = f"; a vote counts half after {half_life:g} years" if half_life else ""
    return Section(
        "Calibration to the record",
        [
            f"{record['votes']} votes ({record['member_votes']:,} member votes), {record['from']} "
            f"to {record['until']}{halved}.",
            *coding_sentences(record["coding"]),
            f"{record['unknowns']:,} parameters of members, groups and all members; log likelihood "
            f"{record['log_likelihood']:.1f} at the mean ({record['iterations']} iterations).",
            "The seed vote counts once among them; for what concerns its target alone it counted "
            f"{count} times more, as an anchor."
            if count
            else "The seed vote is later than the last day learnt from, and was not used.",
            "How well such files forecast: unsc backtest.",
        ],
    )


def moved(facts: CalibrationFacts) -> Section:
    """Return the numbers that the record moved most."""
    preferences = facts["preferences"]
    rows = moves(
        (f"{x['setting']} from {x['since']}" if "since" in x else x["setting"], x)
        for x in preferences
    )[:MOST_MOVED]
    sentence = (
        f"{len(preferences)} numbers have values of their own; these {len(rows)} moved most "
        "(shift in standard deviations of the prior). All others keep the value of the layer "
        "below, or of the prior. The file and the JSON name the votes behind each number."
    )
    return Section("What the record moved most", [sentence], MOVED, rows)


def seed_sections(fit: SeedFacts) -> list[Section]:
    """Return the sections of one vote's fit: how well it fits, members, preferences."""
    p, share = fit["p_roll_call"], fit["effective_worlds"] / fit["worlds"]
    tempered = "" if fit["temper"] == 1 else f", likelihoods raised to {fit['temper']:.3f}"
    summary = Section(
        f"Calibration to the observed vote of {fit['name']}",
        [
            f"Probability of the observed roll call: {percent(p['before'])} before, "
            f"{percent(p['after'])} after.",
            f"{fit['worlds']:,} worlds of the prior, effective sample size "
            f"{fit['effective_worlds']:,.0f} ({percent(share)}){tempered}; random seed "
            f"{fit['random_seed']}.",
            "In-sample fit, not a forecast: only later votes can test it.",
        ],
    )
    chances: list[Row] = [
        (code, *map(Share, (*m["before"], *m["after"]))) for code, m in fit["members"].items()
    ]
    columns = ("", "% for", "abst.", "agst.", "after: for", "abst.", "agst.")
    rows = moves((name, x) for name, x in fit["preferences"].items() if x["informed"])
    sentence = (
        f"The vote informs {len(rows)} of {len(fit['preferences'])} uncertain preferences, the "
        "most moved first (shift in standard deviations of the prior); the others stay as they "
        "were."
    )
    return [
        summary,
        Section("Members, before and after", (), columns, chances),
        Section("Preferences informed by the vote", [sentence], MOVED, rows),
    ]


def moves(numbers: Iterable[tuple[str, FittedFacts | LearntFacts]]) -> list[Row]:
    """Return the name of each number, its prior, posterior and shift, the most moved first."""
    return [
        (
            name,
            *(mean_spread(**e, form=".3f") for e in (x["prior"], x["posterior"])),
            number(x["shift"], "+.2f"),
        )
        for name, x in sorted(numbers, key=lambda item: -abs(item[1]["shift"]))
    ]
