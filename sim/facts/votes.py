"""How members vote: each by itself, in a roll call, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from sim.charter import OUTCOME_NAMES, OUTCOMES
from sim.ensemble import Ensemble
from sim.ensemble.tally import RollCall, rounded
from sim.facts import report
from sim.facts.plain import by_action, largest_first
from sim.facts.report import VOTES

MOST_ROLL_CALLS = 8


def vote(ensemble: Ensemble, m: int) -> report.Vote:
    """Return how likely a member takes each action; none of them where it takes no part."""
    takes_no_part = ensemble.scenario.takes_no_part(m)
    actions = by_action(ensemble.actions[m] * (not takes_no_part))
    return {**actions, "not_participating": float(takes_no_part)}


def vote_name(ensemble: Ensemble, m: int, action: int) -> report.VoteName:
    """Return what a member's action is called: `not_participating` where it takes no part."""
    return cast(report.VoteName, ensemble.scenario.words_for(m, action))


def votes_in(ensemble: Ensemble, call: RollCall) -> dict[str, report.VoteName]:
    """Return the vote of each member in a roll call."""
    codes = enumerate(ensemble.scenario.codes)
    return {code: vote_name(ensemble, m, int(call[m])) for m, code in codes}


def sides_of(votes: Mapping[str, report.VoteName]) -> report.Sides:
    """Return who is on which side of a roll call."""
    sides = {side: [code for code, vote in votes.items() if vote == side] for side in VOTES}
    return cast(report.Sides, sides)


def in_words(sides: report.Sides) -> str:
    """Return a roll call in the Council's words: `13 in favour; RUS against; CHN abstaining`."""
    others = [
        f"{', '.join(codes)} {side.replace('_', ' ')}"
        for side in ("against", "abstaining", "not_participating")
        if (codes := sides[side])
    ]
    return "; ".join([f"{len(sides['in_favour'])} in favour", *others])


def vetoed_by(ensemble: Ensemble) -> dict[str, float]:
    """Return the probability of each set of vetoing members, the likeliest first."""
    codes, p = ensemble.scenario.codes, ensemble.mean(ensemble.tally.vetoes)
    sets = ("+".join(codes[m] for m in who) for who in ensemble.veto_sets)
    return largest_first(dict(zip(sets, p, strict=True)))


def together(codes: Sequence[str]) -> str:
    """Return one or more members in words: `FRA, GBR and USA`."""
    *others, last = codes
    return f"{', '.join(others)} and {last}" if others else last


def those_who(veto: str) -> str:
    """Return a set of vetoing members in words: `RUS alone`, `FRA, GBR and USA`."""
    codes = veto.split("+")
    return together(codes) if len(codes) > 1 else f"{veto} alone"


def roll_call(ensemble: Ensemble) -> report.RollCalls:
    """Return the likeliest roll calls, and the observed one where there is one."""
    calls = ensemble.by_probability()
    modal, p_modal = calls[0]
    observed, seen = ensemble.scenario.observed, ensemble.scenario.observed_roll_call
    p_seen = None if seen is None else ensemble.probability_of(seen)
    return {
        "modal": votes_in(ensemble, modal),
        "p_modal": rounded(p_modal),
        "observed": None if seen is None else votes_in(ensemble, seen),
        "observed_outcome": OUTCOME_NAMES[OUTCOMES.index(observed.outcome)] if observed else None,
        "p_observed": None if p_seen is None else rounded(p_seen),
        "likeliest": [
            {"p": rounded(p), **sides_of(votes_in(ensemble, call))}
            for call, p in calls[:MOST_ROLL_CALLS]
            if rounded(p) > 0
        ],
    }
