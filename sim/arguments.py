"""What a caller gives: whole numbers, in any spelling, and names; all else is refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from numbers import Real
from reprlib import repr as short
from typing import Any

from sim.errors import UnscError, did_you_mean, listed

_WRITTEN = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+|\d{1,3}(_\d{3})+|\d+(\.\d+)?[eE]\+?\d{1,2})")
"""Digits, digits in groups of three, or a power of ten; not `20.000`, which may be 20 or 20,000."""


def check_kind(name: str, value: object, kind: Any, expected: str) -> None:
    """Check that a value is of the kind that an argument takes.

    Args:
        name: of the argument, for the message.
        value: what is given.
        kind: its type, or several.
        expected: what it should be, in words.

    Raises:
        UnscError: it is something else.
    """
    if not isinstance(value, kind):
        raise UnscError(f"{name}: {short(value)}; expected {expected}.")


def whole(name: str, value: object, low: int, high: int) -> int:
    """Return a whole number within bounds, from any type of number that holds one.

    Args:
        name: of the argument or option, for the message.
        value: 10_000, 1e4, or numpy's counterparts of them; not True, and no text.
        low, high: the smallest and the largest that are allowed.

    Raises:
        UnscError: it is no whole number, or out of bounds.
    """
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    number: Any = value
    if is_number and low <= number <= high and number == int(number):
        return int(number)
    found = f"{number:,}" if type(value) in (int, float) else str(value)
    shown = found if is_number else short(value)
    raise UnscError(f"{name}: {shown}; expected a whole number from {low:,} to {high:,}.")


def as_python(value: Any) -> Any:
    """Return a scalar or an array of numpy's as Python's own, a moment as its day; all else as is.

    A table of pandas keeps days as moments in nanoseconds, which Python would take for integers.
    """
    if type(value).__module__ == "numpy" and value.dtype.kind == "M":
        value = value.astype("datetime64[D]")
    return value.tolist() if hasattr(value, "tolist") else value


def check_known(name: str, word: object, known: Iterable[str]) -> None:
    """Check that an argument is one of the words that are known.

    Args:
        name: of the argument, for the message.

    Raises:
        UnscError: it is none of them; says the nearest.
    """
    words = list(known)
    if word not in words:
        near = did_you_mean(str(word), words)
        raise UnscError(f"{name}: {word!r}; expected one of {listed(words)}. {near}".rstrip())


def written_number(text: str) -> int:
    """Return the whole number that a text spells: `20000`, `20_000`, `20,000` or `2e4`.

    Raises:
        ValueError: it spells none.
    """
    number = Decimal(re.sub("[,_]", "", text)) if _WRITTEN.fullmatch(text) else Decimal("0.5")
    if number % 1:
        raise ValueError(f"'{text}' is not a whole number; write 20000, 20_000, 20,000 or 2e4.")
    return int(number)
