"""The simulator as a forecaster: the record's fit before a vote, and the consultations on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, ClassVar

import numpy as np

from sim import choice
from sim.arrays import Floats
from sim.backtest.forecaster import Forecast, Forecasting
from sim.backtest.forecasters.baseline import Baseline
from sim.charter import N_ACTIONS, Rules, adopted_if, outcome_probabilities
from sim.draft import Consultations
from sim.fit.design import Design, lay_out
from sim.fit.prior import Prior, read_prior
from sim.fit.record_fit import HALF_LIFE, ROUNDS, STEPS, RecordFit, fit_record
from sim.paths import PREFERENCES
from sim.record import RecordedVote


@dataclass(frozen=True)
class Model(Baseline):
    """Preferences fitted to the past and drawn as surely as it tells them, then consultations.

    Args:
        half_life: years after which a vote counts half; all alike where none is given.
        worlds: draws of the unknowns for each forecast, 1 or more.
        random_seed: of these draws.
    """

    name: ClassVar[str] = "model"
    half_life: float | None = HALF_LIFE
    worlds: int = 400
    random_seed: int = 1718

    @property
    def settings(self) -> Mapping[str, Any]:
        """The numbers it is given, those of the prior among them."""
        made = {"steps": STEPS, "rounds": ROUNDS, "consultations": asdict(Consultations())}
        return {**super().settings, **made, "prior": _prior().as_plain()}

    def learn(self, past: Sequence[RecordedVote], on: date) -> Forecasting:
        """Return forecasts from the fit to all of the past."""
        fit = fit_record(past, _prior(), on, self.half_life)
        drawn = fit.draws(self.worlds, self.random_seed)
        return lambda vote: forecast(fit, drawn, vote, self.random_seed)


def _prior() -> Prior:
    """Return the shipped prior without its dated ties, which rest on what is known today."""
    return replace(read_prior(PREFERENCES / "prior.yaml"), dated={})


def forecast(fit: RecordFit, drawn: Floats, vote: RecordedVote, random_seed: int) -> Forecast:
    """Return what the members would do, and what would come of it.

    Args:
        fit: what was learnt.
        drawn: (p, W), draws of its unknowns.
        vote: on which draft; its roll call is not looked at.
        random_seed: of the draws of what the fit has not met: the vote's shock, newcomers, new
            targets.
    """
    design = lay_out((vote,), fit.prior)
    unknowns = _unknowns(design, fit, drawn, random_seed)
    gain = design.gain_known[:, None] + design.gain @ unknowns
    cost = design.cost_known[:, None] + design.cost @ unknowns
    answers = consulted(gain, np.maximum(cost, 0.0), fit.prior, vote.rules)
    outcome = outcome_probabilities(answers, vote.rules).mean(axis=-1)
    return Forecast(answers.mean(axis=-1), np.asarray(outcome))


def _unknowns(design: Design, fit: RecordFit, drawn: Floats, random_seed: int) -> Floats:
    """Return draws of one vote's unknowns, (q, W): as fitted where met, else from the prior."""
    generator = np.random.Generator(np.random.SFC64([random_seed, 1]))
    fresh = generator.standard_normal((len(design.parameters), drawn.shape[1]))
    unknowns = design.spreads[:, None] * fresh
    for k, parameter in enumerate(design.parameters):
        if parameter.level != "vote" and parameter in fit.design.index:
            unknowns[k] = drawn[fit.design.index[parameter]]
    return unknowns


def consulted(gain: Floats, cost: Floats, prior: Prior, rules: Rules) -> Floats:
    """Return what the members answer after consultations on a text that stands: (M, 3, W).

    The rounds are the chamber's: precision rises, positions are damped, the last answers count.
    Of what is bounded only the cost is held at 0 here, as a whole; the chamber holds each cost,
    ideal and tie within its own bounds.

    Args:
        gain: (M, W), gain of adoption over lapse.
        cost: (M, W), what voting against costs, a veto's cost included.
        prior: its precision and voice.
        rules: how the vote is decided.
    """
    held = Consultations()
    positions = np.full((len(gain), N_ACTIONS, gain.shape[1]), 1 / N_ACTIONS)
    for number in range(1, held.rounds + 1):
        precision = prior.precision * held.precision_share(number)
        answers = _answers(positions, gain, cost, prior.voice, precision, rules)
        positions = held.damping * positions + (1 - held.damping) * answers
    return _answers(positions, gain, cost, prior.voice, prior.precision, rules)


def _answers(
    positions: Floats, gain: Floats, cost: Floats, voice: float, precision: float, rules: Rules
) -> Floats:
    """Return the answers to stated positions, both (M, 3, W)."""
    believed = np.moveaxis(adopted_if(positions, rules), 1, 0)
    worth = choice.utilities(gain, believed, choice.taking_sides(gain, voice, cost))
    return np.asarray(np.moveaxis(choice.logit(worth, precision), 0, 1), dtype=np.float64)
