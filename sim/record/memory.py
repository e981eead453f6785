"""What the record remembers of members before a draft: their dissent from drafts like it.

Each kind of memory is a logarithm of a ratio: what was seen on drafts that share something with
this one, against what the member's record at the time led one to expect. It is 0 where there is
nothing to remember, above 0 where there was more dissent than expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from math import log, log1p
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, Ints
from sim.charter import Action
from sim.draft import Remembered
from sim.roster import SIDES, Member, bloc_of, sides_of

HALF_LIFE = 4.0
"""Years after which a vote is remembered half. Of 1, 2, 4 and 6 the one that forecast 2016 to 2024
best; 4 and 6 are alike."""
FAILURE_HALF_LIFE = 0.25
"""Years after which a failed draft on the matter is remembered half. Source: assumed."""
USUAL_DISSENT, USUAL_AGAINST = 0.06, 0.15
"""The share of member votes that were not in favour, and of these that were against, before any
vote is remembered. Source: assumed; near the shares of 2006 to 2015."""
PRIOR_VOTES = {"own": 10.0, "bloc": 15.0, "council": 5.0}
"""Votes that the rate of the level above counts for, within the rate of a level. Assumed."""
PSEUDO = 0.3
"""Dissents added to both sides of a ratio, so that few votes move it little. Assumed."""
DAYS_OF_A_YEAR = 365.25

LEVELS = ("own", "bloc", "council")
"""Whose votes are remembered: the member's own, those of its bloc, those of all members."""
TOPICS = ("instrument", "target", "mandate", "side", "target_by_side", "instrument_by_side")
"""What drafts have in common: what kind of text, on which State, which mandate, which side holds
the pen, and these together."""
SHARED = tuple(
    f"{level}_{topic}"
    for level in LEVELS
    for topic in TOPICS
    if (level, topic) != ("council", "side")
)
HABITS = ("own", *SHARED, "last_vote", "last_dissent", "failures", "failures_veto_holder")
"""What is remembered of dissent, by name: of all drafts (`own`), of drafts that share something;
whether the member dissented at the last vote on the mandate, and how many did, in threes; failed
drafts of late."""
OPPOSITIONS = ("own", *SHARED, "failures")
"""What is remembered of votes against among dissent, by name, likewise."""

ON_THE_MATTER = frozenset(
    name
    for name in HABITS
    if "target" in name or "mandate" in name or name in ("last_vote", "last_dissent")
)
"""The kinds of memory of drafts on this State or of this mandate."""


class Tabled(Protocol):
    """What is known of a draft before it is voted on: a draft, or a vote of the record."""

    @property
    def instrument(self) -> str:
        """The kind of text."""

    @property
    def target(self) -> str | None:
        """Code of the State that it is on, or None."""

    @property
    def mandate(self) -> str:
        """The mandate that it belongs to, or empty."""

    @property
    def penholders(self) -> Sequence[str]:
        """Codes of those who hold the pen."""


class Voted(Tabled, Protocol):
    """A vote of the record, as far as it is remembered."""

    @property
    def date(self) -> date:
        """The day of the vote."""

    @property
    def council(self) -> Sequence[Member]:
        """The members seated, (M,)."""

    @property
    def roll_call(self) -> NDArray[np.int8]:
        """What they did, (M,), values of `Action`."""

    @property
    def has_failed(self) -> bool:
        """Whether it was not adopted."""


