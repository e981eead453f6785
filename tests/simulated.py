"""Roll calls that the model itself makes, from unknowns that are then known: to test the fit by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import choice
from sim.backtest.forecasts import Floats
from sim.charter import N_ACTIONS
from sim.fit.design import Design
from sim.fit.prior import Prior
from sim.fit.record_fit import RecordFit, fit_design
from sim.record.rates import shares


def unknowns_of_prior(design: Design, n: int, generator: np.random.Generator) -> Floats:
    """Return n draws of a design's unknowns before any vote, (p, n)."""
    return design.spreads[:, None] * generator.standard_normal((len(design.parameters), n))


def roll_calls(
    design: Design, prior: Prior, unknowns: Floats, generator: np.random.Generator
) -> NDArray[np.intp]:
    """Return what members do in each world, (n, W), values of `Action`.

    Args:
        design: n member votes.
        prior: its precision, voice and own shock.
        unknowns: (p, W).
        generator: of the own shocks and the votes.
    """
    uniforms = generator.random((design.n_rows, unknowns.shape[1]))
    return choice.cast(design.answers(unknowns, prior, generator), uniforms).astype(np.intp)


def fitted(design: Design, prior: Prior, actions: NDArray[np.intp]) -> RecordFit:
    """Return the fit to one world's roll calls, (n,), as `fit_record` makes it of a record."""
    counts = np.bincount(actions, minlength=N_ACTIONS).astype(np.float64)
    return fit_design(design, prior, actions, np.ones(len(actions)), shares(counts))
