"""The arrays that pass between rooms: their axes, and what they hold.

Members come first and worlds last. The letters mean one thing everywhere: M members of the Council,
W worlds, P provisions of the text, D those of them that are active (text and lapse can differ), V
votes of the record. Axes of length 3 are actions, in the order of `sim.charter.Action`, or
outcomes of a vote, in the order of `sim.charter.DECIDED`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WorldArray = NDArray[np.float32]
"""Its last axis is worlds. Single precision: no draw is more exact than that."""

Floats = NDArray[np.float64]
"""Sums, estimates, and all that is fitted or scored."""

AnyFloats = NDArray[np.floating]
"""Arithmetic that keeps the precision it is given."""

Ints = NDArray[np.integer]
"""Counts, positions, actions."""
