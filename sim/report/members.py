"""What a report says of the members: their chances, gains, actual votes, and who is pivotal."""

from __future__ import annotations

from typing import NamedTuple

from sim.charter import ACTIONS
from sim.facts.figures import Points, Share, words
from sim.facts.pivot import PIVOTAL
from sim.facts.report import Member, Pivot, Report
from sim.report.sections import Row, Section, as_if, mean_spread, number

LEAST_TERM = 0.005
"""Terms that are smaller than this for every member are left to the JSON."""


def most_dissenting(report: Report) -> list[tuple[str, Member]]:
    """Return the members by code, those least likely to be in favour first."""
    return sorted(report["members"].items(), key=lambda item: item[1]["in_favour"])


DEFAULT = "quantal response"
"""How members choose unless a file says otherwise."""


def members(report: Report) -> Section:
    """Return the chances, the gain and the main reason of each member."""
    observed = report["roll_call"]["observed"]
    rows: list[Row] = []
    other = {c: m["behaviour"] for c, m in report["members"].items() if m["behaviour"] != DEFAULT}
    for code, m in most_dissenting(report):
        weight = m["terms"][m["weighs_most"]]
        reason = f"{'+' if weight >= 0 else '-'} {words(m['weighs_most'])}"
        rows.append(
            [
                code,
                m["name"],
                *(Share(m[action]) for action in ACTIONS),
                mean_spread(m["gain"]["mean"], m["gain"]["sd"], "+.2f"),
                "takes no part" if m["not_participating"] else other.get(code, reason),
                *([words(observed[code])] if observed else []),
            ]
        )
    given = as_if(report["deadline"]["withdrawn"])
    columns = ["", "member", "% for", "abst.", "agst.", "gain", "main reason"]
    return Section(
        "Members, most likely to dissent first",
        [
            *([f"How members would vote{given}."] if given else []),
            "Gain: what adoption is worth to the member compared with the lapse, mean ± standard "
            "deviation over worlds. Main reason: the largest term of the gain, with its sign"
            + ("; or how the member chooses, where that is not the default." if other else "."),
        ],
        [*columns, *(["actual vote"] if observed else [])],
        rows,
    )


def gains(report: Report) -> Section:
    """Return the terms of each member's gain, less those that are nothing for everybody."""
    every = most_dissenting(report)
    names = [
        name
        for name in every[0][1]["terms"]
        if any(abs(m["terms"][name]) >= LEAST_TERM for _, m in every)
    ]
    rows: list[Row] = [
        (code, *(number(x, "+.2f") for x in (m["gain"]["mean"], *(m["terms"][n] for n in names))))
        for code, m in every
    ]
    return Section(
        "What each gain is made of",
        [
            "Means over worlds; the terms add up to the gain. A provision counts by how much "
            "closer the text is than the lapse to what the member wants."
        ],
        ("", "gain", *map(words, names)),
        rows,
    )


def actual_votes(report: Report) -> Section:
    """Return the actual vote of each member beside the probability that the model gave it."""
    every = report["members"]
    observed = (report["roll_call"]["observed"] or {}).items()
    rows = [
        (code, every[code]["name"], words(vote), Share(p), words(every[code]["most_likely"]))
        for p, code, vote in sorted((every[code][vote], code, vote) for code, vote in observed)
    ]
    return Section(
        "Actual votes, and the probability the model gave them",
        [f"The least expected first{as_if(report['deadline']['withdrawn'])}."] if rows else (),
        ("", "member", "actual vote", "probability, %", "most likely"),
        rows,
    )


class Pivotal(NamedTuple):
    """A member that would change the outcome by another action."""

    code: str
    member: Member
    pivot: Pivot


def pivotal(report: Report) -> list[Pivotal]:
    """Return the pivotal members, those nearest to another action first."""
    every = [Pivotal(c, m, p) for c, m in report["members"].items() if (p := m["pivot"])]
    return sorted(every, key=lambda item: abs(item.pivot["distance"]))


def pivots(report: Report) -> Section:
    """Return the members whose other vote would change the outcome, and what it would take."""
    rows = [
        (
            code,
            f"{words(pivot['now'])} → {words(pivot['next'])}",
            Points(pivot["moves"]),
            mean_spread(m["gain"]["mean"], m["gain"]["sd"], "+.2f"),
            number(pivot["at_gain"], "+.2f"),
            number(pivot["distance"], "+.2f"),
        )
        for code, m, pivot in pivotal(report)
    ]
    step = f"{100 * PIVOTAL:.0f} points or more{as_if(report['deadline']['withdrawn'])}"
    return Section(
        "What would change the outcome",
        [
            f"A different vote by these members would change P(adopted) by {step}; those closest "
            "to switching come first. On average over worlds, their best vote gives way to the "
            "next best at the gain shown; where the two are close, the next best may already be "
            "the likelier."
            if rows
            else f"No member's vote alone would change P(adopted) by {step}."
        ],
        ("", "best → next best vote", "effect, points", "gain", "switches at", "change needed"),
        rows,
    )
