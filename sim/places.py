"""Where the shipped folders lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE / "_shipped" if (_PACKAGE / "_shipped").is_dir() else _PACKAGE.parent

SEEDS = _ROOT / "seeds"
SCENARIOS = _ROOT / "scenarios"
PREFERENCES = SCENARIOS / "preferences"
