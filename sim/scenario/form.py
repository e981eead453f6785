"""The form of the files: which keys there are, of which type, within which bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    WithJsonSchema,
)

from sim.catalogue import ProvisionForm
from sim.charter import Outcome
from sim.preferences import ASSUMED, BOUNDS
from sim.reading.fields import Code, Day, FileName, Name, OneOrMore, Share, Text
from sim.reading.form import Form, NumberOr

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


class Ideal(EstimateForm):
    """Where on a provision's scale a member would have the text."""

    mean: Annotated[float, Field(ge=BOUNDS["ideal"][0], le=BOUNDS["ideal"][1])] | None = None


class Tie(EstimateForm):
    """From adversary to ally."""

    mean: Annotated[float, Field(ge=BOUNDS["ties"][0], le=BOUNDS["ties"][1])] | None = None


class Weight(EstimateForm):
    """A salience or a cost."""

    mean: Annotated[float, Field(ge=BOUNDS["salience"][0], le=BOUNDS["salience"][1])] | None = None


class Voice(EstimateForm):
    """The weight of being seen on the right side."""

    mean: Annotated[float, Field(ge=BOUNDS["voice"][0], le=BOUNDS["voice"][1])] | None = None


class CaucusWeight(EstimateForm):
    """The weight of acting with a caucus."""

    mean: Annotated[float, Field(ge=BOUNDS["caucuses"][0], le=BOUNDS["caucuses"][1])] | None = None


class Stance(EstimateForm):
    """What adopting a kind of draft is worth whatever the text says."""

    mean: Annotated[float, Field(ge=BOUNDS["stances"][0], le=BOUNDS["stances"][1])] | None = None


class Restraint(EstimateForm):
    """What voting against a kind of text, or on a State, costs beyond any vote against."""

    mean: Annotated[float, Field(ge=BOUNDS["restraint"][0], le=BOUNDS["restraint"][1])] | None = (
        None
    )


_MANY = OneOrMore("a number, {mean, spread, evidence}, or a list of these with 'since'")
Ideals = Annotated[list[Ideal], _MANY]
Ties = Annotated[list[Tie], _MANY]
Weights = Annotated[list[Weight], _MANY]
Voices = Annotated[list[Voice], _MANY]
CaucusWeights = Annotated[list[CaucusWeight], _MANY]
Stances = Annotated[list[Stance], _MANY]
Restraints = Annotated[list[Restraint], _MANY]


class Traits(Form):
    """What one layer says of a member's preferences: the defaults, a group, or a member."""

    ideal: dict[str, Ideals] = {}
    salience: dict[str, Weights] = {}
    ties: dict[str, Ties] = {}
    other_ties: Ties | None = None
    veto_cost: Weights | None = None
    opposition_cost: Weights | None = None
    voice: Voices | None = None
    caucuses: dict[str, CaucusWeights] = {}
    stances: dict[str, Stances] = {}
    restraint: dict[str, Restraints] = {}
    note: Text | None = None

    def said(self, kind: str, name: str | None = None) -> Sequence[EstimateForm]:
        """Return what this layer says of one preference, nothing where it is silent."""
        given = getattr(self, kind)
        return (given if name is None else given.get(name)) or ()

    @property
    def is_silent(self) -> bool:
        """Whether this layer says nothing of any preference."""
        return not self.model_dump(exclude={"note"}, exclude_defaults=True)


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


class TextForm(NumberOr):
    """A provision as tabled; readings of it differ by `spread` between worlds."""

    short = "value"
    value: Share
    spread: Annotated[float, Field(ge=0, le=1)] | None = None
    note: Text | None = None


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
    rival: bool = False
    penholder: Annotated[
        list[Code], OneOrMore("a member's code, as USA, or a list of them"), Field(examples=["USA"])
    ]
    text: dict[str, TextForm] = {}
    lapse: dict[str, Share] = {}
    red_lines: dict[str, RedLines] = {}


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


def _always(value: Any) -> Any:
    return {} if value == "always" else value


_Tabling = Annotated[
    TablingForm,
    BeforeValidator(_always),
    WithJsonSchema({"anyOf": [{"const": "always"}, TablingForm.model_json_schema()]}),
]


class ObservedForm(Form):
    """The real vote, where there was one: all members not named were in favour."""

    outcome: Annotated[Outcome, Field(strict=False, examples=["adopted"])]
    against: list[Code] = []
    abstaining: list[Code] = []
    not_participating: list[Code] = []
    evidence: Evidence = list(ASSUMED)


class PreferencesFile(Form):
    """A file of preferences: coefficients, defaults, regional groups, members."""

    kind: Literal["preferences"]
    title: Text = ""
    note: Text | None = None
    extends: FileName | None = None
    provenance: dict[str, Any] = {}
    coefficients: CoefficientsForm = CoefficientsForm()
    defaults: Traits = Traits()
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
    council: Annotated[list[Code], Field(min_length=1, max_length=40)] | None = None
    provisions: dict[Name, ProvisionForm] = {}
    draft: DraftForm
    charter: CharterForm = CharterForm()
    consultations: ConsultationsForm = ConsultationsForm()
    tabling: _Tabling = TablingForm()
    observed: ObservedForm | None = None
    negotiation: Negotiation | None = None
    coefficients: CoefficientsForm = CoefficientsForm()
    defaults: Traits = Traits()
    groups: dict[str, Traits] = {}
    members: dict[str, Traits] = {}
