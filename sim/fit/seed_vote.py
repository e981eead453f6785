"""From one observed vote to preferences: exact likelihood weights over the worlds of the prior.

Given the text as voted, the likelihood of a roll call in a world is the product of the members'
probabilities of choosing as they did. Nothing is approximated and no votes are drawn: each world of
the prior is weighted by its likelihood.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import numpy as np

from sim.arrays import Floats
from sim.chamber import CouncilModel, map_blocks
from sim.ensemble.tally import RollCall, chance_of
from sim.errors import UnscError
from sim.fit.seed_fit import Learnt, SeedFit
from sim.scenario import Scenario

SMALLEST_SHARE = 0.05
"""Weights are tempered until the effective sample size is at least this share of the worlds."""


def calibrate_to_vote(
    scenario: Scenario,
    worlds: int = 100_000,
    random_seed: int = 0,
    *,
    count: int = 1,
    about: str | None = None,
    workers: int | None = None,
) -> SeedFit:
    """Return what the observed vote of a scenario says about the members' preferences.

    Args:
        scenario: with an observed vote; its text is taken as voted.
        worlds: worlds of the prior.
        random_seed: of those worlds.
        count: how many times the vote counts, 1 or more. Above 1 it is an anchor rather than one
            piece of evidence: each posterior is the prior of the next time, each preference
            independent of the others.
        about: code of a State; only preferences that name it are learnt, the others stay.
        workers: threads; one per processor if None.

    Raises:
        UnscError: no observed vote, a text that would still move, or a number out of bounds.

    Source: importance weights with tempering (Neal 2001), the likelihood exact.
    """
    fit = _met_once(scenario, worlds, random_seed, about, workers)
    for again in range(1, count):  # other worlds each time, so that their errors do not add up
        met = _met_once(fit.learnt_by(), worlds, random_seed + again, about, workers)
        fit = fit.followed_by(met)
    return fit


def _met_once(
    scenario: Scenario, worlds: int, random_seed: int, about: str | None, workers: int | None
) -> SeedFit:
    """Return what the observed vote says if it counts once."""
    observed = roll_call_on_the_text(scenario)

    def met(model: CouncilModel) -> tuple[Floats, Moments]:
        likelihood = chance_of(observed[None], model.answers)[0].astype(np.float64)
        return likelihood, _moments(model, likelihood, about)

    parts = list(map_blocks(scenario, worlds, random_seed, met, workers))
    likelihood = np.concatenate([part for part, _ in parts])
    temper = _temper(likelihood)
    weights = likelihood**temper
    blocks = [moments for _, moments in parts]
    if temper < 1:  # then the weights are others, and no block knew them

        def tempered(model: CouncilModel) -> Moments:
            first = model.chance.first
            return _moments(model, weights[first : first + model.n_worlds], about)

        blocks = list(map_blocks(scenario, worlds, random_seed, tempered, workers))
    draws = {setting: reduce(np.add, [d[setting] for d, _ in blocks]) for setting in blocks[0][0]}
    plain, weighted = reduce(np.add, [actions for _, actions in blocks])
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    return SeedFit(
        scenario,
        worlds,
        random_seed,
        _learnt(scenario, draws, np.array([worlds, weights.sum()]), effective**-0.5),
        temper,
        effective,
        float(likelihood.mean()),
        float((weights * likelihood).sum() / weights.sum()),
        plain / worlds,
        weighted / weights.sum(),
    )


def roll_call_on_the_text(scenario: Scenario) -> RollCall:
    """Return the observed votes, (M,), on the text as the scenario has it.

    Raises:
        UnscError: no observed vote, or a text that would still move.
    """
    observed = scenario.observed_roll_call
    if observed is None:
        raise UnscError(f"{scenario.name}: no observed vote; expected `observed:` in the scenario.")
    if scenario.draft.is_negotiable and scenario.consultations.amendments:
        raise UnscError(
            f"{scenario.name}: its text can still move; expected the text as voted. Leave out the "
            "red lines, or set consultations.amendments=false."
        )
    return observed


def _temper(likelihood: Floats) -> float:
    """Return the largest power, up to 1, whose weights keep enough worlds effective."""
    if likelihood.max() == 0:
        raise UnscError("the observed vote has no chance in any world; widen the spreads.")

    def share(power: float) -> float:
        weights = (likelihood / likelihood.max()) ** power
        return float(weights.sum() ** 2 / (weights**2).sum() / len(weights))

    if share(1.0) >= SMALLEST_SHARE:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if share(middle) >= SMALLEST_SHARE else (low, middle)
    return low


Moments = tuple[dict[str, Floats], Floats]
"""Sums over worlds, plain and then weighted by likelihood.

By setting, (2, 2), of the draws and of their squares, which is the second axis; and of the members'
choice probabilities, (2, M, 3).
"""


def _moments(model: CouncilModel, weights: Floats, about: str | None) -> Moments:
    """Return the sums over a block's weighted worlds, (W,), of draws about a State or of all."""
    draws = {}
    for delegation in model.delegations:
        for setting, drawn in delegation.drawn.items():
            if about is not None and not setting.endswith(f".{about}"):
                continue
            values = drawn.astype(np.float64)
            powers = np.stack([values, values**2])
            sums = np.stack([powers.sum(axis=1), powers @ weights])
            draws[f"members.{delegation.name}.{setting}"] = sums
    p = model.answers.astype(np.float64)
    return draws, np.stack([p.sum(axis=-1), p @ weights])


def _learnt(
    scenario: Scenario,
    draws: Mapping[str, Floats],
    totals: Floats,
    error: float,
) -> tuple[Learnt, ...]:
    """Return prior and posterior of every preference drawn that has a spread.

    Both are moments of the same draws, so that the effect of their bounds cancels.
    """
    found = []
    for code, preferences in zip(scenario.codes, scenario.preferences, strict=True):
        estimates = preferences.estimates()
        for setting, sums in draws.items():
            _, owner, name = setting.split(".", 2)
            prior = estimates.get(name, estimates["other_ties"])
            if owner == code and prior.spread > 0:
                means, squares = (sums / totals[:, None]).T
                before, after = np.sqrt(np.maximum(squares - means**2, 1e-12))
                shift = float((means[1] - means[0]) / before)
                found.append(Learnt(setting, prior, shift, float(after / before), error))
    return tuple(found)
