"""Results as tables for pandas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from sim.arguments import check_known
from sim.charter import ACTIONS
from sim.data_frame import data_frame
from sim.facts.report import VOTES

if TYPE_CHECKING:
    from pandas import DataFrame

Source = TypeVar("Source")
Facts = Mapping[str, Any]
"""What `report.json` or `compare.json` holds."""
Table = tuple[Sequence[str], list[Sequence[Any]]]
"""The columns' names, and the rows."""

BOUNDS = ("p", "low", "high")
WHEN = ("before", "after")


def frame(source: Source, table: str, tables: Mapping[str, Callable[[Source], Table]]) -> DataFrame:
    """Return one table of a report, a comparison or a back-test, as a pandas DataFrame.

    Raises:
        UnscError: there is no such table, or pandas is not installed.
    """
    check_known("table", table, tables)
    return data_frame(*tables[table](source))


def members(report: Facts) -> Table:
    """Return a row per member: who it is, how it is likely to vote, its gain and beliefs."""
    described = ("name", "permanent", "regional_group", *VOTES, "most_likely")
    believed = (f"p_adopted_if_{action}" for action in ACTIONS)
    return ("member", *described, "gain", "gain_sd", *believed), [
        (
            code,
            *(member[key] for key in described),
            *(member["gain"][key] for key in ("mean", "sd")),
            *(member["believes_adopted_if"][action] for action in ACTIONS),
        )
        for code, member in report["members"].items()
    ]


def outcomes(report: Facts) -> Table:
    """Return a row per outcome: its probability with the 95 % interval of simulation."""
    every = report["outcome"].items()
    return ("outcome", *BOUNDS), [(name, *(value[key] for key in BOUNDS)) for name, value in every]


def roll_calls(report: Facts) -> Table:
    """Return a row per likely roll call: its probability, its tally, and each member's vote."""
    codes = list(report["members"])
    rows: list[Sequence[Any]] = []
    for call in report["roll_call"]["likeliest"]:
        votes = {code: side for side in VOTES for code in call[side]}
        rows.append((call["p"], *(len(call[side]) for side in VOTES), *(votes[c] for c in codes)))
    return ("p", *(f"n_{side}" for side in VOTES), *codes), rows


def rounds(report: Facts) -> Table:
    """Return a row per round and member: the chances of each action that it states."""
    return ("round", "member", *ACTIONS, "p_adopted"), [
        (step["round"], code, *(position[action] for action in ACTIONS), step["p_adopted"])
        for step in report["rounds"]
        for code, position in step["positions"].items()
    ]


def members_compared(comparison: Facts) -> Table:
    """Return a row per other scenario and member seated in both: before, after, and flips."""
    votes = [f"{side}_{when}" for when in WHEN for side in VOTES]
    flipped = ("flipped", "flipped_low", "flipped_high")
    return ("scenario", "member", *votes, *flipped, "gain_before", "gain_after"), [
        (
            other["name"],
            code,
            *(member[when][side] for when in WHEN for side in VOTES),
            *(member["flipped"][key] for key in BOUNDS),
            *(member["gain"][when] for when in WHEN),
        )
        for other in comparison["others"]
        for code, member in other["members"].items()
    ]


def outcomes_compared(comparison: Facts) -> Table:
    """Return a row per other scenario and outcome: before, after, and the paired difference."""
    before = comparison["base"]["outcome"]
    return ("scenario", "outcome", *WHEN, "difference", "low", "high"), [
        (
            other["name"],
            name,
            *(side[name]["p"] for side in (before, other["outcome"])),
            *(change[key] for key in BOUNDS),
        )
        for other in comparison["others"]
        for name, change in other["difference"].items()
    ]


def reasons_compared(comparison: Facts) -> Table:
    """Return a row per other scenario and setting: its share in the difference in P(adopted)."""
    return ("scenario", "setting", "share", "low", "high"), [
        (other["name"], one["setting"], *(one["share"][key] for key in BOUNDS))
        for other in comparison["others"]
        for one in other.get("why", {"shares": []})["shares"]
    ]


def parts(explanation: Facts) -> Table:
    """Return a row per member, action that its likeliest vote is held against, and part."""
    ways = ("by_outcome", "by_record")
    return ("member", "likeliest", "over", "part", *ways, "log_odds"), [
        (code, m["likeliest"], odds["over"], name, *(p[w] for w in ways), sum(p.values()))
        for code, m in explanation["members"].items()
        for odds in m["odds"]
        for name, p in odds["parts"].items()
    ]


def flips(explanation: Facts) -> Table:
    """Return a row per change that flips a member's likeliest vote."""
    what = ("kind", "what", "before", "after", "spreads", "argument", "likeliest")
    return ("member", *what, *ACTIONS, "p_adopted"), [
        (
            code,
            *(flip[key] for key in what),
            *(flip["votes"][action] for action in ACTIONS),
            flip["outcome"]["adopted"],
        )
        for code, m in explanation["members"].items()
        for flip in m["flips"]
    ]


def numbers(explanation: Facts) -> Table:
    """Return a row per preference that counts for a member."""
    columns = ("part", "mean", "spread")
    return ("member", "setting", *columns, "evidence"), [
        (code, setting, *(number[key] for key in columns), " ".join(number["evidence"]))
        for code, m in explanation["members"].items()
        for setting, number in m["numbers"].items()
    ]


OF_AN_EXPLANATION = {"parts": parts, "flips": flips, "numbers": numbers}
OF_A_REPORT = {"members": members, "outcomes": outcomes, "roll_calls": roll_calls, "rounds": rounds}
OF_A_COMPARISON = {
    "members": members_compared,
    "outcomes": outcomes_compared,
    "why": reasons_compared,
}
