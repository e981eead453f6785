"""Where folders lie: the shipped ones (in a checkout or a wheel), and what may be lost."""

from __future__ import annotations

import os
from pathlib import Path

from sim.errors import UnscError

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE / "_shipped" if (_PACKAGE / "_shipped").is_dir() else _PACKAGE.parent

SEEDS = _ROOT / "seeds"
SCENARIOS = _ROOT / "scenarios"
PREFERENCES = SCENARIOS / "preferences"


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
