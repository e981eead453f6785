"""What each member gains and what opposing costs it, as sums of unknowns: the design of the fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from scipy import sparse

from sim import choice
from sim.arrays import Floats, Ints
from sim.charter import N_ACTIONS, Rules
from sim.consultation import Heeding, answers_on
from sim.draft import Draft, Remembered
from sim.draws import Parameter, at_levels
from sim.fit.prior import Dated, Prior
from sim.record import RecordedVote
from sim.record.memory import after_break
from sim.roster import Member
from sim.traits import TRAITS


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
        heeds: (n, n), what doing as the other of two members of a caucus does is worth: known.
        rules: of each vote.
        first: (V + 1,), the first row of each vote, and n.
        shocks: (n,), the number of each row's own shock, from 0 on.
    """

    parameters: tuple[Parameter, ...]
    spreads: Floats
    gain: sparse.csr_array
    cost: sparse.csr_array
    gain_known: Floats
    cost_known: Floats
    heeds: sparse.csr_array
    rules: tuple[Rules, ...]
    first: Ints
    shocks: Ints

    @cached_property
    def index(self) -> Mapping[Parameter, int]:
        """The number of each unknown."""
        return {parameter: k for k, parameter in enumerate(self.parameters)}

    def answers(
        self, unknowns: Floats, prior: Prior, own_shocks: np.random.Generator | None = None
    ) -> Floats:
        """Return what members answer after consultations in each world, (n, 3, W).

        Nothing is bounded here; the chamber holds each number within its own bounds.

        Args:
            unknowns: (p, W).
            prior: its precision, voice and own shock.
            own_shocks: of the draws of each member's own shock; none counts if None.
        """
        gain = self.gain_known[:, None] + self.gain @ unknowns
        if own_shocks and self.n_rows:
            drawn = own_shocks.standard_normal((self.shocks.max() + 1, unknowns.shape[1]))
            gain += prior.own_shock * drawn[self.shocks]
        cost = self.cost_known[:, None] + self.cost @ unknowns
        answers = np.empty((self.n_rows, N_ACTIONS, unknowns.shape[1]))
        for rules, rows in self.seats():
            among = self.heeds[rows, rows].tocoo()
            heeding = [
                Heeding(int(seat), [int(other)], worth)
                for seat, other, worth in zip(*among.coords, among.data[:, None], strict=True)
            ]
            answers[rows] = answers_on(
                gain[rows], prior.voice, cost[rows], prior.precision, rules, heeding
            )
        return answers

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
    gains = [
        _gain(vote, v, member, prior, *factors)
        for v, vote in enumerate(votes)
        for factors in [gain_factors(vote.draft, prior)]
        for member in vote.council
    ]
    costs = [_added("cost", vote, m, prior) for vote in votes for m in vote.council]
    first = np.cumsum([0, *(len(vote.council) for vote in votes)])
    named = [(v, m.shock_name) for v, vote in enumerate(votes) for m in vote.council]
    shocks = {name: k for k, name in enumerate(dict.fromkeys(named))}
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
        heeds=_heeds(votes, first, prior),
        rules=tuple(vote.rules for vote in votes),
        first=first,
        shocks=np.array([shocks[name] for name in named], dtype=np.intp),
    )


def _factors(shares: Sequence[Share], index: Mapping[Parameter, int]) -> sparse.csr_array:
    """Return the factors of the unknowns, (n, p); those of one unknown in a row add up."""
    rows = [row for row, share in enumerate(shares) for _ in share.terms]
    columns = [index[term.parameter] for share in shares for term in share.terms]
    values = [term.factor for share in shares for term in share.terms]
    return sparse.csr_array((values, (rows, columns)), shape=(len(shares), len(index)))


def _heeds(votes: Sequence[RecordedVote], first: Ints, prior: Prior) -> sparse.csr_array:
    """Return what doing as each other member does is worth to each, (n, n).

    By the weights of caucuses that everybody has before any vote; the others share a weight.
    """
    found = []
    for vote, seat in zip(votes, first.tolist(), strict=False):
        for row, member in enumerate(vote.council, seat):
            for name in member.caucuses:
                weight = prior.mean("caucuses", name)
                others = [k for k, m in enumerate(vote.council, seat) if name in m.caucuses]
                others.remove(row)
                found += [(row, k, weight / len(others)) for k in others if weight]
    rows, columns, worth = zip(*found, strict=True) if found else ((), (), ())
    n = int(first[-1])
    return sparse.csr_array((worth, (rows, columns)), shape=(n, n))


