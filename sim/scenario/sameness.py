"""Whether two frozen parts of scenarios hold the same numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Any

import numpy as np


def alike(mine: Any, its: Any, but: Collection[str] = ()) -> bool:
    """Return whether two dataclasses of a kind have the same values, arrays value by value.

    Args:
        mine, its: the two.
        but: names of fields that may differ.
    """
    names = [f.name for f in fields(mine) if f.name not in but]
    return mine is its or all(_equal(getattr(mine, n), getattr(its, n)) for n in names)


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return np.array_equal(a, b)
    is_array = isinstance(a, np.ndarray) or isinstance(b, np.ndarray)
    return a is b or (not is_array and bool(a == b))
