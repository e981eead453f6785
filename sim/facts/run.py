"""The report as plain data: every number that any page, table or file will show, once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance import STREAM_FORMAT
from sim.charter import DECIDED, Action, Outcome
from sim.ensemble import Ensemble
from sim.ensemble.tally import UNSETTLED, Interval, RollCall, rounded, spread
from sim.facts.evidence import evidence_of
from sim.facts.pivot import turning
from sim.version import __version__

SCHEMA_VERSION = 1
"""Changes whenever a key of the report changes its name or its meaning."""

MOST_ROLL_CALLS = 8
SHOWN_UNSETTLED = 0.01
"""Share of unsettled worlds above which the report warns."""


def report_of(ensemble: Ensemble) -> dict[str, Any]:
    """Return the report of an ensemble: what `report.json` holds.

    Returns:
        Plain data in a fixed order; probabilities from 0 to 1, rounded to six places. It
        holds no time and no name of a machine, so the same input gives the same bytes.
    """
    scenario = ensemble.scenario
    return {
        "schema_version": SCHEMA_VERSION,
        "software": {"name": "unsc-sim", "version": __version__, "stream_format": STREAM_FORMAT},
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "settings": list(scenario.settings),
        "fingerprint": scenario.fingerprint,
        "worlds": ensemble.n_worlds,
        "random_seed": ensemble.random_seed,
        "headline": headline(ensemble),
        "warnings": warnings(ensemble),
        "outcome": {str(o): plain(value) for o, value in ensemble.outcome.items()},
        "vetoed_by": vetoed_by(ensemble),
        "deadline": deadline(ensemble),
        "conditions": conditions(ensemble),
        "members": {code: member(ensemble, m) for m, code in enumerate(scenario.codes)},
        "roll_call": roll_call(ensemble),
        "text": text(ensemble),
        "rounds": rounds(ensemble),
        "residual": {
            "mean": rounded(ensemble.mean("residual")),
            "unsettled": rounded(ensemble.mean("unsettled")),
        },
        "evidence": evidence_of(scenario),
        "scenario": dict(scenario.document),
    }


def plain(value: Interval) -> dict[str, float]:
    """Return an interval as plain data."""
    return {"p": rounded(value.p), "low": rounded(value.low), "high": rounded(value.high)}


def per_cent(p: float) -> str:
    """Return a probability in per cent for people; 0.0 and 100.0 only where they are exact."""
    if 0 < p < 0.0005:
        return "<0.1"
    return ">99.9" if 0.9995 < p < 1 else f"{100 * p:.1f}"


def points(share: float) -> str:
    """Return a difference of two probabilities in points, with its sign; +0.0 where it is none."""
    return f"{round(100 * share, 1) + 0.0:+.1f}"


def percent(p: float) -> str:
    """Return a probability in a sentence, the sign of per cent behind it."""
    return f"{per_cent(p)} %".replace("<", "under ").replace(">", "over ")


def headline(ensemble: Ensemble) -> str:
    """Return the answer in a sentence or two, with its interval."""
    outcome, value = max(ensemble.outcome.items(), key=lambda item: item[1].p)
    words = str(outcome).replace("_", " ").capitalize()
    sure = f"95 % simulation interval {per_cent(value.low)} to {per_cent(value.high)} %"
    sentence = f"{words}, with probability {percent(value.p)} ({sure})."
    if outcome is Outcome.VETOED:
        who, p = next(iter(vetoed_by(ensemble).items()))
        sentence += f" The veto is cast by {those_who(who)} in {percent(p)} of all worlds."
    call, p = ensemble.by_probability()[0]
    if rounded(p) == 0:
        return sentence if deadline(ensemble)["withdrawn"] < 1 else f"{sentence} No vote is taken."
    means = meaning(ensemble, call)
    return f"{sentence} Most likely roll call ({percent(p)}, {means}): {in_words(ensemble, call)}."


def those_who(veto: str) -> str:
    """Return a set of vetoing members in words: `RUS alone`, `FRA, GBR and USA`."""
    *others, last = veto.split("+")
    return f"{', '.join(others)} and {last}" if others else f"{last} alone"


def meaning(ensemble: Ensemble, call: RollCall) -> str:
    """Return what a roll call ends in by the rules: `not carried`."""
    decided = DECIDED[int(ensemble.scenario.rules.decide(call[:, None])[0])]
    return str(decided).replace("_", " ")


def deadline(ensemble: Ensemble) -> dict[str, float]:
    """Return in what share of worlds the penholder tabled its text, withdrew, or fell back."""
    withdrawn = ensemble.outcome[Outcome.WITHDRAWN].p
    fell_back = float(ensemble.mean("fell_back"))
    return {
        "tabled": rounded(1 - withdrawn - fell_back),
        "withdrawn": rounded(withdrawn),
        "fell_back": rounded(fell_back),
    }


def in_words(ensemble: Ensemble, call: RollCall) -> str:
    """Return a roll call in the Council's words: `13 in favour, RUS against, CHN abstaining`."""
    sides = sides_of(ensemble, call)
    others = ("against", "abstaining", "not_participating")
    named = [f"{', '.join(sides[o])} {o.replace('_', ' ')}" for o in others if sides[o]]
    return "; ".join([f"{len(sides['in_favour'])} in favour", *named])


