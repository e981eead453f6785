"""What a desk officer asks first, in words: who may dissent and why, and what the vote hangs on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from sim.facts.figures import Points, words
from sim.facts.pivot import PIVOTAL
from sim.facts.report import Member, MemberVote, Report, estimate_in
from sim.report.basis import remembered
from sim.report.consultations import DISSENT, may_dissent
from sim.report.members import DEFAULT, Pivotal, pivotal
from sim.report.sections import VOTING, Row, Section, as_if, series, split
from sim.report.shares import in_per_cent, short

MOST_DISSENTERS = 4
"""Up to this number of members that may dissent are told."""
LEAST_REASON = 0.1
"""A term that pulls less against the draft, in units of gain, is not told as a reason."""
SECOND_REASON = 0.75
"""A second one is not told if it pulls less than this share of the first."""
MOST_CONDITIONS = 2
"""Up to this number of changes of vote that the outcome hangs on are told."""
REASONS = {
    "penholder": "it is wary of those who hold the pen",
    "stance": "it is cool towards such drafts",
}
"""A term of the gain that pulls against adoption, in words; habit and provisions have their own."""
OFTEN = 2
"""Of the latest votes on the mandate that are told, how many not in favour make them many."""
FAVOURS = {
    "penholder": "it is at ease with those who hold the pen",
    "stance": "it is well disposed to such drafts",
}
"""A term that pulls towards adoption."""
HIDES = "the draft would likely fail anyway, so its veto gains little"
CHANCE = ("shared_shock", "own_shock")
"""Terms of the gain that are never told as reasons."""
AMOUNTS = {0.5: "a little", 1.0: "clearly", 2.0: "much"}
"""How large a change of a member's gain is, by its size in standard deviations up to which that is
said; larger ones are not told."""
TIMES = {1: "", 2: "twice ", 3: "three times "}
"""How often, up to `MOST_LATEST`."""


def dissent(report: Report) -> Section:
    """Return the members that may dissent, their chances, and why."""
    codes, seen = may_dissent(report), dict[str, str]()
    rows: list[Row] = []
    for code in codes[:MOST_DISSENTERS]:
        why = reasons(report, code)
        rows.append((code, split(report["members"][code]), seen.get(why, why)))
        seen.setdefault(why, f"as for {code}")
    heading, given = "Who may dissent", as_if(report["deadline"]["withdrawn"])
    if not codes:
        nobody = f"Every member is in favour with {100 * (1 - DISSENT):.0f} % or more{given}."
        return Section(heading, [nobody])
    others = codes[MOST_DISSENTERS:]
    return Section(
        f"{heading}: in favour / abstaining / against, %{given}",
        [f"Less likely than these: {', '.join(others)}."] if others else [],
        ("member", "%", "why"),
        rows,
        explains_itself=True,
    )


def reasons(report: Report, code: str) -> str:
    """Return in words why a member may dissent, and what it did before."""
    member = report["members"][code]
    if member["behaviour"] != DEFAULT:
        return how_it_chooses(member)
    terms = sorted((x, name) for name, x in member["terms"].items() if name not in CHANCE)
    least = max(LEAST_REASON, -SECOND_REASON * terms[0][0])
    said = [reason(report, code, name) for x, name in terms[:2] if x <= -least]
    if hides(report, code):
        said[1:] = [HIDES]
    if not said:
        said.append("adoption is worth little to it")
    record = report["evidence"]["record"]
    if latest := record["latest"].get(code):
        said.append(f"on this mandate it {former_votes(latest)}")
    elif record["votes"] and code not in record["never_voted"]:
        said.append("it has not voted on this mandate")
    return "; ".join(said)


def how_it_chooses(member: Member) -> str:
    """Return the behaviour of a member that does not weigh its votes: `assumed: against`."""
    return member["behaviour"].replace("fixed: ", "assumed: ")


def reason(report: Report, code: str, term: str) -> str:
    """Return in words why a term of a member's gain pulls where it does."""
    is_for = report["members"][code]["terms"][term] > 0
    if term == "target":
        return of_target(report, code, is_for)
    if term == "habit":
        return of_habit(report, code, is_for)
    pen = report["scenario"]["draft"]["penholder"]
    if term == "penholder" and code in pen:
        if is_for:
            return "it holds the pen" if len(pen) == 1 else "it is one of those who hold the pen"
        return "it is wary of those who hold the pen with it"
    other = "prefers the text" if is_for else "prefers what holds otherwise"
    return (FAVOURS if is_for else REASONS).get(term, f"it {other} on {words(term)}")


def of_habit(report: Report, code: str, is_for: bool) -> str:
    """Return what the votes on drafts like this say of a member.

    Habit is its own record, its bloc's and the Council's: it is called the member's own only where
    its own votes say so.
    """
    record = report["evidence"]["record"]
    dissents = [v for v in record["latest"].get(code, []) if v["vote"] != "in_favour"]
    if len(dissents) < OFTEN and is_for:
        who = "States like it are" if code in record["never_voted"] else "it is"
        return f"{who} as a rule in favour of such drafts"
    if len(dissents) >= OFTEN and not is_for:
        return "it is often not in favour of such drafts"
    return f"drafts like this draw {'less' if is_for else 'more'} dissent than usual"


