"""A commented scenario to start from."""

from __future__ import annotations

from pathlib import Path


def template() -> str:
    """Return the text of the commented scenario."""
    return Path(__file__).with_name("template.yaml").read_text(encoding="utf-8")
