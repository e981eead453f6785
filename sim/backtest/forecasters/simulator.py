"""What ships, as a forecaster: a file of preferences fitted to the past, before the chamber."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from sim.backtest.forecaster import Forecast, Forecasting
from sim.backtest.forecasters.ablation import ABLATIONS
from sim.backtest.forecasters.baseline import Baseline
from sim.backtest.forecasters.joint_fit import undated_prior
from sim.catalogue import instruments
from sim.chamber import convene
from sim.charter import DECIDED
from sim.draft import Consultations
from sim.draws import Draws
from sim.fit.calibration import PRIOR
from sim.fit.layers import as_document, layers
from sim.fit.record_fit import HALF_LIFE, fit_record
from sim.fit.yaml_document import dumped
from sim.reading.yaml12 import parse, read
from sim.record import RecordedVote
from sim.scenario import Scenario, scenario_of
from sim.traits import TRAITS


@dataclass(frozen=True)
class Simulator(Baseline):
    """The simulator as its users run it, with preferences that know the past alone.

    They are fitted as `unsc calibrate` fits them, written as its files write them, read again, and
    simulated by `convene`. Left out is what rests on later knowledge: the seed vote, and the dated
    ties of the prior.

    Args:
        half_life: years after which a vote counts half; all alike where none is given.
        worlds: simulated for each forecast, 1 or more.
        random_seed: of these worlds.
        without: one of the `ABLATIONS`, laid over what was fitted with it. It is fitted once more,
            to the same preferences: tasks share nothing.
    """

    half_life: float | None = HALF_LIFE
    worlds: int = 4000
    random_seed: int = 1718
    without: str | None = None

    @property
    def name(self) -> str:
        """`simulator`, or what it is without."""
        return f"simulator_without_{self.without}" if self.without else "simulator"

    @property
    def settings(self) -> Mapping[str, Any]:
        """The numbers it is given, those of the prior among them."""
        held = {"consultations": asdict(Consultations())}
        return {**super().settings, **held, "prior": undated_prior().as_plain()}

    def learn(self, past: Sequence[RecordedVote], on: date) -> Forecasting:
        """Return forecasts from a file of preferences fitted to all of the past."""
        fit = fit_record(past, undated_prior(), on, self.half_life)
        preferences = over_the_prior(parse(dumped(as_document(layers(fit, past))), "fit").plain())
        draws = fit.joint()
        if self.without:
            preferences = ABLATIONS[self.without](preferences)

        def forecast(vote: RecordedVote) -> Forecast:
            result = convene(
                scenario_on(vote, preferences, draws), self.worlds, self.random_seed, workers=1
            )
            ends = np.array([result.outcome[outcome].p for outcome in DECIDED])
            return Forecast(result.actions, ends / ends.sum())

        return forecast


def over_the_prior(learnt: Mapping[str, Any]) -> dict[str, Any]:
    """Return preferences as a file would hold them: what was learnt over the prior's defaults."""
    prior = read(PRIOR).plain()
    defaults = prior["defaults"]
    for trait, value in learnt["defaults"].items():
        is_keyed = bool(TRAITS[trait].keyed_by)
        defaults[trait] = {**defaults.get(trait, {}), **value} if is_keyed else value
    coefficients = prior["coefficients"] | learnt["coefficients"]
    return {"kind": "preferences", **learnt, "coefficients": coefficients, "defaults": defaults}


def scenario_on(
    vote: RecordedVote, preferences: Mapping[str, Any], draws: Draws | None = None
) -> Scenario:
    """Return the scenario of a vote of the record: its draft before its Council, by its rules.

    Args:
        vote: its roll call is not looked at.
        preferences: as a file would hold them.
        draws: how they vary together, or None.
    """
    seat = {"instrument": vote.instrument, "penholder": vote.council[0].code}
    scenario = scenario_of(
        {
            "kind": "scenario",
            "title": "A vote",
            "date": str(vote.date),
            "draft": seat,
            "memory": {},
        },
        preferences=preferences,
    )
    # Those who hold the pen may have no seat, which no file may say; they ask all the same.
    spread = instruments()[vote.instrument].reading_spread
    draft = replace(vote.draft, reading_spread=np.full_like(vote.text, spread))
    return replace(scenario, draft=draft, rules=vote.rules, draws=draws)
