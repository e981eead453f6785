"""The votes: who voted how on which text."""

from sim.record.base_rates import base_rate_weights, decisions_by_year
from sim.record.joining import Joined, join
from sim.record.problems import Problem
from sim.record.record import COLUMNS, Record, read_record
from sim.record.recorded_vote import RecordedVote
from sim.record.undl import Imported, read_undl, write_record

__all__ = [
    "RecordedVote",
    "Record",
    "read_record",
    "COLUMNS",
    "base_rate_weights",
    "decisions_by_year",
    "Imported",
    "Joined",
    "Problem",
    "join",
    "read_undl",
    "write_record",
]
