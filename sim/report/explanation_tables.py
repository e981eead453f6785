"""The tables of why a member votes so: parts, numbers, evidence, and what flips its vote."""

from __future__ import annotations

from collections.abc import Iterable

from sim.charter import ActionName
from sim.errors import listed
from sim.facts.explanation import Explained, Flip, FlipKind, Odds, Part, size_of
from sim.facts.figures import Share, percent, words
from sim.facts.report import Report
from sim.report.again import command
from sim.report.part_words import part_label, setting_label
from sim.report.scale_words import text_words
from sim.report.sections import VOTING, Row, Section, Written, mean_spread, number, split

MOST_PARTS = 8
"""Parts of the log-odds that are listed; the rest are one row."""
LEADING = 3
"""Parts on either side that are told in words, and whose evidence is shown."""
LEAST_SHARE = 0.1
"""Parts that are smaller, as a share of the largest, are not told in words."""
LEAST_WHOLE = 0.5
"""Log-odds that are nearer to 0 have no shares: the parts all but cancel out."""
MOST_SOURCES = 8
"""Statements and votes that are shown in a terminal."""
MOST_IDS = 6
KIND_WORDS: dict[FlipKind, str] = {
    "preference": "preference",
    "text": "provision",
    "vote": "other vote",
}


def leading(odds: Odds) -> list[tuple[str, float]]:
    """Return the largest parts, a few on either side, the largest first."""
    every = [(name, size_of(part)) for name, part in odds["parts"].items()]
    least = LEAST_SHARE * max((abs(size) for _, size in every), default=0.0)
    kept = [item for item in every if abs(item[1]) >= least]
    sides = [[item for item in kept if item[1] * sign > 0][:LEADING] for sign in (1, -1)]
    return sorted((item for side in sides for item in side), key=lambda item: -abs(item[1]))


def listed_parts(report: Report, code: str, odds: Odds) -> list[tuple[str, Part]]:
    """Return the largest parts by their labels, and the sum of all others as one."""
    every = [(part_label(report, code, name), part) for name, part in odds["parts"].items()]
    shown, rest = every[:MOST_PARTS], every[MOST_PARTS:]
    if rest:
        shown.append((f"{len(rest)} others", _sum(part for _, part in rest)))
    return shown


def _sum(parts: Iterable[Part]) -> Part:
    every = [*parts]
    return {
        "by_outcome": sum(part["by_outcome"] for part in every),
        "by_record": sum(part["by_record"] for part in every),
    }


def parts(report: Report, code: str, likeliest: ActionName, odds: Odds) -> Section:
    """Return the parts of the log-odds between two votes, the largest first, and their sum."""
    every = [*listed_parts(report, code, odds), ("sum", _sum(odds["parts"].values()))]
    then, now = VOTING[likeliest], VOTING[odds["over"]]
    return Section(
        f"To {then} rather than {now}",
        [
            "Parts of the log-odds: by outcome, through what its own vote changes about it; "
            "regardless of it, through being seen, costs and caucuses."
        ],
        ("part", "share %", "log-odds", "by outcome", "regardless"),
        [_row(label, part, odds["whole"]) for label, part in every],
    )


def _row(label: str, part: Part, whole: float) -> Row:
    size = size_of(part)
    share = number(100 * size / whole, "+.0f") if abs(whole) >= LEAST_WHOLE else None
    return (
        label,
        share,
        number(size, "+.2f"),
        number(part["by_outcome"] + 0.0, "+.2f"),
        number(part["by_record"] + 0.0, "+.2f"),
    )


def behind(member: Explained) -> list[str]:
    """Return the settings behind the leading parts, those of the largest part first."""
    names = dict.fromkeys(name for odds in member["odds"] for name, _ in leading(odds))
    every = member["numbers"].items()
    return [s for name in names for s, n in every if n["part"] == name and n["evidence"]]


