"""Commented scenarios to start from: an empty one, a mandate's renewal, a vote of the record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sim.catalogue import mandate_of, mandates, provisions
from sim.errors import InvalidInput
from sim.paths import SCENARIOS
from sim.reading.numerals import MONTHS_OF_A_FULL_TERM
from sim.reading.yaml12 import parse
from sim.scenario.load import scenario_of
from sim.scenario.renewal import Document, former, renewal

_ABOVE = {
    "date": "\n# The day decides who sits, which dated preferences hold, which votes count.",
    "draft": "",
    "draft.text": "  # From 0 to 1 each. What is left out is as usual for the instrument.",
    "charter": "",
    "observed": "\n# The real vote: all members not named were in favour.",
}
"""What stands above a key: a comment, or an empty line."""
_BEHIND = {
    "preferences": "a shipped file of preferences, or a path to your own",
    "draft.instrument": "gives the usual text and lapse; see seeds/instruments.yaml",
    "draft.target": "the State that it bears on, or null",
}


def template() -> str:
    """Return the text of a commented scenario of nothing in particular."""
    text = Path(__file__).with_name("template.yaml").read_text(encoding="utf-8")
    return f"{_schema_line()}\n{text}"


def of_mandate(
    name: str,
    on: date | None = None,
    term_months: float | None = None,
    penholders: Sequence[str] = (),
) -> str:
    """Return the text of the renewal of a mandate, with what `renewal` takes.

    Raises:
        InvalidInput: no sound scenario comes of it, as with a penholder without a seat.
        NotFound: as `renewal` does.
    """
    document = renewal(name, on, term_months, penholders)
    return _commented(document, f"The renewal of {mandate_of(name).name} as last time.")


def of_vote(vote: str) -> str:
    """Return the text of a vote of the record, named by its id or its symbol.

    Raises:
        NotFound: the record has no such vote.
    """
    document = former(vote)
    return _commented(document, f"{document['draft']['symbol']} as it is in the record of votes.")


def _commented(document: Document, opening: str) -> str:
    """Return the text of a file that holds a sound document, with a comment where one helps.

    Args:
        document: what the file holds.
        opening: a sentence on where it is from.
    """
    scenario_of(document, name="the new scenario")
    lines = [
        _schema_line(),
        f"# {opening}",
        "# Check it with `unsc validate FILE`, run it with `unsc run FILE`. Every key, with its",
        "# unit and bounds, is described in scenarios/README.md.",
        *_lines(document, ()),
        "",
        "# What you have heard: the member votes so, the others know it and answer.",
        "# assume: {CHN: abstaining}",
    ]
    return "\n".join(lines) + "\n"


def _schema_line() -> str:
    """Return what tells an editor which keys there are."""
    schema = (SCENARIOS / "schema" / "scenario.schema.json").resolve()
    return f"# yaml-language-server: $schema={schema.as_uri()}"


def _lines(node: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of a mapping that stands below some keys."""
    indent = "  " * len(above)
    for key, value in node.items():
        path = ".".join((*above, key))
        if path in _ABOVE:
            yield _ABOVE[path]
        if isinstance(value, Mapping):
            yield f"{indent}{key}:"
            yield from _lines(value, (*above, key))
        elif key == "sources":
            yield from (f"{indent}{key}:", *(f"{indent}  - {_scalar(item)}" for item in value))
        else:
            line = f"{indent}{key}: {_scalar(value)}"
            comment = _comment(path, value)
            yield f"{line:<36}# {comment}" if comment else line


def _comment(path: str, value: Any) -> str:
    """Return what to know about the value at a path, or nothing."""
    section, _, name = path.rpartition(".")
    if section == "draft.text":
        months = f": {value * MONTHS_OF_A_FULL_TERM:g} months" if name == "term" else ""
        return f"{provisions()[name].unit}{months}"
    if path == "draft.renews":
        return f"its votes are remembered; the host: {mandates()[value].host_relation}"
    return _BEHIND.get(path, "")


def _scalar(value: Any) -> str:
    """Return a value as YAML on one line, a text without quotes where it needs none."""
    if isinstance(value, list):
        return f"[{', '.join(map(_scalar, value))}]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if not isinstance(value, str) or _is_plain(value):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _is_plain(text: str) -> bool:
    """Return whether YAML reads a text without quotes as that text."""
    try:
        return bool(parse(f"value: {text}\n", "").plain() == {"value": text})
    except InvalidInput:
        return False
