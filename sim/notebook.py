"""How results show themselves: one line at a prompt, a small piece of HTML in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from sim.facts.figures import Points, Share, percent, words
from sim.facts.report import VOTES

Facts = Mapping[str, Any]
"""What `report.json` or `compare.json` holds."""

MOST_PARTS = 6
"""Parts of an explanation that are shown at most."""
TABLE = 'style="color: inherit; font: inherit"'
CELL = 'style="text-align: start; padding: 0 1em 0 0"'


def one_line(kind: str, names: Sequence[str], worlds: int, random_seed: int, finding: str) -> str:
    """Return what the prompt shows: `Result('x', 2,000 worlds, random seed 0: vetoed 98.2 %)`."""
    named = " beside ".join(map(repr, names))
    return f"{kind}({named}, {worlds:,} worlds, random seed {random_seed}: {finding})"


def likeliest(outcome: Mapping[Any, Any]) -> str:
    """Return the most likely outcome of an ensemble in a few words: `vetoed 98.2 %`."""
    name, value = max(outcome.items(), key=lambda item: item[1].p)
    return f"{words(name)} {percent(value.p)}"


def report_html(report: Facts) -> str:
    """Return the head of a report: its headline, the outcomes, and the most likely roll call."""
    outcomes = [
        (words(name), Share(value["p"]), f"{Share(value['low'])} to {Share(value['high'])}")
        for name, value in report["outcome"].items()
        if value["high"] > 0
    ]
    parts = [_table("Outcomes", ("outcome", "%", "95 % simulation interval"), outcomes)]
    for call in report["roll_call"]["likeliest"][:1]:
        sides = [(words(v), len(call[v]), ", ".join(call[v])) for v in VOTES if call[v]]
        caption = f"Most likely roll call, {percent(call['p'])}"
        parts.append(_table(caption, ("vote", "n", "members"), sides))
    sentences = _sentences([report["headline"], *report["warnings"]])
    return _block(report["title"], sentences, *parts, _origin(report, report["name"]))


def comparison_html(comparison: Facts) -> str:
    """Return the head of a comparison: each other side's headline and differences."""
    base, parts = comparison["base"], []
    for other in comparison["others"]:
        rows = [
            (
                words(name),
                Share(base["outcome"][name]["p"]),
                Share(other["outcome"][name]["p"]),
                Points(change["p"]),
                f"{Points(change['low'])} to {Points(change['high'])}",
            )
            for name, change in other["difference"].items()
            if base["outcome"][name]["p"] or other["outcome"][name]["p"]
        ]
        columns = ("outcome", "base %", "other %", "points", "95 % interval")
        parts += [
            _sentences([other["headline"]]),
            _table(f"{base['name']} → {other['name']}", columns, rows),
        ]
    names = [side["name"] for side in (base, *comparison["others"])]
    return _block(base["title"], *parts, _origin(comparison, " beside ".join(names)))


def explanation_html(explanation: Facts) -> str:
    """Return the headline, and the main parts of why each member votes as it does."""
    report, shown = explanation["report"], []
    for code, m in explanation["members"].items():
        for odds in m["odds"][:1]:
            rows = [
                (words(name), f"{sum(part.values()):+.2f}")
                for name, part in [*odds["parts"].items()][:MOST_PARTS]
            ]
            rows.append(("all parts", f"{odds['whole']:+.2f}"))
            caption = f"{code}: {words(m['likeliest'])} rather than {words(odds['over'])}"
            shown.append(_table(caption, ("part", "log-odds"), rows))
    sentences = _sentences([report["headline"], *report["warnings"]])
    return _block(report["title"], sentences, *shown, _origin(report, report["name"]))


Shown = tuple[str, Sequence[str], Iterable[Sequence[object]]]
"""A table: its caption, its columns and its rows."""


def analysis_html(facts: Facts, tables: Iterable[Shown]) -> str:
    """Return the head of an analysis: its headline and the tables that answer first."""
    parts = [_table(*table) for table in tables]
    headline = _sentences([facts["headline"]])
    return _block(facts["title"], headline, *parts, _origin(facts, facts["name"]))


def _block(title: str, *parts: str) -> str:
    """Return the parts under a title, in the notebook's own colours, dark or light."""
    inside = "\n".join(parts)
    return (
        f'<div style="max-width: 48em">\n<p><strong>{escape(title)}</strong></p>\n{inside}\n</div>'
    )


def _sentences(sentences: Iterable[str]) -> str:
    return "\n".join(f'<p dir="auto">{escape(sentence)}</p>' for sentence in sentences)


def _table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table whose first column names its rows."""
    head = "".join(f'<th scope="col" {CELL}>{escape(name)}</th>' for name in columns)
    lines = [
        f'<tr><th scope="row" {CELL}>{escape(str(first))}</th>'
        + "".join(f"<td {CELL}>{escape(str(cell))}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in rows
    ]
    title = f"<caption {CELL}>{escape(caption)}</caption>"
    start = f"<table {TABLE}>{title}<thead><tr>{head}</tr></thead><tbody>"
    return "\n".join([start, *lines, "</tbody></table>"])


def _origin(facts: Facts, name: str) -> str:
    origin = (
        f"{name}: {facts['worlds']:,} worlds, random seed {facts['random_seed']}, "
        f"unsc-sim {facts['software']['version']}"
    )
    return f"<p><small>{escape(origin)}</small></p>"
