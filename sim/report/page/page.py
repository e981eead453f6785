"""A page: sections with their drawings in one file, sealed against everything from outside."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from sim.charter import ACTIONS
from sim.facts.figures import words
from sim.report.page.svg import tag
from sim.report.sections import Section
from sim.report.spelling import KEPT_TOGETHER, harmless

HERE = Path(__file__).parent
MOST_IN_TITLE = 120
"""Characters of a window's title; the page itself has all of it."""
FIT_A_TELEPHONE, FIT_A_PAGE = 4, 12
"""Columns that find room on a narrow screen, and on a broad one."""
LETTERS, PADDING = 46, 2
"""Characters of a row that find room on a telephone, and what a column takes beside its own."""
TWIN = "The same in numbers"
"""What is said of the table of a drawing, which is folded under it."""
ADDRESS = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]", re.IGNORECASE)
BARS = {f"bar {action}": words(action) for action in ACTIONS}
"""The marks of actions where they are bars."""
INTERVAL = {"interval": "95 % interval"}
SPREAD = {"spread": "± standard deviation"}
TABLED = {"lapse": "lapse", "mark": "tabled"}
COUNCIL = {action: words(action) for action in ACTIONS} | {
    "faint": "all but sure to be in favour",
    "permanent": "permanent member",
}
KEYS: Mapping[str, Mapping[str, str]] = {
    "council": COUNCIL,
    "part-of-council": COUNCIL | {"not_participating": "takes no part"},
    "outcome": INTERVAL,
    "gains": {"plus": "for adoption", "minus": "against it", "sum": "the gain, their sum"},
    "odds": {"plus": "for its likeliest vote", "minus": "for the other", "sum": "their sum"},
    "text": TABLED,
    "moving-text": {**TABLED, "threshold": "agreed", **SPREAD, "red-lines": "red lines"},
    "rounds": {"share": "P(adopted)", **BARS},
    "side-by-side": INTERVAL,
    "members": BARS,
    "texts": {"lapse": "lapse", "mark": "put to the vote"},
    "differences": {"mark": "difference", **INTERVAL},
    "reliability": {
        "curve": "share that happened",
        "diagonal": "as forecast",
        "band": "95 % band if forecasts are right",
    },
    "tornado": {"down": "where it is lower", "up": "where it is higher", **INTERVAL},
    "frontier": {"curve": "worth most at that chance", "mark": "as tabled", "sum": "best value"},
    "shares": {"share": "share of the variance", **INTERVAL},
    "pivots": {"mark": "mean gain", **SPREAD, "threshold": "switches here"},
}
"""What the marks of a drawing mean: class and words."""


@dataclass(frozen=True)
class Link:
    """A link to another page of the same folder."""

    href: str
    words: str


@dataclass(frozen=True)
class Part:
    """A section of a page, the drawings above its table, and the links in it.

    A table is folded away until asked for where a drawing shows the same, or where `folded` says
    so. A part that is `closed` shows no more than its heading until it is opened; those of the
    `brief` fill the first screen together.
    """

    section: Section
    drawings: Sequence[Markup] = ()
    legend: str = ""  # which of `KEYS` explains the drawings
    lead: str = ""  # the sentence that is the answer, if one is
    links: Sequence[Link] = ()  # from each row's first cell, in their order
    lists: Sequence[tuple[str, Sequence[Link]]] = ()  # rows of links, each with what it is from
    folded: str = ""  # what is said of the table where it is folded away until asked for
    closed: bool = False
    brief: bool = False

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """The table's headings, each with whether there are numbers below it."""
        return [*zip(self.section.columns, self.section.holds_numbers, strict=True)]

    @property
    def width(self) -> str:
        """How the table is set: `wide` or `long` where its rows run on as text in narrow room."""
        if len(self.section.columns) > FIT_A_TELEPHONE:
            return "wide"
        cells = zip(self.section.columns, *self.section.cells, strict=True)
        needed = sum(max(map(len, column)) + PADDING for column in cells)
        return "plain" if needed <= LETTERS else "long"

    @property
    def layout(self) -> str:
        """How drawings lie: a `pair` side by side, or above the table; one of too `many` columns.

        A table of too many columns for any page has narrow room everywhere.
        """
        if not self.section.rows:
            return "pair"
        return "below many" if len(self.section.columns) > FIT_A_PAGE else "below"

    @property
    def fold(self) -> str:
        """What is said of the table where it is folded away; empty where it is open."""
        return self.folded or (TWIN if self.drawings and self.section.rows else "")

    @property
    def key(self) -> Mapping[str, str]:
        """What the marks of the drawings mean."""
        return KEYS.get(self.legend, {})


def page(title: str, parts: Iterable[Part], back: Link | None = None) -> str:
    """Return a page as HTML: the first part opens it, the others follow with their headings.

    Those of the brief come first, then what is open, then what is closed: on paper an appendix,
    opened.

    Text stays text: nothing in it becomes markup, and only what begins with http(s) a link. The
    page may load nothing and run nothing; of styles it has its own alone.
    """
    opening, *others = parts
    closed = [part for part in others if part.closed]
    style = (HERE / "style.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    title = harmless(title)
    return _template().render(
        title=title if len(title) <= MOST_IN_TITLE else f"{title[:MOST_IN_TITLE]}…",
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'",
        style=Markup(style),  # noqa: S704  # our own file
        opening=opening,
        brief=[part for part in others if part.brief],
        parts=[part for part in others if not (part.brief or part.closed)],
        closed=closed,
        back=back,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(harmless=harmless, told=told, linked=linked, breakable=breakable)
    return environment.get_template("page.html")


def told(text: str) -> Markup:
    """Return a sentence for a page, in which numbers stay with their signs, days with months."""
    kept = KEPT_TOGETHER.sub("\N{NO-BREAK SPACE}", linked(text))
    return Markup(kept)  # noqa: S704  # it was escaped


def linked(text: str) -> Markup:
    """Return text for a page: escaped, without what steers a screen, web addresses as links."""
    text, parts, end = harmless(text), [], 0
    for found in ADDRESS.finditer(text):
        address = found.group()
        parts += [
            escape(text[end : found.start()]),
            tag("a", address, href=address, rel="noopener noreferrer"),
        ]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def breakable(text: Markup) -> Markup:
    """Return a cell whose dotted paths may break behind their dots: `members.<wbr>CHN`."""
    if "<" in text:  # a link: its address is no place for more elements
        return text
    return Markup(re.sub(r"(?<=\w)\.(?=[a-zA-Z])", ".<wbr>", text))  # noqa: S704  # was escaped
