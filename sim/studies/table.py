"""The tidy table of a study: a row per point, its settings and what was measured as columns."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from sim.charter import ACTIONS, OUTCOME_NAMES
from sim.facts.run import software
from sim.facts.study import BaseOfStudy, Measure, StudyFacts, Value
from sim.scenario.settings import as_texts
from sim.studies.plan import Plan, Point
from sim.studies.store import Facts

SCHEMA_VERSION = 1


class Measured(NamedTuple):
    """What the table has of a point: a third of what its file takes when it is read.

    Args:
        columns: their names, held once for all points that have the same.
        values: one of each.
        base: the chance of each outcome of the base, with the ends of its interval.
    """

    columns: tuple[str, ...]
    values: tuple[Value, ...]
    base: tuple[tuple[float, ...], ...]


def measured(facts: Facts) -> Measured:
    """Return what the table has of what a point's file says."""
    row: dict[str, Value] = {}
    for name in OUTCOME_NAMES:
        row |= _with_ends(name, facts["outcome"][name])
        if "change" in facts:
            row |= _with_ends(f"{name}_change", facts["change"][name])
    for code, chances in facts.get("members", {}).items():
        row |= {f"{code}_{a}": p for a, p in zip(ACTIONS, chances, strict=True)}
    row |= {f"text_{name}": x for name, x in facts.get("text", {}).items()}
    row |= {f"round_{k}_adopted": p for k, p in enumerate(facts.get("rounds", ()), 1)}
    for call, p in facts.get("roll_calls", [])[:1]:
        row |= {"roll_call": call, "roll_call_p": p}
    base = facts.get("base", facts["outcome"])  # where nothing varies the point is the base
    return Measured(
        _once(tuple(row)), tuple(row.values()), _once(tuple(tuple(base[n]) for n in OUTCOME_NAMES))
    )


@lru_cache(maxsize=1024)
def _once(value: Any) -> Any:
    """Return a value as it was first met, so that it is held once."""
    return value


def facts_of(plan: Plan, points: Mapping[int, Measured], failed: Mapping[int, str]) -> StudyFacts:
    """Return the table of the points that are there, in the order of the plan."""
    order = sorted(points)
    settings = list(plan.columns(plan[0]))
    known = dict.fromkeys(points[k].columns for k in order)
    columns = list(dict.fromkeys(["point", *settings, *chain.from_iterable(known)]))
    return {
        "schema_version": SCHEMA_VERSION,
        "software": software(),
        "title": plan.form.title or plan.name,
        "question": plan.form.question,
        "worlds": plan.form.worlds,
        "n_points": len(plan),
        "n_missing": len(plan) - len(points) - len(failed),
        "columns": columns,
        "settings": settings,
        "measures": _measures(columns, settings),
        "bases": _bases(plan, points),
        "rows": [_row(plan, k, points[k], columns) for k in order],
        "commands": [command(plan, plan[k]) for k in order],
        "failed": [
            {"point": k + 1, "settings": plan.columns(plan[k]), "error": failed[k]}
            for k in sorted(failed)
        ],
    }


def command(plan: Plan, point: Point) -> str:
    """Return what runs a point alone, in full."""
    texts = (*as_texts(plan.form.settings), *plan.laid_over(point))
    told = [word for text in texts for word in ("--set", text)]
    run = ["--worlds", str(plan.form.worlds), "--random-seed", str(point.random_seed)]
    return shlex.join(["unsc", "run", point.base, *told, *run])


def _row(plan: Plan, k: int, point: Measured, columns: Sequence[str]) -> list[Value]:
    """Return the row of a point; empty where it has no such column."""
    given = [k + 1, *plan.columns(plan[k]).values(), *point.values]
    if len(given) == len(columns):
        return given
    named = dict(zip(("point", *plan.columns(plan[k]), *point.columns), given, strict=True))
    return [named.get(column) for column in columns]


def _with_ends(name: str, three: Sequence[float]) -> dict[str, Value]:
    return dict(zip((name, f"{name}_low", f"{name}_high"), three, strict=True))


def _measures(columns: Sequence[str], settings: Iterable[str]) -> list[Measure]:
    """Return what each column that was measured is, less those of the ends of intervals."""
    known = {*settings, "point", "roll_call"}
    known |= {f"{c}_{end}" for c in columns for end in ("low", "high") if f"{c}_{end}" in columns}
    return [
        {
            "column": column,
            "low": f"{column}_low" if f"{column}_low" in columns else None,
            "high": f"{column}_high" if f"{column}_high" in columns else None,
            "kind": _kind(column),
        }
        for column in columns
        if column not in known
    ]


def _kind(column: str) -> str:
    if column in OUTCOME_NAMES:
        return "outcome"
    if column.removesuffix("_change") in OUTCOME_NAMES:
        return "difference"
    starts = {"text_": "text", "round_": "round", "roll_call": "roll_call"}
    return next((kind for start, kind in starts.items() if column.startswith(start)), "vote")


def _bases(plan: Plan, points: Mapping[int, Measured]) -> list[BaseOfStudy]:
    """Return the bases of the points that are there, each with each random seed."""
    found: dict[tuple[str, int], BaseOfStudy] = {}
    for k in sorted(points):
        point = plan[k]
        named = point.base, point.random_seed
        if named not in found:
            found[named] = {
                "name": point.base,
                "title": plan.base(point.base).title,
                "random_seed": point.random_seed,
                "outcome": {
                    n: [*three] for n, three in zip(OUTCOME_NAMES, points[k].base, strict=True)
                },
            }
    return list(found.values())
