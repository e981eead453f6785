"""Coding by rules and by hand: what titles tell, codings over a record, what is left open."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import yaml
from un_record import as_csv as un_csv
from un_record import made_votes, rows_of

from sim.backtest import BackTest, backtest
from sim.backtest.forecasters import all_forecasters
from sim.backtest.forecasters.joint_fit import undated_prior
from sim.errors import InvalidInput
from sim.facts.coding import MOST_OPEN, coding_facts
from sim.facts.schema import schema_of
from sim.fit.layers import layers
from sim.fit.record_fit import fit_record, memory_of_fit
from sim.paths import SEEDS
from sim.reading.csv_table import as_csv
from sim.record import Record, read_record
from sim.record.codings import CODED, read_codings
from sim.record.keywords import inferred
from sim.record.record import COLUMNS
from sim.record.to_code import to_code

with (SEEDS / "votes.csv").open(encoding="utf-8", newline="") as file:
    SHIPPED = [*csv.DictReader(file)]
UNCODED = dict.fromkeys((*CODED, "summary"), "")
LAST_WEEKS = [row for row in SHIPPED if row["date"] >= "2024-10-01"]

Write = Callable[..., Path]


def say(line: str) -> None:
    """Print a line of a table; pytest -s shows it."""
    sys.stdout.write(f"{line}\n")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes rows as a record, and gives its path."""

    def written(rows: Iterable[Mapping[str, str]], name: str = "record.csv") -> Path:
        path = tmp_path / name
        path.write_text(as_csv(COLUMNS, ([row.get(c, "") for c in COLUMNS] for row in rows)))
        return path

    return written


