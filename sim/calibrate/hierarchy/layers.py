"""The fit as layers of a file of preferences: defaults, groups, members, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.calibrate.hierarchy.fit import RecordFit
from sim.calibrate.hierarchy.prior import Dated, Level, Parameter, Prior, levels
from sim.calibrate.record import RecordedVote
from sim.charter import Action
from sim.preferences import BOUNDS
from sim.scenario.library import provisions

DIGITS = 3
MOVED, NARROWED = 0.25, 0.85
"""A layer says something of its own where its mean is this many spreads from that of the layer
below, or its spread this share of that one's; else the layer below speaks. Source: assumed."""
MOST_VOTES = 6
"""Votes named as evidence of one number, dissent and the latest first."""
ANY = "?"
"""A group or a member that no vote has met: its level is as wide as before any vote."""


@dataclass(frozen=True)
class Layered:
    """What one layer holds of one trait: mean and spread for a member that it speaks for."""

    mean: float
    spread: float


def layers(fit: RecordFit, votes: Sequence[RecordedVote]) -> dict[str, Any]:
    """Return `defaults`, `groups` and `members` of a file of preferences.

    Args:
        fit: to the votes.
        votes: what it was fitted to.
    """
    seen = _Seen(votes)
    traits = dict.fromkeys((x.kind, x.name) for x in fit.design.parameters if x.kind != "shock")
    document: dict[str, Any] = {"defaults": {}, "groups": {}, "members": {}}
    for kind, name in sorted(traits):
        everybody = _layered(fit, kind, name)
        _lay(document["defaults"], kind, name, _estimate(everybody, kind, seen.of(kind, name)))
        for group in seen.groups:
            of_group = _layered(fit, kind, name, group)
            if _speaks(of_group, everybody):
                cited = seen.of(kind, name, group=group)
                traits_of = document["groups"].setdefault(group, {})
                _lay(traits_of, kind, name, _estimate(of_group, kind, cited))
        for code, group in seen.members.items():
            below = _layered(fit, kind, name, group)
            own = _layered(fit, kind, name, group, code)
            cited = seen.of(kind, name, code=code)
            if cited and _speaks(own, below):
                traits_of = document["members"].setdefault(code, {})
                _lay(traits_of, kind, name, _estimate(own, kind, cited))
    for (code, state), begun in fit.prior.dated.items():
        ties = document["members"].setdefault(code, {}).setdefault("ties", {})
        before = ties.get(state) or _estimate(
            _layered(fit, "ties", state, seen.group_of(code), code), "ties", []
        )
        ties[state] = [before, *(_dated(fit, code, state, tie) for tie in begun)]
    document["members"] = dict(sorted(document["members"].items()))
    return document


def _dated(fit: RecordFit, code: str, state: str, tie: Dated) -> dict[str, Any]:
    """Return a dated tie after the record: its evidence and note are those it came with."""
    parameter = Parameter("ties", state, "member", f"{code}@{tie.since}")
    moved, spread = (0.0, tie.spread)
    if parameter in fit.design.index:
        moved, spread = fit.total([parameter])
    value = _estimate(Layered(tie.mean + moved, spread), "ties", tie.evidence)
    note = {"note": tie.note} if tie.note else {}
    return {"since": str(tie.since), **value, **note}


def _layered(
    fit: RecordFit, kind: str, name: str, group: str = ANY, code: str = ANY
) -> Layered:
    """Return mean and spread of a trait for somebody of whom so much is known."""
    who: dict[Level, str] = {"default": "", "group": group, "member": code}
    parameters = [Parameter(kind, name, level, who[level]) for level in levels(kind, name)]
    mean, spread = fit.total(parameters)
    return Layered(_prior_mean(fit.prior, kind, name) + mean, spread)


def _prior_mean(prior: Prior, kind: str, name: str) -> float:
    if kind == "ideal":
        return float(prior.ideal[[*provisions()].index(name)])
    known = {
        "opposition_cost": prior.opposition_cost,
        "veto_cost": prior.veto_cost,
        "stances.any": prior.consensus,
    }
    return known.get(f"{kind}.{name}".rstrip("."), 0.0)


def _speaks(own: Layered, below: Layered) -> bool:
    moved = abs(own.mean - below.mean) > MOVED * below.spread
    return moved or own.spread < NARROWED * below.spread


def _lay(traits: dict[str, Any], kind: str, name: str, value: dict[str, Any]) -> None:
    if name:
        traits.setdefault(kind, {})[name] = value
    else:
        traits[kind] = value


def _estimate(found: Layered, kind: str, cited: Sequence[str]) -> dict[str, Any]:
    low, high = BOUNDS[kind]
    return {
        "mean": round(min(high, max(low, found.mean)), DIGITS) + 0.0,
        "spread": round(found.spread, DIGITS),
        "evidence": list(cited) or ["assumed"],
    }


class _Seen:
    """Who voted, and on what: the votes behind each number."""

    def __init__(self, votes: Sequence[RecordedVote]) -> None:
        self.members = {m.code: m.state.regional_group for v in votes for m in v.council}
        self.groups = sorted(set(self.members.values()))
        self._votes = {vote.vote_id: vote for vote in votes}
        self._on: dict[tuple[str, str], list[str]] = {}
        for vote in votes:
            for trait in _traits_of(vote):
                self._on.setdefault(trait, []).append(vote.vote_id)

    def group_of(self, code: str) -> str:
        """Return a member's regional group, `ANY` for a State that the votes have not met."""
        return self.members.get(code, ANY)

    def of(self, kind: str, name: str, *, group: str = "", code: str = "") -> list[str]:
        """Return the ids of votes behind a number, those with dissent and the latest first."""
        found = []
        for vote_id in self._on.get((kind, name), []):
            vote = self._votes[vote_id]
            acted = [
                int(action)
                for m, action in zip(vote.council, vote.roll_call, strict=True)
                if (not group or m.state.regional_group == group) and (not code or m.code == code)
            ]
            if acted:
                found.append((max(acted) > Action.IN_FAVOUR, vote.date, vote_id))
        return [vote_id for _, _, vote_id in sorted(found, reverse=True)[:MOST_VOTES]]


def _traits_of(vote: RecordedVote) -> Iterator[tuple[str, str]]:
    """Yield the traits that a vote bears on."""
    yield from (("opposition_cost", ""), ("veto_cost", ""), ("stances", "any"))
    yield from (("stances", vote.instrument), ("restraint", vote.instrument))
    if vote.rival:
        yield "stances", "rival"
    if vote.target:
        yield from (("ties", vote.target), ("restraint", vote.target))
    for state in vote.penholders:
        yield "ties", state
    for name, text, lapse in zip(provisions(), vote.text, vote.lapse, strict=True):
        if text != lapse:
            yield "ideal", name
