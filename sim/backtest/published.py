"""Published figures to compare the scores with, each with what differs."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from sim.paths import SEEDS
from sim.reading.form import Form, Text
from sim.reading.yaml12 import read


class Published(Form):
    """One test published elsewhere.

    Args:
        of: what was forecast.
        figures: by the name of the score.
        always_in_favour: what forecasting adoption, or everyone in favour, has there.
        differs: why the figures are not on the same footing as ours.
        source: where they were published; empty if unknown.
    """

    of: Literal["member_votes", "outcomes"]
    figures: dict[str, float]
    always_in_favour: dict[str, float] = Field(default={})
    differs: Text
    source: str = ""


def published_figures() -> list[dict[str, Any]]:
    """Return the published figures as plain data, each with `what` it is.

    Source: `seeds/published.yaml`.
    """
    entries = read(SEEDS / "published.yaml").plain()
    return [
        {"what": what, **Published.model_validate(entry).model_dump()}
        for what, entry in entries.items()
    ]
