"""Forecasts of all that expires, written down, and scored once there are votes."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from math import log
from urllib.parse import unquote

import pytest
from pages import Reader
from typer.testing import CliRunner

from sim.backtest.written_down import WrittenDown, read_forecasts, score
from sim.catalogue import mandates
from sim.cli.app import app
from sim.errors import InvalidInput, NotFound
from sim.facts.calendar import COLUMNS, NEAR, expiries_between
from sim.paths import SEEDS
from sim.record.shipped import shipped_record, votes_on

FROM, TO = "2027-01-15", "2027-01-31"


def unsc(*words):
    return CliRunner().invoke(app, [*map(str, words)], env={"COLUMNS": "80"})


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return a folder with the forecasts of a fortnight, and what was printed."""
    folder = tmp_path_factory.mktemp("calendar")
    words = ("--worlds", "200", "--out", folder / "out", "--record", folder / "forecasts.csv")
    done = unsc("calendar", "--from", FROM, "--to", TO, *words)
    assert done.exit_code == 0, done.output
    return folder, done.output


def test_what_expires_is_in_the_order_of_days():
    """Each end between the days is there, with those to come if a mandate is renewed as usual."""
    found = expiries_between(date(2026, 10, 31), date(2027, 10, 31))
    days = [expiry.day for expiry, _ in found]
    assert days == sorted(days)
    minurso = [e for e, m in found if m.mandate == "minurso"]
    assert [(e.day.year, e.certainty) for e in minurso] == [
        (2026, "documented"),
        (2027, "presumed"),
    ]
    undof = [e.day for e, m in found if m.mandate == "undof"]
    assert undof == [date(2026, 12, 31), date(2027, 6, 30)]
    with pytest.raises(NotFound, match="no mandate expires"):
        expiries_between(date(2001, 1, 1), date(2001, 1, 2))


def test_every_renewal_has_a_row_and_a_page(written):
    """The table names what expires; the folder holds it as JSON, Markdown and a page for each."""
    folder, printed = written
    facts = json.loads((folder / "out" / "calendar.json").read_text())
    names = [forecast["mandate"] for forecast in facts["forecasts"]]
    assert names == ["red-sea", "haiti-binuh", "unficyp"]
    for forecast in facts["forecasts"]:
        assert forecast["mandate"] in printed
        total = forecast["adopted"]["p"] + forecast["p_vetoed"] + forecast["p_not_carried"]
        assert total == pytest.approx(1, abs=1e-5)
        assert (folder / "out" / f"{forecast['mandate']}@{forecast['on']}.html").exists()
        assert forecast["doubt"]["all"]["low"] <= forecast["doubt"]["all"]["high"]
        row = next(x for x in printed.splitlines() if x.startswith(forecast["mandate"]))
        sign = {"documented": " ", "one source": "!", "presumed": "?"}[forecast["certainty"]]
        assert f"{forecast['on']}{sign}" in row


def test_the_doubt_and_what_it_hangs_on_are_those_of_a_run():
    """A row says what the brief of the same run says: its doubt, and members near another vote."""
    words = ("south-sudan-sanctions", "--on", "2027-05-31", "--worlds", "300", "--json")
    report = json.loads(unsc("run", *words).output)
    run = ("calendar", "--from", "2027-05-31", "--to", "2027-05-31", "--worlds", "300", "--json")
    every = json.loads(unsc(*run).output)["forecasts"]
    one = next(f for f in every if f["mandate"] == "south-sudan-sanctions")
    assert one["doubt"] == report["doubt"]
    for code in one["hangs_on"]:
        pivot, gain = (report["members"][code][key] for key in ("pivot", "gain"))
        assert abs(pivot["distance"]) <= NEAR * gain["sd"]
    assert one["hangs_on"]


def test_a_mandate_that_is_closing_is_marked():
    """A renewal of what is to end has a star, which the text explains; without one, no star."""
    december = ("calendar", "--from", "2026-12-25", "--to", "2026-12-31", "--worlds", "100")
    printed = unsc(*december).output
    assert "2026-12-31*" in next(x for x in printed.splitlines() if x.startswith("unifil"))
    assert "2026-12-31*" not in next(x for x in printed.splitlines() if x.startswith("aussom"))
    assert "to be the last" in " ".join(printed.split())
    january = unsc("calendar", "--from", "2027-01-30", "--to", "2027-01-31", "--worlds", "100")
    assert "to be the last" not in " ".join(january.output.split())


