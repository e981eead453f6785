"""A report's files: how facts are spelled, and what is said of the run that wrote them."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.writing import Content, may_write, may_write_file, write_file, write_folder
from sim.writing.account import PROGRAM

__all__ = ["as_json", "may_write", "may_write_file", "when_and_where", "write", "write_file"]


def as_json(facts: Mapping[str, Any]) -> str:
    """Return the facts as JSON, always spelled the same, with all that is not printable escaped."""
    text = json.dumps(facts, indent=1, ensure_ascii=False, allow_nan=False)
    return (
        "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))
        + "\n"
    )


def _escaped(line: str) -> str:
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)


def write(folder: Path, files: Mapping[str, Content], force: bool) -> None:
    """Write a report's files into a folder, as `write_folder` does, with an account of the run.

    Raises:
        WillNotOverwrite: the folder holds something that will not be replaced.
        UnscError: it cannot be written.
    """
    write_folder(folder, files, when_and_where(), force)


def when_and_where() -> dict[str, Any]:
    """Return what a report itself must not hold, so that it has the same bytes each time."""
    from importlib.metadata import version

    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libraries": {name: version(name) for name in ("mesa", "numpy", "scipy", "pydantic")},
        "command": [PROGRAM, *sys.argv[1:]],
    }