def sides_of(ensemble: Ensemble, call: RollCall) -> dict[str, list[str]]:
    """Return who is on which side of a roll call."""
    sides: dict[str, list[str]] = {"in_favour": [], "abstaining": [], "against": []}
    sides["not_participating"] = []
    for m, code in enumerate(ensemble.scenario.codes):
        sides[ensemble.scenario.words_for(m, int(call[m]))].append(code)
    return sides


def warnings(ensemble: Ensemble) -> list[str]:
    """Return what a reader must know before trusting the numbers."""
    found = []
    if (share := float(ensemble.mean("unsettled"))) > SHOWN_UNSETTLED:
        found.append(
            f"In {percent(share)} of the worlds the consultations had not settled: a position was "
            f"{UNSETTLED} or more from the choice it leads to. Give them more rounds "
            f"(consultations.rounds, now {ensemble.scenario.consultations.rounds})."
        )
    if ensemble.n_worlds < 1000:
        found.append(f"Worlds: {ensemble.n_worlds}. Intervals are rough below 1,000.")
    return found


def vetoed_by(ensemble: Ensemble) -> dict[str, float]:
    """Return the probability of each set of vetoing members, the likeliest first."""
    codes, p = ensemble.scenario.codes, ensemble.mean("vetoes")
    sets = {
        "+".join(codes[m] for m in who): rounded(p[s]) for s, who in enumerate(ensemble.veto_sets)
    }
    return {who: p for who, p in sorted(sets.items(), key=lambda x: (-x[1], x[0])) if p > 0}


def conditions(ensemble: Ensemble) -> dict[str, Any]:
    """Return the two legal conditions, each with how likely it is met and by what margin."""
    rules, codes = ensemble.scenario.rules, ensemble.scenario.codes
    counts = ensemble.mean("in_favour")
    expected = float(ensemble.actions[:, Action.IN_FAVOUR].sum())
    return {
        "votes_in_favour": {
            "needed": rules.quota,
            "expected": rounded(expected),
            "margin": rounded(expected - rules.quota),
            "met": plain(ensemble.enough),
            "distribution": {str(n): rounded(p) for n, p in enumerate(counts) if p > 0},
        },
        "no_veto": {
            "applies": bool(rules.holds_veto.any()),
            "holders": [c for c, holds in zip(codes, rules.holds_veto, strict=True) if holds],
            "vetoes_needed": rules.vetoes_needed,
            "met": plain(_not(ensemble.blocked)),
            "against": {
                code: rounded(ensemble.actions[m, Action.AGAINST])
                for m, code in enumerate(codes)
                if rules.holds_veto[m]
            },
        },
    }


def _not(value: Interval) -> Interval:
    return Interval(1 - value.p, 1 - value.high, 1 - value.low)