def table_by_kind(rows: Iterable[Mapping[str, str]], column: str) -> dict[str, Counter[str]]:
    """Return how often titles alone tell a cell rightly, wrongly or not at all, by its kind."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        told = inferred(row["title"], "").get(column, "")
        what = "open" if not told else "right" if told == row[column] else "wrong"
        found.setdefault(row["instrument"], Counter())[what] += 1
    return found


@pytest.mark.parametrize("years", ["all", "odd", "even"])
@pytest.mark.parametrize(("column", "least"), [("instrument", 0.85), ("target", 0.97)])
def test_what_rules_tell_of_the_shipped_titles(years: str, column: str, least: float) -> None:
    """Of what is told, so much is right, also in even years, against which no rule was written."""
    rest = {"all": (0, 1), "odd": (1,), "even": (0,)}[years]
    table = table_by_kind((row for row in SHIPPED if int(row["date"][:4]) % 2 in rest), column)
    total = sum(table.values(), Counter())
    for kind, counts in [*sorted(table.items()), ("all kinds", total)]:
        n_told = counts["right"] + counts["wrong"]
        share = f"{counts['right'] / n_told:6.1%}" if n_told else "     -"
        say(f"{years:5}{column:11}{kind:22}{share} of {n_told:4} told,{counts['open']:4} open")
    assert total["right"] >= least * (total["right"] + total["wrong"])
    assert total["right"] + total["wrong"] > total["open"]


def test_a_row_that_nobody_coded(write: Write) -> None:
    """Rules fill in what is empty, and are named; what they leave is read as by nobody."""
    panel = LAST_WEEKS[0] | UNCODED | {"title": "DPRK Panel of Experts renewal"}
    draft = LAST_WEEKS[1] | UNCODED | {"title": "untitled"}
    votes = read_record(write([panel, draft]))
    assert [v.coded_by for v in votes] == ["rule", "nobody"]
    assert votes[0].inferred == ("instrument", "mandate", "target")
    assert (votes[0].instrument, votes[0].target) == ("panel_renewal", "PRK")
    assert votes[0].penholders == ("USA",)  # the usual ones of its mandate
    assert (votes[1].target, votes[1].penholders, votes[1].inferred) == (None, (), ())


def test_votes_that_nobody_coded_share_no_matter(write: Write) -> None:
    """Two texts of which nothing is known are not read as votes on one mandate."""
    rows = [row | UNCODED | {"title": "untitled"} for row in LAST_WEEKS]
    votes = read_record(write(rows))
    assert len({vote.mandate for vote in votes}) == len(votes)
    assert all("last_vote" not in m.dissent for v in votes for m in v.memory.values())


def test_codings_are_laid_over_any_record(write: Write, tmp_path: Path) -> None:
    """A table and a YAML file say the same; `none` empties a cell, and rules are overruled."""
    rows = [row | UNCODED | {"title": "Haiti sanctions renewal"} for row in LAST_WEEKS[:2]]
    path, ids = write(rows), [row["vote_id"] for row in rows]
    table = tmp_path / "codings.csv"
    table.write_text(
        "vote_id,instrument,target,penholder,mandate,term_months,title\n"
        f"{ids[0]},ceasefire,None,USA GBR,NONE,6,what a reader may want\n"
    )
    said = {
        "instrument": "ceasefire",
        "target": "none",
        "penholder": ["USA", "GBR"],
        "mandate": "none",
        "term_months": 6,
    }
    file = tmp_path / "codings.yaml"
    file.write_text(yaml.safe_dump({"kind": "codings", "votes": {rows[0]["symbol"]: said}}))
    for codings in (table, file):
        first, second = read_record(path, codings)
        assert (first.coded_by, first.instrument, first.target) == ("hand", "ceasefire", None)
        assert first.penholders == ("USA", "GBR")
        assert not first.inferred
        assert second.coded_by == "rule"
    schema = schema_of("codings")["$defs"]["CodingForm"]["properties"]
    assert schema.keys() == {*CODED}
    assert "ceasefire" in schema["instrument"]["anyOf"][0]["enum"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("vote_id,instrument\nR1,panel_renewel\n", "Did you mean 'panel_renewal'?"),
        ("vote_id,target\nR1,North Korea\n", "PRK"),
        ("vote_id,target\nR1,PRK\nR1,IRN\n", "'R1' is given twice"),
        ("vote_id,target,target\nR1,PRK,IRN\n", "target: the column is given twice"),
        ("vote_id,amends\nR1,no\n", "expected the symbol of the draft that it amends"),
        ("name,target\nR1,PRK\n", "the table codes no votes"),
        ("vote_id;target\nR1;PRK\n", "separated by semicolons; expected commas"),
        ('vote_id,target\n"R1,PRK\nR2,IRN\n', ":2:1 the row cannot be read"),
        ("vote_id,target\n,PRK\n", "the cell is empty; expected the id of a vote"),
    ],
)
def test_codings_that_are_wrong(tmp_path: Path, text: str, message: str) -> None:
    """Faults of codings are those of their own file and line."""
    path = tmp_path / "codings.csv"
    path.write_text(text)
    with pytest.raises(InvalidInput) as caught:
        read_codings(path)
    assert message in str(caught.value)
    assert "codings.csv:" in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            "{id},,ceasefire\n,{symbol},other\n",
            "codings.csv:3:1 {id} is {symbol}, and coded twice (first in line 2); "
            "expected one coding of a vote.",
        ),
        (
            "{id},S/RES/1(1946),ceasefire\n",
            "codings.csv:2:1 symbol: found 'S/RES/1(1946)' beside {id}; the record has {symbol}.",
        ),
    ],
)
def test_codings_that_contradict_the_record(
    write: Write, tmp_path: Path, rows: str, message: str
) -> None:
    """A vote coded by its id and by its symbol, or by the id of another, is coded by neither."""
    named = {"id": LAST_WEEKS[0]["vote_id"], "symbol": LAST_WEEKS[0]["symbol"]}
    path = tmp_path / "codings.csv"
    path.write_text("vote_id,symbol,instrument\n" + rows.format_map(named))
    with pytest.raises(InvalidInput) as caught:
        read_record(write(LAST_WEEKS), path)
    assert str(caught.value).endswith(message.format_map(named))


def test_codings_of_other_votes_are_told(write: Write, tmp_path: Path) -> None:
    """A coding of a vote that the record lacks codes nothing, and is not lost in silence."""
    path = tmp_path / "codings.csv"
    path.write_text("vote_id,instrument\nR1,other\n")
    record = read_record(write(LAST_WEEKS), path)
    assert record.codes_nothing == (2,)


def test_what_is_still_to_be_coded_comes_back(write: Write, tmp_path: Path) -> None:
    """The table lists open votes, says nothing of their outcome, and is a file of codings."""
    rows = [row | UNCODED for row in LAST_WEEKS]
    path = write(rows)
    found = to_code(path)
    n_open = sum(vote.coded_by == "nobody" for vote in read_record(path))
    assert 0 < len(found.rows) == n_open == found.counts["nobody"]
    assert not {"outcome", "in_favour", "against", "abstaining"} & found.rows[0].keys()
    todo = tmp_path / "to-code.csv"
    everything = to_code(path, inferred_too=True)
    filled = [row | {"instrument": row["instrument"] or "ceasefire"} for row in everything.rows]
    todo.write_text(as_csv([*filled[0]], ([*row.values()] for row in filled)))
    assert {vote.coded_by for vote in read_record(path, todo)} == {"hand"}
    assert not to_code(path, todo).rows


def test_the_most_telling_come_first(write: Write) -> None:
    """Matters come in the order of the dissent on them, those of one matter by date."""
    rows = [row | UNCODED | {"title": f"{row['target']} draft"} for row in LAST_WEEKS]
    path = write(rows)
    votes = {vote.vote_id: vote for vote in read_record(path)}
    found = [votes[row["vote_id"]] for row in to_code(path).rows]
    matters = [vote.target or vote.vote_id for vote in found]
    dissent = Counter[str]()
    for matter, vote in zip(matters, found, strict=True):
        dissent[matter] += int(np.count_nonzero(vote.roll_call))
    assert all(dissent[one] >= dissent[next_one] for one, next_one in pairwise(matters))
    assert all(
        one.date <= other.date
        for (one, other), (a, b) in zip(pairwise(found), pairwise(matters), strict=True)
        if a == b
    )


def test_where_little_is_coded_the_fit_is_wider(write: Write) -> None:
    """From a share of open votes on it is said, and what members share is never narrower."""
    prior = undated_prior()
    coded = read_record(write([row for row in SHIPPED if row["date"] >= "2023-01-01"]))
    rows = [row | UNCODED | {"title": "untitled"} for row in SHIPPED if row["date"] >= "2023-01-01"]
    bare = read_record(write(rows, "bare.csv"))
    assert [coding_facts(votes)["is_thin"] for votes in (coded, bare)] == [False, True]
    assert coding_facts(bare)["nobody"] == len(bare) >= MOST_OPEN * len(bare)
    shocks = [
        {x.kind: x.posterior.mean for x in layers(fit_record(votes, prior), votes)}.get(
            "shared_shock"
        )
        for votes in (coded, bare)
    ]
    assert shocks[0] is None
    assert shocks[1] is not None
    assert shocks[1] >= prior.shared_shock


def test_a_shock_that_was_there_is_found() -> None:
    """Made votes on which all members were moved alike by more than the prior has it widen it."""
    votes = [vote for vote in read_record() if vote.date >= date(2019, 1, 1)]
    draw = np.random.default_rng(4)
    shaken = []
    for vote in votes:
        likely = 1 / (1 + np.exp(6.0 - 9.0 * abs(draw.standard_normal())))
        roll_call = (draw.random(len(vote.council)) < likely).astype(np.int8)
        shaken.append(replace(vote, is_open=True, roll_call=roll_call, remembered={}))
    fitted = layers(fit_record(shaken, undated_prior()), shaken)
    (shock,) = [x.posterior for x in fitted if x.kind == "shared_shock"]
    assert shock.mean > undated_prior().shared_shock + 3 * shock.spread


def codings_of_the_record(write: Write) -> dict[str, Record]:
    """Return the shipped record as its coders have it, by rules on its titles, and by nobody."""
    by_rule = [row | UNCODED for row in SHIPPED]
    return {
        "hand": read_record(),
        "rules": read_record(write(by_rule)),
        "none": read_record(write([row | {"title": "untitled"} for row in by_rule], "none.csv")),
    }


def scores(tested: BackTest, name: str) -> dict[str, float]:
    """Return log losses of a forecaster, and how far its .95 to .99 bin is from what came true."""
    votes, outcomes = tested.member_votes(name), tested.outcomes(name)
    losses = [
        float(-np.log(x.p[np.arange(len(x.p)), x.observed]).mean()) for x in (votes, outcomes)
    ]
    inside = (votes.p >= 0.95) & (votes.p < 0.99)
    came_true = np.eye(3)[votes.observed][inside]
    said = votes.p[inside]
    n_bin = len(said)
    return {
        "member votes": losses[0],
        "outcomes": losses[1],
        "in bin": n_bin,
        "said": float(said.mean()) if n_bin else np.nan,
        "came true": float(came_true.mean()) if n_bin else np.nan,
    }


@pytest.mark.slow(reason="six fits and 430 simulated votes")
def test_codings_side_by_side(write: Write) -> None:
    """Each coding is worth something, and with none the simulator beats base rates all the same."""
    found = {}
    for coding, record in codings_of_the_record(write).items():
        names = ("simulator", "base_rate")
        forecasters = [f for f in all_forecasters() if f.name in names]
        tested = backtest(record, forecasters, date(2023, 1, 1), date(2024, 12, 31), workers=1)
        for name in names if coding == "none" else names[:1]:
            found[f"{name}, {coding}"] = scores(tested, name)
    for what, row in found.items():
        say(" ".join([f"{what:20}", *(f"{key} {value:.3f}" for key, value in row.items())]))
    losses = [found[what]["member votes"] for what in found]
    assert losses == sorted(losses), "hand, rules, none, base rates"
    # Of 107 votes; from 2016 on it is better than base rates (sim/README.md).
    assert found["simulator, none"]["outcomes"] <= found["base_rate, none"]["outcomes"]
    for what in ("simulator, hand", "simulator, rules", "simulator, none"):
        row = found[what]
        assert row["in bin"] < 30 or row["came true"] >= 0.94, what


@pytest.mark.slow(reason="fits of 1,900 votes")
def test_a_made_record_goes_the_whole_way(tmp_path: Path) -> None:
    """1,900 made votes of the UN's form: import, check, code, calibrate, back-test; under 2 GB."""
    (tmp_path / "un.csv").write_text(un_csv(rows_of(made_votes(1900))))
    way = [
        "votes import un.csv --out record.csv",
        "votes check record.csv",
        "votes code record.csv --out to-code.csv",
        "calibrate --votes record.csv --out mine.yaml --workers 1",
        "backtest --votes record.csv --from 2025-01-01 --out tested --workers 1",
    ]
    measured = (
        "import resource, sys; from sim.cli.app import main; import sim.cli\n"
        "try: main()\n"
        "finally: open('peak', 'w').write("
        "str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))"
    )
    for command in way:
        done = subprocess.run(
            [sys.executable, "-c", measured, *command.split()],
            cwd=tmp_path,
            env={"XDG_CACHE_HOME": str(tmp_path), "OPENBLAS_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        peak = int((tmp_path / "peak").read_text()) / 1e6
        say(f"{command}: {peak:.2f} GB")
        assert peak < 2
    facts = json.loads((tmp_path / "tested" / "backtest.json").read_text())
    assert facts["coding"]["is_thin"]
    assert memory_of_fit(read_record(tmp_path / "record.csv")) < 2
