"""What capitals want: the table of traits, and means with spreads, each with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.draft import Draft, Remembered
from sim.roster import Member

ASSUMED = ("assumed",)
"""Evidence of a number that nobody measured."""

Level = Literal["default", "group", "member", "permanent", "vote"]
"""Whose a number of the fit is: everybody's, a regional group's, a member's, a permanent member's
or one vote's. Permanent members have none of a group's: they are no example of it."""

KeyedBy = Literal[
    "", "provision", "State", "caucus", "kind of draft", "side", "relation", "what is opposed"
]


@dataclass(frozen=True, eq=False)
class Trait:
    """A kind of preference: one row of `TRAITS`.

    From the rows follow what files may say, the JSON Schema, the checks, the layers, the draws,
    the unknowns of the fit and the table in `scenarios/README.md`. A new trait is one row, and
    whatever arithmetic it has beyond `enters`.

    Args:
        name: its key in files.
        low, high: bounds of its mean; draws beyond are set to the bound.
        unit: what it is measured in.
        meaning: what it says: in the JSON Schema, and in the table of `scenarios/README.md`.
        keyed_by: what its numbers are named after; empty where it is one number.
        names_on: returns the names under which it counts before a draft, given the draft, the
            member and whether the member holds a veto; `("",)` for one number that counts.
        factor_on: returns what a number counts times before a draft, given the draft and the name.
        optional: whether it is 0 where no layer gives it; any other must be given.
        instead: the trait that speaks for a name that no layer gives.
        enters: the term of the gain of adoption, or the cost of a negative vote, that the sum over
            its names is added to; empty where it has arithmetic of its own.
        spreads: by name, and under "" for any other name, the prior standard deviation of what
            each level adds to the one below it in the fit; a level that is missing adds nothing,
            and a trait without any is not fitted. Source: assumed; set while watching the
            back-test of 2016 to March 2024, whose member log loss moved by no more than 0.01
            within a factor of 1.5 of any of them.
    """

    name: str
    low: float
    high: float
    unit: str
    meaning: str
    keyed_by: KeyedBy = ""
    names_on: Callable[[Draft, Member, bool], tuple[str, ...]] = lambda *_: ("",)
    factor_on: Callable[[Draft, str], float] = lambda *_: 1.0
    optional: bool = False
    instead: str = ""
    enters: Literal["", "penholder", "stance", "cost"] = ""
    spreads: Mapping[str, Mapping[Level, float]] = field(default_factory=dict)

    def levels(self, name: str = "") -> Mapping[Level, float]:
        """Return the levels at which it is fitted under a name, each with its prior spread."""
        return self.spreads.get(name) or self.spreads.get("", {})

    def names_among(self, given: Iterable[str], scales: Sequence[str]) -> Sequence[str]:
        """Return the names under which it has a number, of those given and of the provisions."""
        if not self.keyed_by:
            return ("",)
        if self.keyed_by == "provision" and not self.optional:
            return scales
        return sorted(set(given))

    def within(self, value: float) -> float:
        """Return the value, or the bound that it lies beyond."""
        return min(self.high, max(self.low, value))


TRAITS: Mapping[str, Trait] = {
    trait.name: trait
    for trait in (
        Trait(
            name="ideal",
            low=0,
            high=1,
            unit="the provision's scale",
            meaning="where the member would have the text",
            keyed_by="provision",
            names_on=lambda draft, *_: draft.active_provisions,
            spreads={"": {"default": 0.15, "permanent": 0.1}},
        ),
        Trait(
            name="salience",
            low=0,
            high=10,
            unit="gain per squared unit of distance",
            meaning="how much the distance of the text from the ideal counts",
            keyed_by="provision",
            names_on=lambda draft, *_: draft.active_provisions,
        ),
        Trait(
            name="ties",
            low=-1,
            high=1,
            unit="-1 adversary, 1 ally",
            meaning=(
                "tie to a State: weighs a text that is hostile to it, and a draft of which it "
                "holds the pen; a member's tie to itself is 1, but on its own matter where its "
                "`relation` to the text is known"
            ),
            keyed_by="State",
            names_on=lambda draft, member, _: draft.concerns(member.code),
            instead="other_ties",
            spreads={"": {"default": 0.1, "group": 0.1, "permanent": 0.1}},
        ),
        Trait(
            name="other_ties",
            low=-1,
            high=1,
            unit="-1 adversary, 1 ally",
            meaning="tie to any State not named under `ties`",
            names_on=lambda *_: (),
        ),
        Trait(
            name="veto_cost",
            low=-10,
            high=10,
            unit="gain",
            meaning="what a veto costs beyond `opposition_cost`; counts for veto holders only",
            names_on=lambda _, __, holds_veto: ("",) if holds_veto else (),
            enters="cost",
            spreads={"": {"default": 0.3, "permanent": 0.2}},
        ),
        Trait(
            name="opposition_cost",
            low=-10,
            high=10,
            unit="gain",
            meaning="what any vote against costs; below 0 where it pays to be seen against",
            enters="cost",
            spreads={"": {"default": 0.5, "group": 0.15, "member": 0.4}},
        ),
        Trait(
            name="voice",
            low=0,
            high=5,
            unit="share of the gain",
            meaning="what being seen on the right side counts beside the outcome",
        ),
        Trait(
            name="caucuses",
            low=-5,
            high=5,
            unit="gain",
            meaning="weight of acting as the others of a caucus that the member meets in",
            keyed_by="caucus",
            names_on=lambda _, member, __: member.caucuses,
            optional=True,
        ),
        Trait(
            name="stances",
            low=-10,
            high=10,
            unit="gain",
            meaning=(
                "what adoption is worth to the member whatever the text says; those on all kinds "
                "that the draft is of add up"
            ),
            keyed_by="kind of draft",
            names_on=lambda draft, *_: draft.kinds,
            optional=True,
            enters="stance",
            spreads={
                "any": {"default": 1.0, "group": 0.3, "member": 0.3},
                "rival": {"default": 0.5},
                "": {"default": 0.3, "group": 0.2, "permanent": 0.25},
            },
        ),
        Trait(
            name="sides",
            low=-10,
            high=10,
            unit="gain",
            meaning=(
                "what adoption is worth to the member by who asks: each side of the pen counts by "
                "its share in those who hold it"
            ),
            keyed_by="side",
            names_on=lambda draft, *_: tuple(draft.sides),
            factor_on=lambda draft, name: draft.sides[name],
            optional=True,
            enters="penholder",
            spreads={"": {"default": 0.8, "group": 0.4, "permanent": 0.5}},
        ),
        Trait(
            name="own_draft",
            low=-10,
            high=10,
            unit="gain",
            meaning="what adoption is worth to a member that holds the pen, beyond what it says",
            names_on=lambda draft, member, _: ("",) if member.code in draft.penholders else (),
            optional=True,
            enters="penholder",
            spreads={"": {"default": 1.0}},
        ),
        Trait(
            name="own_rival",
            low=-10,
            high=10,
            unit="gain",
            meaning="what adoption is worth to a member whose own draft on the matter is beside it",
            names_on=lambda draft, member, _: ("",) if member.code in draft.rival else (),
            optional=True,
            enters="penholder",
            spreads={"": {"default": 1.0, "permanent": 0.5}},
        ),
        Trait(
            name="own_matter",
            low=-10,
            high=10,
            unit="gain",
            meaning=(
                "what adoption is worth to the State that the text bears on, by how it stands to "
                "it, where that is known; counts instead of its tie to itself"
            ),
            keyed_by="relation",
            names_on=lambda draft, member, _: (
                (draft.relation,) if draft.relation and member.code == draft.target else ()
            ),
            optional=True,
            enters="stance",
            spreads={"": {"default": 0.5}},
        ),
        Trait(
            name="habit",
            low=0,
            high=3,
            unit="1 as everybody, 0 not at all",
            meaning=(
                "how much the member does as the record has it: multiplies what "
                "`coefficients.habit` and `coefficients.opposition_habit` make of its memory"
            ),
            names_on=lambda draft, member, _: ("",) if member.code in draft.memory else (),
            optional=True,
        ),
        Trait(
            name="restraint",
            low=-10,
            high=10,
            unit="gain",
            meaning=(
                "what voting against costs beyond `opposition_cost` where the draft is of that "
                "instrument, on that State or by that side of the pen"
            ),
            keyed_by="what is opposed",
            names_on=lambda draft, *_: draft.opposed,
            factor_on=lambda draft, name: draft.sides.get(name, 1.0),
            optional=True,
            enters="cost",
            spreads={"": {"default": 0.5, "permanent": 0.3}},
        ),
    )
}
"""Every kind of preference, in the order in which files and reports list them."""


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


def setting_of(trait: str, name: str) -> str:
    """Return the dotted setting of a number: `ideal.scrutiny`, or `voice` where the name is ""."""
    return f"{trait}.{name}" if name else trait


def trait_and_name(setting: str) -> tuple[Trait, str]:
    """Return what a dotted setting is of: the trait, and the name or ""."""
    trait, _, name = setting.partition(".")
    return TRAITS[trait], name


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

    def habits_of(self, memory: Remembered) -> tuple[float, float]:
        """Return what a memory adds to the gain of adoption, and to the cost of opposing."""
        return (
            sum(weight * memory.dissent.get(name, 0.0) for name, weight in self.habit.items()),
            sum(w * memory.against.get(name, 0.0) for name, w in self.opposition_habit.items()),
        )
