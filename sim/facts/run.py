"""The report as plain data: every number that any page, table or file will show, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import compress
from typing import cast

from sim.arrays import AnyFloats
from sim.chance import STREAM_FORMAT
from sim.charter import DECIDED, OUTCOMES, Action, Outcome
from sim.ensemble import Ensemble
from sim.ensemble.tally import Interval, RollCall, rounded, spread
from sim.facts import report
from sim.facts.evidence import evidence_of
from sim.facts.figures import percent
from sim.facts.pivot import pivot
from sim.facts.report import ACTIONS, OUTCOME_NAMES, VOTES
from sim.facts.warnings import LIKELY_ENOUGH, warnings_on
from sim.version import __version__

SCHEMA_VERSION = 2
"""Changes whenever a key of the report changes its name or its meaning."""

MOST_ROLL_CALLS = 8
WORTH_TELLING = 0.05
"""A veto that is less likely is not."""


def report_of(ensemble: Ensemble) -> report.Report:
    """Return the report of an ensemble: what `report.json` holds.

    Returns:
        Plain data in a fixed order; probabilities from 0 to 1, rounded to six places. It
        names no time and no machine, so the same input gives the same bytes.
    """
    scenario = ensemble.scenario
    return {
        "schema_version": SCHEMA_VERSION,
        "software": software(),
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "settings": list(scenario.settings),
        "fingerprint": scenario.fingerprint,
        "worlds": ensemble.n_worlds,
        "random_seed": ensemble.random_seed,
        "headline": headline(ensemble),
        "doubt": doubt(ensemble),
        "warnings": warnings_on(ensemble),
        "outcome": outcome(ensemble),
        "given": given(ensemble),
        "vetoed_by": vetoed_by(ensemble),
        "deadline": deadline(ensemble),
        "conditions": conditions(ensemble),
        "members": {code: member(ensemble, m) for m, code in enumerate(scenario.codes)},
        "roll_call": roll_call(ensemble),
        "text": text(ensemble),
        "rounds": rounds(ensemble),
        "residual": {
            "mean": rounded(ensemble.mean(ensemble.tally.residual)),
            "unsettled": rounded(ensemble.mean(ensemble.tally.unsettled)),
        },
        "evidence": evidence_of(scenario),
        "scenario": cast(report.ScenarioDocument, dict(scenario.document)),
    }


def software() -> report.Software:
    """Return what made the report."""
    return {"name": "unsc-sim", "version": __version__, "stream_format": STREAM_FORMAT}


def plain(value: Interval) -> report.Chance:
    """Return an interval as plain data."""
    return {"p": rounded(value.p), "low": rounded(value.low), "high": rounded(value.high)}


def outcome(ensemble: Ensemble) -> dict[report.OutcomeName, report.Chance]:
    """Return the probability of each outcome."""
    return dict(zip(OUTCOME_NAMES, map(plain, ensemble.outcome.values()), strict=True))


def given(ensemble: Ensemble) -> report.Given | None:
    """Return what the votes that are given tell, if any are."""
    sums = ensemble.condition
    if sums is None:
        return None
    outcomes = zip(OUTCOME_NAMES, map(plain, sums.p_outcome), strict=True)
    return {
        "votes": {code: ACTIONS[action] for code, action in sums.votes.items()},
        "p": rounded(sums.p),
        "worlds": rounded(sums.n_worlds),
        "outcome": dict(outcomes),
        "members": dict(zip(ensemble.scenario.codes, map(by_action, sums.p_actions), strict=True)),
    }


def headline(ensemble: Ensemble) -> str:
    """Return the answer in a few sentences: the likeliest outcome, who vetoes, how members vote."""
    chances = {outcome: value.p for outcome, value in ensemble.outcome.items()}
    outcome = max(chances, key=lambda name: chances[name])
    words = str(outcome).replace("_", " ").capitalize()
    sentence = f"{words}, with probability {percent(chances[outcome])}"
    may_be_vetoed = chances[Outcome.VETOED] >= WORTH_TELLING
    for name in (Outcome.ADOPTED, *[Outcome.VETOED] * may_be_vetoed):
        if name != outcome:
            sentence += f"; {name}, with {percent(chances[name])}"
    sentence += "."
    if may_be_vetoed:
        who, p = next(iter(vetoed_by(ensemble).items()))
        sentence += f" The veto is cast by {those_who(who)} in {percent(p)} of all worlds."
    call, share = ensemble.by_probability()[0]
    at_the_deadline = deadline(ensemble)
    p_call = p_if_put_to_the_vote(rounded(share), at_the_deadline)
    if p_call is None:
        return f"{sentence} No vote is taken."
    if p_call < LIKELY_ENOUGH:
        given = "if it is put to the vote, " if at_the_deadline["withdrawn"] else ""
        likely = f"{given}{likely_votes(ensemble)}"
        return f"{sentence} {likely[0].upper()}{likely[1:]}."
    means = str(DECIDED[int(ensemble.scenario.rules.decide(call[:, None])[0])]).replace("_", " ")
    votes = in_words(sides_of(votes_in(ensemble, call)))
    if at_the_deadline["withdrawn"] > 0:
        sentence += " If it is put to the vote, the most likely roll call is"
        return f"{sentence} {votes} ({percent(p_call)}, {means})."
    return f"{sentence} Most likely roll call ({percent(p_call)}, {means}): {votes}."


def likely_votes(ensemble: Ensemble) -> str:
    """Return the likeliest number in favour, and whose likeliest vote is another."""
    likely = ensemble.actions.argmax(axis=1)
    said = [f"{int(ensemble.tally.in_favour.argmax())} in favour is likeliest"]
    for action, verb in ((Action.AGAINST, "vote against"), (Action.ABSTAINING, "abstain")):
        codes = [
            code
            for m, code in enumerate(ensemble.scenario.codes)
            if likely[m] == action and not ensemble.scenario.takes_no_part(m)
        ]
        if codes:
            said.append(f"likely to {verb}: {', '.join(codes)}")
    return "; ".join(said)


def doubt(ensemble: Ensemble) -> report.Doubt:
    """Return between what P(adopted) is in all but the outer tenths of the worlds."""
    every, calm = (ensemble.p_adopted_between(0.1, 0.9, calm) for calm in (False, True))
    return {"all": _between(every), "preferences": _between(calm)}


def _between(bounds: tuple[float, float] | None) -> report.Between | None:
    return bounds and {"low": bounds[0], "high": bounds[1]}


def p_if_put_to_the_vote(p: float, at_the_deadline: report.Deadline) -> float | None:
    """Return the probability, given that a vote is taken, of what happens only then.

    From that over all worlds, also those in which the draft is withdrawn; None where it always is.
    """
    if at_the_deadline["withdrawn"] == 0:
        return p
    put_to_the_vote = at_the_deadline["tabled"] + at_the_deadline["fell_back"]
    return min(p / put_to_the_vote, 1.0) if put_to_the_vote else None


def those_who(veto: str) -> str:
    """Return a set of vetoing members in words: `RUS alone`, `FRA, GBR and USA`."""
    *others, last = veto.split("+")
    return f"{', '.join(others)} and {last}" if others else f"{last} alone"


def deadline(ensemble: Ensemble) -> report.Deadline:
    """Return in what share of worlds the penholder tabled its text, withdrew or fell back."""
    withdrawn = ensemble.outcome[Outcome.WITHDRAWN].p
    fell_back = float(ensemble.mean(ensemble.tally.fell_back))
    return {
        "tabled": rounded(1 - withdrawn - fell_back),
        "withdrawn": rounded(withdrawn),
        "fell_back": rounded(fell_back),
    }


def in_words(sides: report.Sides) -> str:
    """Return a roll call in the Council's words: `13 in favour; RUS against; CHN abstaining`."""
    others = [
        f"{', '.join(codes)} {side.replace('_', ' ')}"
        for side in ("against", "abstaining", "not_participating")
        if (codes := sides[side])
    ]
    return "; ".join([f"{len(sides['in_favour'])} in favour", *others])


