"""The form of the files: which keys there are, of which type, within which bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, cast, get_type_hints

from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    create_model,
    model_validator,
)
from pydantic_core import core_schema

from sim.behaviours import Behaviour, behaviours
from sim.behaviours.fixed import KnownVote
from sim.catalogue import ProvisionForm
from sim.charter import Outcome
from sim.draft import RELATIONS
from sim.errors import listed
from sim.preferences import ASSUMED, TRAITS, Layer, Trait, in_force, trait_and_name
from sim.reading.form import Code, Day, FileName, Form, Name, NumberOr, OneOrMore, Share, Text

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


class TextForm(NumberOr):
    """A provision as tabled; readings of it differ by `spread` between worlds."""

    short = "value"
    value: Share
    spread: Annotated[float, Field(ge=0, le=1)] | None = None
    note: Text | None = None


Remembrance = Annotated[float, Field(ge=-10, le=10)]


class RedLines(Form):
    """How far the penholder would move one provision."""

    low: Share
    high: Share


class Negotiation(Form):
    """What is known of the way to the vote; it stands in the report and moves nothing."""

    drafts: Annotated[int, Field(ge=1)] | None = None
    rounds_on: list[Day] = []
    silence_broken_by: list[Code] = []
    in_blue_on: Day | None = None
    vote_moved_from: Day | None = None
    note: Text | None = None


class DraftForm(Form):
    """The text, what stands if it is not adopted, and how far the penholder would go."""

    symbol: Text = ""
    mandate: Text = ""
    instrument: Annotated[
        str, Field(description="an instrument, as panel_renewal", examples=["other"])
    ]
    target: Code | None = None
    rival: Annotated[
        list[Code],
        OneOrMore("codes of those who hold the pen of another draft on the matter beside it"),
        Field(examples=["USA"]),
    ] = []
    renews: Text | None = None
    relation: Literal[RELATIONS] | None = None  # type: ignore[valid-type]  # a table's names
    penholder: Annotated[
        list[Code], OneOrMore("a member's code, as USA, or a list of them"), Field(examples=["USA"])
    ]
    text: dict[str, TextForm] = {}
    lapse: dict[str, Share] = {}
    red_lines: dict[str, RedLines] = {}


class MemoryForm(Form):
    """What the record remembers of a member before the draft, by kind of memory."""

    dissent: dict[str, Remembrance] = {}
    against: dict[str, Remembrance] = {}


class CharterForm(Form):
    """The rules of the vote, where they are not those of the Charter today."""

    matter: Literal["substantive", "procedural"] = "substantive"
    quota: Annotated[int, Field(ge=1, le=100)] = 9
    vetoes_needed: Annotated[int, Field(ge=1, le=10)] = 1
    veto: list[Code] | None = None
    must_abstain: list[Code] = []
    not_participating: list[Code] = []


class ConsultationsForm(Form):
    """How the informal consultations run; see `sim.draft.Consultations`."""

    rounds: Annotated[int, Field(ge=1, le=200)] = 12
    damping: Annotated[float, Field(ge=0, lt=1)] = 0.3
    full_precision_at: Annotated[float, Field(gt=0, le=1)] = 0.5
    amendments: bool = True
    step: Annotated[float, Field(gt=0, le=1)] = 0.1


class TablingForm(Form):
    """What the penholder does at the deadline; an empty mapping always tables."""

    if_adoptable: Share | None = None
    rollover_below: Share | None = None
    rollover: dict[str, Share] = {}


class _OrAlways:
    """The word `always`, which stands for an empty mapping, or the mapping."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(
            lambda value: {} if value == "always" else value, handler(source)
        )

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [{"const": "always"}, handler(core)]}


class ObservedForm(Form):
    """The real vote, where there was one: all members not named were in favour."""

    outcome: Annotated[Outcome, Field(strict=False, examples=["adopted"])]
    against: list[Code] = []
    abstaining: list[Code] = []
    not_participating: list[Code] = []
    evidence: Evidence = list(ASSUMED)


class DrawsForm(Form):
    """The file of joint draws, which says how what was fitted varies together."""

    file: Annotated[FileName, Field(examples=["calibrated.draws"])]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["0" * 64])]


class PreferencesFile(Form):
    """A file of preferences: coefficients, defaults, regional groups, members."""

    kind: Literal["preferences"]
    title: Text = ""
    note: Text | None = None
    extends: FileName | None = None
    provenance: dict[str, Any] = {}
    draws: DrawsForm | None = None
    coefficients: CoefficientsForm = CoefficientsForm.model_construct()
    defaults: Traits = Traits.model_construct()
    groups: dict[str, Traits] = {}
    members: dict[str, Traits] = {}


class ScenarioFile(Form):
    """A file of a scenario: a draft before the Council of a day, and what differs from the rest."""

    kind: Literal["scenario"]
    title: Annotated[str, Field(min_length=1, max_length=20_000, examples=["A renewal"])]
    question: Text = ""
    note: Text | None = None
    sources: list[Text] = []
    extends: FileName | None = None
    date: Day
    preferences: FileName | None = None
    draws: DrawsForm | None = None
    council: Annotated[list[Code], Field(min_length=1, max_length=40)] | None = None
    provisions: Annotated[dict[Name, ProvisionForm], Field(max_length=25)] = {}
    draft: DraftForm
    charter: CharterForm = CharterForm.model_construct()
    consultations: ConsultationsForm = ConsultationsForm.model_construct()
    tabling: Annotated[TablingForm, _OrAlways()] = TablingForm.model_construct()
    observed: ObservedForm | None = None
    negotiation: Negotiation | None = None
    coefficients: CoefficientsForm = CoefficientsForm.model_construct()
    defaults: Traits = Traits.model_construct()
    groups: dict[str, Traits] = {}
    members: dict[str, Traits] = {}
    assume: dict[str, KnownVote] | None = None
    memory: dict[Code, MemoryForm] | None = None
