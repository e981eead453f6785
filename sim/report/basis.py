"""What a report says of what it rests on: assumptions, evidence, how it was computed."""

from __future__ import annotations

from collections.abc import Iterator

from sim.facts.figures import Share, percent, words
from sim.facts.report import Evidence, OfRecord, Report, Source, estimate_in
from sim.facts.votes import in_words
from sim.report.consultations import may_dissent
from sim.report.sections import Section, Written, mean_spread


def assumptions(report: Report) -> Section:
    """Return how much is assumed, and what the others rest on."""
    rows = [
        (code, name, mean_spread(value["mean"], value["spread"], ".3f"), ", ".join(ids))
        for code in may_dissent(report)
        for setting, ids in report["evidence"]["cited"].items()
        if (name := setting.removeprefix(f"members.{code}.")) != setting
        and (value := estimate_in(report["scenario"], setting))
    ]
    sentences = [*_assumed(report["evidence"])]
    if rows:
        sentences.append(
            "Evidence-based preferences of members that may dissent. The source of each id is "
            "under Evidence in the report's files (--out)."
        )
    columns = ("", "preference", "value", "evidence")
    return Section("What the numbers rest on", sentences, columns, rows)


def _assumed(rests_on: Evidence) -> Iterator[str]:
    """Yield which preferences these are, and how many of the numbers nobody observed."""
    if rests_on["preferences_named"]:
        yield f"Preferences: {rests_on['preferences_named']}."
    yield (
        f"{sum(rests_on['assumed'].values())} of the {rests_on['preferences']} preferences that "
        "count here are assumed: set in advance, and informed by no vote or statement. The others "
        f"rest on {len(rests_on['sources'])} statements and votes."
    )
    if rests_on["assumed_coefficients"]:
        numbers = ", ".join(map(words, rests_on["assumed_coefficients"]))
        yield f"Coefficients assumed in the same way: {numbers}."
    if codes := rests_on["by_group"]:
        one = len(codes) == 1
        has, their, take = ("has", "its", "takes") if one else ("have", "their", "take")
        yield (
            f"{', '.join(codes)} {has} no number of {their} own and {take} {their} regional "
            "group's, with the uncertainty of a member never observed."
        )


def remembered(record: OfRecord) -> Iterator[str]:
    """Yield until when the record of votes goes, and what it has on the mandate."""
    if record["until"] is None:
        yield "The record of votes has none from before this day."
        return
    sentence = f"The record of votes before this day goes to {record['until']}."
    if last := record["last"]:
        text, ended = f"{last['symbol']} on {last['on']}", words(last["outcome"])
        if record["votes"] > 1:
            of_last = f"{record['votes']} votes on this mandate; the last, {text}, was {ended}"
        else:
            of_last = f"one vote on this mandate: {text}, {ended}"
        sentence += f" It has {of_last} ({in_words(last['votes'])})."
    elif record["mandate"]:
        sentence += " It has none on this mandate."
    yield sentence
    if codes := record["never_voted"]:
        yield f"It has no vote by {', '.join(codes)}."


def evidence(report: Report) -> Section:
    """Return the source of each statement that a number rests on."""
    rows = [
        (k, Written(s["on"]), s["who"], s["says"], "; ".join(s["published"]))
        for k, s in report["evidence"]["sources"].items()
        if not is_vote(s)
    ]
    columns = ("id", "date", "who", "what", "source")
    return Section("Evidence: what was said", (), columns, rows)


def votes_as_evidence(report: Report) -> Section:
    """Return each vote of the record that a number rests on."""
    rows = [
        (k, Written(s["on"]), s["says"], ", ".join(s["published"]))
        for k, s in report["evidence"]["sources"].items()
        if is_vote(s)
    ]
    columns = ("id", "date", "vote", "symbol")
    return Section("Evidence: past votes", (), columns, rows)


def is_vote(source: Source) -> bool:
    """Return whether a source is a vote, which is published under its own symbol."""
    return source["source"] == source["published"]


def provenance(report: Report) -> Section:
    """Return what it takes to compute the same again, and what the intervals cover."""
    software, residual = report["software"], report["residual"]
    intervals = [
        f"{words(name)} {_between(value['low'], value['high'])}"
        for name, value in report["outcome"].items()
        if value["high"] > 0
    ]
    return Section(
        "How it was computed",
        [
            f"{report['worlds']:,} worlds, random seed {report['random_seed']}, unsc-sim "
            f"{software['version']} (stream format {software['stream_format']}).",
            f"Scenario {report['name']}, fingerprint {report['fingerprint'][:16]}.",
            "At the deadline, stated positions differ from the choices they lead to by "
            f"{residual['mean']:.4f} on average; the consultations were unsettled in "
            f"{percent(residual['unsettled'])} of worlds.",
            f"95 % intervals of the simulation error: {', '.join(intervals)}. They cover neither "
            "what is not known nor errors in the model or its numbers.",
        ],
    )


def _between(low: float, high: float) -> str:
    """Return an interval of a probability: `81.8 to 83.6 %`, `0.1 %`, `under 0.1 %`."""
    least, most = str(Share(low)), str(Share(high))
    is_one = least == most or (least, most) == ("0.0", "<0.1")
    return percent(high) if is_one else f"{Share(low)} to {percent(high)}".replace("<", "under ")