def votes_in(ensemble: Ensemble, call: RollCall) -> dict[str, report.VoteName]:
    """Return the vote of each member in a roll call."""
    codes = enumerate(ensemble.scenario.codes)
    return {code: vote_name(ensemble, m, int(call[m])) for m, code in codes}


def sides_of(votes: Mapping[str, report.VoteName]) -> report.Sides:
    """Return who is on which side of a roll call."""
    sides = {side: [code for code, vote in votes.items() if vote == side] for side in VOTES}
    return cast(report.Sides, sides)


def vote_name(ensemble: Ensemble, m: int, action: int) -> report.VoteName:
    """Return what a member's action is called: `not_participating` where it takes no part."""
    return cast(report.VoteName, ensemble.scenario.words_for(m, action))


def vetoed_by(ensemble: Ensemble) -> dict[str, float]:
    """Return the probability of each set of vetoing members, the likeliest first."""
    codes, p = ensemble.scenario.codes, ensemble.mean(ensemble.tally.vetoes)
    sets = ("+".join(codes[m] for m in who) for who in ensemble.veto_sets)
    return largest_first(dict(zip(sets, p, strict=True)))


def conditions(ensemble: Ensemble) -> report.Conditions:
    """Return the two legal conditions, each with how likely it is met and by what margin."""
    rules = ensemble.scenario.rules
    holders = [*compress(ensemble.scenario.codes, rules.holds_veto)]
    counts, blocked = ensemble.mean(ensemble.tally.in_favour), ensemble.blocked
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
            "holders": holders,
            "vetoes_needed": rules.vetoes_needed,
            "met": plain(Interval(1 - blocked.p, 1 - blocked.high, 1 - blocked.low)),
            "against": named(holders, ensemble.actions[rules.holds_veto, Action.AGAINST]),
        },
    }


