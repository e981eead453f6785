"""The form of a layer: what defaults, a group or a member say of preferences; coefficients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, cast, get_type_hints

from pydantic import Field, GetJsonSchemaHandler, create_model, model_validator
from pydantic_core import core_schema

from sim.behaviours import Behaviour, behaviours
from sim.errors import listed
from sim.preferences import ASSUMED, Layer, in_force
from sim.reading.form import Day, Form, NumberOr, OneOrMore, Text
from sim.traits import TRAITS, Trait, trait_and_name

Evidence = Annotated[
    list[str], OneOrMore("ids of statements (E01) and votes (R2680), or 'assumed'")
]


class EstimateForm(NumberOr):
    """One number as far as it is known; what is left out comes from the layer below."""

    short = "mean"
    mean: float | None = None
    spread: Annotated[float, Field(ge=0, le=5)] | None = None
    evidence: Evidence | None = None
    since: Day | None = None
    note: Text | None = None

    @property
    def layer(self) -> Layer:
        """The same as what a layer says."""
        evidence = None if self.evidence is None else tuple(self.evidence)
        return Layer(self.mean, self.spread, evidence, self.since)


_MANY = OneOrMore("a number, {mean, spread, evidence}, or a list of these with 'since'")


@cache
def _estimates_of(low: float, high: float) -> Any:
    """Return the type of one or more estimates of which each mean has these bounds."""
    form = create_model(
        f"EstimateFrom{low:g}To{high:g}",
        __base__=EstimateForm,
        __doc__=EstimateForm.__doc__,
        mean=(Annotated[float, Field(ge=low, le=high)] | None, None),
    )
    globals()[form.__name__] = form  # where pickle looks for it
    return Annotated[list[form], _MANY]


_FIELDS: dict[str, Any] = {}
for _trait in TRAITS.values():
    _many = _estimates_of(_trait.low, _trait.high)
    _named = dict[str, _many]  # type: ignore[valid-type]  # a type that is made a line above
    _FIELDS[_trait.name] = (_named, {}) if _trait.keyed_by else (_many | None, None)
_TraitFields = create_model("_TraitFields", __base__=Form, **_FIELDS)


def _behaviour_fields() -> dict[str, Any]:
    """Return a key for each setting of each behaviour, none of which must be given."""
    hints = ((kind, get_type_hints(kind, include_extras=True)) for kind in behaviours().values())
    return {key: (types[key] | None, None) for kind, types in hints for key in kind.model_fields}


_BehaviourFields = create_model("_BehaviourFields", __base__=Form, **_behaviour_fields())
_WORDS = tuple(name for name, kind in behaviours().items() if not kind.model_fields)


class BehaviourForm(_BehaviourFields):
    """How a member chooses: the word of a behaviour, or a mapping of its settings."""

    word: Literal[_WORDS] | None = None  # type: ignore[valid-type]

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, value: Any) -> Any:
        return {"word": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        mapping = handler(core)
        del handler.resolve_ref_schema(mapping)["properties"]["word"]
        return {"anyOf": [{"enum": [*_WORDS]}, mapping]}

    @model_validator(mode="after")
    def _of_one_behaviour(self) -> BehaviourForm:
        self.behaviour()
        return self

    def behaviour(self) -> Behaviour:
        """Return the behaviour that has these settings.

        Raises:
            ValueError: they are of none, or of several.
        """
        given = self.model_dump(exclude_unset=True, exclude_none=True)
        word = given.pop("word", None)
        kinds = [kind for name, kind in behaviours().items() if name in (word, *given)]
        if len(kinds) != 1 or not given.keys() <= kinds[0].model_fields.keys():
            named = [name for name, kind in behaviours().items() if kind.model_fields]
            raise ValueError(f"the settings of one behaviour: {listed(named)}")
        return kinds[0].model_validate(given)


class Traits(_TraitFields):  # a key for each row of TRAITS
    """What one layer says of a member's preferences: the defaults, a group, or a member."""

    behaviour: BehaviourForm | None = None
    note: Text | None = None

    def named(self, trait: Trait) -> Mapping[str, Sequence[EstimateForm]]:
        """Return what this layer says of a trait by name; one number is named ""."""
        given = getattr(self, trait.name)
        if trait.keyed_by:
            return cast(Mapping[str, Sequence[EstimateForm]], given)
        return {} if given is None else {"": given}

    def said(self, setting: str) -> Sequence[EstimateForm]:
        """Return what this layer says of `voice` or `ideal.scrutiny`: nothing if it is silent."""
        trait, name = trait_and_name(setting)
        return self.named(trait).get(name, ())

    def on(self, day: date) -> dict[str, dict[str, Layer | None]]:
        """Return by trait and name what this layer says on a day, None where it has not begun."""
        return {
            trait.name: {name: in_force((x.layer for x in xs), day) for name, xs in named.items()}
            for trait in TRAITS.values()
            if (named := self.named(trait))
        }


class ValueForm(NumberOr):
    """A coefficient and what supports it."""

    short = "value"
    value: Annotated[float, Field(ge=-100, le=1000, examples=[1.0])]
    evidence: Evidence = list(ASSUMED)
    note: Text | None = None


class Strength(ValueForm):
    """A coefficient that is never negative."""

    value: Annotated[float, Field(ge=0, le=1000, examples=[1.0])]


class CoefficientsForm(Form):
    """The numbers that belong to no member; see `sim/README.md` for the equations."""

    precision: Strength | None = None
    shielding: Strength | None = None
    asking: Strength | None = None
    shared_shock: Strength | None = None
    own_shock: Strength | None = None
    hostility: dict[str, ValueForm] = {}
    habit: dict[str, ValueForm] = {}
    opposition_habit: dict[str, ValueForm] = {}
