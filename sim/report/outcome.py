"""What a report of a run says and in which order; each form only dresses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.facts.pivot import TURNS
from sim.facts.run import per_cent, percent, points, those_who
from sim.report.again import run_again
from sim.report.basis import assumptions, evidence, provenance
from sim.report.consultations import rounds, text, way_to_the_vote
from sim.report.sections import ACTIONS, Facts, Section, words

LEAST = 0.0005
"""Probabilities below this are left to the JSON."""

LEAST_TERM = 0.005
"""Terms that are smaller than this for every member are left to the JSON."""


def report_sections(report: Facts) -> list[Section]:
    """Return the sections of a report in the order an analyst reads."""
    sections = [
        _answer(report),
        _outcomes(report),
        _conditions(report),
        _members(report),
        _gains(report),
        _roll_calls(report),
        text(report),
        rounds(report),
        way_to_the_vote(report),
        _real_vote(report),
        _turning(report),
        assumptions(report),
        evidence(report),
        provenance(report),
        run_again(report),
    ]
    return [s for s in sections if s.sentences or s.rows]


def _answer(report: Facts) -> Section:
    question = [report["question"]] if report["question"] else []
    if report["settings"]:
        question.append(f"With the settings {', '.join(report['settings'])}.")
    warnings = [f"Warning: {warning}" for warning in report["warnings"]]
    seen = report["roll_call"]["observed_outcome"]
    observed = []
    if seen is not None:
        p = report["roll_call"]["p_observed"]
        sides = _sides_in_words(_by_side(report["roll_call"]["observed"]))
        observed = [
            f"What happened: {words(seen)} ({sides}). The estimate gives this outcome "
            f"{percent(report['outcome'][seen]['p'])} and this very roll call {percent(p)}."
        ]
    return Section(
        report["title"], [*question, report["headline"], *observed, *warnings], key="answer"
    )


def _by_side(votes: Mapping[str, str]) -> dict[str, list[str]]:
    sides: dict[str, list[str]] = {}
    for code, vote in votes.items():
        sides.setdefault(vote, []).append(code)
    return sides


def _sides_in_words(sides: Mapping[str, Sequence[str]]) -> str:
    named = ("against", "abstaining", "not_participating")
    parts = [f"{', '.join(sides[side])} {words(side)}" for side in named if sides.get(side)]
    return "; ".join([f"{len(sides.get('in_favour', ()))} in favour", *parts])


def outcomes(report: Facts) -> Iterator[tuple[str, float, tuple[float, float] | None]]:
    """Yield what can be in words, its probability and interval; after a veto, who casts it."""
    for name, value in report["outcome"].items():
        if value["high"] > 0:
            yield words(name), value["p"], (value["low"], value["high"])
        if name == "vetoed":
            for who, p in report["vetoed_by"].items():
                if p >= LEAST:
                    yield f"vetoed by {those_who(who)}", p, None


def _outcomes(report: Facts) -> Section:
    rows = [
        (name, per_cent(p), " to ".join(map(per_cent, interval or ())))
        for name, p, interval in outcomes(report)
    ]
    return Section("Outcome", (), ("outcome", "%", "95 % interval"), rows, key="outcome")


def _conditions(report: Facts) -> Section:
    votes, veto = report["conditions"]["votes_in_favour"], report["conditions"]["no_veto"]
    first = (
        f"{votes['needed']} or more in favour: met with probability {percent(votes['met']['p'])} "
        f"({votes['expected']:.1f} expected, {votes['margin']:+.1f} from what is needed)."
    )
    deadline = _deadline(report["deadline"])
    if not veto["applies"]:
        no_veto = "No negative vote blocks: nobody holds a veto here."
        return Section("Conditions", [*deadline, first, no_veto], key="conditions")
    against = {c: p for c, p in veto["against"].items() if p >= LEAST}
    named = ", ".join(f"{c} {percent(p)}" for c, p in sorted(against.items(), key=lambda x: -x[1]))
    needed = veto["vetoes_needed"]
    what = "No veto holder against" if needed == 1 else f"Fewer than {needed} veto holders against"
    second = f"{what}: met with probability {percent(veto['met']['p'])}"
    second += f" (against: {named or 'nobody'})."
    return Section("Conditions", [*deadline, first, second], key="conditions")


def _deadline(deadline: Mapping[str, float]) -> list[str]:
    """Return what the penholder did, where it did not always table its text."""
    if deadline["tabled"] == 1:
        return []
    return [
        f"At the deadline the penholder tabled its text in {percent(deadline['tabled'])} of the "
        f"worlds, withdrew it in {percent(deadline['withdrawn'])}, and fell back on a technical "
        f"rollover in {percent(deadline['fell_back'])}, where votes are on the rollover. What "
        "follows is how members would vote in all worlds, whether a vote is taken or not."
    ]


def likeliest_to_dissent(report: Facts) -> list[tuple[str, Facts]]:
    """Return the members by code, the likeliest not to be in favour first."""
    return sorted(report["members"].items(), key=lambda item: item[1]["in_favour"])


def _members(report: Facts) -> Section:
    observed = report["roll_call"]["observed"]
    rows = [
        (
            code,
            m["name"],
            *(per_cent(m[action]) for action in ACTIONS),
            f"{m['gain']['mean']:+.2f} ± {m['gain']['sd']:.2f}",
            _weighs_most(m),
            *([words(observed[code])] if observed else []),
        )
        for code, m in likeliest_to_dissent(report)
    ]
    columns = ["", "member", "% for", "abst.", "agst.", "gain", "weighs most"]
    return Section(
        "Members, the likeliest to dissent first",
        [
            "Gain: what adoption is worth to the member over the lapse, mean ± spread of worlds. "
            "What weighs most in it stands beside it, with its sign."
        ],
        [*columns, *(["real vote"] if observed else [])],
        rows,
        key="members",
    )


def _weighs_most(member: Mapping[str, Any]) -> str:
    if member["not_participating"]:
        return "takes no part"
    weight = member["terms"][member["weighs_most"]]
    return f"{'+' if weight >= 0 else '-'} {words(member['weighs_most'])}"


def _gains(report: Facts) -> Section:
    """Return the terms of each member's gain, less those that are nothing for everybody."""
    members = likeliest_to_dissent(report)
    names = [
        name
        for name in members[0][1]["terms"]
        if any(abs(m["terms"][name]) >= LEAST_TERM for _, m in members)
    ]
    rows = [
        (code, f"{m['gain']['mean']:+.2f}", *(f"{m['terms'][name]:+.2f}" for name in names))
        for code, m in members
    ]
    return Section(
        "What makes up each gain",
        [
            "Means over worlds; the terms add up to the gain. A provision counts by how much "
            "nearer to what the member wants it is in the text than in the lapse."
        ],
        ("", "gain", *map(words, names)),
        rows,
        for_reference=True,
        key="gains",
    )