def member(ensemble: Ensemble, m: int) -> dict[str, Any]:
    """Return one member's estimate: actions, gain and what makes it up, beliefs, utilities."""
    seat = ensemble.scenario.council[m]
    terms = {
        n: rounded(v) for n, v in zip(ensemble.term_names, ensemble.mean("terms")[m], strict=True)
    }
    return {
        "name": seat.state.name,
        "permanent": seat.permanent,
        "regional_group": seat.state.regional_group,
        "caucuses": list(seat.caucuses),
        **vote(ensemble, m),
        "most_likely": ensemble.scenario.words_for(m, int(ensemble.actions[m].argmax())),
        "gain": {"mean": rounded(ensemble.mean("gain")[m]), "sd": rounded(ensemble.gain_sd[m])},
        "terms": terms,
        "weighs_most": max(terms, key=lambda name: abs(terms[name])),
        "believes_adopted_if": _by_action(ensemble.mean("beliefs")[m]),
        "utility": _by_action(ensemble.mean("utilities")[m]),
        "turning": turning(ensemble, m),
    }


def vote(ensemble: Ensemble, m: int) -> dict[str, float]:
    """Return how likely a member takes each action; none of them where it takes no part."""
    takes_no_part = ensemble.scenario.takes_no_part(m)
    actions = _by_action(ensemble.actions[m] * (not takes_no_part))
    return {**actions, "not_participating": float(takes_no_part)}


def _by_action(values: NDArray[np.float64]) -> dict[str, float]:
    return {action.words: rounded(values[action]) for action in Action}


def roll_call(ensemble: Ensemble) -> dict[str, Any]:
    """Return the likeliest roll calls, and the observed one where there is one."""
    calls = ensemble.by_probability()
    modal, p_modal = calls[0]
    observed = ensemble.scenario.observed
    seen = ensemble.scenario.observed_roll_call
    p_seen = None if seen is None else ensemble.probability_of(seen)
    return {
        "modal": _each_vote(ensemble, modal),
        "p_modal": rounded(p_modal),
        "observed": None if seen is None else _each_vote(ensemble, seen),
        "observed_outcome": None if observed is None else str(observed.outcome),
        "p_observed": None if p_seen is None else rounded(p_seen),
        "likeliest": [
            {"p": rounded(p), **sides_of(ensemble, call)}
            for call, p in calls[:MOST_ROLL_CALLS]
            if rounded(p) > 0
        ],
    }


def _each_vote(ensemble: Ensemble, call: RollCall) -> dict[str, str]:
    words = ensemble.scenario.words_for
    return {code: words(m, int(call[m])) for m, code in enumerate(ensemble.scenario.codes)}


def text(ensemble: Ensemble) -> dict[str, Any]:
    """Return each provision as tabled, as agreed, and what stands otherwise."""
    draft = ensemble.scenario.draft
    agreed = ensemble.mean("text")
    sd = spread(ensemble.tally.text, ensemble.tally.text_squared, ensemble.n_worlds)
    return {
        p.name: {
            "unit": p.unit,
            "anchors": list(p.anchors),
            "tabled": rounded(draft.text[d]),
            "lapse": rounded(draft.lapse[d]),
            "red_lines": [rounded(draft.low[d]), rounded(draft.high[d])],
            "at_the_deadline": {"mean": rounded(agreed[d]), "sd": rounded(sd[d])},
        }
        for d, p in enumerate(draft.provisions)
    }


def rounds(ensemble: Ensemble) -> list[dict[str, Any]]:
    """Return what stood at the end of each round, averaged over worlds."""
    scenario = ensemble.scenario
    names = [p.name for p in scenario.draft.provisions]
    positions, adopted = ensemble.mean("round_positions"), ensemble.mean("round_adopted")
    texts, moved = ensemble.mean("round_text"), ensemble.mean("round_moved")
    return [
        {
            "round": r + 1,
            "precision": rounded(
                scenario.consultations.precision_share(r + 1) * scenario.coefficients.precision
            ),
            "p_adopted": rounded(adopted[r]),
            "positions": {c: _by_action(positions[r, m]) for m, c in enumerate(scenario.codes)},
            "text": {n: rounded(x) for n, x in zip(names, texts[r], strict=True)},
            "moved": {n: rounded(x) for n, x in zip(names, moved[r], strict=True) if x > 0},
        }
        for r in range(len(adopted))
    ]
