"""A scenario, frozen: what the chamber needs, as arrays, and the same as a document again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.behaviours import Behaviour, with_given
from sim.charter import Action, Outcome, Rules
from sim.draft import Consultations, Draft, Tabling
from sim.preferences import Coefficients, Preferences
from sim.roster import Member


@dataclass(frozen=True)
class Observed:
    """The real vote: its outcome, each member's action, who took no part, and the evidence."""

    outcome: Outcome
    roll_call: NDArray[np.int8]
    not_participating: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Scenario:
    """A draft before the Council of a day, with every preference settled for that day.

    Args:
        name: the file's name without its ending.
        title, question, note: what the file says of itself.
        date: the day of the vote.
        council: (M,) members, permanent ones first.
        preferences: (M,) what each capital wants on that day.
        coefficients, draft, rules, consultations, tabling: see there.
        observed: the real vote, or None.
        document: the same as one plain document, with nothing left to look up: a scenario file in
            its own right.
        by_group: codes of the members that have no number of their own, and so their group's.
        settings: what was laid over the file, as `members.RUS.ties.PRK=0.4`.
        behaviours: (M,), how each member chooses; empty where everybody has the default.
        preferences_from: the file of preferences that lies under it, or None.
    """

    name: str
    title: str
    question: str
    note: str
    date: date
    council: tuple[Member, ...]
    preferences: tuple[Preferences, ...]
    coefficients: Coefficients
    draft: Draft
    rules: Rules
    consultations: Consultations
    tabling: Tabling
    observed: Observed | None
    document: Mapping[str, Any]
    by_group: tuple[str, ...] = ()
    preferences_from: Path | None = None
    settings: tuple[str, ...] = ()
    behaviours: tuple[Behaviour, ...] = ()

    def with_behaviours(self, given: Mapping[str, Behaviour]) -> Scenario:
        """Return the scenario with members, by code, that choose in another way.

        Raises:
            UnscError: a code without a seat, what is no behaviour, or a leader that cannot be
                followed.
        """
        chosen = with_given(self.codes, self.behaviours, given)
        members = dict(self.document["members"])
        for code, behaviour in given.items():
            members[code] = {**members[code], "behaviour": behaviour.as_plain()}
        return replace(self, behaviours=chosen, document={**self.document, "members": members})

    @property
    def codes(self) -> tuple[str, ...]:
        """The members' codes in the order of the seats."""
        return tuple(member.code for member in self.council)

    @property
    def observed_roll_call(self) -> NDArray[np.int8] | None:
        """The real votes, (M,), or None."""
        return None if self.observed is None else self.observed.roll_call

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what decides the result: the document less its words."""
        words = ("title", "question", "note", "sources")
        what_counts = {k: v for k, v in self.document.items() if k not in words}
        return hashlib.sha256(canonical_json(what_counts).encode()).hexdigest()

    def words_for(self, seat: int, action: int) -> str:
        """Return what a member's action is called: `not_participating` where it takes no part."""
        return "not_participating" if self.takes_no_part(seat) else Action(action).words

    def takes_no_part(self, seat: int) -> bool:
        """Whether a member is present and does not participate in the vote."""
        no_part = self.rules.takes_no_part
        return no_part is not None and bool(no_part[seat])


def canonical_json(value: Any) -> str:
    """Return the one spelling of plain data that is hashed: sorted keys, no blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
