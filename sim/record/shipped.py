"""The shipped record, read once a process."""

from __future__ import annotations

from datetime import date
from functools import cache

from sim.record.memory import Memory
from sim.record.record import read_record
from sim.record.recorded_vote import RecordedVote


@cache
def shipped_record() -> tuple[RecordedVote, ...]:
    """Return the votes of `seeds/votes.csv`."""
    return read_record()


def votes_on(mandate: str, before: date | None = None) -> tuple[RecordedVote, ...]:
    """Return the votes on a mandate in date order, those before a day if one is given."""
    return tuple(
        vote
        for vote in shipped_record()
        if vote.mandate == mandate and (before is None or vote.date < before)
    )


@cache
def shipped_memory() -> Memory:
    """Return what `seeds/votes.csv` remembers."""
    record = shipped_record()
    return record[0].record or Memory(record)
