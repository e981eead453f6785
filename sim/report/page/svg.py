"""Drawings as SVG: elements, and what every chart has. Text is escaped, colours are classes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from sim.report.spelling import harmless

WIDTH = 400
"""Units across every drawing: little more than a telephone has, so text stays legible there."""

WIDEST = 8.0
"""Units that a letter of a label takes on average, at most."""

EDGE = 8.0
"""Units that a scale leaves free at either edge of a drawing."""

Value = str | float
Point = tuple[float, float]
"""Where it lies across and down."""


class Scale:
    """A straight scale over the width of a drawing, on which 0 and all the values find room."""

    def __init__(self, values: Sequence[float]) -> None:
        self.low, self.high = min([0.0, *values]), max([0.0, *values])
        if self.low == self.high:
            self.high = 1.0

    def __call__(self, value: float) -> float:
        """Return where a value lies across."""
        share = (value - self.low) / (self.high - self.low)
        return EDGE + share * (WIDTH - 2 * EDGE)


def tag(name: str, *inside: str, **attributes: Value | None) -> Markup:
    """Return an element; text inside is escaped, numbers are written to a tenth of a unit.

    `class_` and `text_anchor` become `class` and `text-anchor`; None leaves an attribute out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_written(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    content = "".join(x if isinstance(x, Markup) else escape(harmless(x)) for x in inside)
    return Markup(f"<{name}{written}>{content}</{name}>")  # noqa: S704  # its parts are escaped


def _written(value: Value) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def chart(key: str, title: str, description: str, height: float, inside: Iterable[str]) -> Markup:
    """Return a drawing `WIDTH` units wide, with what a screen reader says of it.

    Args:
        key: the section it belongs to; names what labels it.
        title: what it shows.
        description: what there is to see, in words.
        height: in units.
        inside: its elements.
    """
    return tag(
        "svg",
        tag("title", title, id=f"{key}-title"),
        tag("desc", description, id=f"{key}-description"),
        *inside,
        role="img",
        aria_labelledby=f"{key}-title {key}-description",
        viewBox=f"0 0 {WIDTH} {_written(height)}",
        class_="chart",
    )


def group(*inside: str, tooltip: str = "") -> Markup:
    """Return elements that belong together; the tooltip is shown where a pointer rests on them."""
    return tag("g", *([tag("title", tooltip)] if tooltip else []), *inside)


def label(
    x: float, y: float, words: str, anchor: str = "start", class_: str | None = None
) -> Markup:
    """Return text on a base line; what would be wider than the drawing is narrowed to it."""
    is_long = len(words) * WIDEST > WIDTH
    return tag(
        "text",
        words,
        x=x,
        y=y,
        text_anchor=anchor,
        class_=class_,
        textLength=WIDTH if is_long else None,
        lengthAdjust="spacingAndGlyphs" if is_long else None,
    )


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """Return a straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def box(x: float, y: float, width: float, height: float, class_: str, tooltip: str = "") -> Markup:
    """Return a rectangle."""
    inside = [tag("title", tooltip)] if tooltip else []
    return tag("rect", *inside, x=x, y=y, width=max(width, 0), height=height, class_=class_)


def dot(x: float, y: float, radius: float, class_: str) -> Markup:
    """Return a circle."""
    return tag("circle", cx=x, cy=y, r=radius, class_=class_)


def square(x: float, y: float, size: float = 7) -> Markup:
    """Return the mark of what is tabled or found, about its middle."""
    return box(x - size / 2, y - size / 2, size, size, "mark")


def diamond(x: float, y: float, across: float = 4, down: float = 7) -> Markup:
    """Return the mark of a sum or of the best, about its middle."""
    corners = [(x - across, y), (x, y - down), (x + across, y), (x, y + down)]
    return polygon(corners, "mark")


def polygon(points: Iterable[Point], class_: str) -> Markup:
    """Return a closed shape."""
    return tag("polygon", points=_joined(points), class_=class_)


def polyline(points: Iterable[Point], class_: str) -> Markup:
    """Return a line through the points."""
    return tag("polyline", points=_joined(points), class_=class_)


def _joined(points: Iterable[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
