"""What P(adopted) hangs on: the numbers that explain most of its variance between worlds."""

from __future__ import annotations

from typing_extensions import TypedDict

from sim.ensemble import Ensemble
from sim.ensemble.indices import Index
from sim.ensemble.inputs import Inputs
from sim.ensemble.single_numbers import SingleNumber, single_numbers
from sim.ensemble.tally import rounded

FIRST = 5
"""Numbers that a report gives."""
LEAST_WORLDS = 1000
"""Fewer worlds say nothing of what matters."""
MOST_WORLDS = 8192
"""Worlds whose draws a report looks at: more would take longer than to simulate them."""
CERTAIN = 1e-3
"""Where the standard deviation of P(adopted) between worlds is below a tenth of a point, there is
no doubt: shares of next to nothing are noise."""


class ShareOfVariance(TypedDict):
    """A share of the variance of P(adopted) between worlds, with its 95 % interval."""

    share: float
    low: float
    high: float
    converged: bool
    """Whether the interval is narrow enough for the share to be taken as such."""


class InputIndex(TypedDict):
    """What one number explains by itself."""

    settings: list[str]
    """Where it is set; several where they are one and the same number in every world."""
    kind: str
    first_order: ShareOfVariance


def hangs_on(ensemble: Ensemble) -> list[InputIndex]:
    """Return the numbers that explain most of the variance of P(adopted), each by itself.

    From the first worlds as they were simulated; none where P(adopted) is the same in all of them,
    or where they are too few.
    """
    p_adopted = ensemble.p_adopted[:MOST_WORLDS]
    if len(p_adopted) < LEAST_WORLDS or p_adopted.std(dtype=float) < CERTAIN:
        return []
    inputs = Inputs.of(ensemble.scenario)
    if not inputs.each:
        return []
    found = single_numbers(inputs, p_adopted, ensemble.random_seed, most=FIRST)
    return [*map(number_facts, found)]


def number_facts(number: SingleNumber) -> InputIndex:
    """Return what one number explains as plain data."""
    return {
        "settings": list(number.settings),
        "kind": number.kind,
        "first_order": share_facts(number.first_order),
    }


def share_facts(index: Index) -> ShareOfVariance:
    """Return a share as plain data."""
    low, high, share = map(rounded, (index.low, index.high, index.share))
    return {"share": share, "low": low, "high": high, "converged": index.has_converged}
