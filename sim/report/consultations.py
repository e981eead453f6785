"""What a report says of the text and of the way to the vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.facts.run import per_cent
from sim.report.sections import Facts, Section, shares, words

MOST_FOLLOWED = 3
"""Members followed round by round at most; the JSON has all."""

DISSENT = 0.05
"""A member whose chance of not being in favour is above this is followed round by round."""


def may_dissent(report: Facts) -> list[str]:
    """Return the members likely enough not to be in favour (`DISSENT`), the likeliest first."""
    doubtful = [
        (m["in_favour"], code)
        for code, m in report["members"].items()
        if not m["not_participating"]
    ]
    return [code for in_favour, code in sorted(doubtful) if 1 - in_favour > DISSENT]


def stays_as_tabled(report: Facts) -> bool:
    """Return whether the text is put to the vote as it was tabled, whatever happens."""
    is_fixed = all(p["red_lines"][0] == p["red_lines"][1] for p in report["text"].values())
    return is_fixed and not report["deadline"]["fell_back"]


def text(report: Facts) -> Section:
    """Return the text provision by provision: as tabled, as agreed, and the lapse."""
    provisions, stays = report["text"], stays_as_tabled(report)
    rows = [
        (
            words(name),
            f"{p['lapse']:.2f}",
            f"{p['tabled']:.2f}",
            *([] if stays else [_red_lines(p["red_lines"]), _at_the_deadline(p)]),
            p["unit"],
        )
        for name, p in provisions.items()
    ]
    moving = () if stays else ("red lines", "at the deadline")
    columns = ("provision", "lapse", "tabled", *moving, "scale from 0 to 1")
    sentence = "Put to the vote as it was tabled." if stays else "Mean ± spread of worlds."
    heading = "Text, and what stands if it is not adopted"
    return Section(heading, [sentence], columns, rows, key="text")


def _at_the_deadline(provision: Mapping[str, Any]) -> str:
    text = provision["at_the_deadline"]
    return f"{text['mean']:.2f} ± {text['sd']:.2f}"


def _red_lines(lines: Sequence[float]) -> str:
    return f"{lines[0]:.2f} to {lines[1]:.2f}" if lines[0] < lines[1] else "fixed"


def followed(report: Facts) -> list[str]:
    """Return the members that are shown round by round."""
    return may_dissent(report)[:MOST_FOLLOWED]


def rounds(report: Facts) -> Section:
    """Return P(adopted) and what those who may dissent say, round by round."""
    codes = followed(report)
    moves = any(r["moved"] for r in report["rounds"])
    rows = [
        (
            str(r["round"]),
            f"{r['precision']:.1f}",
            per_cent(r["p_adopted"]),
            *(shares(r["positions"][code]) for code in codes),
            *([_moves(r["moved"])] if moves else []),
        )
        for r in report["rounds"]
    ]
    sentence = "Stated positions of members that may dissent: in favour / abstaining / against, %."
    if len(may_dissent(report)) > MOST_FOLLOWED:
        sentence += f" The {MOST_FOLLOWED} likeliest of them; the JSON has all."
    columns = ("round", "precision", "adopted %", *codes, *(["moved, % of worlds"] * moves))
    return Section("Consultations", [sentence] if codes else (), columns, rows, key="rounds")


def _moves(moved: Mapping[str, float]) -> str:
    return ", ".join(f"{words(name)} {per_cent(p)}" for name, p in moved.items())


def way_to_the_vote(report: Facts) -> Section:
    """Return what the scenario tells of the draft and of the way to the vote; it moves nothing."""
    scenario = report["scenario"]
    draft, way = scenario["draft"], scenario.get("negotiation") or {}
    told = {
        "draft": draft["symbol"],
        "mandate": draft["mandate"],
        "penholder": ", ".join(draft["penholder"]),
        "drafts": str(way.get("drafts") or ""),
        "rounds on": ", ".join(way.get("rounds_on", ())),
        "silence broken by": ", ".join(way.get("silence_broken_by", ())),
        "in blue on": way.get("in_blue_on") or "",
        "vote moved from": way.get("vote_moved_from") or "",
        "vote on": scenario["date"],
        "note": way.get("note") or "",
        "sources": "; ".join(scenario["sources"]),
    }
    rows = [(what, value) for what, value in told.items() if value]
    return Section(
        "The draft and the way to the vote",
        ["As the scenario reports it."],
        ("what", "as reported"),
        rows,
        for_reference=True,
        key="way",
    )
