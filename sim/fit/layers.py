"""The fit as layers of a file of preferences: defaults, groups, members, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from typing import Any

from sim.catalogue import evidence_ids
from sim.charter import Action
from sim.draft import ANY
from sim.draws import Parameter, at_levels
from sim.fit.prior import levels
from sim.fit.record_fit import RecordFit
from sim.fit.widening import widened_shock
from sim.fit.yaml_document import holder_of
from sim.preferences import ASSUMED, Estimate
from sim.record import RecordedVote
from sim.roster import Member, states
from sim.traits import TRAITS, Level

DIGITS = 3
MOVED, NARROWED = 0.25, 0.85
"""A layer says something of its own where its mean is this many spreads from that of the layer
below, or its spread this share of that one's; else the layer below speaks. Source: assumed."""
MOST_VOTES = 6
"""Votes named as evidence of one number, dissent and the latest first."""
UNMET = "?"
"""A group or a member that no vote has met: its level is as wide as before any vote."""


@dataclass(frozen=True)
class Fitted:
    """One number of a layer, before and after the record.

    Args:
        layer, who: `defaults` or `coefficients` and nobody, `groups` and a regional group,
            `members` and a code.
        kind, name: the trait or the coefficient, and of what; no name for costs.
        prior, posterior: what is held of somebody the layer speaks for, with its evidence.
        since: the day a dated value begins on, or empty.
        note: why, or empty.
    """

    layer: str
    who: str
    kind: str
    name: str
    prior: Estimate
    posterior: Estimate
    since: str = ""
    note: str = ""

    @property
    def setting(self) -> str:
        """The dotted setting: `members.RUS.ties.PRK`."""
        return ".".join(filter(None, (self.layer, self.who, self.kind, self.name)))

    @property
    def shift(self) -> float:
        """How far the record moved the mean, in spreads of the prior."""
        return (self.posterior.mean - self.prior.mean) / self.prior.spread

    def as_plain(self) -> dict[str, Any]:
        """Return the number as it stands in a file."""
        mean, spread = self.posterior.mean, round(self.posterior.spread, DIGITS)
        plain: dict[str, Any] = {"since": self.since} if self.since else {}
        if self.layer == "coefficients":
            plain |= {"value": round(mean, DIGITS) + 0.0}
        else:
            mean = round(TRAITS[self.kind].within(mean), DIGITS) + 0.0
            plain |= {"mean": mean, "spread": spread}
        cited = [name for name in self.posterior.evidence if name not in ASSUMED]
        known = [name for name in cited if name in evidence_ids()]
        plain["evidence"] = known or [*ASSUMED]
        others = [name for name in cited if name not in known]
        notes = [self.note, f"votes: {', '.join(others)}" if others else ""]
        notes += [f"give or take {spread}"] if self.layer == "coefficients" else []
        note = "; ".join(filter(None, notes))
        return plain | ({"note": note} if note else {})


def layers(fit: RecordFit, votes: Sequence[RecordedVote]) -> tuple[Fitted, ...]:
    """Return what each layer says for itself, defaults first.

    Args:
        fit: to the votes.
        votes: what it was fitted to.
    """
    seen = _Seen(votes)
    met = {(x.kind, x.name) for x in fit.design.parameters if x.kind in TRAITS}
    # What the prior dates is written even where no vote met it: else the prior's days would hold.
    numbers = sorted(met | {("ties", state) for _, state in fit.prior.dated})
    everybody = {
        number: _fitted(fit, number, "defaults", "", seen.votes_on(number)) for number in numbers
    }
    groups: dict[tuple[str, Number], Fitted] = {}
    for group in seen.groups:
        for number in numbers:
            cited = seen.votes_on(number, group)
            found = _fitted(fit, number, "groups", group, cited, group)
            if cited and _speaks(found, everybody[number]):
                groups[group, number] = found
    members: list[Fitted] = []
    for code, member in seen.members.items():
        group = member.state.regional_group
        for number in numbers:
            cited = seen.votes_on(number, code)
            found = _fitted(fit, number, "members", code, cited, group, member)
            below = groups.get((group, number), everybody[number])
            has_dated = number[0] == "ties" and (code, number[1]) in fit.prior.dated
            is_no_example = member.permanent and (group, number) in groups
            if has_dated or is_no_example or (cited and _speaks(found, below)):
                members.append(found)
    of_all = seen.votes_on(("stances", ANY))
    habits = (*_shock(fit, votes, of_all), *_habits(fit, of_all))
    return (*habits, *everybody.values(), *groups.values(), *members, *_dated_ties(fit))


def as_document(fitted: Iterable[Fitted]) -> dict[str, Any]:
    """Return `coefficients`, `defaults`, `groups` and `members` of a file of preferences.

    Dated values stand in a list after the value that held before them.
    """
    document: dict[str, Any] = {"coefficients": {}, "defaults": {}, "groups": {}, "members": {}}
    for x in fitted:
        *above, key = x.setting.split(".")
        place, value = holder_of(document, above), x.as_plain()
        if x.since:
            before = place.get(key, [])
            place[key] = [*(before if isinstance(before, list) else [before]), value]
        else:
            place[key] = value
    return document


