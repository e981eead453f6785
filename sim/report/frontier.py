"""What is said of which texts would pass: the trade-off, the smallest amendment, single steps."""

from __future__ import annotations

from collections.abc import Iterator

from sim.facts.figures import Points, percent, words
from sim.facts.frontier import FrontierFacts, MoveFacts, ScaleFacts, TextFacts
from sim.report.again import command
from sim.report.scale_words import text_words
from sim.report.sections import Row, Section, keyed, move, number, with_chances, with_interval

UNIT = 0.1
"""The worth of which it is said what it buys, in units of gain."""


def frontier_sections(facts: FrontierFacts) -> list[Section]:
    """Return the sections of a frontier: what `frontier.json` holds."""
    title = Section(f"What would pass: {facts['title']}", [facts["headline"]])
    return keyed(
        [
            ("answer", title),
            ("frontier", trade_off(facts)),
            ("amendment", amendment(facts)),
            ("best", in_full("The best value", facts["points"][facts["best"]], facts)),
            ("moves", moves(facts)),
            ("texts", texts(facts)),
            ("provenance", provenance(facts)),
        ],
        for_reference=("texts",),
    )


def trade_off(facts: FrontierFacts) -> Section:
    """Return the texts that no other beats, the one worth most first, and the tabled one."""
    numbered = ((str(n), point) for n, point in enumerate(facts["points"], start=1))
    every = [("as tabled", facts["tabled"]), *numbered]
    rows: list[Row] = [
        (
            name,
            number(point["worth"]),
            *with_interval(point["adopted"]),
            number(point["distance"]),
            with_chances(point["dissenters"]),
        )
        for name, point in every
    ]
    who = facts["member"]
    limits = ", ".join(f"{words(n)} {s['low']:g} to {s['high']:g}" for n, s in movable(facts))
    return Section(
        f"Worth to {who} against the chance of adoption",
        [
            f"Of texts within the limits below, no other is both worth more to {who} and likelier "
            "to be adopted. Worth: what adoption over the lapse is worth to it for what the text "
            "says and on whom, in units of gain. Distance: from the tabled text, the moves on all "
            "scales added up.",
            f"May be moved: {limits}. Nobody amends the text further.",
        ],
        ("text", "worth", "adopted %", "95 % interval", "distance", "may dissent, %"),
        rows,
    )


def movable(facts: FrontierFacts) -> list[tuple[str, ScaleFacts]]:
    """Return the provisions that may be moved, each with its scale."""
    return [(n, scale) for n, scale in facts["provisions"].items() if scale["low"] < scale["high"]]


def amendment(facts: FrontierFacts) -> Section:
    """Return the smallest amendment that reaches the chance that was asked for."""
    target = facts["target"]
    heading = f"The smallest amendment that reaches {100 * target['adopted']:g} %"
    if target["text"] is None:
        likeliest = percent(max(p["adopted"]["p"] for p in facts["points"]))
        sentence = f"None does: within these limits no text was found beyond {likeliest}."
        return Section(heading, [sentence])
    return in_full(heading, target["text"], facts)


def in_full(heading: str, point: TextFacts, facts: FrontierFacts) -> Section:
    """Return what a text changes, in words."""
    rows: list[Row] = [
        (words(name), move(number(scale["tabled"]), number(point["text"][name])), said)
        for name, scale, said in changes(point, facts)
    ]
    _, interval = with_interval(point["adopted"])
    sentence = (
        f"Adopted with {percent(point['adopted']['p'])} ({interval} %), worth "
        f"{point['worth']:.2f} to {facts['member']}."
    )
    unchanged = ["It is the tabled text."] if not rows else []
    return Section(heading, [sentence, *unchanged], ("provision", "moves", "which means"), rows)


def changes(point: TextFacts, facts: FrontierFacts) -> Iterator[tuple[str, ScaleFacts, str]]:
    """Yield each provision that a text moves, its scale, and in words to where."""
    for name, scale in facts["provisions"].items():
        if point["text"][name] != scale["tabled"]:
            yield name, scale, text_words(scale, point["text"][name])


def moves(facts: FrontierFacts) -> Section:
    """Return what each step of one provision of the tabled text buys, or costs."""
    rows: list[Row] = [
        (
            words(step["provision"]),
            move(number(step["before"]), number(step["after"])),
            *with_interval(step["adopted"], Points),
            number(step["worth"], "+.3f"),
            bought(step),
        )
        for step in facts["moves"]
    ]
    return Section(
        "One step from the tabled text",
        [
            "Each provision moved by itself: the change of P(adopted) in points over the same "
            f"worlds, that of the worth to {facts['member']}, and the points that {UNIT:g} of "
            "worth buys. What buys most comes first."
        ],
        ("provision", "step", "points", "95 % interval", "worth", f"points per {UNIT:g}"),
        rows,
    )


def bought(step: MoveFacts) -> str:
    """Return what a concession buys: `+9.0`, `free` where it costs nothing, or nothing."""
    if step["adopted"]["p"] <= 0:
        return ""
    if step["worth"] >= 0:
        return "free"
    return f"{100 * UNIT * step['adopted']['p'] / -step['worth']:+.1f}"


def texts(facts: FrontierFacts) -> Section:
    """Return all texts of the frontier in words."""
    rows: list[Row] = [
        (str(n), words(name), number(point["text"][name]), said)
        for n, point in enumerate(facts["points"], start=1)
        for name, _, said in changes(point, facts)
    ]
    columns = ("text", "provision", "value", "which means")
    return Section(
        "The texts in words", ["Provisions that differ from the tabled text."], columns, rows
    )


def provenance(facts: FrontierFacts) -> Section:
    """Return how it was computed."""
    free = [
        word
        for name, scale in movable(facts)
        for word in ("--free", f"{name}={scale['low']:g}:{scale['high']:g}")
    ]
    asked = f"--adopted {facts['target']['adopted']:g} "
    again = command("frontier", facts, *free, "--for", facts["member"], more=asked)
    return Section(
        "How it was computed",
        [
            f"{facts['texts_tried']:,} texts were tried before {facts['worlds_searched']:,} "
            "worlds, by the slopes of the model from the best of texts spread over the limits; "
            f"those shown were run before {facts['worlds']:,}, the same for all. Random seed "
            f"{facts['random_seed']}; unsc-sim {facts['software']['version']}. Intervals cover "
            "simulation error only. The search may miss a text; it finds what a grid finds.",
            f"Again: {again}",
        ],
    )
