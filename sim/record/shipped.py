"""The shipped record, read once a process."""

from __future__ import annotations

from functools import cache

from sim.record.memory import Memory
from sim.record.record import read_record


@cache
def shipped_memory() -> Memory:
    """Return what `seeds/votes.csv` remembers."""
    return Memory(read_record())