def _roll_calls(report: Facts) -> Section:
    rows = [
        (
            per_cent(call["p"]),
            str(len(call["in_favour"])),
            ", ".join(call["against"]),
            ", ".join(call["abstaining"]),
        )
        for call in report["roll_call"]["likeliest"]
        if call["p"] >= LEAST
    ]
    return Section(
        "Most likely roll calls",
        columns=("%", "in favour", "against", "abstaining"),
        rows=rows,
        key="roll-calls",
    )


def _real_vote(report: Facts) -> Section:
    """Return the real vote of each member beside the chance that the estimate gave it."""
    observed = report["roll_call"]["observed"]
    if not observed:
        return Section("")
    members = report["members"]
    given = sorted((members[code][vote], code, vote) for code, vote in observed.items())
    rows = [
        (code, members[code]["name"], words(vote), per_cent(p), words(members[code]["most_likely"]))
        for p, code, vote in given
    ]
    return Section(
        "The real vote beside the estimate",
        ["The least expected votes first."],
        ("", "member", "real vote", "estimate gave it, %", "most likely"),
        rows,
        for_reference=True,
        key="real-vote",
    )


def on_whom_it_turns(report: Facts) -> list[tuple[str, Facts]]:
    """Return the members whose other action would move the outcome, the nearest to it first."""
    turning = [(code, m) for code, m in report["members"].items() if m["turning"]]
    return sorted(turning, key=lambda item: abs(item[1]["turning"]["distance"]))


def _turning(report: Facts) -> Section:
    rows = [
        (
            code,
            f"{words(m['turning']['now'])} → {words(m['turning']['next'])}",
            points(m["turning"]["moves"]),
            f"{m['gain']['mean']:+.2f} ± {m['gain']['sd']:.2f}",
            f"{m['turning']['at_gain']:+.2f}",
            f"{m['turning']['distance']:+.2f}",
        )
        for code, m in on_whom_it_turns(report)
    ]
    step = f"{100 * TURNS:.0f} points"
    told = (
        f"Members of whom another action would move the chance of adoption by {step} or more, the "
        "nearest to it first. What is worth most to them on average would give way to it at the "
        "gain that is shown; where the two are close, their most likely vote may already be it."
    )
    nobody = f"No member's vote alone moves the chance of adoption by {step} or more."
    return Section(
        "What would change it",
        [told if rows else nobody],
        ("", "worth most → next", "adoption, points", "gain", "changes at", "must change by"),
        rows,
        key="turning",
    )
