"""What is said of votes that are given: how likely they are, and what they tell of the others."""

from __future__ import annotations

from collections.abc import Iterator

from sim.charter import ACTIONS
from sim.facts.figures import Share, counted, percent, words
from sim.facts.headline import p_if_put_to_the_vote
from sim.facts.report import Given, Report
from sim.report.sections import VOTES, Row, Section, series, split, with_interval

LEAST_MOVE = 0.01
"""Members of whom no chance moves by more are not named."""
MOST_MEMBERS = 6
"""Those whose chances move most are named up to this number."""
FEW_WORLDS = 200
"""Below this effective number of worlds, a reader is warned."""
UNEXPECTED = 0.01
"""Votes less likely than this are next to excluded by the model; what follows is its fringe."""


def given_votes(report: Report) -> Section:
    """Return what the given votes tell; an empty section where none are given."""
    given = report["given"]
    if given is None:
        return Section("")
    who = series((f"{code} {VOTES[vote]}" for code, vote in given["votes"].items()), "and")
    before = report["outcome"]
    rows: list[Row] = [
        (words(name), Share(before[name]["p"]), *with_interval(p))
        for name, p in given["outcome"].items()
        if p["high"] > 0 or before[name]["p"] > 0
    ]
    rows += [
        (code, split(report["members"][code]), split(given["members"][code]), "")
        for code in moved(report, given)
    ]
    return Section(
        f"Given that {who}",
        [*_how_sure(report, given)],
        ("%", "overall", "given this", "95 % interval"),
        rows,
    )


def moved(report: Report, given: Given) -> list[str]:
    """Return the other members whose chances move, those that move most first."""
    moves = {
        code: max(abs(after[action] - report["members"][code][action]) for action in ACTIONS)
        for code, after in given["members"].items()
        if code not in given["votes"]
    }
    named = sorted(
        (code for code, move in moves.items() if move > LEAST_MOVE), key=lambda c: -moves[c]
    )
    return named[:MOST_MEMBERS]


def _how_sure(report: Report, given: Given) -> Iterator[str]:
    """Yield how likely the votes are, what that leaves of the worlds, and what it does not say."""
    n = max(1, round(given["worlds"]))
    p = p_if_put_to_the_vote(given["p"], report["deadline"]) or 0.0
    taken = f" ({percent(p)} if a vote is taken)" if report["deadline"]["withdrawn"] else ""
    yield (
        f"Probability of that: {percent(given['p'])}{taken}. Each of the {report['worlds']:,} "
        "worlds is weighted by how likely that is in it; the result is as precise as one of "
        f"{counted(n, 'unweighted world')}."
    )
    if p < UNEXPECTED:
        yield (
            "Warning: the model all but excludes this. If it happens, the model was wrong, and "
            "these numbers may be wrong with it."
        )
    if n < FEW_WORLDS:
        yield "Warning: these are few worlds, and the intervals are rough. For more: --worlds."
    votes = " ".join(f"--assume {code}={vote}" for code, vote in given["votes"].items())
    yield f"The others do not know it beforehand. If they are to know and answer it: {votes}."
    yield "Members: in favour / abstaining / against."
