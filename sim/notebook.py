"""How results show themselves: one line at a prompt, a small piece of HTML in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from sim.facts.figures import Points, Share, percent

Facts = Mapping[str, Any]

TABLE = 'style="color: inherit; font: inherit"'
CELL = 'style="text-align: start; padding: 0 1em 0 0"'

SIDES = ("in_favour", "abstaining", "against", "not_participating")


def one_line(kind: str, names: Sequence[str], worlds: int, random_seed: int, finding: str) -> str:
    """Return what the prompt shows: `Result('x', 2,000 worlds, random seed 0: vetoed 98.2 %)`.

    Args:
        kind: the class.
        names: of its scenarios, the base first.
        worlds, random_seed: of the run.
        finding: the main number, in a few words.
    """
    named = " beside ".join(map(repr, names))
    return f"{kind}({named}, {worlds:,} worlds, random seed {random_seed}: {finding})"


def likeliest(outcome: Mapping[Any, Any]) -> str:
    """Return the most likely outcome of an ensemble in a few words: `vetoed 98.2 %`."""
    name, value = max(outcome.items(), key=lambda item: item[1].p)
    return f"{_words(name)} {percent(value.p)}"


def report_html(report: Facts) -> str:
    """Return the head of a report: its headline, the outcomes, and the most likely roll call.

    Args:
        report: what `report.json` holds.
    """
    outcomes = [
        (
            _words(name),
            str(Share(value["p"])),
            f"{Share(value['low'])} to {Share(value['high'])}",
        )
        for name, value in report["outcome"].items()
        if value["high"] > 0
    ]
    calls = report["roll_call"]["likeliest"][:1]
    sides = [
        (_words(side), str(len(call[side])), ", ".join(call[side]))
        for call in calls
        for side in SIDES
        if call[side]
    ]
    return _block(
        report["title"],
        _sentences([report["headline"], *report["warnings"]]),
        _table("Outcomes", ("outcome", "%", "95 % simulation interval"), outcomes),
        *(
            _table(f"Most likely roll call, {percent(call['p'])}", ("vote", "n", "members"), sides)
            for call in calls
        ),
        _origin(report, report["name"]),
    )


def comparison_html(comparison: Facts) -> str:
    """Return the head of a comparison: each other side's headline and differences.

    Args:
        comparison: what `compare.json` holds.
    """
    base, parts = comparison["base"], []
    for other in comparison["others"]:
        rows = [
            (
                _words(name),
                str(Share(base["outcome"][name]["p"])),
                str(Share(other["outcome"][name]["p"])),
                str(Points(change["p"])),
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


def _words(name: object) -> str:
    return str(name).replace("_", " ")


def _block(title: str, *parts: str) -> str:
    """Return the parts under a title, in the notebook's own colours, dark or light."""
    inside = "\n".join(parts)
    return (
        f'<div style="max-width: 48em">\n<p><strong>{escape(title)}</strong></p>\n{inside}\n</div>'
    )


def _sentences(sentences: Iterable[str]) -> str:
    return "\n".join(f'<p dir="auto">{escape(sentence)}</p>' for sentence in sentences)


def _table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose first column names its rows."""
    head = "".join(f'<th scope="col" {CELL}>{escape(name)}</th>' for name in columns)
    lines = [
        f'<tr><th scope="row" {CELL}>{escape(first)}</th>'
        + "".join(f"<td {CELL}>{escape(cell)}</td>" for cell in cells)
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
