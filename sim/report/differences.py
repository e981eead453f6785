"""What a comparison says and in which order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, zip_longest
from typing import Literal

from sim.facts.comparison import ComparisonReport, MemberChange, OtherSide, Side, Why
from sim.facts.figures import Points, Share, percent, words
from sim.facts.settings import Setting, SettingValue
from sim.report.again import compare_again
from sim.report.part_words import setting_label
from sim.report.sections import (
    Cell,
    Row,
    Section,
    as_if,
    keyed,
    move,
    number,
    series,
    split,
    with_interval,
)

Lettered = Sequence[tuple[str, Side]]
"""A letter for each scenario, A the base, and what the comparison says of it."""

FOR_REFERENCE = ("members", "text", "rounds", "again")
"""How the keys of sections begin that only files hold."""
WHEN: tuple[Literal["before"], Literal["after"]] = ("before", "after")
VOTES = ("", *WHEN, "flipped %")
"""Headings of the first columns where members are compared; see `votes`."""
LEAST_FLIPPED = 0.005
"""Members whose vote flipped in a smaller share of worlds are left to the JSON."""
MOST_SETTINGS = 8
"""Settings that differ between two scenarios are listed up to this number."""
MOST_TOLD = 3
"""Shares in a difference that are told in the sentence."""
LEAST_TOLD = 0.001
"""Shares that are smaller are told in the table alone."""
GROUPS = {
    "seats": "who has a seat",
    "memory": "what the record remembers",
    "draft": "whose and what kind of draft it is",
    "draft.text": "the text",
    "charter": "the rules of the vote",
    "consultations": "how consultations run",
    "tabling": "when it is tabled",
    "coefficients": "the coefficients",
    "draws": "how numbers vary together",
}
"""What differs as one, in words."""
SEAT = re.compile(r"members\.[^.]+")
"""A setting that says whether a member has a seat."""


def comparison_sections(comparison: ComparisonReport) -> list[Section]:
    """Return the sections of a comparison, one group for each scenario beside the base."""
    sections: list[tuple[str, Section]] = []
    for k, other in enumerate(comparison["others"], start=1):
        withdrawn = (s["outcome"]["withdrawn"]["p"] for s in (comparison["base"], other))
        given = as_if(max(withdrawn))
        sections += [
            (f"outcome-{k}", difference(comparison["base"], other)),
            *([(f"why-{k}", reasons(other["why"]))] if "why" in other else []),
            (f"settings-{k}", settings(other)),
            (f"moved-{k}", moved(other, given)),
            (f"members-{k}", every_member(other, given)),
        ]
    sentence = (
        f"All sides share the same {comparison['worlds']:,} worlds, random seed "
        f"{comparison['random_seed']}; unsc-sim {comparison['software']['version']}. The intervals "
        "cover simulation error only, not what is unknown about preferences."
    )
    sections += [
        ("text", texts(comparison)),
        ("rounds", rounds(comparison)),
        ("provenance", Section("How it was computed", [sentence])),
        ("again", compare_again(comparison)),
    ]
    return keyed(sections, FOR_REFERENCE)


def difference(base: Side, other: OtherSide) -> Section:
    """Return how likely each outcome is on both sides, and how often one became another."""
    rows = [
        (
            words(name),
            Share(base["outcome"][name]["p"]),
            Share(other["outcome"][name]["p"]),
            *with_interval(change, Points),
        )
        for name, change in other["difference"].items()
        if base["outcome"][name]["p"] or other["outcome"][name]["p"]
    ]
    flips = [f"{words(name)} in {percent(p)}" for name, p in other["outcome_flips"].items()]
    flipped = f"Outcomes of the votes drawn in the same worlds: {'; '.join(flips)}."
    return Section(
        f"{base['name']} → {other['name']}",
        [other["headline"], *([flipped] if flips else [])],
        ("outcome", "base %", "other %", "points", "95 % interval"),
        rows,
    )


def reasons(why: Why) -> Section:
    """Return the difference in P(adopted) split over what differs, in a sentence and a table."""
    shares = why["shares"]
    if not shares:
        return Section("Why", ["Nothing that moves a number differs."])
    orders = (
        "all orders in which settings can be taken over from the other scenario"
        if why["exact"]
        else "drawn orders in which groups of settings are taken over"
    )
    method = (
        f"Shapley shares: the mean of what each adds, over {orders}; {why['runs']} runs over the "
        f"first {why['worlds']:,} worlds. They sum to the whole."
    )
    rows = [(setting_words(one["setting"]), *with_interval(one["share"], Points)) for one in shares]
    return Section(
        "Why: the difference in adoption by what differs",
        [largest_shares(why), method],
        ("what differs", "points", "95 % interval"),
        rows,
    )


def largest_shares(why: Why) -> str:
    """Return the whole difference and its largest shares, in a sentence."""
    told = [
        f"{Points(one['share']['p'])} from {setting_words(one['setting'])}"
        for one in why["shares"][:MOST_TOLD]
        if abs(one["share"]["p"]) >= LEAST_TOLD
    ]
    whole = f"{Points(why['whole']['p'])} points"
    return f"Of {whole}, {series(told, 'and')}." if told else f"There are {whole} to split."


def setting_words(setting: str) -> str:
    """Return what differs in words: `RUS: tie to PRK`, `the text: review`, `who has a seat`."""
    if setting in GROUPS:
        return GROUPS[setting]
    section, _, rest = setting.partition(".")
    if section == "draft":
        return f"the text: {words(rest.removeprefix('text.'))}"
    code, _, own = rest.partition(".")
    if not own:
        return f"{code}: what it wants"
    return f"{code}: {'how it chooses' if own == 'behaviour' else setting_label(own)}"


def settings(other: OtherSide) -> Section:
    """Return the settings that differ, up to `MOST_SETTINGS`, the Council and memory in words."""
    every = listed(other)
    rows = [(s["setting"], _cell(s["base"]), _cell(s["other"])) for s in every[:MOST_SETTINGS]]
    sentences = [] if other["settings"] else ["No setting differs."]
    sentences += seats(other)
    if n := len(other["remembered_otherwise"]):
        members = "1 member" if n == 1 else f"{n} members"
        sentences.append(f"What the record remembers of {members} differs.")
    if len(every) > MOST_SETTINGS:
        more = len(every) - MOST_SETTINGS
        sentences.append(f"{more} more settings differ; the JSON lists all of them.")
    columns = ("setting", "base", "other")
    return Section("Settings that differ", sentences, columns, rows)


def listed(other: OtherSide) -> list[Setting]:
    """Return the settings that differ, less seats and memory: those are told in sentences."""
    return [
        setting
        for setting in other["settings"]
        if not setting["setting"].startswith("memory.") and not SEAT.fullmatch(setting["setting"])
    ]


def seats(other: OtherSide) -> list[str]:
    """Return who has a seat on one side only."""
    seated = {"base": other["seated_only_in_base"], "other": other["seated_only_in_other"]}
    return [f"Seated only in the {s}: {', '.join(codes)}." for s, codes in seated.items() if codes]


def _cell(value: SettingValue) -> Cell:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return number(value, "g") if isinstance(value, float) else value


def moved(other: OtherSide, given: str) -> Section:
    """Return the members whose vote changed, how, and why, under a condition or under none."""
    rows = [
        (
            *votes(code, m),
            "; ".join(f"{words(n)} {Share(p)}" for n, p in islice(m["flips"].items(), 2)),
            "; ".join(f"{words(n)} {x:+.2f}" for n, x in islice(m["changed"].items(), 2)) or None,
        )
        for code, m in most_flipped(other)
        if m["flipped"]["p"] >= LEAST_FLIPPED
    ]
    legend = (
        f"In favour / abstaining / against, %{given}. Reasons: rules and costs first, then terms "
        "of the gain, last the member's belief, which also depends on its own vote."
    )
    nobody = f"member's vote flipped in {100 * LEAST_FLIPPED:.1f} % of worlds or more."
    return Section(
        "Members whose vote changed",
        [legend, f"No other {nobody}"] if rows else [f"No {nobody}"],
        (*VOTES, "how", "reasons"),
        rows,
    )


def every_member(other: OtherSide, given: str) -> Section:
    """Return every member that sits on both sides, the one that flipped most first."""
    rows = [
        (*votes(code, m), *(number(m["gain"][when], "+.2f") for when in WHEN))
        for code, m in most_flipped(other)
    ]
    return Section(
        "Members seated in both, before and after",
        [f"In favour / abstaining / against, %, and the mean gain{given}."],
        (*VOTES, "gain before", "gain after"),
        rows,
    )


def votes(code: str, member: MemberChange) -> Row:
    """Return the first cells of a member: its vote before and after, and how often it flipped."""
    return code, *(split(member[when]) for when in WHEN), Share(member["flipped"]["p"])


def most_flipped(other: OtherSide) -> list[tuple[str, MemberChange]]:
    """Return the members that sit on both sides, the one that flipped most first."""
    return sorted(other["members"].items(), key=lambda item: -item[1]["flipped"]["p"])


def sides(comparison: ComparisonReport) -> list[Side]:
    """Return the base and the others, each by its name, outcome, text and rounds."""
    return [comparison["base"], *comparison["others"]]


def texts(comparison: ComparisonReport) -> Section:
    """Return the text at the deadline of each scenario, provision by provision."""
    every = [side["text"] for side in sides(comparison)]
    rows: list[Row] = []
    for name in dict.fromkeys(name for text in every for name in text):
        cells = [
            move(number(p["lapse"]), number(p["at_the_deadline"]["mean"])) if p else None
            for p in (text.get(name) for text in every)
        ]
        rows.append([words(name), *cells])
    return Section(
        "Text at the deadline",
        ["The lapse → the text put to the vote, mean over worlds."],
        ("provision", *(side["name"] for side in sides(comparison))),
        rows,
    )


def rounds(comparison: ComparisonReport) -> Section:
    """Return P(adopted) of each scenario round by round."""
    by_round = zip_longest(*(side["p_adopted_by_round"] for side in sides(comparison)))
    rows: list[Row] = [
        (k, *("" if p is None else Share(p) for p in every))
        for k, every in enumerate(by_round, start=1)
    ]
    return Section(
        "Consultations",
        ["P(adopted) by the positions stated in each round, %."],
        ("round", *(side["name"] for side in sides(comparison))),
        rows,
    )