def test_the_index_is_a_calendar_that_leads_to_every_page(written):
    """Month by month what expires, by its name, with a link to its page, which leads back."""
    out = written[0] / "out"
    facts = json.loads((out / "calendar.json").read_text())
    index = Reader((out / "index.html").read_text(encoding="utf-8"))
    rows = index.tables["2027-01"][1:]
    assert [row[0] for row in rows] == [forecast["name"] for forecast in facts["forecasts"]]
    days = [row[1].rstrip("?!") for row in rows]
    assert days == [forecast["on"] for forecast in facts["forecasts"]]
    links = {a["href"] for tag, a in index.tags if tag == "a" and not a["href"].startswith("#")}
    pages = {path.name for path in out.glob("*.html")} - {"index.html"}
    assert {unquote(link) for link in links} == pages
    assert len(pages) == len(rows)
    assert all('href="index.html"' in (out / page).read_text("utf-8") for page in pages)


def test_forecasts_are_written_down(written):
    """The file has a row for each, which reads back as the forecast."""
    path = written[0] / "forecasts.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    read = read_forecasts(path)
    assert [f.mandate for f in read] == [row["mandate"] for row in rows]
    assert {f.data_until for f in read} == {shipped_record()[-1].date}
    assert all(len(row["preferences"]) == 64 for row in rows)
    assert unsc("calendar", "--from", FROM, "--to", TO, "--record", path).exception


def test_what_has_no_vote_is_listed(written):
    """Votes to come are not scored, and are named."""
    printed = unsc("score", written[0] / "forecasts.csv").output
    assert "0 forecasts have a vote, 3 have none yet" in printed
    assert "unficyp" in printed


@pytest.mark.parametrize("path", sorted((SEEDS / "forecasts").glob("*.csv")), ids=lambda p: p.stem)
def test_shipped_forecasts_were_made_before_the_votes(path):
    """Each row gives the chances of a vote after the day that names the file."""
    made = date.fromisoformat(path.stem)
    forecasts = read_forecasts(path)
    assert forecasts
    for forecast in forecasts:
        assert forecast.day > made > forecast.data_until
        assert sum(forecast.chances) == pytest.approx(1, abs=1e-5)
    record = shipped_record()
    to_come = [[str(f.day), f.mandate] for f in forecasts if f.day > record[-1].date]
    assert score(forecasts, record)["still_open"][-len(to_come) :] == to_come


def test_scores_are_those_of_the_definition():
    """Brier score and log loss of the vote that was meant, beside those who knew no more."""
    last, before = votes_on("south-sudan-sanctions")[-1], votes_on("south-sudan-sanctions")[-2]
    known = last.date - timedelta(20)
    forecast = WrittenDown(last.date + timedelta(1), last.mandate, (0.7, 0.2, 0.1), known)
    early = forecast._replace(day=last.date + timedelta(400))
    facts = score([forecast, early], shipped_record())
    (one,) = facts["scored"]
    assert one["voted_on"] == last.date.isoformat() != before.date.isoformat()
    assert one["losses"]["this forecast"]["brier"] == pytest.approx(0.3**2 + 0.2**2 + 0.1**2)
    assert one["losses"]["this forecast"]["log_loss"] == pytest.approx(-log(0.7), abs=1e-6)
    assert set(facts["mean"]) == {"this forecast", "base_rate", "last_vote"}
    assert facts["still_open"] == [[early.day.isoformat(), last.mandate]]


def test_a_vote_that_was_known_is_not_scored():
    """A forecast made after the vote is of the next one."""
    last = votes_on("unficyp")[-1]
    forecast = WrittenDown(last.date, "unficyp", (0.9, 0.05, 0.05), last.date)
    assert score([forecast], shipped_record())["scored"] == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2026-13-31,undof,0.9,0.1,0,0.1,x,2024-12-27", "no such day"),
        ("2026-12-31,undof,much,0.1,0,0.1,x,2024-12-27", "a chance is no number"),
        ("2026-12-31,undof,0.9,0.9,0,0.1,x,2024-12-27", "the chances sum to 1.8"),
        ("2026-12-31,undof", "2 cells"),
    ],
)
def test_forecasts_that_cannot_be_read_are_refused(row, said, tmp_path):
    """A fault says in which line and what is allowed."""
    path = tmp_path / "forecasts.csv"
    path.write_text(f"{','.join(COLUMNS)}\n{row}\n")
    with pytest.raises(InvalidInput, match=said):
        read_forecasts(path)


def test_days_stand_in_order():
    """A first day after the last is refused."""
    assert "is after" in str(unsc("calendar", "--from", TO, "--to", FROM).exception)


def test_every_certainty_is_a_word():
    """How sure a day is comes in words that the README has."""
    words = {e.certainty for m in mandates().values() for e in m.expiries}
    assert words == {"documented", "one source", "presumed"}
