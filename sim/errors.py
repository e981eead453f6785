"""Every way to fail, as a tree: what was found, where, what is allowed, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Place(NamedTuple):
    """A spot in an input: the file (or the option) and, where known, line and column from 1."""

    source: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


class Fault(NamedTuple):
    """One thing that is wrong with an input, in one sentence.

    `path` is the dotted setting (`draft.penholder`), empty where the whole file is meant.
    """

    place: Place
    path: str
    found: str
    allowed: str
    advice: str = ""

    def __str__(self) -> str:
        setting = f"{self.path}: " if self.path else ""
        advice = f" {self.advice}" if self.advice else ""
        return f"{self.place} {setting}{self.found}; {self.allowed}.{advice}"


class UnscError(Exception):
    """Anything the user can put right; the command line ends with exit code 2."""


MOST_PRINTED = 100
"""Faults that are printed; of all others only the number."""


class InvalidInput(UnscError):
    """One or more faults of the input, all of them at once, sorted by where they stand."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        n_more = len(self.faults) - MOST_PRINTED
        rest = [f"... and {n_more:,} more faults."] if n_more > 0 else []
        super().__init__("\n".join([*map(str, self.faults[:MOST_PRINTED]), *rest]))


class NotFound(UnscError):
    """A file, scenario or date that is not there."""


class WorldsDoNotMatch(UnscError):
    """Two results that cannot be compared world by world, and why."""


class WillNotOverwrite(UnscError):
    """An output that exists already, or holds what is not ours."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `Did you mean 'x'?` for the nearest known word, or nothing."""
    from difflib import get_close_matches  # only where something is wrong

    upper = {name.upper(): name for name in known}
    near = get_close_matches(word.upper(), upper, n=1, cutoff=0.6)
    return f"Did you mean '{upper[near[0]]}'?" if near else ""


def listed(words: Iterable[str], most: int = 15) -> str:
    """Return the words as one readable list, cut after `most`."""
    words = list(words)
    rest = f" and {len(words) - most:,} more" if len(words) > most else ""
    return ", ".join(words[:most]) + rest
