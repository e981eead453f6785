"""What one observed vote says about the preferences: each before and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.arrays import Floats
from sim.ensemble.tally import rounded
from sim.fit.facts import LearntFacts, SeedFacts, facts_of
from sim.preferences import ASSUMED, Estimate
from sim.scenario import Scenario
from sim.traits import TRAITS

DIGITS = 4
LEAST_INFORMED = 0.05
"""A preference counts as informed if its mean moved by this many prior spreads, or its spread
narrowed by this share, and by four standard errors of the simulation."""


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