def gain_factors(draft: Draft, prior: Prior) -> tuple[float, dict[str, float], dict[str, float]]:
    """Return the gain by the prior's ideals and no ties, and how it rises with each of both.

    The gain is linear in what is fitted, so one column for these and one with a number a unit above
    them for each give its factors: `choice.gain` itself says how each of them counts.

    Returns:
        The factors of the ideals by provision, of the ties by State; a provision that the text
        leaves as it is has none.
    """
    names = [provision.name for provision in draft.provisions]
    states = dict.fromkeys(filter(None, (draft.target, *draft.penholders)))
    n_fitted = len(names) + len(states)
    above = np.hstack([np.zeros((n_fitted, 1)), np.eye(n_fitted)])
    ideals, ties = np.split(above, [len(names)])
    tie_to = dict(zip(states, ties, strict=True))
    to_target = tie_to.get(draft.target or "", np.zeros(above.shape[1]))
    lapse, salience = draft.lapse[:, None], prior.salience[:, None]
    change = draft.text[:, None] - lapse
    gains = choice.gain(
        np.broadcast_to(change, ideals.shape),
        choice.hostility_of(change, prior.hostility[:, None]),
        choice.pull_of(lapse, prior.ideal[:, None] + ideals, salience)[:, None],
        np.broadcast_to(salience, ideals.shape)[:, None],
        choice.pressure_of(to_target, prior.shielding)[None],
        choice.asking_of([tie_to[state] for state in draft.penholders], prior.asking)[None],
    )[0]
    of_ideals, of_ties = np.split(gains[1:] - gains[0], [len(names)])
    ideals_by_name = {n: f for n, f in zip(names, of_ideals.tolist(), strict=True) if f}
    return float(gains[0]), ideals_by_name, dict(zip(states, of_ties.tolist(), strict=True))


def _gain(
    vote: RecordedVote,
    number: int,
    member: Member,
    prior: Prior,
    known: float,
    ideals: Mapping[str, float],
    ties: Mapping[str, float],
) -> Share:
    """Return what adoption over lapse is worth to a member: a tie to itself is 1."""
    added = _added("gain", vote, member, prior)
    known += added.known
    terms = [Term(Parameter("shock", "", "vote", str(number)), 1.0)]
    for setting, factor in ideals.items():
        terms += [Term(x, factor) for x in at_levels("ideal", setting, member)]
    terms += added.terms
    on_itself = vote.draft.relation and vote.target == member.code
    for state, factor in ties.items():
        dated = prior.dated_tie(member.code, state, vote.date)
        if state == member.code:
            known += 0.0 if on_itself else factor  # `own_matter` speaks instead
        elif not factor:
            continue
        elif dated:  # it is what it is from its day on, whatever held before
            parameter = Parameter("ties", state, "member", f"{member.code}@{dated.since}")
            known += factor * dated.mean
            terms.append(Term(parameter, factor, dated))
        else:
            terms += [Term(x, factor) for x in at_levels("ties", state, member)]
    return Share(known, terms)


def _added(
    where: Literal["gain", "cost"], vote: RecordedVote, member: Member, prior: Prior
) -> Share:
    """Return what is simply added to the gain, or to the cost of a vote against."""
    holds_veto = member.permanent and not vote.procedural
    counting = [
        (trait.name, name, trait.factor_on(vote.draft, name))
        for trait in TRAITS.values()
        if trait.enters and (trait.enters == "cost") == (where == "cost")
        for name in trait.names_on(vote.draft, member, holds_veto)
    ]
    known = sum(factor * prior.mean(trait, name) for trait, name, factor in counting)
    terms = [
        Term(x, factor) for trait, name, factor in counting for x in at_levels(trait, name, member)
    ]
    memory = vote.draft.memory.get(member.code, Remembered({}, {}))
    if vote.target and (dated := prior.dated_tie(member.code, vote.target, vote.date)):
        memory = after_break(memory, vote.date, dated.since)
    kind, remembered = (
        ("habit", memory.dissent) if where == "gain" else ("opposition_habit", memory.against)
    )
    terms += [Term(habit(kind, name), value) for name, value in remembered.items()]
    return Share(known, terms)


def habit(kind: str, name: str) -> Parameter:
    """Return the unknown weight of a kind of memory: `habit` or `opposition_habit`."""
    return Parameter(f"coefficients.{kind}", name, "default", "")
