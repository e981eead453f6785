"""Mappings of a file, read strictly: unknown keys, other types and NaN are faults."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic_core import core_schema


class Form(BaseModel):
    """A mapping of a file: unknown keys, wrong types, NaN and infinities are faults."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        frozen=True,
        defer_build=True,  # of some thirty forms a command fills two or three
    )


class NumberOr(Form):
    """A mapping for which one bare number may stand: the value of its key `short`."""

    short: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, value: Any) -> Any:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return {cls.short: value} if is_number else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        mapping = handler(core)
        of_key = handler.resolve_ref_schema(mapping)["properties"][cls.short]
        number = next(x for x in of_key.get("anyOf", [of_key]) if x.get("type") == "number")
        bounds = {key: number[key] for key in ("minimum", "maximum") if key in number}
        return {"anyOf": [{"type": "number", **bounds}, mapping]}
