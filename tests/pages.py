"""What the tests of pages share: a page as a reader meets it, and a scenario that means harm."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from sim.roster import states

NUMBER = re.compile(r"[+-]?\d+(?:,\d{3})*(?:\.\d+)?")
VOID = {"meta", "link", "br", "hr", "wbr", "img", "input"}

MARKUP = (
    "\"'><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} {% raw %} "
    "[x](javascript:alert(1)) javascript:alert(1) data:text/html,x file:///etc/passwd ../../x "
    "&lt;b&gt; <!-- --> ]]> </style></title></svg>\u202egnihtemos\u2066 \x1b[2J"
)
LONG_WORD = "W" * 400
ARABIC = "هل يمدد المجلس ولاية فريق الخبراء؟ " * 3
HARM = f"{MARKUP} {LONG_WORD} {ARABIC}"


def hostile_scenario(folder: Path) -> Path:
    """Write a scenario of 25 members and twelve provisions whose every text means harm.

    Its file name, which is the scenario's name on every page, means harm too.
    """
    path = folder / 'x"><script>alert(1)< https:javascript:1 {{ 7*7 }}\u202e&.yaml'
    others = [c for c in sorted(states()) if c not in ("CHN", "FRA", "GBR", "RUS", "USA", "PRK")]
    council = ["CHN", "FRA", "GBR", "RUS", "USA", *others[:20]]
    own = ["a" * 60, "b_" * 29 + "b", "own_c", "own_d", "own_e"]
    document = {
        "kind": "scenario",
        "title": (MARKUP + LONG_WORD + ARABIC + "x" * 5000)[:5000],
        "question": HARM,
        "note": HARM,
        "sources": [HARM, "http://example.org/a?b=1&c=<2>", "https://example.org/'onclick='x"],
        "extends": "dprk-panel-2024",
        "date": "2024-06-01",
        "council": council,
        "provisions": {
            name: {"unit": HARM, "at_0": HARM, "at_half": HARM, "at_1": HARM} for name in own
        },
        "draft": {
            "symbol": HARM,
            "mandate": HARM,
            "text": {name: {"value": 0.7, "note": HARM} for name in own},
            "lapse": dict.fromkeys(own, 0.2),
            "red_lines": {name: {"low": 0.3, "high": 0.7} for name in own},
        },
        "charter": {"quota": 15},
        "consultations": {"rounds": 24},
        "observed": {"outcome": "vetoed", "against": ["RUS"], "abstaining": council[5:10]},
        "negotiation": {"drafts": 5, "silence_broken_by": ["CHN"], "note": HARM},
        "defaults": {
            "note": HARM,
            "ideal": {name: {"mean": 0.5, "spread": 0.3, "note": HARM} for name in own},
            "salience": {name: {"mean": 0.5, "spread": 0.1} for name in own},
        },
    }
    path.write_text(json.dumps(document, ensure_ascii=False).replace("\\u001b", ""), "utf-8")
    return path


class Reader(HTMLParser):
    """A page as a reader meets it: by section its tables, sentences and drawings; and its links."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.texts: dict[str, list[str]] = {}
        self.drawn: dict[str, list[str]] = {}
        self.section = "head"
        self.feed(html)
        self.close()
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if tag == "section" or "opening" in (attributes.get("class") or ""):
            self.section = attributes["id"] or ""
        if tag == "tr":
            self.tables.setdefault(self.section, []).append([])
        if tag in ("td", "th"):
            self.tables[self.section][-1].append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if any(cell in self.open for cell in ("td", "th")):
            self.tables[self.section][-1][-1] += data
        elif "svg" in self.open and data.strip():
            self.drawn.setdefault(self.section, []).append(data)
        elif "p" in self.open:
            kept_together = "\N{NO-BREAK SPACE}"
            self.texts.setdefault(self.section, []).append(data.replace(kept_together, " "))


def numbers_in(text: str) -> set[str]:
    """Return the numbers of a text as they are written."""
    return {found.lstrip("+") for found in NUMBER.findall(text)}


def leaves(value: Any) -> Iterator[Any]:
    """Yield every number and text of plain data, keys too, and how many each list holds."""
    if isinstance(value, Mapping):
        yield len(value)
        for key, item in value.items():
            yield key
            yield from leaves(item)
    elif isinstance(value, list):
        yield len(value)
        for item in value:
            yield from leaves(item)
    else:
        yield value


def spellings(facts: Any) -> set[str]:
    """Return every way in which a number of plain data may be written for people."""
    found: set[str] = set()
    for leaf in leaves(facts):
        if isinstance(leaf, str):
            found |= numbers_in(leaf)
        elif isinstance(leaf, int | float) and not isinstance(leaf, bool):
            found |= {f"{leaf:,}", f"{leaf:.1f}", f"{leaf:.2f}", f"{leaf:.3f}", f"{leaf:.4f}"}
            found |= {f"{100 * leaf:.1f}", f"{100 * leaf:.0f}", f"{leaf:g}", str(leaf)}
            found |= {f"{100 * leaf + 0.0:.1f}".replace("-0.0", "0.0")}
    return found
