"""What each member gains and what opposing costs it, as sums of unknowns: the design of the fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy import sparse

from sim.arrays import Floats
from sim.catalogue import provisions
from sim.charter import Rules
from sim.fit.prior import Dated, Parameter, Prior, levels
from sim.record import RecordedVote
from sim.roster import Member


class Term(NamedTuple):
    """A factor times an unknown, with the dated value the unknown belongs to, if any."""

    parameter: Parameter
    factor: float
    dated: Dated | None = None


class Share(NamedTuple):
    """What one member has of the gain or of the costs: a known part and terms."""

    known: float
    terms: list[Term]


@dataclass(frozen=True, eq=False)
class Design:
    """The member votes of some drafts as sums of p unknowns; n rows, by vote and then by seat.

    Args:
        parameters: the unknowns.
        spreads: (p,), their standard deviations before any vote.
        gain, cost: (n, p), factors of the unknowns in the gain and in the cost of opposing.
        gain_known, cost_known: (n,), the parts that are known.
        rules: of each vote.
        first: (V + 1,), the first row of each vote, and n.
    """

    parameters: tuple[Parameter, ...]
    spreads: Floats
    gain: sparse.csr_array
    cost: sparse.csr_array
    gain_known: Floats
    cost_known: Floats
    rules: tuple[Rules, ...]
    first: Floats

    @cached_property
    def index(self) -> Mapping[Parameter, int]:
        """The number of each unknown."""
        return {parameter: k for k, parameter in enumerate(self.parameters)}

    @property
    def n_rows(self) -> int:
        """The number of member votes."""
        return len(self.gain_known)

    def seats(self) -> Iterator[tuple[Rules, slice]]:
        """Yield the rules and the rows of each vote."""
        for v, rules in enumerate(self.rules):
            yield rules, slice(int(self.first[v]), int(self.first[v + 1]))


def lay_out(votes: Sequence[RecordedVote], prior: Prior) -> Design:
    """Return the design of the member votes of some drafts, whatever became of them."""
    gains = [_gain(vote, v, m, prior) for v, vote in enumerate(votes) for m in vote.council]
    costs = [_cost(vote, m, prior) for vote in votes for m in vote.council]
    spreads = {
        term.parameter: prior.spread(term.parameter, term.dated)
        for share in (*gains, *costs)
        for term in share.terms
    }
    index = {parameter: k for k, parameter in enumerate(spreads)}
    return Design(
        parameters=tuple(index),
        spreads=np.array([*spreads.values()]),
        gain=_factors(gains, index),
        cost=_factors(costs, index),
        gain_known=np.array([share.known for share in gains]),
        cost_known=np.array([share.known for share in costs]),
        rules=tuple(vote.rules for vote in votes),
        first=np.cumsum([0, *(len(vote.council) for vote in votes)]),
    )


def _factors(shares: Sequence[Share], index: Mapping[Parameter, int]) -> sparse.csr_array:
    """Return the factors of the unknowns, (n, p); those of one unknown in a row add up."""
    rows = [row for row, share in enumerate(shares) for _ in share.terms]
    columns = [index[term.parameter] for share in shares for term in share.terms]
    values = [term.factor for share in shares for term in share.terms]
    return sparse.csr_array((values, (rows, columns)), shape=(len(shares), len(index)))


def at_levels(kind: str, name: str, member: Member) -> Iterator[Parameter]:
    """Yield the unknowns whose sum is what a member's trait differs from its prior mean by."""
    who = {"default": "", "group": member.state.regional_group, "member": member.code}
    for level in levels(kind, name):
        yield Parameter(kind, name, level, who[level])


def _added(kind: str, name: str, member: Member, factor: float = 1.0) -> Iterator[Term]:
    for parameter in at_levels(kind, name, member):
        yield Term(parameter, factor)


def _gain(vote: RecordedVote, number: int, member: Member, prior: Prior) -> Share:
    """Return what adoption over lapse is worth to a member, as `sim.choice` and the chamber do."""
    moved, middle = vote.text - vote.lapse, vote.text + vote.lapse
    known = float((prior.salience * moved * (2 * prior.ideal - middle)).sum())
    terms = [Term(Parameter("shock", "", "vote", str(number)), 1.0)]
    for name, factor in zip(provisions(), 2 * prior.salience * moved, strict=True):
        terms += _added("ideal", name, member, float(factor)) if factor else ()
    for name in ("any", vote.instrument, *(["rival"] if vote.rival else [])):
        known += prior.mean("stances", name)
        terms += _added("stances", name, member)
    for state, factor in _ties(vote, prior):
        tie = _tie(vote, state, member, factor, prior)
        known += tie.known
        terms += tie.terms
    return Share(known, terms)


def _ties(vote: RecordedVote, prior: Prior) -> Iterator[tuple[str, float]]:
    """Yield the States a draft is on and by, each with what a tie to it counts."""
    hostility = float((prior.hostility * (vote.text - vote.lapse)).sum())
    if vote.target:
        yield vote.target, -prior.shielding * hostility
    for state in vote.penholders:
        yield state, prior.asking / len(vote.penholders)


def _tie(vote: RecordedVote, state: str, member: Member, factor: float, prior: Prior) -> Share:
    """Return what a tie adds to the gain: one to oneself is 1; a dated one stands by itself."""
    if state == member.code:
        return Share(factor, [])
    dated = prior.dated_tie(member.code, state, vote.date)
    if dated:
        parameter = Parameter("ties", state, "member", f"{member.code}@{dated.since}")
        return Share(factor * dated.mean, [Term(parameter, factor, dated)])
    return Share(0.0, [*_added("ties", state, member, factor)])


def _cost(vote: RecordedVote, member: Member, prior: Prior) -> Share:
    """Return what voting against costs a member beyond the gain it forgoes."""
    known, terms = prior.mean("opposition_cost"), [*_added("opposition_cost", "", member)]
    for name in (vote.target, vote.instrument):
        terms += _added("restraint", name, member) if name else ()
    if member.permanent and not vote.procedural:
        known += prior.mean("veto_cost")
        terms += _added("veto_cost", "", member)
    return Share(known, terms)
