"""What capitals want: means with spreads, each with its evidence, and the model's coefficients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draft import Draft, Remembered
from sim.roster import Member
from sim.traits import TRAITS, setting_of, trait_and_name

ASSUMED = ("assumed",)
"""Evidence of a number that nobody measured."""


@dataclass(frozen=True)
class Estimate:
    """A number as far as it is known.

    Args:
        mean: the middle of what is held possible.
        spread: standard deviation between worlds, 0 or more.
        evidence: ids of statements and votes that support it, or `ASSUMED`.
    """

    mean: float
    spread: float
    evidence: tuple[str, ...] = ASSUMED

    @property
    def is_nothing(self) -> bool:
        """Whether it is 0 for sure."""
        return self.mean == self.spread == 0


@dataclass(frozen=True)
class Layer:
    """What one layer (defaults, a group, a member, a scenario) says of one preference.

    Each part that is None is left to the layer below. A layer with `since` speaks only from that
    day on.
    """

    mean: float | None = None
    spread: float | None = None
    evidence: tuple[str, ...] | None = None
    since: date | None = None


def in_force(layers: Iterable[Layer], day: date) -> Layer | None:
    """Return the latest of a preference's dated layers that holds on that day, if any does."""
    held = [x for x in layers if x.since is None or x.since <= day]
    return held[-1] if held else None


def settle(stack: Iterable[Layer | None]) -> Estimate | None:
    """Return the estimate that the layers give, later ones over earlier ones.

    A layer that gives a mean without evidence makes the number an assumed one, whatever the layer
    below cited. None if no layer gives a mean; a spread that nobody gives is 0.
    """
    mean, spread, evidence = None, None, None
    for layer in filter(None, stack):
        if layer.mean is not None:
            mean, evidence = layer.mean, layer.evidence or ASSUMED
        elif layer.evidence is not None:
            evidence = layer.evidence
        if layer.spread is not None:
            spread = layer.spread
    return None if mean is None else Estimate(mean, spread or 0.0, evidence or ASSUMED)


Named = Mapping[str, Estimate]


@dataclass(frozen=True)
class Preferences:
    """What one capital wants on the day of the vote.

    The properties are those that the engine names; what each means is in `TRAITS`.

    Args:
        by_trait: the estimates of every trait by name, one number under "". An optional trait
            holds the names that some layer gives, any other all that may be asked for.
    """

    by_trait: Mapping[str, Named]

    @property
    def veto_cost(self) -> Estimate:
        """What casting a veto costs it, in units of gain, -10..10; counts for veto holders only."""
        return self.by_trait["veto_cost"][""]

    @property
    def opposition_cost(self) -> Estimate:
        """What any vote against costs it, in units of gain, -10..10."""
        return self.by_trait["opposition_cost"][""]

    @property
    def voice(self) -> Estimate:
        """What being seen on the right side counts beside the outcome, 0..5."""
        return self.by_trait["voice"][""]

    @property
    def caucuses(self) -> Named:
        """Weight of acting with each caucus, in units of gain, -5..5."""
        return self.by_trait["caucuses"]

    @property
    def restraint(self) -> Named:
        """What opposing costs beyond `opposition_cost`, -10..10 gain, by `Draft.opposed`."""
        return self.by_trait["restraint"]

    def tie_to(self, state: str) -> Estimate:
        """Return the tie to a State."""
        return self.by_trait["ties"].get(state, self.by_trait["other_ties"][""])

    def estimates(self) -> dict[str, Estimate]:
        """Return every estimate by its dotted setting: `ideal.scrutiny`, `voice`."""
        return {
            setting_of(trait, name): estimate
            for trait, named in self.by_trait.items()
            for name, estimate in named.items()
        }

    def as_plain(self) -> dict[str, Any]:
        """Return the traits as a file gives them; those that hold no name are left out."""
        plain: dict[str, Any] = {}
        for trait, named in self.by_trait.items():
            entries = {
                name: {"mean": e.mean, "spread": e.spread, "evidence": list(e.evidence)}
                for name, e in named.items()
            }
            if entries:
                plain[trait] = entries if TRAITS[trait].keyed_by else entries[""]
        return plain

    def settings_on(self, draft: Draft, member: Member, holds_veto: bool) -> dict[str, str]:
        """Return the settings that count before a draft, each with the one that gives its number.

        They are the same but where another trait speaks instead: `ties.USA` is given by
        `other_ties` where no layer names the United States. In the order of `TRAITS`.
        """
        settings: dict[str, str] = {}
        for trait in TRAITS.values():
            given = self.by_trait.get(trait.name, {})
            for name in trait.names_on(draft, member, holds_veto):
                setting = setting_of(trait.name, name)
                if name in given:
                    settings[setting] = setting
                elif trait.instead:
                    settings[setting] = trait.instead
        return settings

    def bearing_on(self, draft: Draft, member: Member, holds_veto: bool) -> dict[str, Estimate]:
        """Return the estimates that count before a draft by setting, as `settings_on` has them."""
        settings = self.settings_on(draft, member, holds_veto)
        given = {setting: trait_and_name(by) for setting, by in settings.items()}
        return {s: self.by_trait[trait.name][name] for s, (trait, name) in given.items()}

    def with_estimates(self, estimates: Mapping[str, Estimate]) -> Preferences:
        """Return the same preferences with other estimates at some settings."""
        by_trait = {trait: dict(named) for trait, named in self.by_trait.items()}
        for setting, estimate in estimates.items():
            trait, name = trait_and_name(setting)
            by_trait.setdefault(trait.name, {})[name] = estimate
        return Preferences(by_trait)


