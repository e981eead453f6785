"""The form of a study's file: which keys there are, of which type, within which bounds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic_core import core_schema

from sim.chance import MAX_SEED
from sim.reading.form import Day, FileName, Form, OneOrMore, Text

MOST_POINTS = 1_000_000
MOST_WORLDS = 1_000_000
"""Of a point: what pairs it with the base is kept of each, some 200 bytes. More come as several
random seeds."""
Keep = Literal["outcomes", "members", "text", "rounds", "roll_calls", "worlds"]
Number = Annotated[float, Field(ge=-1e9, le=1e9)]


class ValuesForm(Form):
    """The values of one setting: a list, or so many steps from one number to another."""

    values: Annotated[list[Any], Field(min_length=1, max_length=MOST_POINTS)] | None = None
    begin: Annotated[Number | None, Field(alias="from")] = None
    end: Annotated[Number | None, Field(alias="to")] = None
    steps: Annotated[int, Field(ge=2, le=MOST_POINTS)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        return {"values": value} if isinstance(value, list) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        mapping = handler(core)
        many = {"type": "array", "minItems": 1, "description": "a list of one value or more"}
        return {"anyOf": [many, mapping]}


Bounds = Annotated[
    list[Number],
    Field(min_length=2, max_length=2, description="the lowest and the highest, as [0, 0.5]"),
]
Grid = Annotated[dict[str, ValuesForm], Field(min_length=1)]


class SampleForm(Form):
    """Points spread evenly between bounds, or over the spreads that preferences have."""

    points: Annotated[int, Field(ge=2, le=MOST_POINTS, examples=[64])]
    random_seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    between: Annotated[dict[str, Bounds], Field(min_length=1)] | None = None
    spreads: (
        Annotated[list[Text], OneOrMore("settings, as members.RUS.ties.PRK, or 'all'")] | None
    ) = None
    together: bool = False


class VaryForm(Form):
    """What is varied, in one way or several; of several, every combination is a point."""

    product: Grid | None = None
    zip: Grid | None = None
    latin_hypercube: SampleForm | None = None
    sobol: SampleForm | None = None
    table: FileName | None = None


class StudyFile(Form):
    """A study: variants of a scenario, or mandates on days, over the same worlds."""

    kind: Literal["study"]
    title: Text = ""
    question: Text = ""
    note: Text | None = None
    base: (
        Annotated[str, Field(min_length=1, max_length=1000, description="a scenario by name or "
        "path, or a mandate, as undof or undof@2026-12-18")] | None
    ) = None  # fmt: skip
    mandates: Annotated[list[Text], OneOrMore("names of mandates, as undof, or 'all'")] | None = (
        None
    )
    days: Annotated[list[Day], Field(min_length=1)] | None = None
    settings: dict[str, Any] = {}
    vary: VaryForm = VaryForm.model_construct()
    worlds: Annotated[int, Field(ge=1, le=MOST_WORLDS)] = 5000
    random_seeds: Annotated[
        list[Annotated[int, Field(ge=0, le=MAX_SEED)]], Field(min_length=1, max_length=10_000)
    ] = [0]
    keep: Annotated[list[Keep], Field(max_length=6)] = ["outcomes", "members"]
