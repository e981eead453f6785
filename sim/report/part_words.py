"""The parts of a member's reasoning, and its numbers, in words."""

from __future__ import annotations

from sim.catalogue import instruments
from sim.charter import ActionName
from sim.facts.figures import words
from sim.facts.report import Report
from sim.report.brief import reason
from sim.report.sections import series
from sim.traits import trait_and_name

LABELS = {
    "penholder": "who holds the pen",
    "stance": "kind of draft",
    "habit": "habit on drafts like this",
    "opposition_habit": "habit of opposing",
    "shared_shock": "shocks to all",
    "own_shock": "shocks of its own",
}
FAVOURS = {
    "penholder": "it is well disposed to those who hold the pen",
    "stance": "such drafts are worth something to it whatever their text",
    "shared_shock": "what moves all members alike",
    "own_shock": "what moves it alone",
}
"""A term of the gain that pulls for adoption, in words."""
OF_SIDE = {
    "P3": "of the P3",
    "West": "of other Western States",
    "Russia_China": "of Russia",
    "others": "of other States",
}
"""Drafts by the side of the pen, in words."""
COSTS = {
    "opposition_cost": "voting against costs it",
    "veto_cost": "a veto costs it",
    "restraint": "voting against such a draft costs it",
}
SETTINGS = {
    "ideal": "ideal of {}",
    "salience": "weight of {}",
    "ties": "tie to {}",
    "veto_cost": "cost of a veto",
    "opposition_cost": "cost of opposing",
    "voice": "weight of being seen",
    "caucuses": "pull of the caucus {}",
    "stances": "worth of drafts: {}",
    "sides": "worth of drafts by {}",
    "own_draft": "worth of its own draft",
    "own_matter": "worth of what it {}",
    "habit": "weight of its record",
    "restraint": "cost of opposing: {}",
}
"""What a trait is called where it is changed; the name goes into the braces."""


def setting_label(setting: str) -> str:
    """Return what a preference is called: `tie to PRK`, `cost of opposing: panel renewal`."""
    trait, name = trait_and_name(setting)
    return SETTINGS.get(trait.name, words(trait.name)).format(words(name))


def part_label(report: Report, code: str, part: str) -> str:
    """Return what a part of the log-odds is called in a table."""
    if part == "target":
        target = report["scenario"]["draft"].get("target")
        return "its own matter" if target == code else f"tie to {target}"
    if part.startswith("caucuses."):
        return f"acting as {series(fellows(report, code, part), 'and')}"
    is_setting = "." in part or (part in SETTINGS and part not in LABELS)
    return LABELS.get(part) or (setting_label(part) if is_setting else words(part))


def fellows(report: Report, code: str, part: str) -> list[str]:
    """Return the other members of a caucus."""
    caucus = part.partition(".")[2]
    return [c for c, m in report["members"].items() if caucus in m["caucuses"] and c != code]


def in_reason(
    report: Report, code: str, part: str, size: float, vote: ActionName, over: ActionName
) -> str:
    """Return in words why a part makes a member's vote likelier than another, or less likely.

    Args:
        part: of the log-odds.
        size: what it adds to them; below 0 where it speaks for the other vote.
        vote, over: the two.
    """
    terms = report["members"][code]["terms"]
    if part in terms:
        return reason(report, code, part) if terms[part] < 0 else favours(report, code, part)
    if part.startswith("caucuses."):
        group = fellows(report, code, part)
        who = group[0] if len(group) == 1 else f"the others of {words(part.partition('.')[2])}"
        meant = vote if size > 0 else over
        return f"it acts as {who}, more likely {words(meant)}"
    is_for_opposing = (size > 0) == (vote == "against")
    if part == "opposition_habit":
        often = "more" if is_for_opposing else "less"
        return f"drafts like this are opposed {often} often than usual"
    said = COSTS[trait_and_name(part)[0].name]
    if part.startswith("restraint."):
        said = f"opposing drafts {_of_what(part.partition('.')[2])} costs it"
        return f"{said} less than usual" if is_for_opposing else f"{said} more than usual"
    return said.replace("costs it", "pays it") if is_for_opposing else said


def _of_what(name: str) -> str:
    """Return in words which drafts a name is of: those of a side, on a State, or of a kind."""
    if name in OF_SIDE:
        return OF_SIDE[name]
    return "of this kind" if name in instruments() else f"on {name}"


def favours(report: Report, code: str, term: str) -> str:
    """Return in words why a term of a member's gain pulls for adoption."""
    if term == "target":
        target = report["scenario"]["draft"].get("target")
        if target == code:
            return "the text is what it wishes on its own matter"
        return f"the text suits its tie to {target}"
    holds_pen = code in report["scenario"]["draft"]["penholder"]
    if term == "habit" or (term == "penholder" and holds_pen):
        return reason(report, code, term)
    return FAVOURS.get(term, f"it prefers the text to what holds otherwise on {words(term)}")
