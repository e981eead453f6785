"""Why the outcome is what it is: whom it hangs on, why they vote so, what other votes would do."""

from __future__ import annotations

from collections.abc import Iterator

from sim.facts.explanation import Explained, ExplanationFacts
from sim.facts.figures import Share, percent, words
from sim.facts.report import Report
from sim.report.brief import HIDES, hides, how_it_chooses
from sim.report.consultations import may_dissent
from sim.report.explanation_tables import leading
from sim.report.part_words import in_reason
from sim.report.sections import Row, Section, split

LEAST_VETO = 0.005
"""Holders of a veto that are less likely to be against are not named."""


def outcome_sections(facts: ExplanationFacts) -> Iterator[tuple[str, Section]]:
    """Yield the sections of the outcome: whom it hangs on, why, and what other votes would do."""
    report, members = facts["report"], facts["members"]
    yield "answer", Section(f"{report['title']}: why", [*reasons_of_outcome(facts)])
    rows: list[Row] = [
        (
            code,
            split(report["members"][code]),
            Share(member["counts"]),
            reason_in_short(report, code, member),
        )
        for code, member in members.items()
    ]
    if rows:
        yield (
            "members",
            Section(
                "Members that it hangs on, and why they vote as they do",
                [
                    "In favour / abstaining / against; by how many points P(adopted) hangs on the "
                    "member's own vote, as it sees the others; and the main reasons for its "
                    "likeliest vote over the next, with their log-odds. unsc explain with the "
                    "member's code says more."
                ],
                ("member", "%", "counts for", "main reasons"),
                rows,
            ),
        )
    yield from if_they_voted(facts)


def if_they_voted(facts: ExplanationFacts) -> Iterator[tuple[str, Section]]:
    """Yield what each other vote of the members would make of the outcome."""
    report = facts["report"]
    shown = [name for name, value in report["outcome"].items() if value["high"] > 0]
    rows: list[Row] = [
        (
            code,
            f"{words(action)}{' *' if action == facts['members'][code]['likeliest'] else ''}",
            *(Share(outcome[name]) for name in shown),
        )
        for code, by_vote in facts["if_it_voted"].items()
        for action, outcome in by_vote.items()
    ]
    if rows:
        yield (
            "votes",
            Section(
                "If one of them were known to vote so",
                ["All others know it and answer. A star marks its likeliest vote."],
                ("member", "vote", *(f"{words(name)} %" for name in shown)),
                rows,
            ),
        )


def reasons_of_outcome(facts: ExplanationFacts) -> Iterator[str]:
    """Yield why the outcome is what it is: the two conditions, and who decides them."""
    report = facts["report"]
    yield report["headline"]
    votes, veto = report["conditions"]["votes_in_favour"], report["conditions"]["no_veto"]
    yield (
        f"Enough votes in favour ({votes['needed']}): probability {percent(votes['met']['p'])}, "
        f"{votes['expected']:.1f} expected."
    )
    if veto["applies"]:
        against = [f"{c} {percent(p)}" for c, p in veto["against"].items() if p >= LEAST_VETO]
        who = f" (against: {', '.join(against)})" if against else ""
        yield f"No veto: probability {percent(veto['met']['p'])}{who}."
    dissenters = may_dissent(report)
    for code, member in facts["members"].items():
        if code in dissenters:
            yield f"{code}: {reason_in_short(report, code, member)}."
    if not dissenters:
        alone = "any of those below" if facts["members"] else "none"
        yield f"No member is likely to dissent; {alone} could change the outcome alone."


def reason_in_short(report: Report, code: str, member: Explained) -> str:
    """Return the largest parts for the likeliest vote over the next, in words."""
    if not member["odds"]:
        return how_it_chooses(report["members"][code])
    odds = member["odds"][0]
    said = [
        f"{in_reason(report, code, name, size, member['likeliest'], odds['over'])} ({size:+.1f})"
        for name, size in leading(odds)
        if size > 0
    ][:2]
    if hides(report, code):
        said.append(HIDES)
    return "; ".join(said) or "no part stands out"
