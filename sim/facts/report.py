"""The shape of `report.json`: every key with its type, its bounds and what it means."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, cast, final

from pydantic import Field, with_config
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from sim.charter import ACTIONS, ActionName, OutcomeName
from sim.facts.hangs_on import InputIndex

Probability = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
OnScale = Annotated[float, Field(ge=0, le=1)]
Spread = Annotated[float, Field(ge=0)]
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]

VoteName = Literal[ActionName, "not_participating"]
VOTES: tuple[VoteName, ...] = (*ACTIONS, "not_participating")


class Software(TypedDict):
    """What made the report."""

    name: str
    version: str
    stream_format: int
    """Which worlds a random seed draws: reports of another format cannot be run again."""


class Chance(TypedDict):
    """A probability with the 95 % interval of its simulation error."""

    p: Probability
    low: Probability
    high: Probability


class Between(TypedDict):
    """Between what P(adopted) is in eight worlds of ten, to whole per cent."""

    low: Probability
    """A tenth of the worlds are below."""
    high: Probability
    """A tenth are above."""


class Doubt(TypedDict):
    """How far P(adopted) differs between worlds, each one draw of what is not known."""

    all: Between | None
    preferences: Between | None
    """Over worlds with next to no shared shock: preferences and the reading of the text differ."""


class ByAction(TypedDict):
    """A probability for each action."""

    in_favour: Probability
    abstaining: Probability
    against: Probability


class Vote(ByAction):
    """How likely a member takes each action, as if a vote were held in every world."""

    not_participating: Probability


class Utility(TypedDict):
    """What each action is worth to a member."""

    in_favour: float
    abstaining: float
    against: float


class Estimate(TypedDict):
    """A mean over worlds and its standard deviation between worlds."""

    mean: float
    sd: Spread


class Pivot(TypedDict):
    """The nearest action by which a member would change P(adopted) by 5 points or more."""

    now: ActionName
    """The action worth most to it, at averages over worlds."""
    next: ActionName
    moves: Annotated[float, Field(ge=-1, le=1)]
    """By how much P(adopted) would change."""
    at_gain: float
    """The gain from which on the other action is worth more."""
    distance: float
    """By how much the gain would have to change for that."""


class Member(Vote):
    """One member: what it is likely to do, and why."""

    name: str
    permanent: bool
    regional_group: str
    caucuses: list[str]
    behaviour: str
    """How it chooses, in words: `quantal response`, `follows CHN`."""
    most_likely: VoteName
    gain: Estimate
    """What adoption is worth to it over the lapse."""
    terms: dict[str, float]
    """What the gain is made of: one term per provision, then the others; they sum to its mean."""
    weighs_most: str
    """The largest of `terms`, of either sign."""
    believes_adopted_if: ByAction
    """P(adopted) as the member sees it, given its own action."""
    utility: Utility
    pivot: Pivot | None


class Deadline(TypedDict):
    """What the penholder does at the deadline, as shares of worlds."""

    tabled: Probability
    withdrawn: Probability
    fell_back: Probability
    """It fell back on a technical rollover, and the vote is on that."""


class VotesInFavour(TypedDict):
    """The first legal condition, as if a vote were held in every world: enough in favour."""

    needed: Count
    expected: Spread
    margin: float
    met: Chance
    distribution: dict[str, Probability]
    """The probability of each number of votes in favour."""


class NoVeto(TypedDict):
    """The second, likewise: no blocking negative vote."""

    applies: bool
    holders: list[str]
    vetoes_needed: Count
    met: Chance
    against: dict[str, Probability]


class Conditions(TypedDict):
    """The two legal conditions of adoption."""

    votes_in_favour: VotesInFavour
    no_veto: NoVeto


class Sides(TypedDict):
    """Who is on which side of a roll call."""

    in_favour: list[str]
    abstaining: list[str]
    against: list[str]
    not_participating: list[str]


class LikelyRollCall(Sides):
    """A roll call with its probability over all worlds, those without a vote included."""

    p: Probability


class RollCalls(TypedDict):
    """The likeliest roll calls, and the observed one where there is one."""

    modal: dict[str, VoteName]
    p_modal: Probability
    observed: dict[str, VoteName] | None
    observed_outcome: OutcomeName | None
    p_observed: Probability | None
    likeliest: list[LikelyRollCall]


class ProvisionText(TypedDict):
    """A provision on its scale from 0 to 1."""

    unit: str
    anchors: list[str]
    """What 0, 0.5 and 1 mean."""
    tabled: OnScale
    lapse: OnScale
    """What holds if the draft is not adopted."""
    red_lines: list[OnScale]
    at_the_deadline: Estimate


class Round(TypedDict):
    """The end of one round of consultations, averaged over worlds."""

    round: Annotated[int, Field(ge=1)]
    precision: Spread
    p_adopted: Probability
    positions: dict[str, ByAction]
    text: dict[str, OnScale]
    moved: dict[str, Probability]
    """The share of worlds in which the penholder moved each provision."""


class Given(TypedDict):
    """What it tells that members vote in a certain way, from the worlds in which they do."""

    votes: dict[str, ActionName]
    p: Probability
    """The probability that a vote is taken and these votes are cast."""
    worlds: Spread
    """How many worlds of equal weight would say as much: the effective number."""
    outcome: dict[OutcomeName, Chance]
    members: dict[str, ByAction]


class Residual(TypedDict):
    """How far last positions are from the choices they lead to."""

    mean: Spread
    unsettled: Probability


class Source(TypedDict):
    """Who said what when, or which vote it was."""

    who: str
    on: str
    says: str
    source: list[str]
    published: list[str]


class FormerVote(TypedDict):
    """A vote of the record."""

    vote_id: str
    symbol: str
    on: str
    outcome: OutcomeName
    votes: Sides


class MemberVote(TypedDict):
    """What a member did at a vote of the record."""

    on: str
    vote: VoteName


class OfRecord(TypedDict):
    """What the record of votes holds that was known before the day of the vote."""

    until: str | None
    """The day of the latest vote in it."""
    mandate: str
    """The mandate that the draft renews, or empty."""
    votes: Count
    """How many votes on that mandate it has."""
    last: FormerVote | None
    """The latest of them."""
    latest: dict[str, list[MemberVote]]
    """What each member did at its latest votes on that mandate, three at most, in date order."""
    never_voted: list[str]
    """Members of which it has no vote at all."""


class Evidence(TypedDict):
    """What the preferences rest on that count in this scenario."""

    cited: dict[str, list[str]]
    """The evidence of each preference that has any, by its setting."""
    sources: dict[str, Source]
    assumed: dict[str, Count]
    """How many preferences of each member are assumed."""
    preferences: Count
    preferences_named: str
    """The name of the file of preferences and its title, or empty where there was no file."""
    by_group: list[str]
    """Members with no number of their own."""
    record: OfRecord
    assumed_coefficients: list[str]


class EstimateDocument(TypedDict):
    """A preference as a scenario file has it."""

    mean: float
    spread: Spread
    evidence: list[str]


Traits = dict[str, EstimateDocument | dict[str, EstimateDocument]]


@with_config({"extra": "allow"})
class DraftDocument(TypedDict):
    """What a report says of the draft; the file has more."""

    symbol: str
    mandate: str
    target: NotRequired[str | None]
    penholder: list[str]


@with_config({"extra": "allow"})
class NegotiationDocument(TypedDict, total=False):
    """What is known of the way to the vote; it moves no number."""

    drafts: Count | None
    rounds_on: list[str]
    silence_broken_by: list[str]
    in_blue_on: str | None
    vote_moved_from: str | None
    note: str


@with_config({"extra": "allow"})
class ScenarioDocument(TypedDict):
    """The scenario that ran, a file in its own right: see the JSON Schema of scenarios."""

    date: str
    sources: list[str]
    draft: DraftDocument
    negotiation: NotRequired[NegotiationDocument | None]
    members: dict[str, Traits]
    assume: NotRequired[dict[str, ByAction]]


@final
@with_config({"extra": "forbid", "use_attribute_docstrings": True})
class Report(TypedDict):
    """What a run says: `report.json`."""

    schema_version: int
    """Changes whenever a key changes its name or its meaning."""
    software: Software
    name: str
    title: str
    question: str
    settings: list[str]
    """What was laid over the scenario's file, as `members.RUS.ties.PRK=0.4`."""
    fingerprint: Hash
    """SHA-256 of all that decides the result but worlds and seed."""
    worlds: Annotated[int, Field(ge=1)]
    random_seed: Count
    headline: str
    doubt: Doubt
    warnings: list[str]
    outcome: dict[OutcomeName, Chance]
    given: Given | None
    """Where it was asked what some votes would tell."""
    vetoed_by: dict[str, Probability]
    """The probability of each set of vetoing members, over all worlds, the likeliest first."""
    deadline: Deadline
    conditions: Conditions
    members: dict[str, Member]
    roll_call: RollCalls
    text: dict[str, ProvisionText]
    rounds: list[Round]
    hangs_on: list[InputIndex]
    """The numbers that explain most of the variance of P(adopted) between worlds, five at most;
    none where there is no variance or where the worlds are too few."""
    residual: Residual
    evidence: Evidence
    scenario: ScenarioDocument
    checksum: Hash
    """SHA-256 of all other keys: of a report that was edited it is another."""


def estimate_in(scenario: ScenarioDocument, setting: str) -> EstimateDocument:
    """Return the preference of a scenario at a path as `members.RUS.ties.PRK`."""
    _, code, kind, *name = setting.split(".")
    entry = scenario["members"][code][kind]
    return cast(EstimateDocument, cast(dict[str, object], entry)[name[0]] if name else entry)
