"""What is said of forecasts of many renewals: the calendar, and the scores once votes are known."""

from __future__ import annotations

from sim.backtest.written_down import Score
from sim.errors import listed
from sim.facts.calendar import COLUMNS, LIKELY, Calendar, Expected, rows_of
from sim.facts.figures import Share, words
from sim.reading.csv_table import as_csv
from sim.report.sections import Row, Section, Written, number, with_chances

MOST_DISSENTERS = 4
MOST_PIVOTAL = 3
HOW_SURE = {"documented": "", "one source": "!", "presumed": "?"}
"""The sign behind a day, by how sure it is."""
CLOSING = (
    "With * the latest text on the mandate is to be the last: whether a renewal is put to the vote "
    "at all is not forecast, only how it would end."
)


def calendar_section(calendar: Calendar) -> Section:
    """Return the table of what expires, by date."""
    rows: list[Row] = [
        (
            forecast["mandate"],  # names in the first column are not broken over lines
            Written(f"{forecast['on']}{_sign(forecast)}"),
            Share(forecast["adopted"]["p"]),
            _doubt(forecast),
            with_chances(forecast["dissenters"], MOST_DISSENTERS),
            listed(forecast["hangs_on"], MOST_PIVOTAL),
        )
        for forecast in calendar["forecasts"]
    ]
    sentences = [
        "Each mandate renewed as last time, by the Council of the day on which it expires. A day "
        "with ? is presumed, since its last renewal or its text was not seen; one with ! has a "
        "single source.",
        *([CLOSING] if any(one["is_closing"] for one in calendar["forecasts"]) else []),
        "Range: P(adopted) in all but the lowest and the highest tenth of draws. Not in favour: "
        f"members that are so with {100 * LIKELY:.0f} % or more. Hangs on: members close to "
        "another vote that would change the outcome.",
        f"The record of votes goes to {calendar['data_until']}. Random seed "
        f"{calendar['random_seed']}, {calendar['worlds']:,} worlds each.",
    ]
    columns = ("mandate", "expires", "adopted %", "range, %", "not in favour, %", "hangs on")
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


def _sign(forecast: Expected) -> str:
    """Return the sign behind the day on which a mandate expires."""
    return HOW_SURE[forecast["certainty"]] + "*" * forecast["is_closing"]


def _doubt(forecast: Expected) -> Written | None:
    """Return between what P(adopted) is in all but the outer tenths of the worlds, in per cent."""
    bounds = forecast["doubt"]["all"]
    if bounds is None:
        return None
    low, high = (f"{100 * p:.0f}" for p in (bounds["low"], bounds["high"]))
    return Written(low if low == high else f"{low} to {high}")
