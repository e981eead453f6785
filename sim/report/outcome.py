"""What a report of a run says and in which order; each form only dresses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sim.facts.figures import Share, percent, words
from sim.facts.headline import p_if_put_to_the_vote
from sim.facts.report import Between, Report
from sim.facts.votes import in_words, sides_of, those_who
from sim.report.again import run_again
from sim.report.basis import assumptions, evidence, provenance, votes_as_evidence
from sim.report.brief import data, dissent, hinges
from sim.report.consultations import negotiation, rounds, text
from sim.report.given import given_votes
from sim.report.members import actual_votes, gains, members, pivots
from sim.report.sections import Row, Section, as_if, keyed
from sim.report.shares import first_numbers

MOST_VETOES = 3
"""Sets of vetoing members are told up to this number."""
LEAST = 0.0005
"""Probabilities below this are left to the JSON."""


def answer(report: Report) -> Section:
    """Return the question, the answer, what happened, and what to know before trusting it."""
    sentences = [report["question"]] if report["question"] else []
    if settings := [s for s in report["settings"] if not s.startswith("assume.")]:
        sentences.append(f"With the settings {', '.join(settings)}.")
    members = report["scenario"].get("assume", {})
    if assumed := [f"{code} {report['members'][code]['behaviour']}" for code in members]:
        known = ", ".join(assumed).replace("fixed: ", "")
        sentences.append(f"Assumed, and known to all others: {known}.")
    sentences += [report["headline"], doubt(report)]
    calls = report["roll_call"]
    seen, votes, p = calls["observed_outcome"], calls["observed"], calls["p_observed"]
    if seen is not None and votes is not None and p is not None:
        p_given = p_if_put_to_the_vote(p, report["deadline"])
        given = ""
        if report["deadline"]["withdrawn"] and p_given is not None:
            given = f" ({percent(p_given)} given that the draft is put to the vote)"
        sentences.append(
            f"What happened: {words(seen)} ({in_words(sides_of(votes))}). The model gives this "
            f"outcome {percent(report['outcome'][seen]['p'])}, this roll call {percent(p)}{given}."
        )
    sentences += [f"Warning: {warning}" for warning in report["warnings"]]
    return Section(report["title"], sentences)


def doubt(report: Report) -> str:
    """Return how far what is not known moves the probability of adoption."""
    every, preferences = report["doubt"]["all"], report["doubt"]["preferences"]
    with_shocks = "the same" if every == preferences else between(every)
    return (
        "Uncertainty: in eight of ten draws of what capitals want and how the text reads, "
        f"P(adopted) is {between(preferences)}; with shocks common to all members, {with_shocks}."
    )


def between(bounds: Between | None) -> str:
    """Return bounds of a probability in whole per cent: `16 to 100 %`, `about 98 %`."""
    if bounds is None:
        return "not known"
    low, high = (f"{100 * p:.0f}" for p in (bounds["low"], bounds["high"]))
    return f"about {low} %" if low == high else f"{low} to {high} %"


def outcomes(report: Report) -> Section:
    """Return the probability of each possible outcome, and who vetoes."""
    vetoes = [
        f"{those_who(who)} {Share(p)}" for who, p in report["vetoed_by"].items() if p >= LEAST
    ]
    by = {"vetoed": ", ".join(vetoes[:MOST_VETOES])}
    rows = [
        (words(name), Share(value["p"]), by.get(name, ""))
        for name, value in report["outcome"].items()
        if value["high"] > 0
    ]
    columns = ("outcome", "%", "vetoed by")
    return Section("Outcome, %", (), columns, rows, explains_itself=True)


def reading(report: Report) -> Section:
    """Return how to read a report, in three sentences."""
    return Section(
        "How to read this",
        [
            f"The vote is played {report['worlds']:,} times, each time in a world of its own: what "
            "capitals want, as far as it is not known, is drawn anew, and a probability is the "
            "share of worlds in which something happens.",
            "A member weighs the text against what holds without it (the lapse), asks what its "
            "own vote would change, hears the others round by round, and then votes.",
            "What members want is fitted to their past votes or marked as assumed, so the "
            "uncertainty above, and not the decimals, says how sure the answer is.",
        ],
    )


def conditions(report: Report) -> Section:
    """Return how likely each legal condition is met, and what the penholder does before that."""
    votes, veto = report["conditions"]["votes_in_favour"], report["conditions"]["no_veto"]
    sentences, deadline = [], report["deadline"]
    did = (
        (deadline["withdrawn"], "withdrew it"),
        (deadline["fell_back"], "fell back on a technical rollover, and a vote on that,"),
    )
    if others := [f"{what} in {percent(p)}" for p, what in did if p]:
        first = [f"tabled its text in {percent(deadline['tabled'])} of worlds", *others[:-1]]
        sentences.append(f"At the deadline the penholder {', '.join(first)} and {others[-1]}.")
    if given := as_if(deadline["withdrawn"]):
        sentences.append(f"The conditions and the members' votes below are{given[1:]}.")
    sentences.append(
        f"{votes['needed']} or more in favour: met with probability {percent(votes['met']['p'])} "
        f"({votes['expected']:.1f} expected, a margin of {votes['margin']:+.1f})."
    )
    against = sorted(veto["against"].items(), key=lambda item: -item[1])
    named = ", ".join(f"{code} {percent(p)}" for code, p in against if p >= LEAST) or "nobody"
    n = veto["vetoes_needed"]
    what = "No veto holder against" if n == 1 else f"Fewer than {n} veto holders against"
    sentences.append(
        f"{what}: met with probability {percent(veto['met']['p'])} (against: {named})."
        if veto["applies"]
        else "No negative vote blocks: no member holds a veto here."
    )
    return Section("Conditions", sentences)


def roll_calls(report: Report) -> Section:
    """Return the most likely roll calls, each with its chance if a vote is taken."""
    deadline = report["deadline"]
    rows: list[Row] = [
        (
            Share(p),
            len(call["in_favour"]),
            ", ".join(call["against"]),
            ", ".join(call["abstaining"]),
        )
        for call in report["roll_call"]["likeliest"]
        if (p := p_if_put_to_the_vote(call["p"], deadline)) is not None and p >= LEAST
    ]
    taken = f"{percent(1 - deadline['withdrawn'])} of worlds"
    given = f"Probabilities given that the draft is put to the vote, as it is in {taken}."
    return Section(
        "Most likely roll calls",
        [given] if deadline["withdrawn"] and rows else (),
        ("%", "in favour", "against", "abstaining"),
        rows,
    )


SECTIONS: Mapping[str, Callable[[Report], Section]] = {
    "answer": answer,
    "outcome": outcomes,
    "given": given_votes,
    "dissent": dissent,
    "hinges": hinges,
    "data": data,
    "reading": reading,
    "conditions": conditions,
    "members": members,
    "gains": gains,
    "roll-calls": roll_calls,
    "text": text,
    "rounds": rounds,
    "negotiation": negotiation,
    "actual-votes": actual_votes,
    "pivots": pivots,
    "variance": first_numbers,
    "basis": assumptions,
    "evidence": evidence,
    "evidence-votes": votes_as_evidence,
    "provenance": provenance,
    "again": run_again,
}
"""What makes each section of a report, by its key, in the order an analyst reads."""
BRIEF = ("answer", "outcome", "given", "dissent", "hinges", "data")
"""Sections that fit a screen together."""
FOR_REFERENCE = ("gains", "negotiation", "actual-votes", "evidence", "again")
"""Sections that are too long for a terminal."""


def report_sections(report: Report) -> list[Section]:
    """Return the sections of a report that have something to say."""
    every = ((key, section(report)) for key, section in SECTIONS.items())
    return keyed(((key, s) for key, s in every if s.sentences or s.rows), FOR_REFERENCE)


def brief(report: Report) -> list[Section]:
    """Return the sections that a terminal shows unless it is asked for all, and how to ask."""
    *first, last = (section for section in report_sections(report) if section.key in BRIEF)
    more = "All sections: --full. All as files, with a page: --out FOLDER."
    return [*first, replace(last, sentences=[*last.sentences, more])]
