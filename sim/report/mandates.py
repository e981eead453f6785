"""What is said of mandates: the table of them, and all that is known of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.facts.figures import Share, counted, percent, words
from sim.facts.mandates import EXPECTED, MandateFacts
from sim.facts.report import FormerVote
from sim.report.sections import Row, Section, Written, with_chances

IN_SAMPLE = (
    "In sample, so no true forecasts: the preferences were fitted to the record until {}, these "
    "votes among it; what members did counts only as far as it came before each day. For forecasts "
    "from earlier votes alone: unsc backtest --out DIR, then --backtest DIR."
)
FORECAST = (
    "Each forecast from the votes of earlier years alone, as the back-test made it; those of votes "
    "before it begins are left out."
)
DISSENT = ("against", "abstaining", "not_participating")


def mandates_section(heading: str, every: Sequence[MandateFacts]) -> Section:
    """Return the table of mandates."""
    rows: list[Row] = [
        (
            mandate["mandate"],
            ", ".join(mandate["penholders"]),
            ", ".join(mandate["parties"]),
            _end(mandate),
            _result(mandate["votes"][-1]) if mandate["votes"] else "",
        )
        for mandate in every
    ]
    sentences = [
        "All that is known of one: unsc mandates NAME. Its renewal: unsc run NAME --on DATE.",
        "Expires: ? is presumed, ~ is known, but not whether it was renewed then. Last vote: in "
        "favour, against, abstaining, and who was not in favour.",
    ]
    columns = ("name", "pen", "parties", "expires", "last vote")
    return Section(heading, sentences if rows else ["None."], columns if rows else (), rows)


def mandate_sections(mandate: MandateFacts) -> list[Section]:
    """Return all that is known of one mandate, and what is not."""
    sections = [
        _about(mandate),
        _votes(mandate),
        _forecasts(mandate),
        Section("What is not known", [*_not_known(mandate)]),
    ]
    return [section for section in sections if section.sentences or section.rows]


def _about(mandate: MandateFacts) -> Section:
    """Return the facts of a mandate, those that are empty left out, and what is noted of it."""
    months = " to ".join(f"{months:g}" for months in dict.fromkeys(mandate["usual_term_months"]))
    host = mandate["host_relation"].replace("none", "no host, or none that speaks for it")
    pairs = (
        ("name here", mandate["mandate"]),
        ("instrument", words(mandate["instrument"])),
        ("parties", ", ".join(mandate["parties"])),
        ("also about", mandate["non_state_target"]),
        ("the host", host),
        ("penholder", ", ".join(mandate["penholders"])),
        ("first text", mandate["first_on"]),
        ("latest text known", f"{mandate['last_text']}, {mandate['last_on']}"),
        ("status", words(mandate["status"])),
        ("expires", ", ".join(f"{end['on']} ({end['certainty']})" for end in mandate["expires"])),
        ("ended", mandate["ended_on"] or ""),
        ("usual term", f"{months} months" if months else ""),
        ("confidence", mandate["confidence"].replace("-", " ")),
        ("sources", mandate["sources"]),
    )
    rows = [pair for pair in pairs if pair[1]]
    note = [mandate["note"]] * bool(mandate["note"])
    return Section(mandate["name"], note, ("", ""), rows, explains_itself=True)


def _votes(mandate: MandateFacts) -> Section:
    """Return the table of votes, the latest first."""
    votes = mandate["votes"]
    failed = [f"{vote['symbol']} of {vote['on']}" for vote in votes if vote["outcome"] != "adopted"]
    many = {0: "No vote", 1: "One vote"}.get(len(votes)) or counted(len(votes), "vote")
    sentences = [f"{many} on it, in a record that ends on {mandate['record_until']}."]
    if failed:
        drafts = f"{len(failed)} drafts" if len(failed) > 1 else "One draft"
        sentences.append(f"{drafts} failed: {', '.join(failed)}.")
    rows: list[Row] = [
        (
            Written(vote["on"]),
            Written(vote["symbol"]),
            words(vote["outcome"]),
            Written(_tally(vote)),
            "; ".join(
                f"{words(side)}: {', '.join(codes)}"
                for side in DISSENT
                if (codes := vote["votes"][side])  # type: ignore[literal-required]
            ),
        )
        for vote in reversed(votes)
    ]
    columns = ("date", "text", "outcome", "votes", "not in favour")
    return Section("How the Council voted", sentences, columns if rows else (), rows)


def _forecasts(mandate: MandateFacts) -> Section:
    """Return what is forecast of these votes beside what happened, the latest first."""
    every = mandate["forecasts"]
    if not every:
        return Section("")
    worst = min(every, key=lambda each: each["p_happened"])
    mean = sum(each["p_happened"] for each in every) / len(every)
    dissents = [p for each in every for p in each["dissented"].values()]
    foreseen = sum(p >= EXPECTED for p in dissents)
    in_vain = sum(len(each["expected"]) for each in every)
    sentences = [
        IN_SAMPLE.format(mandate["record_until"]) if mandate["in_sample"] else FORECAST,
        f"The actual outcome was given {percent(mean)} on average, and never less than "
        f"{percent(worst['p_happened'])} ({worst['on']}). Votes not in favour: "
        f"{len(dissents)}, of which {foreseen} were expected ({100 * EXPECTED:.0f} % or more); "
        f"expected, but in favour after all: {in_vain}.",
    ]
    rows: list[Row] = [
        (
            Written(each["on"]),
            Share(each["p_adopted"]),
            words(each["outcome"]),
            with_chances(each["dissented"]),
            with_chances(each["expected"]),
        )
        for each in reversed(every)
    ]
    columns = ("date", "adopted %", "outcome", "not in favour, %", "expected, but in favour, %")
    what = "says of these votes" if mandate["in_sample"] else "forecast of these votes"
    return Section(f"What the model {what}", sentences, columns, rows)


def _not_known(mandate: MandateFacts) -> Iterator[str]:
    """Yield what a reader may look for in vain."""
    if mandate["last_on"] > mandate["record_until"]:
        yield (
            f"How members voted on {mandate['last_text']} and on whatever came between: the record "
            f"ends on {mandate['record_until']}."
        )
    if mandate["status"] == "renewal_not_seen":
        yield "Whether it was renewed when it last ran out, and for how long."
    if mandate["status"] == "closing":
        yield "Whether anything follows it: its latest text is to be the last."
    if mandate["status"] == "lapsed":
        yield "Whether it was let lapse: no renewal was seen, and no report that it ended."
    if mandate["expires"] and mandate["confidence"] == "judgement":
        yield "The day on which it expires: the text was not seen, and its usual term is assumed."
    if not mandate["penholders"]:
        yield "Who usually holds the pen."
    if not mandate["votes"]:
        yield "How members vote on it: the record has no vote on it."


def _end(mandate: MandateFacts) -> Written | None:
    """Return when a mandate expires first, with a sign for what is not sure of it."""
    if not mandate["expires"]:
        return None
    first, *later = mandate["expires"]
    not_sure = "?" if first["certainty"] == "presumed" else "~" if later else ""
    return Written(f"{first['on']}{not_sure}")


def _result(vote: FormerVote) -> str:
    """Return a vote in one line: `2024: 13-0-2 CHN, RUS`."""
    sides = vote["votes"]
    dissent = ", ".join((*sides["against"], *sides["abstaining"], *sides["not_participating"]))
    outcome = "" if vote["outcome"] == "adopted" else f"{words(vote['outcome'])} "
    return f"{vote['on'][:4]}: {outcome}{_tally(vote)} {dissent}".rstrip()


def _tally(vote: FormerVote) -> str:
    """Return the numbers in favour, against and abstaining: `13-1-1`."""
    sides = vote["votes"]
    return "-".join(str(len(sides[side])) for side in ("in_favour", "against", "abstaining"))
