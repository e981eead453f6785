"""From one observed vote to preferences: exact likelihood weights over the worlds of the prior.

Given the text as voted, the likelihood of a roll call in a world is the product of the members'
probabilities of choosing as they did. Nothing is approximated and no votes are drawn: each world of
the prior is weighted by its likelihood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Generic, TypedDict, TypeVar

import numpy as np

from sim.arrays import Floats
from sim.chamber import CouncilModel, map_blocks
from sim.ensemble.tally import RollCall, chance_of, rounded
from sim.errors import UnscError
from sim.preferences import ASSUMED, Estimate
from sim.scenario import Scenario
from sim.traits import TRAITS

T = TypeVar("T")
DIGITS = 4
SMALLEST_SHARE = 0.05
"""Weights are tempered until the effective sample size is at least this share of the worlds."""

LEAST_INFORMED = 0.05
"""A preference counts as informed if its mean moved by this many prior spreads, or its spread
narrowed by this share, and by four standard errors of the simulation."""


class EstimateFacts(TypedDict):
    """A mean and its spread."""

    mean: float
    spread: float


def facts_of(estimate: Estimate) -> EstimateFacts:
    """Return an estimate's mean and spread as plain data, rounded."""
    return {"mean": rounded(estimate.mean), "spread": rounded(estimate.spread)}


class LearntFacts(TypedDict):
    """One preference before and after the vote; the shift in spreads of the prior."""

    prior: EstimateFacts
    posterior: EstimateFacts
    shift: float
    informed: bool
    evidence: list[str]


class BeforeAfter(TypedDict, Generic[T]):
    """A probability, or those of the three actions, before and after the vote."""

    before: T
    after: T


class SeedFacts(TypedDict):
    """What one vote says of the preferences, as plain data."""

    name: str
    fingerprint: str
    worlds: int
    random_seed: int
    effective_worlds: float
    temper: float
    p_roll_call: BeforeAfter[float]
    members: dict[str, BeforeAfter[list[float]]]
    preferences: dict[str, LearntFacts]


@dataclass(frozen=True)
class Learnt:
    """One preference before and after the vote.

    Args:
        setting: `members.RUS.ties.PRK`.
        prior: the estimate the vote met.
        shift: how far the mean of the draws moved, in spreads of the draws before the vote.
        narrowing: spread of the draws after the vote as a share of that before.
        error: standard error of both, from the effective sample size; an upper bound, since both
            sides are of the same draws.
    """

    setting: str
    prior: Estimate
    shift: float
    narrowing: float
    error: float

    @property
    def mean(self) -> float:
        """The mean after the vote, before draws are held within their bounds."""
        return self.prior.mean + self.shift * self.prior.spread

    @property
    def spread(self) -> float:
        """The spread after the vote, likewise."""
        return self.prior.spread * self.narrowing

    def up_to(self, last: Learnt) -> Learnt:
        """Return what was learnt between this one's prior and a later one's posterior."""
        narrower = last.prior.spread / self.prior.spread  # an error counts in spreads of its prior
        return replace(
            self,
            shift=(last.mean - self.prior.mean) / self.prior.spread,
            narrowing=last.narrowing * narrower,
            error=float(np.hypot(self.error, last.error * narrower)),
        )

    @property
    def is_informed(self) -> bool:
        """Whether the vote says anything about it; otherwise it stays as in the prior."""
        return max(abs(self.shift), 1 - self.narrowing) >= max(LEAST_INFORMED, 4 * self.error)

    def to_dict(self) -> LearntFacts:
        """Return the preference before and after as plain data, rounded."""
        return {
            "prior": facts_of(self.prior),
            "posterior": facts_of(Estimate(self.mean, self.spread)),
            "shift": rounded(self.shift),
            "informed": self.is_informed,
            "evidence": list(self.prior.evidence),
        }

    def as_plain(self, votes: Sequence[str]) -> dict[str, Any]:
        """Return the posterior as a file has it, with these votes added to its evidence."""
        prior = self.prior
        cited = [name for name in (*prior.evidence, *votes) if name not in ASSUMED]
        mean = TRAITS[self.setting.split(".")[2]].within(self.mean)
        return {
            "mean": round(mean, DIGITS) + 0.0,
            "spread": round(self.spread, DIGITS),
            "evidence": list(dict.fromkeys(cited)) or [*ASSUMED],
            "note": f"prior {prior.mean:g} ± {prior.spread:g}, moved by {self.shift:+.2f} spreads",
        }


@dataclass(frozen=True)
class SeedFit:
    """What one vote says about the preferences.

    Args:
        scenario: the scenario whose observed vote was met.
        worlds, random_seed: the prior's worlds.
        learnt: every preference with a spread that the vote could bear on.
        temper: the power that the likelihoods were raised to, above 0 and up to 1.
        effective_worlds: effective sample size of the weights.
        p_before, p_after: probability of the observed roll call, before and after.
        actions_before, actions_after: (M, 3), members' choice probabilities.
    """

    scenario: Scenario
    worlds: int
    random_seed: int
    learnt: tuple[Learnt, ...]
    temper: float
    effective_worlds: float
    p_before: float
    p_after: float
    actions_before: Floats
    actions_after: Floats

    def learnt_by(self) -> Scenario:
        """Return the scenario with the preferences as they are after the vote."""
        learnt: dict[str, dict[str, Estimate]] = {}
        for x in self.learnt:
            _, code, setting = x.setting.split(".", 2)
            after = Estimate(x.mean, x.spread, x.prior.evidence)
            learnt.setdefault(code, {})[setting] = after
        members = zip(self.scenario.codes, self.scenario.preferences, strict=True)
        preferences = tuple(wants.with_estimates(learnt.get(code, {})) for code, wants in members)
        return replace(self.scenario, preferences=preferences)

    def followed_by(self, last: SeedFit) -> SeedFit:
        """Return what was learnt between this fit's prior and a later fit's posterior."""
        after = {x.setting: x for x in last.learnt}
        return replace(
            last,
            scenario=self.scenario,
            random_seed=self.random_seed,
            learnt=tuple(x.up_to(after.get(x.setting, x)) for x in self.learnt),
            temper=min(self.temper, last.temper),
            effective_worlds=min(self.effective_worlds, last.effective_worlds),
            p_before=self.p_before,
            actions_before=self.actions_before,
        )

    def to_dict(self) -> SeedFacts:
        """Return the fit as plain data, in a fixed order and without a time."""
        return {
            "name": self.scenario.name,
            "fingerprint": self.scenario.fingerprint,
            "worlds": self.worlds,
            "random_seed": self.random_seed,
            "effective_worlds": rounded(self.effective_worlds),
            "temper": rounded(self.temper),
            "p_roll_call": {"before": rounded(self.p_before), "after": rounded(self.p_after)},
            "members": {
                code: {"before": [*map(rounded, before)], "after": [*map(rounded, after)]}
                for code, before, after in zip(
                    self.scenario.codes, self.actions_before, self.actions_after, strict=True
                )
            },
            "preferences": {x.setting: x.to_dict() for x in self.learnt},
        }


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