class Memory:
    """The votes of a record, laid out so that what went before any day is quickly counted."""

    def __init__(self, votes: Sequence[Voted]) -> None:
        """Lay out the votes, which are in date order."""
        self._votes = votes
        self._days = np.array([vote.date.toordinal() for vote in votes])
        seats = [(v, member) for v, vote in enumerate(votes) for member in vote.council]
        self._vote = np.array([v for v, _ in seats], dtype=np.intp)
        names = [m.code for _, m in seats], [bloc_of(m.code, votes[v].date) for v, m in seats]
        self._index = [{name: k for k, name in enumerate(dict.fromkeys(part))} for part in names]
        rows = [
            [index[name] for name in part] for index, part in zip(self._index, names, strict=True)
        ]
        self._who = np.array([*rows, np.zeros(len(seats), dtype=int)], dtype=np.intp)
        actions = np.array([action for vote in votes for action in vote.roll_call], dtype=np.intp)
        self._dissent = (actions > Action.IN_FAVOUR).astype(float)
        self._against = (actions == Action.AGAINST).astype(float)

    @cached_property
    def _expected(self) -> Floats:
        """The rate of dissent that each vote's past led one to expect, (3, n), by `LEVELS`."""
        days = self._days[self._vote]
        # What a vote counts falls by one factor for all votes as days pass: so sums of votes that
        # count more the later they are, up to each day, are all that is needed.
        grown = 2.0 ** ((days - days[0]) / DAYS_OF_A_YEAR / HALF_LIFE)
        expected = np.empty((len(LEVELS), len(days)))
        above = np.full(len(days), USUAL_DISSENT)
        for level in reversed(range(len(LEVELS))):
            order = np.lexsort((days, self._who[level]))
            whose, on = self._who[level, order], days[order]
            theirs = _first_of(np.diff(whose, prepend=-1) != 0)
            of_day = _first_of((np.diff(whose, prepend=-1) != 0) | (np.diff(on, prepend=-1) != 0))
            counts = np.stack([grown, grown * self._dissent])[:, order]
            before = np.hstack([np.zeros((2, 1)), counts.cumsum(axis=1)])
            votes, dissent = (before[:, of_day] - before[:, theirs]) / grown[order]
            prior = PRIOR_VOTES[LEVELS[level]]
            above[order] = (dissent + prior * above[order]) / (votes + prior)
            expected[level] = above
        return expected

    def _n_before(self, day: date) -> int:
        """Return how many votes are before a day: the first ones."""
        return int(np.searchsorted(self._days, day.toordinal()))

    def _weights(self, day: date) -> Floats:
        """Return what each member vote before a day counts, (n,) of those before it."""
        ages = (day.toordinal() - self._days[: self._n_before(day)]) / DAYS_OF_A_YEAR
        by_vote = 0.5 ** (ages / HALF_LIFE)
        return by_vote[self._vote[: np.searchsorted(self._vote, len(ages))]]

    def _rates(self, weights: Floats, who: Ints) -> Floats:
        """Return the rates of dissent before a day, (3, m), each drawn to that of the level above.

        Args:
            weights: of the member votes before the day.
            who: (3, m), whose: numbers of members, blocs and of all; -1 where never met.
        """
        seen = slice(0, len(weights))
        rates = np.empty(who.shape)
        above = np.full(who.shape[1], USUAL_DISSENT)
        for level in reversed(range(len(LEVELS))):
            size = int(self._who[level].max(initial=0)) + 2
            mine, found = self._who[level, seen], who[level]
            votes = np.bincount(mine, weights, size)[found]
            dissent = np.bincount(mine, weights * self._dissent[seen], size)[found]
            prior = PRIOR_VOTES[LEVELS[level]]
            above = rates[level] = (dissent + prior * above) / (votes + prior)
        return rates

    def before(
        self, day: date, draft: Tabled, council: Sequence[Member]
    ) -> Mapping[str, Remembered]:
        """Return what is remembered of each member of a Council before a draft, by its code.

        Args:
            day: votes of that day and later ones are not remembered.
            draft: what is known of it.
            council: who sits.
        """
        own, bloc = self._index
        numbers = [(own.get(m.code, -1), bloc.get(bloc_of(m.code, day), -1), 0) for m in council]
        who = np.array(numbers).T
        weights = self._weights(day)
        share = self._share_against(weights)
        rates = self._rates(weights, who)[0]
        everything = np.ones(self._n_before(day))
        dissent = {"own": np.log(rates / (1 - rates)) - log(USUAL_DISSENT / (1 - USUAL_DISSENT))}
        against = {"own": self._ratios(weights, everything, who, 0, share)[1]}
        for topic, share_of_pen, on in self._topics(draft, day):
            for level, name in enumerate(LEVELS):
                if (key := f"{name}_{topic}") in SHARED:
                    more, worse = self._ratios(weights, on, who, level, share)
                    dissent[key] = dissent.get(key, 0.0) + share_of_pen * more
                    against[key] = against.get(key, 0.0) + share_of_pen * worse
        failures = self._failures(draft, day)
        against["failures"] = np.full(len(council), failures)
        holds = np.array([member.permanent for member in council])
        dissent["failures"] = failures * ~holds
        dissent["failures_veto_holder"] = failures * holds
        dissent |= self._last(draft, day, council)
        return {
            member.code: Remembered(_of_member(k, dissent), _of_member(k, against))
            for k, member in enumerate(council)
        }

    @cached_property
    def _facts(self) -> Mapping[str, Floats]:
        """What votes have in common: (V,) words by topic, and (V, 4) shares of the sides."""
        words = ("instrument", "target", "mandate")
        facts = {key: np.array([getattr(v, key) or "" for v in self._votes]) for key in words}
        sides = [sides_of(vote.penholders, vote.date) for vote in self._votes]
        facts["side"] = np.array([[each.get(side, 0.0) for side in SIDES] for each in sides])
        return facts

    def _topics(self, draft: Tabled, day: date) -> Iterator[tuple[str, float, Floats]]:
        """Yield each topic, the share of the pen that it counts by, and how much votes share, (V,).

        Only votes before the day; a topic of the pen's side comes once for each side.
        """
        n_past = self._n_before(day)
        facts = {key: values[:n_past] for key, values in self._facts.items()}
        on = {
            key: (facts[key] == value).astype(float)
            for key in ("instrument", "target", "mandate")
            if (value := getattr(draft, key))
        }
        for topic, shared in on.items():
            yield topic, 1.0, shared
        for side, share in sides_of(draft.penholders, day).items():
            by_side = facts["side"][:, SIDES.index(side)]
            yield "side", share, by_side
            for topic in ("target", "instrument"):
                if topic in on:
                    yield f"{topic}_by_side", share, by_side * on[topic]

    def _ratios(
        self, weights: Floats, on: Floats, who: Ints, level: int, share_against: float
    ) -> tuple[Floats, Floats]:
        """Return dissent against what was expected, and votes against in it, as logarithms, (m,).

        Args:
            weights: of the member votes before the day.
            on: (V,), how much of each vote counts.
            who: (3, m), whose votes.
            level: the row of it.
            share_against: the usual share of votes against in dissent.
        """
        counted = weights * on[self._vote[: len(weights)]]
        rows = np.flatnonzero(counted)
        counted, mine = counted[rows], self._who[level, rows]
        size = int(self._who[level].max(initial=0)) + 2
        seen = counted * self._dissent[rows]
        dissent = np.bincount(mine, seen, size)[who[level]]
        expected = np.bincount(mine, counted * self._expected[level, rows], size)[who[level]]
        against = np.bincount(mine, seen * self._against[rows], size)[who[level]]
        more = np.log((dissent + PSEUDO) / (expected + PSEUDO))
        return more, np.log((against + PSEUDO) / (dissent * share_against + PSEUDO))

    def _share_against(self, weights: Floats) -> float:
        """Return the share of dissent that was against, of all votes before."""
        seen = slice(0, len(weights))
        # Sums, not products of matrices: threads of linear algebra would wait for one another.
        against = (weights * self._against[seen]).sum()
        dissent = (weights * self._dissent[seen]).sum()
        return float((against + 2 * USUAL_AGAINST) / (dissent + 2))

    def _failures(self, draft: Tabled, day: date) -> float:
        """Return how many drafts on the matter failed of late, as the logarithm of one more."""
        failed = 0.0
        for vote in reversed(self._votes[: self._n_before(day)]):
            age = (day - vote.date).days / DAYS_OF_A_YEAR
            if age > 20 * FAILURE_HALF_LIFE:
                break
            alike = vote.target == draft.target and (draft.target or vote.mandate == draft.mandate)
            failed += 0.5 ** (age / FAILURE_HALF_LIFE) if alike and vote.has_failed else 0.0
        return log1p(failed)

    def _last(self, draft: Tabled, day: date, council: Sequence[Member]) -> dict[str, Floats]:
        """Return what members did at the last vote on the mandate, and how many dissented."""
        of_mandate = np.flatnonzero(self._facts["mandate"][: self._n_before(day)] == draft.mandate)
        if not draft.mandate or not len(of_mandate):
            return {}
        last = self._votes[of_mandate[-1]]
        pairs = zip(last.council, last.roll_call, strict=True)
        dissent = {m.code: float(action > Action.IN_FAVOUR) for m, action in pairs}
        share = sum(dissent.values()) / len(dissent)
        return {
            "last_vote": np.array([dissent.get(member.code, share) for member in council]),
            "last_dissent": np.full(len(council), sum(dissent.values()) / 3),
        }


def _first_of(begins: NDArray[np.bool_]) -> Ints:
    """Return, for each row, where its run of rows begins, (n,); runs begin where said."""
    where = np.flatnonzero(begins)
    return np.repeat(where, np.diff(where, append=len(begins)))


def after_break(memory: Remembered, day: date, since: date) -> Remembered:
    """Return what is still remembered of a member whose tie to the State concerned has changed.

    What it did on the matter before says less. It counts by the share of what is remembered that
    would be younger than the break if there were votes at all times.

    Args:
        memory: of all that was before the day.
        day: of the vote.
        since: the day from which the tie is another.
    """
    share = 1 - 0.5 ** ((day - since).days / DAYS_OF_A_YEAR / HALF_LIFE)
    parts = (
        {n: round(x * share, 4) if n in ON_THE_MATTER else x for n, x in part.items()}
        for part in memory
    )
    return Remembered(*parts)


def _of_member(k: int, values: Mapping[str, Floats]) -> dict[str, float]:
    """Return a member's numbers other than 0, as a file gives them."""
    rounded = {name: round(float(x[k]), 4) for name, x in values.items()}
    return {name: value for name, value in rounded.items() if value}
