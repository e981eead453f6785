"""What a report says of the text and of the way to the vote."""

from __future__ import annotations

from sim.facts.figures import Share, words
from sim.facts.report import Report
from sim.report.sections import Cell, Row, Section, as_if, mean_spread, number, span, split

MOST_FOLLOWED = 3
"""Members followed round by round at most; the JSON has all."""

DISSENT = 0.05
"""A member whose chance of not being in favour is above this is followed round by round."""


def may_dissent(report: Report) -> list[str]:
    """Return the members likely enough not to be in favour (`DISSENT`), the likeliest first."""
    doubtful = [
        (m["in_favour"], code)
        for code, m in report["members"].items()
        if not m["not_participating"]
    ]
    return [code for in_favour, code in sorted(doubtful) if 1 - in_favour > DISSENT]


def stays_as_tabled(report: Report) -> bool:
    """Return whether the text is put to the vote as it was tabled, whatever happens."""
    is_fixed = all(p["red_lines"][0] == p["red_lines"][1] for p in report["text"].values())
    return is_fixed and not report["deadline"]["fell_back"]


def text(report: Report) -> Section:
    """Return the text provision by provision: as tabled, as agreed, and the lapse."""
    stays = stays_as_tabled(report)
    rows = []
    for name, p in report["text"].items():
        row: list[Cell] = [words(name), number(p["lapse"]), number(p["tabled"])]
        if not stays:
            low, high = p["red_lines"]
            row.append(span(number(low), number(high)) if low < high else "fixed")
            row.append(mean_spread(p["at_the_deadline"]["mean"], p["at_the_deadline"]["sd"]))
        rows.append([*row, p["unit"]])
    moving = () if stays else ("red lines", "at the deadline")
    columns = ("provision", "lapse", "tabled", *moving, "scale from 0 to 1")
    over_worlds = "At the deadline: mean ± standard deviation over worlds."
    sentence = "Put to the vote as tabled." if stays else over_worlds
    heading = "The text, and the lapse if it is not adopted"
    return Section(heading, [sentence], columns, rows)


def followed(report: Report) -> list[str]:
    """Return the members that are shown round by round."""
    return may_dissent(report)[:MOST_FOLLOWED]


def rounds(report: Report) -> Section:
    """Return P(adopted) and what those who may dissent say, round by round."""
    codes = followed(report)
    moves = any(r["moved"] for r in report["rounds"])
    rows: list[Row] = [
        (
            r["round"],
            number(r["precision"], ".1f"),
            Share(r["p_adopted"]),
            *(split(r["positions"][code]) for code in codes),
            *([", ".join(f"{words(n)} {Share(p)}" for n, p in r["moved"].items())] * moves),
        )
        for r in report["rounds"]
    ]
    given = as_if(report["deadline"]["withdrawn"])
    sentences = [f"P(adopted){given}."] if given else []
    if codes:
        sentence = "Positions of members that may dissent: in favour / abstaining / against, %."
        if len(may_dissent(report)) > MOST_FOLLOWED:
            sentence += f" The {MOST_FOLLOWED} most likely to do so; the JSON has all members."
        sentences.append(sentence)
    columns = ("round", "precision", "P(adopted), %", *codes, *(["moved, % of worlds"] * moves))
    return Section("Consultations", sentences, columns, rows)


def negotiation(report: Report) -> Section:
    """Return what the scenario says of the draft and its negotiation; it moves no number."""
    scenario = report["scenario"]
    draft, known = scenario["draft"], scenario.get("negotiation") or {}
    said: dict[str, Cell] = {
        "draft": draft["symbol"],
        "mandate": draft["mandate"],
        "penholder": ", ".join(draft["penholder"]),
        "drafts": known.get("drafts"),
        "rounds on": ", ".join(known.get("rounds_on", ())),
        "silence broken by": ", ".join(known.get("silence_broken_by", ())),
        "in blue on": known.get("in_blue_on"),
        "vote moved from": known.get("vote_moved_from"),
        "vote on": scenario["date"],
        "note": known.get("note"),
        "sources": "; ".join(scenario["sources"]),
    }
    return Section(
        "The draft and its negotiation",
        ["As the scenario describes them."],
        ("what", "as described"),
        [(what, value) for what, value in said.items() if value],
    )
