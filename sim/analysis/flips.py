"""The smallest changes after which a member's likeliest vote is another, all members answering.

Each change is tried on the model itself: first at its bound, over few worlds; where that flips the
vote, the least change that does is looked for on the way there, and then over all worlds. Changes
are one at a time: a preference of the member, a provision of the text, the vote of another member.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, zip_longest
from typing import NamedTuple, get_args

import numpy as np

from sim.analysis.levers import FINEST, Lever, preferences, provisions
from sim.analysis.trials import Trial, Trials, assumed
from sim.arrays import Floats
from sim.behaviours.fixed import Fixed
from sim.charter import ACTIONS, Action, ActionName
from sim.ensemble.tally import rounded
from sim.facts.explanation import Flip, FlipKind

KINDS: tuple[FlipKind, ...] = get_args(FlipKind)
MOST = 5
"""Flips that are given at most: the nearest of each kind in turn."""
NEARLY = 0.06
"""By how much the likeliest vote leads at most, in log-odds over the runner-up, where over all
worlds it may be another."""
NARROWED = 2 * MOST
"""Numbers of each kind, the nearest by a straight line, of which it is found where they flip it."""
NARROWINGS = 5
"""Runs over few worlds, at most, between where a number is and a bound that flips the vote."""
REFINED = 4
"""Runs over all worlds that a flip takes at most to be found exactly."""
EXACT = 0.02
"""By how much the new likeliest vote leads at most, likewise, where a flip is as small as need be;
or by as much as the least change moves it.
"""
LEAST = 1e-9
"""A chance that is smaller counts as this, or its log-odds would be infinite."""


class Crossing(NamedTuple):
    """Two values of a number between which it flips the vote.

    Args:
        lever: the number.
        stays, lead: where the vote is as it was, and by how much it leads there.
        flips, lead_beyond: where it is another, and the lead there, below 0.
    """

    lever: Lever
    stays: float
    lead: float
    flips: float
    lead_beyond: float

    @property
    def slope(self) -> float:
        """How the lead changes with the number."""
        return (self.lead_beyond - self.lead) / (self.flips - self.stays)

    @property
    def value(self) -> float:
        """About where the vote flips."""
        return self.stays - self.lead / self.slope

    @property
    def distance(self) -> tuple[bool, float]:
        """How far that is: by spreads, and after these by share of its range where it has none."""
        lever = self.lever
        unit = lever.spread or lever.high - lever.low
        return not lever.spread, abs(self.value - lever.before) / unit


class Search:
    """The search of what flips one member's vote."""

    def __init__(self, trials: Trials, seat: int, base: Trial) -> None:
        """Find out what can be moved.

        Args:
            trials: runs of variants of the scenario.
            seat: the member's.
            base: what the scenario itself comes to, over all worlds.
        """
        self.trials, self.seat, self.base = trials, seat, base
        self.scenario = trials.scenario
        self.code, self.now = self.scenario.codes[seat], base.likeliest(seat)
        self.levers = [*preferences(self.scenario, seat), *provisions(self.scenario.draft)]
        self.votes = [*self._votes()]
        # Variants face the same worlds: what few of them come to differs from what all do by about
        # as much as it does for the scenario itself.
        self.less = base.votes[seat] - trials.quickly(self.scenario).votes[seat]

    @property
    def tried(self) -> dict[FlipKind, int]:
        """How many numbers and votes are searched, by kind."""
        kinds = [lever.kind for lever in self.levers]
        others = len({code for code, _ in self.votes})
        return {
            "preference": kinds.count("preference"),
            "text": kinds.count("text"),
            "vote": others,
        }

    def _votes(self) -> Iterator[tuple[str, ActionName]]:
        """Yield what each other member may do beside what it is likeliest to do."""
        for m, code in enumerate(self.scenario.codes):
            if m != self.seat and not self.scenario.rules.is_silent[m]:
                likeliest = self.base.likeliest(m)
                yield from ((code, ACTIONS[a]) for a in Action if a != likeliest)

    def flips(self) -> tuple[list[Flip], Flip | None]:
        """Return the nearest changes that flip the vote, and the vote that sways it most."""
        bounds = ((lever, end) for lever in self.levers for end in (lever.low, lever.high))
        ends = [(lever, end) for lever, end in bounds if end != lever.before]
        crossings = [found for found in map(self._crossing, ends) if found]
        by_kind = [nearest_first(kind, crossings)[:NARROWED] for kind in ("preference", "text")]
        narrow = [*map(self._narrowed, chain(*by_kind))]
        swayed = [*zip(self.votes, map(self._swayed, self.votes), strict=True)]
        most = max(swayed, key=lambda x: self._distance(x[1]), default=(None, None))[0]
        likely = [vote for vote, found in swayed if self._lead(found, self.less) < NEARLY]
        candidates: list[list[Callable[[], Flip | None]]] = [
            [partial(self._refined, found) for found in nearest_first("preference", narrow)],
            [partial(self._refined, found) for found in nearest_first("text", narrow)],
            [partial(self._by_vote, vote) for vote in sorted(likely, key=self._surprise)],
        ]
        in_turn = [x for in_row in zip_longest(*candidates) for x in in_row if x]
        beside = [partial(self._by_vote, most)] if most and most not in likely else []
        looked_at: list[Flip] = []
        flips: list[Flip] = []
        while in_turn and len(flips) < MOST:
            some, in_turn = in_turn[: MOST - len(flips)], in_turn[MOST - len(flips) :]
            looks, beside = [*some, *beside], []
            looked_at += filter(None, self.trials.side_by_side(lambda look: look(), looks))
            flips = [x for x in looked_at if x["likeliest"] != ACTIONS[self.now]][:MOST]
        sways = next((x for x in looked_at if (x["what"], x["after"]) == most), None)
        in_order = sorted(flips, key=lambda flip: KINDS.index(flip["kind"]))
        return in_order, sways or (most and self._by_vote(most))

    def _lead(self, found: Trial, less: Floats | float = 0.0) -> float:
        """Return the log-odds of what is now the likeliest vote over its runner-up.

        Args:
            found: what a variant comes to.
            less: (3,), by how much the chances of the votes are found too low.
        """
        chances = np.maximum(found.votes[self.seat] + less, LEAST)
        return float(np.log(chances[self.now] / np.delete(chances, self.now).max()))

    def _at(self, lever: Lever, value: float) -> float:
        found = self.trials.quickly(lever.quickly(self.scenario, value))
        return self._lead(found, self.less)

    def _crossing(self, way: tuple[Lever, float]) -> Crossing | None:
        """Return that a number flips the vote on its way to a bound; None where it does not."""
        lever, end = way
        beyond = self._at(lever, end)
        if beyond >= 0:
            return None
        return Crossing(lever, lever.before, self._lead(self.base), end, beyond)

    def _narrowed(self, found: Crossing) -> Crossing:
        """Return where the number flips the vote more closely."""
        for _ in range(NARROWINGS):
            # No closer to an end than a tenth of the way: the lead need not be a straight line.
            share = min(max((found.value - found.stays) / (found.flips - found.stays), 0.1), 0.9)
            between = found.stays + share * (found.flips - found.stays)
            lead = self._at(found.lever, between)
            if lead < 0:
                found = found._replace(flips=between, lead_beyond=lead)
            else:
                found = found._replace(stays=between, lead=lead)
            if abs(lead) < NEARLY:
                break
        return found

    def _refined(self, crossing: Crossing) -> Flip | None:
        """Return the flip over all worlds, near where it is over few; None where it is none."""
        lever, value, slope = crossing.lever, crossing.value, crossing.slope
        flipped: tuple[float, Trial] | None = None
        stays, last, last_lead = lever.before, math.nan, math.nan
        value = lever.outward(value)
        for _ in range(REFINED):
            found = self.trials.run(lever.at(value))
            lead = self._lead(found)
            between = (lead - last_lead) / (value - last)
            slope = between if between * slope > 0 else slope
            if lead < 0:
                flipped = value, found
                if -lead < max(EXACT, abs(slope) / FINEST):
                    break
            else:
                stays = value
            last, last_lead = value, lead
            outward = math.copysign(1 / FINEST, value - lever.before)
            value = lever.outward(last - lead / slope + 0.2 * outward)
            if flipped and not min(stays, flipped[0]) < value < max(stays, flipped[0]):
                break
            if not flipped and value == stays:
                value = lever.outward(value + outward)
            if value == last:  # it can go no further
                break
        if not flipped:
            return None
        after, found = flipped
        spreads = rounded(abs(after - lever.before) / lever.spread) if lever.spread else None
        argument = f"--set {lever.at(after)}"
        return self._flip(lever.kind, lever.what, argument, lever.before, after, spreads, found)

    def _swayed(self, vote: tuple[str, ActionName]) -> Trial:
        """Return what another member's vote comes to over few worlds."""
        code, name = vote
        known = Fixed.model_validate({"fixed": name})
        return self.trials.quickly(self.scenario.with_behaviours({code: known}))

    def _surprise(self, vote: tuple[str, ActionName]) -> float:
        code, name = vote
        seat = self.scenario.codes.index(code)
        return -float(self.base.votes[seat][ACTIONS.index(name)])

    def _distance(self, found: Trial) -> float:
        return float(abs(found.votes[self.seat] - self.base.votes[self.seat]).sum())

    def _by_vote(self, vote: tuple[str, ActionName]) -> Flip:
        """Return what another member's vote comes to over all worlds."""
        code, name = vote
        before = ACTIONS[self.base.likeliest(self.scenario.codes.index(code))]
        argument, found = f"--assume {code}={name}", self.trials.run(assumed(*vote))
        return self._flip("vote", code, argument, before, name, None, found)

    def _flip(
        self,
        kind: FlipKind,
        what: str,
        argument: str,
        before: float | ActionName,
        after: float | ActionName,
        spreads: float | None,
        found: Trial,
    ) -> Flip:
        return {
            "kind": kind,
            "what": what,
            "argument": argument,
            "before": before,
            "after": after,
            "spreads": spreads,
            "likeliest": ACTIONS[found.likeliest(self.seat)],
            "votes": found.votes_of(self.seat),
            "outcome": found.outcomes(),
        }


def nearest_first(kind: FlipKind, crossings: Iterable[Crossing]) -> list[Crossing]:
    """Return what flips the vote of one kind, the least change first."""
    return sorted((x for x in crossings if x.lever.kind == kind), key=lambda x: x.distance)
