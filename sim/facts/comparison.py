"""Two or more ensembles over the same worlds: what changed, and why, as `compare.json` has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import (
    Annotated,
    NotRequired,  # pydantic reads no other before Python 3.12
    cast,
    final,
)

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, with_config
from typing_extensions import TypedDict

from sim.behaviours import DEFAULT
from sim.charter import OUTCOME_NAMES, OUTCOMES, Action, OutcomeName
from sim.ensemble import Ensemble
from sim.ensemble.tally import Interval, interval, rounded
from sim.facts import report, run
from sim.facts.figures import Points, percent
from sim.facts.plain import largest_first, plain
from sim.facts.report import Chance, Probability
from sim.facts.seal import checksum
from sim.facts.settings import Setting, settings_that_differ
from sim.facts.votes import vote, vote_name

SMALLEST_TERM = 0.005
"""Changes below this are not listed: chance alone is no smaller."""

CLEARLY_MORE = 0.01
"""By how much an outcome has to move more than adoption to be told beside it."""

Difference = Annotated[float, Field(ge=-1, le=1)]


class Change(TypedDict):
    """A difference of two probabilities over paired worlds, with its 95 % interval."""

    p: Difference
    low: Difference
    high: Difference


class GainChange(TypedDict):
    """A member's mean gain in the base and in the other scenario."""

    before: float
    after: float


class MemberChange(TypedDict):
    """One member in the base and in the other scenario."""

    before: report.Vote
    after: report.Vote
    flipped: Change
    """The share of worlds in which its drawn vote is another."""
    flips: dict[str, Probability]
    """The share of worlds of each change of vote, as `against > abstaining`."""
    gain: GainChange
    changed: dict[str, float]
    """What is not the same for it, causes of its own before what follows from others."""


class SettingShare(TypedDict):
    """What one setting, or one group of them, adds to the difference in P(adopted)."""

    setting: str
    """`members.RUS.ties.PRK`, `draft.text.review`, or a group: `members.RUS`, `draft.text`, `draft`
    (all but its text), `seats`, `memory`, `charter`, `coefficients`."""
    share: Change


class Why(TypedDict):
    """The difference in P(adopted) split over what differs: Shapley values, which sum to it."""

    worlds: int
    """The first of the worlds, over which it is split."""
    runs: int
    exact: bool
    """Whether over all orders in which settings can be taken over, or over some that were drawn."""
    whole: Change
    """The difference over these worlds."""
    shares: list[SettingShare]
    """The largest first."""


class Side(TypedDict):
    """One scenario of a comparison."""

    name: str
    title: str
    fingerprint: str
    outcome: dict[OutcomeName, Chance]
    text: dict[str, report.ProvisionText]
    p_adopted_by_round: list[Probability]
    overrides: list[str]
    scenario: report.ScenarioDocument


class OtherSide(Side):
    """A scenario beside the base, and all that differs."""

    headline: str
    settings: list[Setting]
    remembered_otherwise: list[str]
    """Members seated on both sides of which the record remembers something else: `memory`."""
    difference: dict[OutcomeName, Change]
    outcome_flips: dict[str, Probability]
    """The share of worlds in which one drawn outcome became another: `vetoed > adopted`."""
    members: dict[str, MemberChange]
    """Those that sit on both sides."""
    seated_only_in_base: list[str]
    seated_only_in_other: list[str]
    why: NotRequired[Why]
    """Where it was asked for."""


@final
@with_config({"extra": "forbid", "use_attribute_docstrings": True})
class ComparisonReport(TypedDict):
    """What a comparison says: `compare.json`."""

    schema_version: int
    software: report.Software
    worlds: Annotated[int, Field(ge=1)]
    random_seed: report.Count
    base: Side
    others: list[OtherSide]
    checksum: report.Hash
    """SHA-256 of all other keys: of a comparison that was edited it is another."""


def comparison_of(
    base: Ensemble, others: Sequence[Ensemble], why: Sequence[Why] = ()
) -> ComparisonReport:
    """Return the comparison as plain data, in a fixed order and without a time."""
    compared = [_against(base, other) for other in others]
    for other, reasons in zip(compared, why, strict=False):
        other["why"] = reasons
    facts: ComparisonReport = {
        "schema_version": run.SCHEMA_VERSION,
        "software": run.software(),
        "worlds": base.n_worlds,
        "random_seed": base.random_seed,
        "base": _side(base),
        "others": compared,
        "checksum": "",
    }
    return {**facts, "checksum": checksum(facts)}


def _side(ensemble: Ensemble) -> Side:
    scenario = ensemble.scenario
    return {
        "name": scenario.name,
        "title": scenario.title,
        "fingerprint": scenario.fingerprint,
        "outcome": run.outcome(ensemble),
        "text": run.text(ensemble),
        "p_adopted_by_round": [*map(rounded, ensemble.mean(ensemble.tally.round_adopted))],
        "overrides": list(scenario.settings),
        "scenario": cast(report.ScenarioDocument, dict(scenario.document)),
    }


def _against(base: Ensemble, other: Ensemble) -> OtherSide:
    """Return what differs between the base and one other scenario."""
    mine, its = base.scenario.codes, other.scenario.codes
    changes = outcome_changes(base, other)
    found = {
        **_side(other),
        "headline": headline(base, other, changes),
        "settings": settings_that_differ(base.scenario.document, other.scenario.document),
        "remembered_otherwise": [
            code for code in mine if code in its and _memory(base, code) != _memory(other, code)
        ],
        "difference": changes,
        "outcome_flips": outcome_flips(base, other),
        "members": {code: member(base, other, code) for code in mine if code in its},
        "seated_only_in_base": [code for code in mine if code not in its],
        "seated_only_in_other": [code for code in its if code not in mine],
    }
    return cast(OtherSide, found)


