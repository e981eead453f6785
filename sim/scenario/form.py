"""The form of the files: which keys there are, of which type, within which bounds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sim.behaviours.fixed import KnownVote
from sim.catalogue import ProvisionForm
from sim.charter import Outcome
from sim.draft import RELATIONS
from sim.preferences import ASSUMED
from sim.reading.form import (
    Code,
    Day,
    FileName,
    Form,
    Name,
    NumberOr,
    OneOrMore,
    OrWord,
    Share,
    Text,
)
from sim.scenario.layer_form import CoefficientsForm, Evidence, Traits


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
    sha256: Annotated[
        str,
        Field(
            pattern=r"^[0-9a-f]{64}$",
            description="64 hexadecimal digits",
            examples=["0" * 64],
        ),
    ]


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
    tabling: Annotated[TablingForm, OrWord({"always": {}})] = TablingForm.model_construct()
    observed: ObservedForm | None = None
    negotiation: Negotiation | None = None
    coefficients: CoefficientsForm = CoefficientsForm.model_construct()
    defaults: Traits = Traits.model_construct()
    groups: dict[str, Traits] = {}
    members: dict[str, Traits] = {}
    assume: dict[str, KnownVote] | None = None
    memory: dict[Code, MemoryForm] | None = None
