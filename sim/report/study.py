"""What is said of a study: where adoption is likeliest, what the table hangs on, each point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.facts.figures import Figure, Points, Share, counted, percent
from sim.facts.study import StudyFacts, Value
from sim.facts.study_view import (
    ADOPTED,
    REPLICATES,
    Adopted,
    adopted,
    axes,
    column,
    ends,
    levels,
    means,
    shares,
    tells,
)
from sim.report.sections import Cell, Row, Section, Written, keyed, series, span
from sim.report.shares import within

MOST_ENDS = 5
"""Points that are shown at either end."""
MOST_LEVELS = 12
"""Values of a setting up to which a grid has a table of its own."""
MOST_ROWS = 1000
"""Points of the table that a report lists; the CSV has all."""
ENDS = ("", "_low", "_high")
MOST_COLUMNS = 3
"""Up to this number of settings have a column each."""
LIKELY = 0.5


def study_sections(study: StudyFacts) -> list[Section]:
    """Return the sections of a study's report: those with something to say."""
    every = (
        ("answer", answer(study)),
        ("grid", grid(study)),
        ("ends", best_and_worst(study)),
        ("shares", hangs_on(study)),
        ("failed", failed(study)),
        ("points", points(study)),
        ("commands", commands(study)),
        ("provenance", provenance(study)),
    )
    told = ((key, section) for key, section in every if section.sentences or section.rows)
    return keyed(told, ("points", "commands"))


def answer(study: StudyFacts) -> Section:
    """Return the question, and between what P(adopted) is over the points."""
    question = [study["question"]] if study["question"] else []
    return Section(study["title"] or "A study", [*question, *_found(study)])


def headline(study: StudyFacts) -> str:
    """Return the sentence that is the answer."""
    return next(_found(study))


def _found(study: StudyFacts) -> Iterator[str]:
    n = len(study["rows"])
    if not tells(study):
        yield f"{n:,} of {study['n_points']:,} points are done; they hold no chances of outcomes."
        return
    chances = [each.p for each in adopted(study)]
    first, last = chances.index(max(chances)), chances.index(min(chances))
    likely = sum(p >= LIKELY for p in chances)
    yield (
        f"P(adopted) is from {percent(chances[last])} to {percent(chances[first])} over "
        f"{counted(n, 'point')}; at {likely:,} of them it is 50 % or more. It is highest "
        f"with {place(study, first)}."
    )
    if len(study["bases"]) == 1:
        base = study["bases"][0]
        yield f"As it is, {base['name']} is adopted with {percent(base['outcome'][ADOPTED][0])}."
    if missing := study["n_missing"]:
        yield f"{missing:,} of {study['n_points']:,} points are missing."


def place(study: StudyFacts, row: int) -> str:
    """Return the settings of a point in words: `members.RUS.ties.PRK 0.4 and draft.text.term 1`."""
    named = [f"{name} {value(column(study, name)[row])}" for name in study["settings"]]
    return series(named, "and") if named else "no settings"


def short(setting: str) -> str:
    """Return a setting as the head of a column has it: `RUS.ties.PRK`, `text.term`."""
    return setting.removeprefix("members.").removeprefix("draft.")


