"""A study as plain data: which columns are settings, which are measures, and a row per point."""

from __future__ import annotations

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from sim.facts.report import Software

Value = str | int | float | bool | None
"""A cell of the table; None where a point has no such thing."""


class Measure(TypedDict):
    """A column that was measured, with those of its 95 % interval, None where it has none.

    `kind` is `outcome` (a chance), `difference` (of a chance from the base, over the same worlds),
    `vote` (the chance of a member's action), `text` (0 to 1 on a provision's scale), `round`
    (P(adopted) after it) or `roll_call`.
    """

    column: str
    low: str | None
    high: str | None
    kind: str


class BaseOfStudy(TypedDict):
    """What points are compared with: one scenario as it is, over the same worlds."""

    name: str
    title: str
    random_seed: int
    outcome: dict[str, list[float]]
    """By name: the chance, and the low and high end of its interval."""


class Failed(TypedDict):
    """A point that could not be computed, and why."""

    point: int
    settings: dict[str, Value]
    error: str


class StudyFacts(TypedDict):
    """All of a study: `study.json` says what was asked, `table.csv` holds `columns` and `rows`."""

    schema_version: int
    software: Software
    title: str
    question: str
    worlds: int
    n_points: int
    """Points of the plan, those that failed or are missing too."""
    n_missing: int
    columns: list[str]
    """All of them; the first is `point`, the number of the row in the plan, from 1."""
    settings: list[str]
    """Columns that the plan varies: `base` and `random_seed` where there are several of them."""
    measures: list[Measure]
    bases: list[BaseOfStudy]
    rows: list[list[Value]]
    commands: list[str]
    """What reproduces each row, as `unsc run NAME --set ...`."""
    failed: list[Failed]