COEFFICIENTS = ("precision", "shielding", "asking", "shared_shock", "own_shock")
"""The coefficients that are one number each."""
MEMORY_WEIGHTS = ("habit", "opposition_habit")
"""Those that are one for each kind of memory; `hostility` is one for each provision."""


@dataclass(frozen=True)
class Coefficients:
    """The numbers of the model that belong to no member.

    Args:
        precision: lambda, how sharply members choose the better action, per unit of utility.
        shielding: kappa, how much a tie to the target weighs against a hostile text.
        asking: alpha, how much a tie to the penholder weighs.
        shared_shock: standard deviation of the shock that all members of a world share.
        own_shock: standard deviation of each member's own shock; permanent members of a bloc share
            one.
        habit: by kind of memory of dissent, what a unit of it adds to the gain.
        opposition_habit: by kind of memory of votes against, what it adds to the cost of one.
        hostility: (P,), how hostile to the target a unit of each provision is.
        evidence: by coefficient, ids that support it, or `ASSUMED`.
    """

    precision: float
    shielding: float
    asking: float
    shared_shock: float
    own_shock: float
    hostility: NDArray[np.float64]
    evidence: Mapping[str, tuple[str, ...]]
    habit: Mapping[str, float] = field(default_factory=dict)
    opposition_habit: Mapping[str, float] = field(default_factory=dict)

    def as_plain(self, provisions: Sequence[str]) -> dict[str, Any]:
        """Return the coefficients as a file gives them; `provisions` are P names."""

        def entry(value: float, name: str) -> dict[str, Any]:
            return {"value": value, "evidence": list(self.evidence[name])}

        hostility = dict(zip(provisions, self.hostility.tolist(), strict=True))
        many = {"hostility": hostility, **{kind: getattr(self, kind) for kind in MEMORY_WEIGHTS}}
        return {
            **{name: entry(getattr(self, name), name) for name in COEFFICIENTS},
            **{
                kind: {name: entry(value, f"{kind}.{name}") for name, value in named.items()}
                for kind, named in many.items()
            },
        }

    def habits_of(self, memory: Remembered) -> tuple[float, float]:
        """Return what a memory adds to the gain of adoption, and to the cost of opposing."""
        return (
            sum(weight * memory.dissent.get(name, 0.0) for name, weight in self.habit.items()),
            sum(w * memory.against.get(name, 0.0) for name, w in self.opposition_habit.items()),
        )