def value(cell: Value) -> Cell:
    """Return the value of a setting as it is shown."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return Written(f"{cell:.4g}")
    return cell


def grid(study: StudyFacts) -> Section:
    """Return P(adopted) by one setting, or by two, one down and one across."""
    names = axes(study) if tells(study) else []
    if not 1 <= len(names) <= 2 or len(levels(study, names[-1])) > MOST_LEVELS * len(names):
        return Section("")
    found = means(study, names)
    averaged = ["Means over the replications of each point."] * (REPLICATES in study["settings"])
    if len(names) == 1:
        rows: list[Row] = [
            (value(level), *_chance(found[level,])) for level in levels(study, names[0])
        ]
        return Section(f"Adopted by {names[0]}", averaged, (names[0], "%", "95 % interval"), rows)
    down, across = (levels(study, name) for name in names)
    columns = (f"{names[0]} ↓, {names[1]} →", *(str(value(level)) for level in across))
    rows = [
        (value(a), *(Share(found[a, b].p) if (a, b) in found else None for b in across))
        for a in down
    ]
    return Section(f"Adopted, %, by {names[0]} and {names[1]}", averaged, columns, rows)


def _chance(chance: Adopted) -> tuple[Figure, Figure]:
    return Share(chance.p), span(Share(chance.low), Share(chance.high))


def best_and_worst(study: StudyFacts) -> Section:
    """Return the points where adoption is likeliest and least likely."""
    if not tells(study):
        return Section("")
    best, worst = ends(study, MOST_ENDS)
    compares = f"{ADOPTED}_change" in study["columns"]
    sentences = ["Differences are from the base as it is, over the same worlds."] * compares
    rows = [_point(study, row) for row in (*best, *worst[::-1])]
    return Section("Best and worst points", sentences, _columns(study), rows)


def points(study: StudyFacts) -> Section:
    """Return a row per point, the first of them where there are very many."""
    if not tells(study):
        return Section("")
    n = len(study["rows"])
    rows = [_point(study, row) for row in range(min(n, MOST_ROWS))]
    left = [f"The first {MOST_ROWS:,} of {n:,}; table.csv has all."] if n > MOST_ROWS else []
    return Section("All points", left, _columns(study), rows)


def _columns(study: StudyFacts) -> tuple[str, ...]:
    change = ("points, ± 95 %",) if f"{ADOPTED}_change" in study["columns"] else ()
    settings = (
        [*map(short, study["settings"])] if len(study["settings"]) <= MOST_COLUMNS else ["settings"]
    )
    return ("point", *settings, "adopted, %", "95 % interval", *change)


def _point(study: StudyFacts, row: int) -> Row:
    """Return what a point is and what it comes to."""
    cells = dict(zip(study["columns"], study["rows"][row], strict=True))
    settings: list[Cell] = [value(cells[name]) for name in study["settings"]]
    if len(settings) > MOST_COLUMNS:
        named = zip(study["settings"], settings, strict=True)
        settings = [", ".join(f"{short(name)} {each}" for name, each in named)]
    chance = _chance(Adopted(*(cells[f"{ADOPTED}{end}"] for end in ENDS)))  # type: ignore[arg-type]
    change, low, high = (cells.get(f"{ADOPTED}_change{end}") for end in ENDS)
    if not (isinstance(change, float) and isinstance(low, float) and isinstance(high, float)):
        no = (None,) if f"{ADOPTED}_change" in cells else ()
        return (value(cells["point"]), *settings, *chance, *no)
    of_base = Written(f"{Points(change)} ± {50 * (high - low):.1f}")
    return (value(cells["point"]), *settings, *chance, of_base)


def hangs_on(study: StudyFacts) -> Section:
    """Return what each setting explains of how P(adopted) differs between the points."""
    rows: list[Row] = []
    for one in shares(study):
        interval: Cell = Written("exact")
        if one.low is not None and one.high is not None:
            wide = "" if one.converged else ", not converged"
            interval = Written(f"{span(Share(within(one.low)), Share(within(one.high)))}{wide}")
            if one.high <= 0:
                interval = Written("cannot be told from nothing")
        rows.append((one.setting, one.levels, Share(within(one.share)), interval))
    sentences = [
        "The share of the variance of P(adopted) over these points that a setting explains by "
        "itself, others averaged: what is missing to 100 % is what settings do together."
    ]
    columns = ("setting", "values", "share, %", "95 % interval")
    return Section("What the table hangs on", sentences * bool(rows), columns, rows)


def failed(study: StudyFacts) -> Section:
    """Return the points that could not be computed, and why."""
    rows: list[Row] = [
        (each["point"], ", ".join(f"{k}={v}" for k, v in each["settings"].items()), each["error"])
        for each in study["failed"]
    ]
    return Section("Points that failed", (), ("point", "settings", "why"), rows)


def commands(study: StudyFacts) -> Section:
    """Return what reproduces each point."""
    numbers: Sequence[Value] = column(study, "point") if study["rows"] else ()
    rows = [(value(n), c) for n, c in zip(numbers, study["commands"], strict=True)][:MOST_ROWS]
    return Section("Each point's command", (), ("point", "type"), rows)


def provenance(study: StudyFacts) -> Section:
    """Return how it was computed."""
    n, of = len(study["rows"]), study["n_points"]
    return Section(
        "How it was computed",
        [
            f"{n:,} of {of:,} points of {study['worlds']:,} worlds each; unsc-sim "
            f"{study['software']['version']}. Intervals cover simulation error only; table.csv has "
            "every number of every point."
        ],
    )
