"""Print the lowest version of each dependency that pyproject.toml declares, as pip pins it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def lowest() -> list[str]:
    """Return `name==version` of each dependency."""
    declared = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    found = [re.match(r"([\w-]+)>=([\d.]+)", line) for line in declared]
    return [f"{match[1]}=={match[2]}" for match in found if match]


if __name__ == "__main__":
    print("\n".join(lowest()))  # noqa: T201  # for pip
