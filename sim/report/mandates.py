"""What is said of mandates: the table of them, and all that is known of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sim.facts.mandates import MandateFacts
from sim.facts.report import FormerVote
from sim.report.sections import Row, Section, Written, words

DISSENT = ("against", "abstaining", "not_participating")


def mandates_section(heading: str, every: Sequence[MandateFacts]) -> Section:
    """Return the table of mandates."""
    rows: list[Row] = [
        (
            mandate["mandate"],
            ", ".join(mandate["penholders"]),
            words(mandate["instrument"].removesuffix("_renewal")),
            ", ".join(mandate["parties"]),
            _end(mandate),
            _result(mandate["votes"][-1]) if mandate["votes"] else "",
        )
        for mandate in every
    ]
    sentences = [
        "All that is known of one: unsc mandates NAME. Its renewal: unsc run NAME --on DATE.",
        "Expires: ? is presumed, ! is known, but not whether it was renewed then. Last vote: in "
        "favour, against, abstaining, and who was not in favour.",
    ]
    columns = ("name", "pen", "instrument", "parties", "expires", "last vote")
    return Section(heading, sentences if rows else ["None."], columns if rows else (), rows)


def mandate_sections(mandate: MandateFacts) -> list[Section]:
    """Return all that is known of one mandate, and what is not."""
    failed = [vote for vote in mandate["votes"] if vote["outcome"] != "adopted"]
    many = (
        f"{len(mandate['votes'])} votes on it, of a record that ends on {mandate['record_until']}."
    )
    sections = [
        Section(
            mandate["name"], [mandate["note"]] * bool(mandate["note"]), ("", ""), _known(mandate)
        ),
        _votes("How the Council voted", many, mandate["votes"]),
        _votes("Drafts that failed", "", failed),
        Section("What is not known", [*_not_known(mandate)]),
    ]
    return [section for section in sections if section.sentences or section.rows]


def _known(mandate: MandateFacts) -> list[Row]:
    """Return the facts of a mandate, those that are empty left out."""
    months = " to ".join(f"{months:g}" for months in dict.fromkeys(mandate["usual_term_months"]))
    host = mandate["host_relation"].replace("none", "no host, or none that speaks for it")
    pairs = (
        ("in one word", mandate["mandate"]),
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
    return [pair for pair in pairs if pair[1]]


def _votes(heading: str, sentence: str, votes: Sequence[FormerVote]) -> Section:
    """Return a table of votes, the latest first."""
    rows: list[Row] = [
        (
            Written(vote["on"]),
            Written(vote["symbol"]),
            words(vote["outcome"]),
            len(vote["votes"]["in_favour"]),
            *(", ".join(vote["votes"][side]) for side in DISSENT),  # type: ignore[literal-required]
        )
        for vote in reversed(votes)
    ]
    columns = ("date", "text", "outcome", "for", "against", "abstaining", "not participating")
    return Section(heading, [sentence] * bool(sentence), columns if rows else (), rows)


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
    not_sure = "?" if first["certainty"] == "presumed" else "!" if later else ""
    return Written(f"{first['on']}{not_sure}")


def _result(vote: FormerVote) -> str:
    """Return a vote in one line: `May 2024: 13-0-2 CHN, RUS`."""
    sides = vote["votes"]
    tally = "-".join(str(len(sides[side])) for side in ("in_favour", "against", "abstaining"))
    dissent = ", ".join((*sides["against"], *sides["abstaining"], *sides["not_participating"]))
    outcome = "" if vote["outcome"] == "adopted" else f"{words(vote['outcome'])} "
    month = date.fromisoformat(vote["on"])
    return f"{month:%b %Y}: {outcome}{tally} {dissent}".rstrip()