def rests_on(member: Explained) -> Section:
    """Return the numbers behind the leading parts, and the evidence of each."""
    rows = [
        (
            setting_label(setting),
            mean_spread(n["mean"], n["spread"]),
            listed(n["evidence"], MOST_IDS),
        )
        for setting in behind(member)
        for n in [member["numbers"][setting]]
    ]
    return Section(
        "What the main reasons rest on",
        ["Each number of its own as mean ± standard deviation, with its statements and votes."],
        ("number", "value", "evidence"),
        rows,
    )


def sources(member: Explained) -> Section:
    """Return the statements and votes that the leading parts rest on, statements first."""
    ids = dict.fromkeys(i for s in behind(member) for i in member["numbers"][s]["evidence"])
    known = [(i, member["sources"][i]) for i in ids if i in member["sources"]]
    shown = sorted(known, key=lambda item: item[1]["who"] == "Security Council")[:MOST_SOURCES]
    rows: list[Row] = [
        (i, Written(s["on"]), f"{s['who']}: {s['says'].rstrip('.')}. Source: {s['published'][0]}.")
        for i, s in shown
    ]
    more = len(known) - len(shown)
    said = [f"{more} more are listed under Evidence, in the files of --out."] if more > 0 else []
    return Section("Statements and votes behind them", said, ("id", "date", "what"), rows)


def numbers(member: Explained) -> Section:
    """Return every preference of the member that counts."""
    rows = [
        (s, words(n["part"]), mean_spread(n["mean"], n["spread"], ".3f"), ", ".join(n["evidence"]))
        for s, n in member["numbers"].items()
    ]
    columns = ("setting", "part", "value", "evidence")
    return Section("All numbers of this member that count", (), columns, rows)


def flips(report: Report, code: str, member: Explained) -> Section:
    """Return the nearest changes that flip the member's vote, with the votes and the outcome."""
    adopted = report["outcome"]["adopted"]["p"]
    rows = [
        (
            Written(str(k)),
            change(report, flip),
            None if flip["spreads"] is None else number(flip["spreads"], ".1f"),
            words(flip["likeliest"]),
            split(flip["votes"]),
            Share(flip["outcome"]["adopted"]),
        )
        for k, flip in enumerate(member["flips"], start=1)
    ]
    tried = member["tried"]
    searched = (
        f"Searched one at a time: {tried['preference']} preferences of {code}, each within its "
        f"bounds, {tried['text']} provisions of the text, and the votes of {tried['vote']} others. "
        "Spreads are the number's own standard deviations."
    )
    m = report["members"][code]
    now = f"Now {words(member['likeliest'])}, {split(m)} %; adopted {percent(adopted)}."
    missing = [
        said
        for kind, said in KIND_WORDS.items()
        if tried[kind] and not any(flip["kind"] == kind for flip in member["flips"])
    ]
    nothing = [f"No {' and no '.join(missing)} alone would flip its vote."] if missing else []
    columns = ("no.", "change", "spreads", "likeliest then", "votes, %", "adopted %")
    return Section(
        "The nearest changes that flip its vote", [now, searched, *nothing], columns, rows
    )


def change(report: Report, flip: Flip) -> str:
    """Return a change in words: `tie to PRK 1.00 → 0.35`, `CHN: abstaining → against`."""
    before, after = flip["before"], flip["after"]
    if isinstance(before, str) or isinstance(after, str):
        return f"{flip['what']}: {words(str(before))} → {words(str(after))}"
    if flip["kind"] == "text":
        meaning = text_words(report["text"][flip["what"]], after)
        return f"{words(flip['what'])} {before:.2f} → {after:.2f}: {meaning}"
    return f"{setting_label(flip['what'])} {before:.2f} → {after:.2f}"


def to_try(report: Report, every: Iterable[Flip]) -> Section:
    """Return what to type to try each of the changes."""
    rows = [(Written(str(k)), flip["argument"]) for k, flip in enumerate(every, start=1)]
    said = f"To run one, add it to this command: {command('run', report)}"
    return Section("To try them", [said], ("no.", "type"), rows, explains_itself=True)