Number = tuple[str, str]
"""A trait and a name: one number that everybody, a group and a member may have."""


def _shock(fit: RecordFit, votes: Sequence[RecordedVote], cited: Sequence[str]) -> Iterator[Fitted]:
    """Yield what members share in a vote, where few votes are coded and it had to widen."""
    if wide := widened_shock(fit, votes):
        before = Estimate(fit.prior.shared_shock, wide.spread)
        after = Estimate(wide.mean, wide.spread, tuple(cited))
        why = "wider, as many votes are not coded"
        yield Fitted("coefficients", "", "shared_shock", "", before, after, note=why)


def _habits(fit: RecordFit, cited: Sequence[str]) -> Iterator[Fitted]:
    """Yield the weight of each kind of memory after the record."""
    for x in sorted(x for x in fit.design.parameters if x.kind.startswith("coefficients.")):
        before, (mean, spread) = Estimate(0.0, fit.prior.spread(x)), fit.total([x])
        _, kind = x.kind.split(".")
        yield Fitted("coefficients", "", kind, x.name, before, Estimate(mean, spread, tuple(cited)))


def _dated_ties(fit: RecordFit) -> Iterator[Fitted]:
    """Yield the dated ties after the record; evidence and notes are those they came with."""
    for (code, state), begun in fit.prior.dated.items():
        for tie in begun:
            before = after = Estimate(tie.mean, tie.spread, tie.evidence)
            parameter = Parameter("ties", state, "member", f"{code}@{tie.since}")
            if parameter in fit.design.index:
                moved, spread = fit.total([parameter])
                after = Estimate(tie.mean + moved, spread, tie.evidence)
            yield Fitted("members", code, "ties", state, before, after, str(tie.since), tie.note)


def _fitted(
    fit: RecordFit,
    number: Number,
    layer: str,
    who: str,
    cited: Sequence[str],
    group: str = UNMET,
    member: Member | None = None,
) -> Fitted:
    """Return a number of somebody of whom the group and the member are known or not."""
    kind, name = number
    if member:
        parameters = [*at_levels(kind, name, member)]
    else:
        known: dict[Level, str] = {"default": "", "group": group, "member": UNMET}
        parameters = [Parameter(kind, name, x, known[x]) for x in levels(kind, name) if x in known]
    before = fit.prior.mean(kind, name)
    spread = sum(fit.prior.spread(x) ** 2 for x in parameters) ** 0.5
    moved, after = fit.total(parameters)
    evidence = tuple(cited) or ASSUMED
    return Fitted(
        layer, who, kind, name, Estimate(before, spread), Estimate(before + moved, after, evidence)
    )


def _speaks(own: Fitted, below: Fitted) -> bool:
    """Return whether a layer has something to say that the one below does not."""
    mine, theirs = own.posterior, below.posterior
    moved = abs(mine.mean - theirs.mean) > MOVED * theirs.spread
    return moved or mine.spread < NARROWED * theirs.spread


class _Seen:
    """Who voted, and on what: the votes behind each number."""

    def __init__(self, votes: Sequence[RecordedVote]) -> None:
        # A State that is no more has no setting: no scenario is of its time.
        members = {m.code: m for v in votes for m in v.council if m.code in states()}
        self.members = dict(sorted(members.items()))
        self.groups = sorted({m.state.regional_group for m in members.values() if not m.permanent})
        self._on: dict[tuple[Number, str], list[tuple[bool, date, str]]] = {}
        for vote in votes:
            numbers = {  # the cost of a veto also where nobody held one
                (trait.name, name)
                for trait in TRAITS.values()
                if trait.spreads
                for member in vote.council
                for name in trait.names_on(vote.draft, member, True)
            }
            for who, dissented in _dissent(vote).items():
                for number in numbers:
                    seen = (dissented, vote.date, vote.vote_id)
                    self._on.setdefault((number, who), []).append(seen)

    def votes_on(self, number: Number, who: str = "") -> list[str]:
        """Return the ids of votes behind a number, those with dissent and the latest first.

        Args:
            number: of a trait.
            who: a group or a code, or empty for all members.
        """
        found = nlargest(MOST_VOTES, self._on.get((number, who), ()))
        return [vote_id for _, _, vote_id in found]


def _dissent(vote: RecordedVote) -> dict[str, bool]:
    """Return whether any member dissented, and any of each group, and each member."""
    dissent: dict[str, bool] = {}
    for member, action in zip(vote.council, vote.roll_call, strict=True):
        group = () if member.permanent else (member.state.regional_group,)
        for who in ("", *group, member.code):
            dissent[who] = dissent.get(who, False) or int(action) > Action.IN_FAVOUR
    return dissent
