"""The page of an explanation: why a member votes so, each part drawn for or against its vote."""

from __future__ import annotations

from itertools import accumulate

from markupsafe import Markup

from sim.facts.explanation import Explained, ExplanationFacts, Flip, Odds, size_of
from sim.facts.figures import percent, words
from sim.facts.report import Report
from sim.report.explanation import explanation_sections
from sim.report.explanation_tables import change, listed_parts
from sim.report.page.bars import BAR, stacked
from sim.report.page.horseshoe import horseshoe
from sim.report.page.page import Part, page
from sim.report.page.svg import WIDTH, Scale, box, chart, diamond, group, label, line
from sim.report.part_words import setting_label
from sim.report.sections import Section

ROW = 30
FLIP = 40


def explanation_page(facts: ExplanationFacts) -> str:
    """Return the page of an explanation: what `explain.json` holds."""
    opening, *sections = explanation_sections(facts)
    report, asked = facts["report"], facts["asked"]
    parts = [Part(opening, lead=opening.sentences[0])]
    if not asked:
        parts.append(council(report))
    for section in sections:
        kind, _, number = section.key.partition("-")
        member = facts["members"].get(asked)
        if member and kind == "odds":
            drawing = waterfall(report, asked, member["odds"][int(number) - 1], section)
            parts.append(Part(section, [drawing], "odds"))
        elif member and kind == "flips" and member["flips"]:
            parts.append(Part(section, [flips(report, member)], "members"))
        else:
            folded = f"The table, {len(section.rows)} rows" if section.for_reference else ""
            parts.append(Part(section, folded=folded))
    return page(opening.heading, parts)


def council(report: Report) -> Part:
    """Return the Council as a horseshoe."""
    sentence = (
        "The shape of each seat shows the member's most likely vote; beside those that may "
        "dissent, in favour / abstaining / against, %."
    )
    return Part(Section("The Council", [sentence], key="council"), [horseshoe(report)], "council")


def waterfall(report: Report, code: str, odds: Odds, section: Section) -> Markup:
    """Return the parts of the log-odds one after another, from 0 to their sum."""
    shown = [(name, size_of(part)) for name, part in listed_parts(report, code, odds)]
    ends = [0.0, *accumulate(size for _, size in shown)]
    scale = Scale(ends)
    drawn: list[Markup] = []
    for k, ((name, size), start, end) in enumerate(zip(shown, ends, ends[1:], strict=False)):
        left, right = sorted((scale(start), scale(end)))
        drawn.append(
            group(
                label(0, k * ROW + 11, name),
                label(WIDTH, k * ROW + 11, f"{size:+.2f}", "end", "number"),
                line(scale(0), k * ROW + 13, scale(0), k * ROW + 27, "axis"),
                box(left, k * ROW + 15, right - left, BAR, "plus" if size > 0 else "minus"),
            )
        )
    y = len(shown) * ROW + 20
    drawn += [
        label(0, y - 9, "sum", class_="strong"),
        label(WIDTH, y - 9, f"{odds['whole']:+.2f}", "end", "number"),
        diamond(scale(odds["whole"]), y),
    ]
    described = "; ".join(f"{name} {size:+.2f}" for name, size in shown)
    described = f"{described}; sum {odds['whole']:+.2f}."
    return chart(section.key, section.heading, described, (len(shown) + 1) * ROW, drawn)


def flips(report: Report, member: Explained) -> Markup:
    """Return the member's votes as they are, and after each change."""
    rows = [_flip(k, flip) for k, flip in enumerate(member["flips"])]
    described = "; ".join(
        f"{change(report, flip)}: {words(flip['likeliest'])}, adopted "
        f"{percent(flip['outcome']['adopted'])}"
        for flip in member["flips"]
    )
    title = "Its votes after each change"
    return chart("flips", title, f"{described}.", len(rows) * FLIP, rows)


def _flip(k: int, flip: Flip) -> Markup:
    """Return a bar of the member's votes, by the number of the change in the table."""
    name = setting_label if flip["kind"] == "preference" else words
    what, vote = name(flip["what"]), ""
    if isinstance(flip["after"], str):
        vote = f" {words(flip['after'])}"
    top = k * FLIP
    return group(
        label(0, top + 12, f"{k + 1}  {what}{vote}"),
        stacked(top + 18, flip["votes"]),
    )
