"""The smallest changes after which a member's likeliest vote is another, all members answering.

Each change is tried on the model itself: first at its bound, over few worlds; where that flips the
vote, the least change that does is looked for by halving, and then over all worlds. Changes are one
at a time: a preference of the member, a provision of the text, the vote of another member.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import zip_longest
from typing import NamedTuple, get_args

import numpy as np

from sim.analysis.levers import FINEST, Lever, preferences, provisions
from sim.analysis.trials import Trial, Trials, assumed
from sim.behaviours.fixed import Fixed
from sim.charter import Action
from sim.ensemble.tally import rounded
from sim.facts.explanation import Flip, FlipKind
from sim.facts.report import ACTIONS, ActionName

KINDS: tuple[FlipKind, ...] = get_args(FlipKind)
MOST = 5
"""Flips that are given at most: the nearest of each kind in turn."""
NEARLY = 0.03
"""By how much the likeliest vote leads at most where over all worlds it may be another."""
HALVINGS = 5
REFINED = 4
"""Runs over all worlds that a flip takes at most to be found exactly."""
EXACT = 0.01
"""By how much the new likeliest vote leads at most where a flip is as small as need be."""


class Root(NamedTuple):
    """About where a number flips the vote, and how steeply the lead falls there."""

    lever: Lever
    value: float
    slope: float


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
        side_by_side = self.trials.side_by_side
        ends = [(lever, end) for lever in self.levers for end in self._ends(lever)]
        roots = [root for root in side_by_side(self._near, ends) if root]
        swayed = [*zip(self.votes, side_by_side(self._swayed, self.votes), strict=True)]
        likely = [vote for vote, found in swayed if self._lead(found) < NEARLY]
        candidates: list[list[Callable[[], Flip | None]]] = [
            [partial(self._refined, root) for root in nearest_first("preference", roots)],
            [partial(self._refined, root) for root in nearest_first("text", roots)],
            [partial(self._voted, vote) for vote in sorted(likely, key=self._surprise)],
        ]
        in_turn = [x for in_row in zip_longest(*candidates) for x in in_row if x]
        found: list[Flip] = []
        while in_turn and len(found) < MOST:
            some, in_turn = in_turn[: MOST - len(found)], in_turn[MOST - len(found) :]
            found += filter(None, side_by_side(lambda look: look(), some))
        most = max(swayed, key=lambda x: self._distance(x[1]), default=None)
        kinds = sorted(found, key=lambda flip: KINDS.index(flip["kind"]))
        sways = most and next((f for f in found if _vote_of(f) == most[0]), None)
        return kinds, sways or (most and self._by_vote(most[0]))

    def _ends(self, lever: Lever) -> list[float]:
        return [end for end in (lever.low, lever.high) if end != lever.before]

    def _lead(self, found: Trial) -> float:
        """Return by how much what is now the likeliest vote leads; below 0 where it does not."""
        chances = found.votes[self.seat]
        return float(chances[self.now] - np.delete(chances, self.now).max())

    def _at(self, lever: Lever, value: float) -> float:
        variant = lever.quickly(self.scenario, value)
        return self._lead(self.trials.quickly(variant))

    def _near(self, way: tuple[Lever, float]) -> Root | None:
        """Return about where a number flips the vote on its way to a bound, and how steeply.

        None where not even the bound flips it.
        """
        lever, end = way
        low, lead_low = lever.before, self._lead(self.base)
        high, lead_high = end, self._at(lever, end)
        if lead_high >= 0:
            return None
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            lead = self._at(lever, middle)
            if lead < 0:
                high, lead_high = middle, lead
            else:
                low, lead_low = middle, lead
        slope = (lead_high - lead_low) / (high - low)
        return Root(lever, low - lead_low / slope, slope)

    def _refined(self, root: Root) -> Flip | None:
        """Return the flip over all worlds, near where it is over few; None where it is none."""
        lever, value, slope = root
        flipped: tuple[float, Trial] | None = None
        stays = lever.before
        value = lever.outward(value)
        for _ in range(REFINED):
            found = self.trials.run(lever.at(value))
            lead = self._lead(found)
            if lead < 0:
                flipped = value, found
                if lead > -EXACT:
                    break
            else:
                stays = value
            step = lead / slope
            value = lever.outward(value - step + math.copysign(0.2 / FINEST, value - lever.before))
            if flipped and not min(stays, flipped[0]) < value < max(stays, flipped[0]):
                break
            if not flipped and value == stays:
                value = lever.outward(value + math.copysign(1 / FINEST, value - lever.before))
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

    def _voted(self, vote: tuple[str, ActionName]) -> Flip | None:
        """Return the flip by another member's vote over all worlds; None where it is none."""
        flip = self._by_vote(vote)
        return None if flip["likeliest"] == ACTIONS[self.now] else flip

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


def _vote_of(flip: Flip) -> tuple[str, float | ActionName]:
    return flip["what"], flip["after"]


def nearest_first(kind: FlipKind, roots: Iterable[Root]) -> list[Root]:
    """Return what flips the vote of one kind: by spreads, what has none by share of its range."""

    def distance(root: Root) -> tuple[bool, float]:
        lever = root.lever
        unit = lever.spread or lever.high - lever.low
        return not lever.spread, abs(root.value - lever.before) / unit

    return sorted((root for root in roots if root.lever.kind == kind), key=distance)
