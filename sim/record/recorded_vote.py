"""A vote of the record: who voted how on which text, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats
from sim.catalogue import procedural_votes, provisions
from sim.charter import DECIDED, Action, Outcome, Rules
from sim.charter.rules import seats_and_quota
from sim.draft import Draft, Remembered
from sim.record.memory import Memory
from sim.roster import Member, sides_of

YES = "yes"

HAND, RULE, NOBODY = CODERS = ("hand", "rule", "nobody")
"""Who tells the kind of text: a person, a rule on its title, or nobody, which leaves a default."""


@dataclass(frozen=True, eq=False)
class RecordedVote:
    """A draft that was put to the vote, and what came of it.

    Args:
        vote_id: `R` and the number of the resolution, or the symbol of the draft with `-`.
        date: the day of the vote.
        symbol: the UN symbol.
        title: in a few words.
        instrument: the kind of text.
        target: code of the State that the text is about, or None.
        penholders: codes of the drafting States, including any from outside the Council; where the
            record names none, those that usually draft the texts of its mandate.
        mandate: the matter it belongs to, in one word: `dprk-panel`.
        rival: codes of those who hold the pen of another draft on the matter that was before the
            Council, from another side; empty where none is known.
        procedural: whether no veto applied: a fact of the matter, never told from the outcome.
        council: the M members seated that day, permanent ones first.
        roll_call: (M,) int8, values of `Action`; not participating counts as abstaining.
        not_participating: codes of the members that took no part.
        outcome: adopted, vetoed or not carried.
        text: the draft as voted, (P,) over the provisions, 0 to 1.
        lapse: what applies if it is not adopted, (P,), 0 to 1.
        line: the line of the file on which its row begins.
        relation: how the target stands to it, one of `RELATIONS`, or empty.
        record: what its record remembers, of which only what went before is looked at.
        remembered: the same of its members alone, instead of the record, or None.
        amends: the symbol of the draft to which it is an amendment, or empty.
        inferred: the columns that rules filled in by the words of its title.
        is_open: whether nobody, and no rule, has said what kind of text it is.
    """

    vote_id: str
    date: date
    symbol: str
    title: str
    instrument: str
    target: str | None
    penholders: tuple[str, ...]
    mandate: str
    rival: tuple[str, ...]
    procedural: bool
    council: tuple[Member, ...]
    roll_call: NDArray[np.int8]
    not_participating: tuple[str, ...]
    outcome: Outcome
    text: Floats
    lapse: Floats
    line: int
    relation: str = ""
    record: Memory | None = None
    remembered: Mapping[str, Remembered] | None = None
    amends: str = ""
    inferred: tuple[str, ...] = ()
    is_open: bool = False

    @property
    def coded_by(self) -> str:
        """Who told the kind of text, one of `CODERS`."""
        return NOBODY if self.is_open else RULE if "instrument" in self.inferred else HAND

    @property
    def has_failed(self) -> bool:
        """Whether it was not adopted."""
        return self.outcome is not Outcome.ADOPTED

    @property
    def sides(self) -> dict[str, list[str]]:
        """The codes of those in favour, against, abstaining and not participating."""
        codes = [member.code for member in self.council]
        pairs = [*zip(codes, self.roll_call.tolist(), strict=True)]
        voted = {a.words: [c for c, vote in pairs if vote == a] for a in Action}
        return {
            "in_favour": voted["in_favour"],
            "against": voted["against"],
            "abstaining": [c for c in voted["abstaining"] if c not in self.not_participating],
            "not_participating": list(self.not_participating),
        }

    @property
    def tally(self) -> str:
        """The numbers in favour, against and abstaining: `13-1-1`; not participating is neither."""
        return "-".join(str(len(codes)) for codes in [*self.sides.values()][:3])

    @property
    def rules(self) -> Rules:
        """How this Council decided this draft."""
        return rules_of(self.council, self.procedural, self.date)

    @cached_property
    def draft(self) -> Draft:
        """The draft as voted: no provision of it can move, and it reads as it was coded."""
        return Draft(
            symbol=self.symbol,
            instrument=self.instrument,
            target=self.target,
            rival=self.rival,
            penholders=self.penholders,
            provisions=tuple(provisions().values()),
            text=self.text,
            reading_spread=np.zeros_like(self.text),
            lapse=self.lapse,
            low=self.text,
            high=self.text,
            rollover=self.text,
            mandate=self.mandate,
            relation=self.relation,
            sides=sides_of(self.penholders, self.date),
            memory=self.memory,
        )

    @cached_property
    def memory(self) -> Mapping[str, Remembered]:
        """What the record remembers of its members before it, by code; nothing without a record."""
        if self.remembered is not None or self.record is None:
            return self.remembered or {}
        return self.record.before(self.date, self, self.council)


def rules_of(council: Sequence[Member], procedural: bool, day: date) -> Rules:
    """Return the rules of this Council on a substantive or a procedural matter."""
    _, quota = seats_and_quota(day.year)
    holds_veto = np.array([m.permanent and not procedural for m in council], dtype=bool)
    return Rules(holds_veto, quota=quota)


def decided(
    council: Sequence[Member], roll_call: NDArray[np.int8], procedural: bool, day: date
) -> Outcome:
    """Return what a roll call means by the Charter."""
    return DECIDED[rules_of(council, procedural, day).decide(roll_call[:, None])[0]]


def is_procedural(vote_id: str, day: date, said: str = "") -> bool:
    """Return whether no veto applied: what a cell says of it, else what is known of the vote.

    Args:
        vote_id: its id.
        day: of the vote.
        said: `yes`, `no`, or empty.
    """
    return said == YES if said else (vote_id, day) in procedural_votes()
