"""CSV files as rows that know the line on which they begin, and everything unreadable as faults.

A text that a spreadsheet would take for a formula is written behind an apostrophe, which is taken
away again where it is read.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sim.arguments import check_kind
from sim.errors import Fault, InvalidInput, NotFound, Place, did_you_mean, listed
from sim.reading.messages import quoted
from sim.reading.source import data_of, invalid, not_utf8, place_after, source_of, too_big

MAX_BYTES = 200_000_000
_FORMULA = re.compile(r"'*[=+@\-]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-](inf|nan)", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

NO_TEXT = {
    b"\x1f\x8b": ("a file compressed by gzip", "Unpack it: gunzip -c FILE > FILE.csv."),
    b"PK\x03\x04": ("a spreadsheet or a ZIP file", "In the spreadsheet, save it as CSV UTF-8."),
    b"\xd0\xcf\x11\xe0": ("a spreadsheet of Excel", "In Excel, save it as CSV UTF-8."),
    b"\xff\xfe\0\0": ("text in UTF-32", "Save it as CSV UTF-8, the columns separated by commas."),
    b"\xff\xfe": ("text in UTF-16", "Save it as CSV UTF-8, the columns separated by commas."),
    b"\xfe\xff": ("text in UTF-16", "Save it as CSV UTF-8, the columns separated by commas."),
    b"%PDF": ("a PDF", "Download the CSV file instead."),
    b"<!DOC": ("a web page", "Download the CSV file itself."),
    b"{": ("JSON", "Give the table itself."),
    b"<html": ("a web page", "Download the CSV file itself."),
}
"""First bytes of what is given in the place of a CSV file: what it is, and what to do."""
SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars"}
MOST_ABOVE_HEADER = 20
"""Rows below the first one that are looked through for a header that is not the first."""


@dataclass(frozen=True)
class Row:
    """The cells of one row by the name of their column, and the line on which the row begins."""

    place: Place
    cells: Mapping[str, str]

    def fault(self, column: str, found: str, allowed: str, advice: str = "") -> Fault:
        """Return what is wrong with the cell of that column."""
        return Fault(self.place, column, found, allowed, advice)


@dataclass(frozen=True)
class Table:
    """The rows that could be read, and the faults of all other rows.

    Args:
        source: the file.
        columns: the names that the header gives, in its order.
        rows: the rows that have a cell for each column and nothing beyond; blank ones are left out.
        faults: rows that could not be read.
        of_header: columns that are missing or given twice.
    """

    source: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    of_header: tuple[Fault, ...]

    def refuse_if_of(self, column: str, what: str, allowed: str, advice: str) -> None:
        """Refuse a table whose columns are those of another kind of file.

        Raises:
            InvalidInput: it has the column, and lacks some that are needed.
        """
        if self.of_header and column in self.columns:
            raise invalid(Place(self.source, 1, 1), f"this is {what}", allowed, advice)

    def refuse(self) -> None:
        """Refuse a table in which anything at all is wrong.

        Raises:
            InvalidInput: with every fault.
        """
        if self.of_header or self.faults:
            raise InvalidInput([*self.of_header, *self.faults])


def read_table(path: Path | str, needed: Sequence[str], *, keep_case: bool = False) -> Table:
    """Return the rows of a CSV file whose header names the needed columns, in any order.

    Args:
        path: the file or a pipe; `-` is standard input.
        needed: columns that have to be there.
        keep_case: whether columns are named as the header has them, and not in small letters.

    Raises:
        NotFound: there is no such file.
        UnscError: what is given is no path.
        InvalidInput: it is no UTF-8 text (a byte order mark may stand before it), is empty, has its
            columns separated by something else, or its header further down.
    """
    check_kind("path", path, str | Path, "the path of a file")
    path = Path(path)
    source = source_of(path)
    text = _text(_bytes(path), source)
    faults: list[Fault] = []
    lines = _lines(text, source, faults)
    header = next(lines, None)
    if header is None or faults:
        named = f"the columns {listed(needed, 30)}" if needed else "the names of the columns"
        allowed = f"expected {named}"
        raise InvalidInput(faults or [Fault(Place(source), "", "the file is empty", allowed)])
    place, cells = header
    columns = _names(cells, keep_case)
    if other := _other_separator(columns):
        found = f"the columns are separated by {SEPARATORS[other]}"
        advice = "Save the file with commas between the columns."
        raise invalid(place, found, "expected commas", advice)
    if needed and not {*needed} & {*columns}:
        for below, cells in islice(lines, MOST_ABOVE_HEADER):
            if {*needed} <= {*_names(cells, keep_case)}:
                found = f"the columns are named in line {below.line}"
                advice = "Remove the lines above them."
                raise invalid(place, found, "expected them in the first line", advice)
    of_header = tuple(_header_faults(place, columns, needed))
    rows: list[Row] = []
    for place, cells in lines:
        if len(cells) >= len(columns) and not any(map(str.strip, cells[len(columns) :])):
            rows.append(Row(place, dict(zip(columns, map(_as_meant, cells), strict=False))))
        else:
            found = f"the row has {len(cells)} cell{'' if len(cells) == 1 else 's'}"
            allowed = f"expected {len(columns)}, one for each column of the header"
            other = _other_separator(cells)
            advice = f"Its cells are separated by {SEPARATORS[other]}." if other else ""
            faults.append(Fault(place, "", found, allowed, advice))
    return Table(source, columns, tuple(rows), tuple(faults), of_header)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV with LF line ends, in which no text is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_as_text(cell) for cell in row] for row in rows)
    return text.getvalue()


def _as_text(cell: str) -> str:
    is_formula = _FORMULA.match(cell) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell


def _as_meant(cell: str) -> str:
    """Return a cell without the blanks around it and the apostrophe before a formula."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def no_votes(table: Table, each: str) -> Fault:
    """Return the fault of a file that holds a header and nothing else."""
    allowed = f"expected one row for each {each}"
    return Fault(Place(table.source), "", "the file holds no votes", allowed)