def _memory(ensemble: Ensemble, code: str) -> object:
    """Return what the record remembers of a member in a scenario."""
    return ensemble.scenario.document.get("memory", {}).get(code)


def outcome_changes(base: Ensemble, other: Ensemble) -> dict[OutcomeName, Change]:
    """Return by how much each outcome is likelier in the other scenario."""
    changes = map(difference, base.kept().p_outcome, other.kept().p_outcome)
    return dict(zip(OUTCOME_NAMES, map(plain, changes), strict=True))


def headline(base: Ensemble, other: Ensemble, changes: Mapping[OutcomeName, Change]) -> str:
    """Return how far adoption moved, and then the outcome that moved most if clearly more."""
    most = max(changes, key=lambda outcome: abs(changes[outcome]["p"]))
    moved, adopted = abs(changes[most]["p"]), abs(changes["adopted"]["p"])
    told: list[OutcomeName] = ["adopted"]
    if moved >= adopted + CLEARLY_MORE:
        told.append(most)
    sentences = []
    for name in told:
        before, after = (e.outcome[name].p for e in (base, other))
        change = changes[name]
        sentences.append(
            f"{name.replace('_', ' ').capitalize()}: {percent(before)} becomes {percent(after)} "
            f"({Points(change['p'])} points, 95 % interval {Points(change['low'])} to "
            f"{Points(change['high'])})."
        )
    return " ".join(sentences)


def outcome_flips(base: Ensemble, other: Ensemble) -> dict[str, float]:
    """Return in what share of worlds one drawn outcome became another: `vetoed > adopted`."""
    mine, its = base.kept().outcome, other.kept().outcome
    return largest_first(
        {
            f"{a} > {b}": float(np.mean((mine == i) & (its == j)))
            for (i, a), (j, b) in product(enumerate(OUTCOMES), repeat=2)
            if i != j
        }
    )


def member(base: Ensemble, other: Ensemble, code: str) -> MemberChange:
    """Return a member that sits on both sides before and after, and how often its vote flipped."""
    seats = base.scenario.codes.index(code), other.scenario.codes.index(code)
    mine, its = base.kept().votes[seats[0]], other.kept().votes[seats[1]]
    flips = {
        f"{was} > {now}": (mine == a) & (its == b)
        for a, b in product(Action, repeat=2)
        if (was := vote_name(base, seats[0], a)) != (now := vote_name(other, seats[1], b))
    }
    flipped = np.any(list(flips.values()), axis=0)
    return {
        "before": vote(base, seats[0]),
        "after": vote(other, seats[1]),
        "flipped": plain(difference(np.zeros(len(mine)), flipped.astype(np.float64))),
        "flips": largest_first({name: worlds.mean() for name, worlds in flips.items()}),
        "gain": {
            "before": rounded(base.mean(base.tally.gain)[seats[0]]),
            "after": rounded(other.mean(other.tally.gain)[seats[1]]),
        },
        "changed": changed(base, other, seats),
    }


def changed(base: Ensemble, other: Ensemble, seats: tuple[int, int]) -> dict[str, float]:
    """Return what is not the same for a member, causes of its own before what follows from others.

    First rules and preferences outside the gain, then terms of the gain, the largest change first;
    last its belief, which also answers to what it does itself.
    """
    sides = [*zip((base, other), seats, strict=True)]
    rules = [_outside_the_gain(ensemble, seat) for ensemble, seat in sides]
    terms = [dict(zip(e.term_names, e.mean(e.tally.terms)[seat], strict=True)) for e, seat in sides]
    beliefs = [
        {"believes_adopted_if_abstaining": e.mean(e.tally.beliefs)[seat, Action.ABSTAINING]}
        for e, seat in sides
    ]
    return _between(*rules) | _between(*terms) | _between(*beliefs)


def _outside_the_gain(ensemble: Ensemble, seat: int) -> dict[str, float]:
    """Return what bears on a member's choice beside its gain."""
    scenario, wants = ensemble.scenario, ensemble.scenario.preferences[seat]
    rules, behaviour = scenario.rules, scenario.behaviours[seat]
    return {
        **({} if behaviour == DEFAULT else {f"behaviour_{behaviour.words}": 1.0}),
        "may_not_vote": float(rules.is_silent[seat]),
        "holds_veto": float(rules.holds_veto[seat]),
        "vetoes_needed": float(rules.vetoes_needed),
        "votes_needed": float(rules.quota),
        "veto_cost": wants.veto_cost.mean * bool(rules.holds_veto[seat]),
        "opposition_cost": wants.opposition_cost.mean,
        "voice": wants.voice.mean,
        "precision": scenario.coefficients.precision,
        **{
            f"caucus_{name}": weight.mean
            for name, weight in wants.caucuses.items()
            if name in scenario.council[seat].caucuses
        },
        **{
            f"restraint_{name}": cost.mean
            for name, cost in wants.restraint.items()
            if name in scenario.draft.opposed
        },
    }


def _between(mine: Mapping[str, float], its: Mapping[str, float]) -> dict[str, float]:
    """Return the changes worth listing, the largest first."""
    every = {n: its.get(n, 0.0) - mine.get(n, 0.0) for n in dict.fromkeys([*mine, *its])}
    kept = {n: rounded(change) for n, change in every.items() if abs(change) >= SMALLEST_TERM}
    return dict(sorted(kept.items(), key=lambda item: -abs(item[1])))


def difference(base: NDArray[np.floating], other: NDArray[np.floating]) -> Interval:
    """Return the mean difference over paired worlds with its 95 % interval, within -1..1."""
    moved = other.astype(np.float64) - base
    return interval(float(moved.sum()), float((moved**2).sum()), len(moved), low=-1.0)
