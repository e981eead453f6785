"""The page of a study: a map for two settings, a line for one, small pictures side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from sim.facts.figures import Share
from sim.facts.study import StudyFacts, Value
from sim.facts.study_view import (
    Adopted,
    adopted,
    axes,
    column,
    levels,
    means,
    shares,
    tells,
)
from sim.reading.node import is_number
from sim.report.page.page import Part, page
from sim.report.page.svg import (
    Point,
    chart,
    dot,
    group,
    label,
    line,
    polygon,
    polyline,
    tag,
)
from sim.report.sections import Section
from sim.report.study import headline, study_sections, value

LEFT, TOP, SIDE = 52.0, 30.0, 340.0
"""Where pictures begin, and how wide they are."""
HEIGHT, PANEL = 220.0, 110.0
"""Of the line, and of a small picture."""
CELL = 28.0
MOST_CELLS = 40
"""Rows or columns of a map at most; beyond, each setting has its own picture."""
NARROW, NUMBERED = 20.0, 34.0
"""Units that a cell must be wide for its chance to find room, and that a value needs above it."""
MOST_PANELS = 12
MOST_DOTS = 1000
"""Points of a small picture: of more, every second, third and so on."""
FOLDED = 12
"""Rows of a table beyond which it is folded."""
DARKEST = 0.6
"""How dark a cell is at most, so that its number stays legible."""


def study_page(study: StudyFacts) -> str:
    """Return the page of a study: what `Study.to_dict()` gives."""
    opening, *sections = study_sections(study)
    parts = [Part(opening, lead=headline(study))]
    if not any(section.key == "grid" for section in sections) and picture(study):
        sections = [Section("P(adopted) by each setting", key="grid"), *sections]
    for section in sections:
        drawings = picture(study) if section.key == "grid" else []
        is_long = section.for_reference or len(section.rows) > FOLDED
        folded = f"The table, {len(section.rows):,} rows" if is_long else ""
        parts.append(Part(section, drawings, folded=folded, closed=section.for_reference))
    return page(opening.heading, parts)


def picture(study: StudyFacts) -> list[Markup]:
    """Return the picture that fits: a map, a line, or one small picture for each setting."""
    names = axes(study) if tells(study) else []
    many = max((len(levels(study, name)) for name in names), default=0)
    if len(names) == 2 and many <= MOST_CELLS:
        return [heat_map(study, names[0], names[1])]
    if len(names) == 1 and all(map(is_number, levels(study, names[0]))):
        return [curve(study, names[0])]
    ranked = [one.setting for one in shares(study)] or names
    return [panel(study, name, k) for k, name in enumerate(ranked[:MOST_PANELS])]


def heat_map(study: StudyFacts, down: str, across: str) -> Markup:
    """Return P(adopted) by two settings: the darker a cell, the likelier."""
    found = means(study, [down, across])
    rows, columns = levels(study, down), levels(study, across)
    width = SIDE / len(columns)
    every = max(1, round(NUMBERED / width))  # of how many columns one has its value above it
    drawn = [label(0, 12, f"{down} ↓   {across} →", class_="small")]
    drawn += [
        label(LEFT + (k + 0.5) * width, TOP - 5, str(value(b)), "middle", "small")
        for k, b in enumerate(columns)
        if k % every == 0
    ]
    for n, a in enumerate(rows):
        y = TOP + n * CELL
        drawn.append(label(LEFT - 5, y + CELL / 2 + 4, str(value(a)), "end", "small"))
        drawn += [
            _cell(
                LEFT + k * width, y, width, found[a, b], f"{down} {value(a)}, {across} {value(b)}"
            )
            for k, b in enumerate(columns)
            if (a, b) in found
        ]
    best = max(found, key=lambda at: found[at].p)
    described = (
        f"{len(found)} cells, from {Share(min(each.p for each in found.values()))} to "
        f"{Share(found[best].p)} %, the highest at {down} {value(best[0])}, {across} "
        f"{value(best[1])}."
    )
    title = f"P(adopted), %, by {down} and {across}"
    return chart("grid", title, described, TOP + CELL * len(rows) + 4, drawn)


def _cell(x: float, y: float, width: float, chance: Adopted, where: str) -> Markup:
    fill = tag(
        "rect", x=x, y=y, width=width - 1, height=CELL - 1, class_="share",
        fill_opacity=f"{0.04 + (DARKEST - 0.04) * chance.p:.3f}",
    )  # fmt: skip
    number = label(x + width / 2, y + CELL / 2 + 4, f"{100 * chance.p:.0f}", "middle", "small-ink")
    return group(fill, *([number] if width >= NARROW else []), tooltip=f"{where}: {_said(chance)}")


def _said(chance: Adopted) -> str:
    return f"adopted {Share(chance.p)} % ({Share(chance.low)} to {Share(chance.high)})"


def curve(study: StudyFacts, name: str) -> Markup:
    """Return P(adopted) by one setting as a line, its interval as a band."""
    found = {at[0]: chance for at, chance in means(study, [name]).items()}
    across = levels(study, name)
    put = _plane(across, TOP, HEIGHT)
    band = [put(at, found[at].low) for at in across]
    band += [put(at, found[at].high) for at in reversed(across)]
    drawn = [
        *_frame(across, put, name, TOP + HEIGHT),
        polygon(band, "band"),
        polyline([put(at, found[at].p) for at in across], "curve"),
        *(
            group(
                dot(*put(at, found[at].p), 3.5, "curve-dot"),
                tooltip=f"{name} {value(at)}: {_said(found[at])}",
            )
            for at in across
        ),
    ]
    described = "; ".join(f"at {value(at)} {Share(found[at].p)} %" for at in across[:50])
    return chart("grid", f"P(adopted) by {name}", f"{described}.", TOP + HEIGHT + 34, drawn)


def panel(study: StudyFacts, name: str, k: int) -> Markup:
    """Return a small picture of one setting of many: a dot per point, and a line of means.

    There is no line where each point has a value of its own.
    """
    across, chances = levels(study, name), adopted(study)
    put = _plane(across, TOP, PANEL)
    drawn = [*_frame(across, put, name, TOP + PANEL)]
    every = [*zip(column(study, name), chances, strict=True)]
    some = every[:: max(1, len(every) // MOST_DOTS)]
    drawn += [dot(*put(at, chance.p), 2, "faint-dot") for at, chance in some]
    if 2 * len(across) <= len(chances) and len(across) <= MOST_DOTS:
        found = means(study, [name])
        drawn.append(polyline([put(at, found[at,].p) for at in across], "curve"))
    described = f"{len(chances)} points, from {value(across[0])} to {value(across[-1])}."
    return chart(f"grid-{k}", f"P(adopted) by {name}", described, TOP + PANEL + 22, drawn)


Place = Callable[[Value, float], Point]


def _plane(across: Sequence[Value], top: float, height: float) -> Place:
    """Return where a value and a chance lie: numbers by size, all else evenly."""
    if all(map(is_number, across)):
        low, high = float(across[0]), float(across[-1])  # type: ignore[arg-type]
        where = {at: (float(at) - low) / (high - low) for at in across}  # type: ignore[arg-type]
    else:
        where = {at: (k + 0.5) / len(across) for k, at in enumerate(across)}
    return lambda at, p: (LEFT + (SIDE - 8) * where[at], top + height * (1 - p))


def _frame(across: Sequence[Value], put: Place, name: str, bottom: float) -> list[Markup]:
    """Return the axes: chances at the left, the values of a setting below."""
    drawn = []
    for p in (0.0, 0.5, 1.0):
        _, y = put(across[0], p)
        drawn.append(line(LEFT, y, LEFT + SIDE - 8, y, "axis"))
        drawn.append(label(LEFT - 5, y + 4, f"{100 * p:.0f}", "end", "small"))
    drawn.append(label(0, put(across[0], 1.0)[1] - 10, f"adopted, %, by {name}", class_="small"))
    step = max(1, -(-len(across) // 6))
    ticks = across[::step] if len(across) <= 12 else [across[0], across[-1]]
    for at in ticks:
        anchor = "middle" if len(across) <= 12 else ("start" if at == ticks[0] else "end")
        drawn.append(label(put(at, 0)[0], bottom + 14, str(value(at)), anchor, "small"))
    return drawn
