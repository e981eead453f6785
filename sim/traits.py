"""The kinds of preference there are: one table, `TRAITS`, and what follows from its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sim.draft import Draft
from sim.roster import Member

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


def setting_of(trait: str, name: str) -> str:
    """Return the dotted setting of a number: `ideal.scrutiny`, or `voice` where the name is ""."""
    return f"{trait}.{name}" if name else trait


def trait_and_name(setting: str) -> tuple[Trait, str]:
    """Return what a dotted setting is of: the trait, and the name or ""."""
    trait, _, name = setting.partition(".")
    return TRAITS[trait], name
