"""What each vote is on: by its row, a user's codings, rules on its title, or a default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sim.arguments import check_kind
from sim.catalogue import instruments, mandates
from sim.errors import Fault, InvalidInput, Place, listed
from sim.reading.csv_table import Row, read_table
from sim.reading.faults import check_form
from sim.reading.form import Form
from sim.reading.messages import quoted
from sim.reading.yaml12 import read
from sim.record.coding import REVIEW
from sim.record.keywords import inferred
from sim.record.record_row import RecordRow
from sim.roster import states

CODED = (
    *("instrument", "target", "penholder", "term_months", "review", "mandate"),
    *("procedural", "amends"),
)
"""The columns of a record that a coder fills in."""
NONE = "none"
"""What a coding says of a cell that is to be empty."""
KEYS = ("vote_id", "symbol")
"""By which a coding names its vote."""
OF_YAML = (".yaml", ".yml")


class CodingForm(Form):
    """What is said of one vote; `none` says that there is none."""

    instrument: str | None = None
    target: str | None = None
    penholder: str | list[str] | None = None
    term_months: float | None = None
    review: str | None = None
    mandate: str | None = None
    procedural: bool | None = None
    amends: str | None = None


class CodingsFile(Form):
    """A file of codings: of votes by their `vote_id` or symbol."""

    kind: Literal["codings"]
    title: str | None = None
    votes: dict[str, CodingForm]


@dataclass(frozen=True)
class Codings:
    """What a user says of votes.

    Args:
        rows: the cells that are said of a vote, by its `vote_id` or symbol, with their place.
        symbols: the symbol that stands beside a `vote_id`, by the latter.
    """

    rows: Mapping[str, Row]
    symbols: Mapping[str, str]

    def of(self, row: Row) -> Mapping[str, str]:
        """Return the cells that are said of the vote of a row, none where nothing is."""
        keys = [row.cells.get(key, "") for key in KEYS]
        return next((self.rows[key].cells for key in keys if key in self.rows), {})

    def faults_beside(self, rows: Iterable[Row]) -> Iterator[Fault]:
        """Yield what contradicts the votes: two codings of one, or a symbol that is another's."""
        for row in rows:
            vote_id, symbol = (row.cells.get(key, "") for key in KEYS)
            if vote_id in self.rows and symbol in self.rows:
                first, again = sorted(
                    (self.rows[vote_id], self.rows[symbol]), key=lambda row: row.place.line
                )
                found = f"{vote_id} is {symbol}, and coded twice (first in line {first.place.line})"
                yield again.fault("", found, "expected one coding of a vote")
            said = self.symbols.get(vote_id, symbol)
            if "".join(said.split()) != "".join(symbol.split()):
                found = f"found {quoted(said)} beside {vote_id}"
                yield self.rows[vote_id].fault("symbol", found, f"the record has {symbol}")

    def beside(self, rows: list[Row]) -> Iterator[Row]:
        """Yield the codings of votes that none of the rows holds."""
        known = {row.cells.get(key, "") for row in rows for key in KEYS}
        yield from (row for key, row in self.rows.items() if key not in known)


def read_codings(path: Path | str) -> Codings:
    """Return the codings of a file: a CSV table, or YAML with `kind: codings`.

    A table has a column `vote_id` or `symbol` and some of those of a record that are coded; others
    are not looked at, and an empty cell says nothing.

    Raises:
        UnscError: what is given is no path.
        InvalidInput: with all faults of the file at once.
        NotFound: no such file.
    """
    check_kind("codings", path, str | Path, "the path of a file")
    path = Path(path)
    faults: list[Fault] = []
    is_yaml = path.suffix.lower() in OF_YAML
    given = list(_of_yaml(path, faults) if is_yaml else _of_table(path, faults))
    rows, symbols = dict[str, Row](), dict[str, str]()
    for (key, *other), row in given:
        if key in rows:
            found = f"{quoted(key)} is given twice (first in line {rows[key].place.line})"
            faults.append(row.fault("", found, "expected one coding of a vote"))
        said = {c: "" if x.lower() == NONE else x for c, x in row.cells.items()}
        rows[key] = Row(row.place, said)
        if other:
            symbols[key] = other[0]
        faults += _faults(rows[key])
    if faults:
        raise InvalidInput(faults)
    return Codings(rows, symbols)


def as_coded(row: Row, codings: Codings | None = None) -> Row:
    """Return a row of a record with all that is known of its vote.

    Codings are laid over its cells. Where nobody has said the kind of text, the words of its title
    fill in what is empty, and `inferred` names the cells that they filled. An amendment is of no
    kind that its title tells: that of its draft is not its own.
    """
    given = codings.of(row) if codings else {}
    cells = {**dict.fromkeys((*CODED, "inferred"), ""), **row.cells, **given}
    by_rule = {*cells["inferred"].split()} - given.keys()
    if not cells["instrument"]:
        told = inferred(cells.get("title", ""), cells.get("summary", ""), bool(cells["amends"]))
        told = {c: x for c, x in told.items() if not cells[c] and c not in given}
        cells |= told
        by_rule |= told.keys()
    cells["inferred"] = " ".join(sorted(by_rule))
    return Row(row.place, cells)


def schema_of_codings() -> dict[str, Any]:
    """Return the JSON Schema of a YAML file of codings."""
    schema = CodingsFile.json_schema()
    columns = schema["$defs"]["CodingForm"]["properties"]
    known = {
        "instrument": instruments(),
        "target": (*states(), NONE),
        "review": REVIEW,
        "mandate": (*mandates(), NONE),
    }
    for column, names in known.items():
        text = next(x for x in columns[column]["anyOf"] if x.get("type") == "string")
        key = "examples" if column == "mandate" else "enum"  # a mandate may be the user's own
        text[key] = [*names]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _of_table(path: Path, faults: list[Fault]) -> Iterator[tuple[list[str], Row]]:
    """Yield each vote's keys and its cells that say something."""
    table = read_table(path, [])
    faults += [*table.of_header, *table.faults]
    keys = [key for key in KEYS if key in table.columns]
    if not keys or not {*CODED} & {*table.columns}:
        allowed = f"expected 'vote_id' or 'symbol', and some of {listed(CODED, 10)}"
        place = Place(table.source, 1, 1)
        raise InvalidInput([Fault(place, "", "the table codes no votes", allowed)])
    for row in table.rows:
        named = [row.cells[key] for key in keys if row.cells[key]]
        if not named:
            faults.append(row.fault(keys[0], "the cell is empty", "expected the id of a vote"))
        # What a rule filled in, and the table hands on unchanged, is a coding like any other.
        yield named or [""], Row(row.place, {c: x for c in CODED if (x := row.cells.get(c, ""))})


def _of_yaml(path: Path, faults: list[Fault]) -> Iterator[tuple[list[str], Row]]:
    """Yield each vote's one key and its cells that say something."""
    node = read(path)
    filled = check_form(CodingsFile, node)
    faults += filled.faults
    for key, coding in filled.form.votes.items():
        said = coding.model_dump(exclude_none=True)
        cells = {column: _as_cell(value) for column, value in said.items()}
        yield [key], Row(node.place_of(["votes", key]), cells)


def _as_cell(value: bool | float | str | list[str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value)
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _faults(row: Row) -> list[Fault]:
    """Return what is wrong with the cells of a coding."""
    cells = RecordRow(row)
    cells.check_coded_cells()
    cells.target()
    cells.penholders(())
    cells.choice("procedural", ("", "yes", "no"))
    return cells.faults
