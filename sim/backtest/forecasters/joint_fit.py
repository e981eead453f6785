"""The joint fit as a forecaster: what the past tells, drawn jointly, then consultations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, ClassVar

import numpy as np

from sim.arrays import Floats
from sim.backtest.forecaster import Forecast, Forecasting
from sim.backtest.forecasters.baseline import Baseline
from sim.charter import outcome_probabilities
from sim.draft import Consultations
from sim.fit.design import Design, lay_out
from sim.fit.prior import Prior, read_prior
from sim.fit.record_fit import HALF_LIFE, ROUNDS, STEPS, RecordFit, fit_record
from sim.paths import PREFERENCES
from sim.record import RecordedVote


@dataclass(frozen=True)
class JointFit(Baseline):
    """Preferences fitted to the past and drawn jointly, as surely as it tells them; consultations.

    The fit itself, drawn afresh and without bounds: `simulator` is what the files keep of it.

    Args:
        half_life: years after which a vote counts half; all alike where none is given.
        worlds: draws of the unknowns for each forecast, 1 or more.
        random_seed: of these draws.
    """

    name: ClassVar[str] = "joint_fit"
    half_life: float | None = HALF_LIFE
    worlds: int = 400
    random_seed: int = 1718

    @property
    def settings(self) -> Mapping[str, Any]:
        """The numbers it is given, those of the prior among them."""
        made = {"steps": STEPS, "rounds": ROUNDS, "consultations": asdict(Consultations())}
        return {**super().settings, **made, "prior": undated_prior().as_plain()}

    def learn(self, past: Sequence[RecordedVote], on: date) -> Forecasting:
        """Return forecasts from the fit to all of the past."""
        fit = fit_record(past, undated_prior(), on, self.half_life)
        drawn = fit.draws(self.worlds, self.random_seed)
        return lambda vote: forecast(fit, drawn, vote, self.random_seed)


def undated_prior() -> Prior:
    """Return the shipped prior without its dated ties, which rest on what is known today."""
    return replace(read_prior(PREFERENCES / "prior.yaml"), dated={})


def forecast(fit: RecordFit, drawn: Floats, vote: RecordedVote, random_seed: int) -> Forecast:
    """Return what the members would do, and what would come of it.

    Args:
        fit: what was learnt.
        drawn: (p, W), draws of its unknowns.
        vote: on which draft; its roll call is not looked at.
        random_seed: of the draws of what the fit has not met: the vote's shock, own shocks,
            newcomers, new targets.
    """
    design = lay_out((vote,), fit.prior)
    generator = np.random.Generator(np.random.SFC64([random_seed, 1]))
    unknowns = _unknowns(design, fit, drawn, generator)
    answers = design.answers(unknowns, fit.prior, generator)
    outcome = outcome_probabilities(answers, vote.rules).mean(axis=-1)
    return Forecast(answers.mean(axis=-1), np.asarray(outcome))


def _unknowns(
    design: Design, fit: RecordFit, drawn: Floats, generator: np.random.Generator
) -> Floats:
    """Return draws of one vote's unknowns, (q, W): as fitted where met, else from the prior."""
    fresh = generator.standard_normal((len(design.parameters), drawn.shape[1]))
    unknowns = design.spreads[:, None] * fresh
    for k, parameter in enumerate(design.parameters):
        if parameter.level != "vote" and parameter in fit.design.index:
            unknowns[k] = drawn[fit.design.index[parameter]]
    return unknowns
