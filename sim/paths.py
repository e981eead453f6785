"""Where the shipped folders lie, in a checkout or a wheel; tables of `seeds/`; what may be lost."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from sim.errors import UnscError

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE / "_shipped" if (_PACKAGE / "_shipped").is_dir() else _PACKAGE.parent

SEEDS = _ROOT / "seeds"
SCENARIOS = _ROOT / "scenarios"
PREFERENCES = SCENARIOS / "preferences"


def seed_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table in `seeds/`: cells by column, as they are in the file."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cache_folder() -> Path:
    """Return the folder for what can be computed again; it need not exist.

    Raises:
        UnscError: neither `XDG_CACHE_HOME` nor the home folder is known.

    Source: XDG Base Directory Specification 0.8; a path in it that is not absolute is ignored.
    """
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        base = given if given.is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        raise UnscError("there is no home folder; name one in XDG_CACHE_HOME.") from None
    return base / "unsc-sim"
