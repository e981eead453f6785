"""What is said of what an outcome hangs on: shares of its variance, and what moves it."""

from __future__ import annotations

from collections.abc import Sequence

from sim.facts.figures import Points
from sim.facts.sensitivity import BarFacts, GroupIndices, SensitivityFacts
from sim.report.again import command
from sim.report.sections import Row, Section, Written, keyed, number, with_interval
from sim.report.shares import named, share_and_interval, share_of

MEMBERS = "members."
FIRST = 10
"""Rows of a table in a terminal."""
BY = {"spread": "by its spread", "step": "by a step", "factor": "by a fifth"}
"""How a number was moved, in words."""


def sensitivity_sections(facts: SensitivityFacts, most: int | None = None) -> list[Section]:
    """Return the sections of an analysis of sensitivity.

    Args:
        facts: what `sensitivity.json` holds.
        most: rows of each table; all if None.
    """
    return keyed(
        [
            ("answer", Section(f"What it hangs on: {facts['title']}", [facts["headline"]])),
            ("bars", bars(facts, most)),
            ("choices", choices(facts)),
            *(
                (
                    ("owners", owners(facts, most)),
                    ("kinds", kinds(facts)),
                    ("inputs", inputs(facts, most)),
                )
                if facts["kinds"]
                else ()
            ),
            ("provenance", provenance(facts)),
        ]
    )


def bars(facts: SensitivityFacts, most: int | None = None) -> Section:
    """Return what each number moves by itself, the one that moves most first."""
    rows: list[Row] = [
        (
            setting.removeprefix(MEMBERS),
            number(moves[0]["now"], ".3g"),
            *(points(find(moves, by)) for by in (("spread",), ("step", "factor"))),
            Written(f"± {half_width(moves[0]):.1f}"),
        )
        for setting, moves in [*by_setting(facts).items()][:most]
    ]
    n = len({bar["setting"] for bar in facts["bars"] if bar["by"] != "factor"})
    return Section(
        "What moves it: one number at a time, others as they are",
        [
            "By how many points P(adopted) changes, over the same worlds, where a number is moved "
            "down / up: by its own spread, if it has one, and by a fixed step (0.1 on scales up to "
            "1, 0.5 in gains; the model's own numbers by a fifth). Settings of members are "
            f"without {MEMBERS!r} in front.",
            f"{facts['tried']} preferences were moved once in a trial; the {n} that moved most are "
            "moved both ways. The largest of those left out moved it by "
            f"{Points(facts['largest_left_out'])} points.",
        ],
        ("setting", "now", "by its spread", "by a step", "95 %"),
        rows,
    )


def by_setting(facts: SensitivityFacts) -> dict[str, list[BarFacts]]:
    """Return the bars of each setting, the widest first."""
    found: dict[str, list[BarFacts]] = {}
    for bar in facts["bars"]:
        found.setdefault(bar["setting"], []).append(bar)
    return found


def find(moves: Sequence[BarFacts], by: tuple[str, ...]) -> BarFacts | None:
    """Return the first bar that was moved in one of these ways, if any was."""
    return next((bar for bar in moves if bar["by"] in by), None)


def points(bar: BarFacts | None) -> Written | None:
    """Return what moving a number down and up does: `-2.2 / +3.9`."""
    if bar is None:
        return None
    ends = ((bar["low"], bar["at_low"]), (bar["high"], bar["at_high"]))
    said = ("bound" if v == bar["now"] else str(Points(change["p"])) for v, change in ends)
    return Written(" / ".join(said))


def half_width(bar: BarFacts) -> float:
    """Return how far the interval of the wider end reaches, in points."""
    change = max(bar["at_low"], bar["at_high"], key=lambda change: abs(change["p"]))
    return 50 * (change["high"] - change["low"])


def choices(facts: SensitivityFacts) -> Section:
    """Return what other choices of rules, penholder and behaviour do."""
    rows: list[Row] = [
        (each["choice"], *with_interval(each["difference"], Points)) for each in facts["choices"]
    ]
    sentences = ["By how many points P(adopted) changes, over the same worlds."]
    if not rows:
        sentences = ["The scenario was made by hand: no other choices can be laid over it."]
    return Section("Other choices", sentences, ("choice", "points", "95 % interval"), rows)


def owners(facts: SensitivityFacts, most: int | None = None) -> Section:
    """Return what each member's numbers explain of the variance."""
    total = "Total: what would stay open if all others were known."
    return _groups(
        "Whose numbers it hangs on",
        facts["owners"],
        "whose",
        [
            "Shares of the variance of P(adopted) between worlds, by Shapley effects: members' "
            "preferences vary together, and what they have in common is shared out, so that the "
            "shares add up to 100 %. By itself: what the group alone would tell, what it has in "
            "common with others included; these do not add up. The shared shock moves all members "
            "of a world alike: what nobody knows of one vote beforehand.",
            *([total] if facts["kinds"][0]["total"] else []),
        ],
        most,
    )


def kinds(facts: SensitivityFacts) -> Section:
    """Return what each kind of number explains of the variance."""
    return _groups("What kind of numbers it hangs on", facts["kinds"], "kind", ["As above."])


def _groups(
    heading: str,
    groups: Sequence[GroupIndices],
    whose: str,
    sentences: Sequence[str],
    most: int | None = None,
) -> Section:
    rows: list[Row] = [
        (
            group["name"],
            group["numbers"],
            *share_and_interval(group["shapley"]),
            share_of(group["first_order"]),
            *([share_of(group["total"])] if group["total"] else []),
        )
        for group in groups[:most]
    ]
    total = ("total",) if groups[0]["total"] else ()
    columns = (whose, "numbers", "share, %", "95 % interval", "by itself", *total)
    return Section(heading, sentences, columns, rows)


def inputs(facts: SensitivityFacts, most: int | None = None) -> Section:
    """Return what single numbers explain by themselves."""
    told = [one for one in facts["inputs"] if one["first_order"]["low"] > 0]
    rows: list[Row] = [(named(one), *share_and_interval(one["first_order"])) for one in told[:most]]
    n_others = len(facts["inputs"]) - len(told)
    draws = facts["joint_draws"]
    limited = (
        f" The worlds share {draws} joint draws of the preferences: more worlds do not make the "
        "intervals of preferences narrower."
        if draws
        else ""
    )
    return Section(
        "What single numbers tell",
        [
            "First-order indices, from the worlds that were simulated: the share of the variance "
            "that a number explains by itself, with all that varies together with it. "
            f"Not converged: the interval is too wide to take the number as such.{limited}",
            f"{n_others} other numbers cannot be told from nothing.",
        ],
        ("number", "share, %", "95 % interval"),
        rows,
    )


def provenance(facts: SensitivityFacts) -> Section:
    """Return how it was computed, and what makes it again."""
    return Section(
        "How it was computed",
        [
            f"{facts['worlds']:,} worlds, random seed {facts['random_seed']}; unsc-sim "
            f"{facts['software']['version']}. Groups are drawn anew in "
            f"{facts['worlds_redrawn']:,} worlds, as a normal distribution with the covariance of "
            f"the joint draws would have it; bars and choices take {facts['worlds_moved']:,}. "
            "Intervals cover simulation error only.",
            f"Again: {command('sensitivity', facts)}",
        ],
    )
