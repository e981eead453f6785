"""Mappings of a file, read strictly, and what they are made of: bounded numbers, codes, days."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic_core import core_schema

from sim.reading.messages import ANY_STATE, CODE
from sim.reading.node import is_number


class Form(BaseModel):
    """A mapping of a file: unknown keys, wrong types, NaN and infinities are faults."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        frozen=True,
        defer_build=True,  # of some thirty forms a command fills two or three
    )

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """Return the form's JSON Schema; the forms whose defaults stand in it must be built."""
        todo = [Form]
        while todo:
            form = todo.pop()
            form.model_rebuild()
            todo += form.__subclasses__()
        return cls.model_json_schema()


class NumberOr(Form):
    """A mapping for which one bare number may stand: the value of its key `short`."""

    short: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, value: Any) -> Any:
        return {cls.short: value} if is_number(value) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        mapping = handler(core)
        of_key = handler.resolve_ref_schema(mapping)["properties"][cls.short]
        number = next(x for x in of_key.get("anyOf", [of_key]) if x.get("type") == "number")
        bounds = {key: number[key] for key in ("minimum", "maximum") if key in number}
        return {"anyOf": [{"type": "number", **bounds}, mapping]}


# Whatever may not be missing has an example: the schema shows it, and it stands in while the rest
# of a faulty file is checked.
Share = Annotated[float, Field(ge=0, le=1, examples=[0.5])]
Text = Annotated[str, Field(max_length=20_000, examples=["in words"])]
Code = Annotated[str, Field(pattern=CODE, description=ANY_STATE)]
FileName = Annotated[
    str, Field(min_length=1, max_length=1000, description="the path or the name of a file")
]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


def _iso_day(value: Any) -> Any:
    """Return the day written as 2024-03-28; numbers and other spellings are refused."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    return value


Day = Annotated[
    date,
    BeforeValidator(_iso_day),
    Field(description="a day that exists, as 2024-03-28", examples=["2024-03-28"]),
]


class OneOrMore:
    """A list that may be written without its brackets where it has one item."""

    def __init__(self, description: str) -> None:
        self._description = description

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(
            lambda value: value if isinstance(value, list) else [value],
            core_schema.list_schema(handler(source)["items_schema"], min_length=1),
        )

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        many = handler(core)
        return {"description": self._description, "anyOf": [many["items"], many]}