def _names(cells: Sequence[str], keep_case: bool) -> tuple[str, ...]:
    names = map(str.strip, cells)
    return tuple(names if keep_case else map(str.lower, names))


def _other_separator(cells: Sequence[str]) -> str:
    """Return what separates the cells of a row that has but one, nothing where none does."""
    return next((sign for sign in SEPARATORS if len(cells) == 1 and sign in cells[0]), "")


def _bytes(path: Path) -> bytes:
    """Return what a file holds, of which at most one byte more than is allowed is read."""
    try:
        return data_of(path, MAX_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        found = "there is no such file"
    except IsADirectoryError:
        found = "this is a folder"
    except (OSError, ValueError) as error:  # ValueError: the name holds NUL or half a character
        found = f"the file cannot be read ({getattr(error, 'strerror', None) or error})"
    raise NotFound(f"{quoted(source_of(path), 400)[1:-1]}: {found}; expected a CSV file.")


def _text(data: bytes, source: str) -> str:
    """Return the bytes as text, without a byte order mark; faults name the line, not the column."""
    if len(data) > MAX_BYTES:
        raise too_big(source, MAX_BYTES)
    for first, (what, advice) in NO_TEXT.items():
        if data[: len(first)].lower() == first.lower():
            raise invalid(Place(source), f"this is {what}", "expected a CSV file", advice)
    try:
        text = data.decode("utf-8").replace("\ufeff", "")  # also where files were put together
    except UnicodeDecodeError as error:
        (fault,) = not_utf8(error, source).faults
        advice = "Save it as CSV UTF-8."
        place = fault.place._replace(column=1)
        raise InvalidInput([fault._replace(place=place, advice=advice)]) from None
    if bad := _CONTROL.search(text):
        place = place_after(text[: bad.start()], source)._replace(column=1)
        found = f"the control character U+{ord(bad[0]):04X} stands here"
        advice = "Save it as CSV UTF-8." if bad[0] == "\0" else ""  # as in UTF-16 without a mark
        raise invalid(place, found, "the file must be UTF-8 text", advice)
    return text


def _lines(text: str, source: str, faults: list[Fault]) -> Iterator[tuple[Place, list[str]]]:
    """Yield every row that is not blank, and note every row that is no CSV.

    Of what cannot be read one line is left out, and reading goes on in the next: a quotation mark
    that nothing closes takes in whole rows, and none of them may be lost.
    """
    lines = [*io.StringIO(text, newline="")]
    reader, begin, n_columns = csv.reader(lines, strict=True), 0, 0
    while True:
        first = begin + reader.line_num
        place = Place(source, first + 1, 1)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            found = f"the row cannot be read ({error})"
        else:
            after = begin + reader.line_num
            if after == first + 1 or not _takes_in_rows(lines[first:after], n_columns):
                if any(cell.strip() for cell in cells):
                    n_columns = n_columns or len(cells)
                    yield place, cells
                continue
            found = f"a quotation mark takes in whole rows, down to line {after}"
        allowed = "expected cells separated by commas, a quotation mark inside quotes doubled"
        if "field limit" in found:
            allowed = f"expected cells of {csv.field_size_limit():,} characters or fewer"
        faults.append(Fault(place, "", found, allowed))
        begin = first + 1
        reader = csv.reader(map(lines.__getitem__, range(begin, len(lines))), strict=True)


def _takes_in_rows(lines: Sequence[str], n_columns: int) -> bool:
    """Return whether the lines of one row are rows: as many cells, the first one of the same form.

    The lines of a cell with line ends in it are hardly ever both.
    """
    first, *below = lines
    return any(
        len(next(csv.reader([line]))) >= n_columns and _form_of_first(line) == _form_of_first(first)
        for line in below
    )


def _form_of_first(line: str) -> str:
    """Return the first cell of a line with each number as 0 and each word as a."""
    cell = line.partition(",")[0].strip(' \t"')
    return re.sub(r"[0-9]+", "0", re.sub(r"[^\W\d_]+", "a", cell))


def _header_faults(place: Place, columns: Sequence[str], needed: Sequence[str]) -> list[Fault]:
    """Return what is wrong with a header: columns missing or given twice.

    All that are missing are one fault, with the names that may have been meant for them.
    """
    allowed = f"expected the columns {listed(needed, 30)}"
    missing = [name for name in needed if name not in columns]
    twice = [name for name, n in Counter(columns).items() if n > 1 and name]
    faults = [Fault(place, name, "the column is given twice", "expected it once") for name in twice]
    if missing and len(missing) == len(needed) > 2 and any(map(_is_no_name, columns)):
        found, advice = "these are cells, not the names of columns", "Put the names above them."
        return [Fault(place, "", found, allowed, advice)]
    if missing:
        is_one = len(missing) == 1
        what = "the column is missing" if is_one else f"{len(missing)} columns are missing"
        found = what if is_one else f"{what} ({listed(missing, 30)})"
        advice = _columns_meant(missing, [name for name in columns if name not in needed])
        faults.append(Fault(place, missing[0] if is_one else "", found, allowed, advice))
    return faults


def _is_no_name(cell: str) -> bool:
    """Return whether a cell is a number, a day or a symbol, as which nobody names a column."""
    return re.fullmatch(r"[+-]?[0-9][0-9./-]*|s/.*", cell) is not None


def _columns_meant(missing: Sequence[str], others: Sequence[str]) -> str:
    """Return which columns of the header may be meant for those that are missing."""
    near = {name: did_you_mean(name, others).partition("'")[2].rstrip("'?") for name in missing}
    pairs = [f"'{name}' for '{other}'" for name, other in near.items() if other]
    return f"Did you mean {listed(pairs, 8)}?" if pairs else ""