def member(ensemble: Ensemble, m: int) -> report.Member:
    """Return one member's estimate: actions, gain and what makes it up, beliefs, utilities."""
    seat = ensemble.scenario.council[m]
    terms = named(ensemble.term_names, ensemble.mean(ensemble.tally.terms)[m])
    return {
        "name": seat.state.name,
        "permanent": seat.permanent,
        "regional_group": seat.state.regional_group,
        "caucuses": list(seat.caucuses),
        "behaviour": ensemble.scenario.behaviours[m].words,
        **vote(ensemble, m),
        "most_likely": vote_name(ensemble, m, int(ensemble.actions[m].argmax())),
        "gain": {
            "mean": rounded(ensemble.mean(ensemble.tally.gain)[m]),
            "sd": rounded(ensemble.gain_sd[m]),
        },
        "terms": terms,
        "weighs_most": max(terms, key=lambda name: abs(terms[name])),
        "believes_adopted_if": by_action(ensemble.mean(ensemble.tally.beliefs)[m]),
        "utility": by_action(ensemble.mean(ensemble.tally.utilities)[m]),
        "pivot": pivot(ensemble, m),
    }


def vote(ensemble: Ensemble, m: int) -> report.Vote:
    """Return how likely a member takes each action; none of them where it takes no part."""
    takes_no_part = ensemble.scenario.takes_no_part(m)
    actions = by_action(ensemble.actions[m] * (not takes_no_part))
    return {**actions, "not_participating": float(takes_no_part)}


def largest_first(shares: Mapping[str, float]) -> dict[str, float]:
    """Return the shares, rounded, that are above 0, the largest first."""
    kept = [(name, p) for name, p in named(shares, shares.values()).items() if p > 0]
    return dict(sorted(kept, key=lambda item: (-item[1], item[0])))


def named(names: Iterable[str], values: Iterable[float]) -> dict[str, float]:
    """Return values, as a report has them, by their names."""
    return dict(zip(names, map(rounded, values), strict=True))


def by_action(values: AnyFloats) -> report.ByAction:
    """Return (3,) values by the names of the actions."""
    return cast(report.ByAction, named(ACTIONS, values))


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


def text(ensemble: Ensemble) -> dict[str, report.ProvisionText]:
    """Return each provision as tabled, as agreed, and as it lapses."""
    draft = ensemble.scenario.draft
    agreed = ensemble.mean(ensemble.tally.text)
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


def rounds(ensemble: Ensemble) -> list[report.Round]:
    """Return positions and text at the end of each round, averaged over worlds."""
    scenario, tally = ensemble.scenario, ensemble.tally
    names = [p.name for p in scenario.draft.provisions]
    adopted, positions, texts, moved = (
        ensemble.mean(total)
        for total in (
            tally.round_adopted,
            tally.round_positions,
            tally.round_text,
            tally.round_moved,
        )
    )
    return [
        {
            "round": r + 1,
            "precision": rounded(
                scenario.consultations.precision_share(r + 1) * scenario.coefficients.precision
            ),
            "p_adopted": rounded(adopted[r]),
            "positions": {c: by_action(positions[r, m]) for m, c in enumerate(scenario.codes)},
            "text": named(names, texts[r]),
            "moved": {n: rounded(x) for n, x in zip(names, moved[r], strict=True) if x > 0},
        }
        for r in range(len(adopted))
    ]
