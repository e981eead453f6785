"""What is said of forecasts of many renewals: the calendar, and the scores once votes are known."""

from __future__ import annotations

from collections.abc import Iterator

from sim.backtest.written_down import Score
from sim.facts.calendar import COLUMNS, LIKELY, Calendar, Expected, rows_of
from sim.facts.figures import Share
from sim.reading.csv_table import as_csv
from sim.report.sections import Row, Section, Written, number, span, words

MOST_DISSENTERS = 6


def calendar_section(calendar: Calendar) -> Section:
    """Return the table of what expires, by date."""
    rows: list[Row] = [
        (
            forecast["mandate"],  # names in the first column are not broken over lines
            Written(forecast["on"]),
            Share(forecast["adopted"]["p"]),
            span(Share(forecast["adopted"]["low"]), Share(forecast["adopted"]["high"])),
            _dissenters(forecast),
            forecast["certainty"],
        )
        for forecast in calendar["forecasts"]
    ]
    sentences = [
        "Each mandate renewed as last time, by the Council of the day on which it expires. "
        f"{calendar['worlds']:,} worlds each, random seed {calendar['random_seed']}; the record of "
        f"votes goes to {calendar['data_until']}.",
        f"Not in favour: the likely dissenters, from {100 * LIKELY:.0f} % on. The intervals cover "
        "simulation error only.",
        *_twice(calendar),
    ]
    columns = ("mandate", "expires", "adopted %", "95 % interval", "not in favour, %", "date is")
    return Section(
        f"Mandates that expire from {calendar['begin']} to {calendar['end']}",
        sentences,
        columns,
        rows,
    )


def forecasts_csv(calendar: Calendar) -> str:
    """Return the forecasts as a CSV file that `unsc score` reads."""
    return as_csv(COLUMNS, ([str(row[column]) for column in COLUMNS] for row in rows_of(calendar)))


def score_sections(score: Score) -> list[Section]:
    """Return how good forecasts were, and which have no vote yet."""
    columns = ("forecaster", "Brier score", "log loss")
    means: list[Row] = [
        (words(name), number(mean["brier"], ".3f"), number(mean["log_loss"], ".3f"))
        for name, mean in score["mean"].items()
    ]
    votes: list[Row] = [
        (
            one["mandate"],
            Written(one["day"]),
            Share(one["p_adopted"]),
            Written(one["voted_on"]),
            words(one["outcome"]),
            number(one["losses"]["this forecast"]["brier"], ".3f"),
            number(one["losses"]["this forecast"]["log_loss"], ".3f"),
        )
        for one in score["scored"]
    ]
    n_open, until = len(score["still_open"]), score["votes_until"]
    said = f"{len(votes)} forecasts have a vote, {n_open} have none yet (votes until {until})."
    lower = "Lower is better; the others know no vote that the forecast did not." if votes else ""
    forecast = ("mandate", "for", "P(adopted) %", "voted on", "outcome", "Brier", "log loss")
    still = Section(
        "No vote yet", (), ("mandate", "for"), [(m, Written(d)) for d, m in score["still_open"]]
    )
    return [
        Section("Scores of forecasts", [s for s in (said, lower) if s], columns, means),
        *([Section("Vote by vote", (), forecast, votes)] if votes else []),
        *([still] if n_open else []),
    ]


def _dissenters(forecast: Expected) -> str:
    """Return who is likely to dissent: `RUS 66, CHN 62`."""
    named = [f"{code} {100 * p:.0f}" for code, p in forecast["dissenters"].items()]
    rest = f" and {len(named) - MOST_DISSENTERS} more" if len(named) > MOST_DISSENTERS else ""
    return ", ".join(named[:MOST_DISSENTERS]) + rest


def _twice(calendar: Calendar) -> Iterator[str]:
    """Yield a word on dates that are presumed, where there are any."""
    if any(forecast["certainty"] == "presumed" for forecast in calendar["forecasts"]):
        yield "A date is presumed where the last renewal, or its text, was not seen."
