"""Why a member votes as it does, and what would change its vote: the shape of `explain.json`."""

from __future__ import annotations

from typing import Annotated, Literal, final

from pydantic import Field, with_config
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from sim.charter import ActionName, OutcomeName
from sim.facts.report import ByAction, Count, Hash, Probability, Report, Source, Spread

FlipKind = Literal["preference", "text", "vote"]
"""What is changed: one preference of the member, one provision of the text, one other vote."""


class Part(TypedDict):
    """One part of the log-odds between two actions, averaged over worlds."""

    by_outcome: float
    """Through what the member's own vote changes about the outcome: 0 where it changes nothing."""
    by_record: float
    """Whatever the outcome: through being seen on one side, what opposing costs, and caucuses."""


def size_of(part: Part) -> float:
    """Return what a part adds to the log-odds."""
    return part["by_outcome"] + part["by_record"]


class Odds(TypedDict):
    """Why the likeliest vote is likelier than another: the mean over worlds of the log-odds."""

    over: ActionName
    whole: float
    """The mean over worlds of ln(P(likeliest) / P(over)); the parts sum to it."""
    parts: dict[str, Part]
    """Terms of the gain, costs of opposing and caucuses, the largest first, of either sign."""


class Number(TypedDict):
    """A preference that counts, and what it rests on."""

    part: str
    """The part of the log-odds that it enters; `voice` and saliences weigh others."""
    mean: float
    spread: Spread
    evidence: list[str]


class DatedNumber(TypedDict):
    """What a preference was before it changed on a day."""

    before: float
    since: str
    after: float
    note: str
    """Why it changed, as the file has it."""


class Flip(TypedDict):
    """One change after which the member's likeliest vote is another, with all members answering."""

    kind: FlipKind
    what: str
    """The trait and its name, the provision, or the other member."""
    argument: str
    """What lays it over the scenario: `--set members.RUS.ties.PRK=0.4`, `--assume CHN=against`."""
    before: float | ActionName
    after: float | ActionName
    spreads: Spread | None
    """How far that is in the number's own spreads; None where it has none, or is no preference."""
    likeliest: ActionName
    """The member's likeliest vote afterwards."""
    votes: ByAction
    outcome: dict[OutcomeName, Probability]


class Explained(TypedDict):
    """Why one member votes as it does."""

    likeliest: ActionName
    odds: list[Odds]
    """Over the runner-up, then over the third; none where it does not weigh what votes are worth
    to it."""
    counts: Probability
    """By how much the outcome hangs on its own vote: the largest difference between what it
    believes of P(adopted) by what it does."""
    swayed_by: Flip | None
    """The vote of another member that would move its own chances most, flip or none."""
    numbers: dict[str, Number]
    sources: dict[str, Source]
    dated: dict[str, DatedNumber]
    flips: list[Flip]
    tried: dict[FlipKind, Count]
    """How many preferences, provisions and votes of others were searched."""


@final
@with_config({"extra": "forbid", "use_attribute_docstrings": True})
class ExplanationFacts(TypedDict):
    """What `unsc explain` says: `explain.json`."""

    schema_version: Annotated[int, Field(ge=1)]
    asked: str
    """The member that was asked about; empty for the outcome."""
    report: Report
    """The run that is explained."""
    members: dict[str, Explained]
    """The member, or those that the outcome hangs on."""
    if_it_voted: dict[str, dict[ActionName, dict[OutcomeName, Probability]]]
    """The chance of each outcome if a member voted so, all others knowing it and answering, where
    the outcome was asked about."""
    checksum: Hash