def of_target(report: Report, code: str, is_for: bool) -> str:
    """Return what the text does to its target, as a member sees it."""
    target = report["scenario"]["draft"].get("target")
    if target == code:
        return f"the text {'favours' if is_for else 'weighs on'} it"
    ties = report["scenario"]["members"][code].get("ties", {})
    setting = f"ties.{target}" if target in ties else "other_ties"
    is_close = estimate_in(report["scenario"], f"members.{code}.{setting}")["mean"] > 0
    does = "favours" if is_close == is_for else "weighs on"
    return f"the text {does} a State it is {'close to' if is_close else 'at odds with'}"


def main_reason(report: Report, code: str) -> str:
    """Return in words the term that weighs most in a member's gain, chance aside."""
    member = report["members"][code]
    if member["behaviour"] != DEFAULT:
        return how_it_chooses(member)
    terms = {name: abs(x) for name, x in member["terms"].items() if name not in CHANCE}
    return reason(report, code, max(terms, key=terms.__getitem__))


def hides(report: Report, code: str) -> bool:
    """Return whether a holder of a veto that is against the draft leaves its failure to others."""
    member = report["members"][code]
    return (
        code in report["conditions"]["no_veto"]["holders"]
        and member["most_likely"] == "abstaining"
        and member["gain"]["mean"] < 0
        and member["believes_adopted_if"]["abstaining"] < 1 / 2
    )


def former_votes(votes: Sequence[MemberVote]) -> str:
    """Return what a member did before: `was in favour in 2022, abstained in 2023 and 2024`."""
    did = {
        "in_favour": "was in favour",
        "abstaining": "abstained",
        "against": "was against",
        "not_participating": "took no part",
    }
    said, until = "", ""
    for vote, same in groupby(votes, key=lambda each: each["vote"]):
        years = Counter(each["on"][:4] for each in same)
        if max(years.values()) == 1:
            when = f"in {series(years, 'and')}"
        else:
            when = series([f"{TIMES[n]}in {year}" for year, n in years.items()], "and")
        again = "then " if until in years else ""
        said += f"{', ' if said else ''}{again}{did[vote]} {when}"
        until = max(years)
    return said


class Condition(NamedTuple):
    """One change of vote, and whose it may be."""

    codes: list[str]
    first: Pivotal
    amount: str


def hinges(report: Report) -> Section:
    """Return which changes of vote the outcome hangs on, the nearest first."""
    said = [in_words(condition) for condition in conditions(report)]
    step = f"{100 * PIVOTAL:.0f} points or more"
    nobody = f"No likely change in what one member wants would move P(adopted) by {step}."
    return Section("What it hangs on", [*(said[:MOST_CONDITIONS] or [nobody]), *variance(report)])


def variance(report: Report) -> Iterator[str]:
    """Yield which numbers explain how much of the variance of P(adopted), if any can be told."""
    told = [one for one in report["hangs_on"] if one["first_order"]["low"] > 0]
    if told:
        shares = ", ".join(f"{short(one)} {in_per_cent(one['first_order'])}" for one in told)
        wide = [short(one) for one in told if not one["first_order"]["converged"]]
        is_all = len(wide) == len(told)
        of_all = ", not converged" if is_all else ""
        of_some = f"; not converged: {', '.join(wide)}" if wide and not is_all else ""
        yield f"Variance of P(adopted) explained{of_all}: {shares}{of_some}."
    elif report["hangs_on"]:
        yield "No single number can be said to explain a share of the variance of P(adopted)."


def conditions(report: Report) -> Iterator[Condition]:
    """Yield the pivots that are near enough, those alike together."""
    found: dict[tuple[str, str, str], list[Pivotal]] = {}
    for item in pivotal(report):
        distance, sd = abs(item.pivot["distance"]), item.member["gain"]["sd"]
        amount = next((said for most, said in AMOUNTS.items() if distance <= most * sd), None)
        if amount:
            key = (item.pivot["now"], item.pivot["next"], amount)
            found.setdefault(key, []).append(item)
    for (_, _, amount), items in found.items():
        yield Condition([item.code for item in items], items[0], amount)


def in_words(condition: Condition) -> str:
    """Return a change of vote, what it takes and what it does, in a sentence."""
    pivot = condition.first.pivot
    then, now = VOTING[pivot["next"]], VOTING[pivot["now"]]
    if then.startswith("vote"):
        now = now.removeprefix("vote ")
    more = "more" if pivot["distance"] > 0 else "less"
    many = len(condition.codes) > 1
    it, some, each = ("them", "some ", " each") if many else ("it", "", "")
    effect = f"P(adopted) {some}{Points(pivot['moves'])} points{each}"
    return (
        f"{series(condition.codes, 'or')} would {then} rather than {now} if adoption were worth "
        f"{condition.amount} {more} to {it} ({effect})."
    )


def data(report: Report) -> Section:
    """Return until when and on what votes the record speaks, and of whom it says nothing."""
    return Section("What it knows", [*remembered(report["evidence"]["record"])])
