"""Why a member votes so, or why the outcome is what it is, and in which order that is said."""

from __future__ import annotations

from collections.abc import Iterator

from sim.facts.explanation import Explained, ExplanationFacts, Odds, size_of
from sim.facts.figures import Share, percent
from sim.facts.report import Report
from sim.report.again import explain_again
from sim.report.basis import evidence, provenance, votes_as_evidence
from sim.report.brief import former_votes, hides
from sim.report.consultations import may_dissent
from sim.report.explanation_outcome import outcome_sections
from sim.report.explanation_tables import (
    LEADING,
    flips,
    leading,
    numbers,
    parts,
    rests_on,
    sources,
    to_try,
)
from sim.report.part_words import in_reason, setting_label
from sim.report.sections import VOTES, VOTING, Section, as_if, keyed, split

LEAST_SWAY = 0.05
"""Votes of others that move the member's chances by less are not told."""
FOR_REFERENCE = ("numbers", "evidence")
"""How the keys of sections begin that only files hold."""


def explanation_sections(facts: ExplanationFacts) -> list[Section]:
    """Return the sections of an explanation: of one member, or of the outcome."""
    report, asked = facts["report"], facts["asked"]
    sections = member_sections(facts, asked) if asked else outcome_sections(facts)
    return keyed(
        [
            *sections,
            ("provenance", how(report)),
            ("evidence", evidence(report)),
            ("evidence-votes", votes_as_evidence(report)),
            ("again", explain_again(report, asked)),
        ],
        FOR_REFERENCE,
    )


def how(report: Report) -> Section:
    """Return how it was computed, what log-odds are, and what a flip is."""
    section = provenance(report)
    said = [
        "Log-odds: the mean over worlds of the logarithm of how many times likelier one vote is "
        "than the other; 0.7 is twice, 2.3 ten times, 4.6 a hundred times. The parts sum to it.",
        "A flip is a change after which another vote is the member's likeliest, all members "
        "answering, over the same worlds: the least one of its kind, to a hundredth.",
    ]
    return Section(section.heading, [*section.sentences[:2], *said])


def member_sections(facts: ExplanationFacts, code: str) -> Iterator[tuple[str, Section]]:
    """Yield the sections of one member."""
    report, member = facts["report"], facts["members"][code]
    yield "answer", answer(report, code, member)
    for k, odds in enumerate(member["odds"], start=1):
        yield f"odds-{k}", parts(report, code, member["likeliest"], odds)
    if member["odds"]:
        yield "rests", rests_on(member)
        yield "sources", sources(member)
    if sum(member["tried"].values()):
        yield "flips", flips(report, code, member)
    if member["flips"]:
        yield "try", to_try(report, member["flips"])
    yield "numbers", numbers(member)


def answer(report: Report, code: str, member: Explained) -> Section:
    """Return in words why a member votes as it does."""
    m = report["members"][code]
    if m["not_participating"]:
        heading = f"{report['title']}: {code} takes no part in the vote"
        return Section(heading, [f"The rules of the vote say so. {report['headline']}"])
    heading = f"{report['title']}: why {code} is likely to {VOTING[member['likeliest']]}"
    chances = f"in favour / abstaining / against {split(m)} %"
    given = as_if(report["deadline"]["withdrawn"])
    said = [f"{m['name']}: {chances}{given}.", report["headline"]]
    if not member["odds"]:
        given = m["behaviour"].replace("fixed: ", "its vote is assumed to be ")
        said.append(f"It does not weigh what each vote is worth to it: {given}.")
    said += [main_reasons(report, code, member, odds) for odds in member["odds"]]
    if member["odds"]:
        said += [*own_vote(report, code, member), *history(report, code, member)]
    return Section(heading, said)


def main_reasons(report: Report, code: str, member: Explained, odds: Odds) -> str:
    """Return the largest parts for and against the likeliest vote over another, in words."""
    then, now = member["likeliest"], odds["over"]
    mean = f"log-odds {odds['whole']:+.1f}"
    if odds["whole"] < 0:  # few worlds may weigh more in a mean of log-odds than in one of chances
        mean += " on average, although it is the likelier over all worlds"
    said = f"Why it would {VOTING[then]} rather than {VOTING[now]}, {mean}. "
    for sign, start in ((1, "Reasons for: "), (-1, "Reasons against: ")):
        reasons = [
            f"{in_reason(report, code, name, size, then, now)} ({size:+.1f})"
            for name, size in leading(odds)
            if size * sign > 0
        ]
        if reasons:
            said += f"{start}{'; '.join(reasons)}. "
    return said.rstrip()


def own_vote(report: Report, code: str, member: Explained) -> Iterator[str]:
    """Yield what a member believes of the others, and whether its own vote counts."""
    m = report["members"][code]
    believes = m["believes_adopted_if"]
    each = ", ".join(f"{percent(believes[action])} if it {does}" for action, does in VOTES.items())
    said = (
        f"As it sees the others, its own vote counts for {Share(member['counts'])} points of "
        f"P(adopted): {each}."
    )
    others = [c for c in may_dissent(report) if c != code]
    if others:
        named = ", ".join(f"{c} {split(report['members'][c])}" for c in others[:LEADING])
        said += f" Those that may dissent beside it: {named}."
    if hides(report, code):
        said += " The draft would likely fail without its veto, which would gain it little."
    yield said
    sway = member["swayed_by"]
    if sway and any(abs(sway["votes"][action] - m[action]) >= LEAST_SWAY for action in VOTES):
        vote = VOTING[sway["after"]] if isinstance(sway["after"], str) else ""
        yield (
            f"The vote of another that would move it most: if {sway['what']} were known to {vote}, "
            f"it would be {split(sway['votes'])} %."
        )


def history(report: Report, code: str, member: Explained) -> Iterator[str]:
    """Yield what a member did before on this mandate, what habit weighs, and what changed since."""
    record = report["evidence"]["record"]
    if latest := record["latest"].get(code):
        yield f"On this mandate it {former_votes(latest)}."
    elif record["mandate"]:
        yield "The record has no vote of it on this mandate."
    weighs = [size_of(p) for o in member["odds"] for n, p in o["parts"].items() if "habit" in n]
    if weighs:
        first = [size_of(p) for n, p in member["odds"][0]["parts"].items() if "habit" in n]
        over = VOTING[member["odds"][0]["over"]]
        who = "others" if code in record["never_voted"] else "it and others"
        yield (
            f"Habit, what {who} did on drafts like this, weighs {sum(first):+.1f} of the log-odds "
            f"of {member['odds'][0]['whole']:+.1f} over the choice to {over}."
        )
    for setting, change in member["dated"].items():
        note = change["note"].partition(";")[0]
        because = f" Why: {note}." if note else ""
        yield (
            f"Its {setting_label(setting)} is {change['after']:.2f} since {change['since']}; it "
            f"was {change['before']:.2f} before.{because}"
        )
