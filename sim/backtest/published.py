"""Published figures to compare the scores with, each with what differs."""

from __future__ import annotations

from typing import Literal

from pydantic import TypeAdapter
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from sim.paths import SEEDS
from sim.reading.form import Form
from sim.reading.yaml12 import read

Of = Literal["member_votes", "outcomes"]
"""What a score is of."""


class VotesFacts(TypedDict):
    """Which votes a test is of: the first and the last day, and whether of adopted drafts only."""

    since: str
    until: str
    adopted_only: bool


class PublishedFacts(TypedDict):
    """One test published elsewhere.

    `of` says what was forecast, `figures` gives the scores by name, `always_in_favour` what
    forecasting adoption, or everyone in favour, has there; `differs` says why the figures are not
    on the same footing as ours, `source` where they were published, empty if unknown. `votes` says
    on which of our votes ours are most like them, and is None where they are not on the Council's.
    """

    what: str
    of: Of
    figures: dict[str, float]
    always_in_favour: dict[str, float]
    differs: str
    source: str
    votes: VotesFacts | None


def published_figures() -> list[PublishedFacts]:
    """Return the published figures as plain data. Source: `seeds/published.yaml`."""
    entries = read(SEEDS / "published.yaml").plain()
    optional: dict[str, object] = {"always_in_favour": {}, "source": "", "votes": None}
    figures = [{"what": what, **optional, **entry} for what, entry in entries.items()]
    return TypeAdapter(list[PublishedFacts], config=Form.model_config).validate_python(figures)
