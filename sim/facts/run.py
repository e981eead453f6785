"""The report of a run, put together: every number that any page, table or file shows, once."""

from __future__ import annotations

from itertools import compress
from typing import cast

from typing_extensions import TypedDict

from sim.chance import STREAM_FORMAT
from sim.charter import ACTIONS, OUTCOME_NAMES, Action, OutcomeName
from sim.ensemble import Ensemble
from sim.ensemble.tally import Interval, rounded, spread
from sim.facts import report
from sim.facts.evidence import evidence_of
from sim.facts.hangs_on import hangs_on
from sim.facts.headline import deadline, headline
from sim.facts.pivot import pivot
from sim.facts.plain import by_action, named, plain
from sim.facts.seal import checksum
from sim.facts.votes import roll_call, vetoed_by, vote, vote_name
from sim.facts.warnings import warnings_on
from sim.scenario import Scenario
from sim.version import __version__

SCHEMA_VERSION = 2
"""Changes whenever a key of the report changes its name or its meaning."""


class Head(TypedDict):
    """What was run: how all that is said of one run begins."""

    schema_version: int
    software: report.Software
    name: str
    title: str
    settings: list[str]
    fingerprint: str
    worlds: int
    random_seed: int


def head_of(scenario: Scenario, run: Ensemble) -> Head:
    """Return what was run: the scenario that was asked about, by a run's worlds."""
    return {
        "schema_version": SCHEMA_VERSION,
        "software": software(),
        "name": scenario.name,
        "title": scenario.title,
        "settings": list(scenario.settings),
        "fingerprint": scenario.fingerprint,
        "worlds": run.n_worlds,
        "random_seed": run.random_seed,
    }


def report_of(ensemble: Ensemble) -> report.Report:
    """Return the report of an ensemble: what `report.json` holds.

    Returns:
        Plain data in a fixed order; probabilities from 0 to 1, rounded to six places. It
        names no time and no machine, so the same input gives the same bytes.
    """
    scenario = ensemble.scenario
    facts: report.Report = {
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
        "hangs_on": hangs_on(ensemble),
        "residual": {
            "mean": rounded(ensemble.mean(ensemble.tally.residual)),
            "unsettled": rounded(ensemble.mean(ensemble.tally.unsettled)),
        },
        "evidence": evidence_of(scenario),
        "scenario": cast(report.ScenarioDocument, dict(scenario.document)),
        "checksum": "",
    }
    return {**facts, "checksum": checksum(facts)}


def software() -> report.Software:
    """Return what made the report."""
    return {"name": "unsc-sim", "version": __version__, "stream_format": STREAM_FORMAT}


def outcome(ensemble: Ensemble) -> dict[OutcomeName, report.Chance]:
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


def doubt(ensemble: Ensemble) -> report.Doubt:
    """Return between what P(adopted) is in all but the outer tenths of the worlds."""
    every, calm = (ensemble.p_adopted_between(0.1, 0.9, calm) for calm in (False, True))
    return {"all": _between(every), "preferences": _between(calm)}


def _between(bounds: tuple[float, float] | None) -> report.Between | None:
    return bounds and {"low": bounds[0], "high": bounds[1]}


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
