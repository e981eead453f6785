"""What is wrong with a file of votes: each problem with its place, each kind of them said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sim.errors import Fault, Place, listed
from sim.reading.csv_table import as_csv

MOST_EXAMPLES = 3
"""Problems of one kind that are printed in full."""


class Kind(NamedTuple):
    """A kind of problem: what it is in words, and what is left out for it."""

    words: str
    left_out: str = "vote"
    """`vote`, `row` or `cell`, or empty where it is read all the same."""


KINDS: Mapping[str, Kind] = {
    "unreadable": Kind("Rows that cannot be read", "row"),
    "repeated": Kind("Rows that are given again, word by word", "row"),
    "header_again": Kind("The header again, among the rows", "row"),
    "no_key": Kind("Rows that belong to no vote", "row"),
    "symbol": Kind("No symbol of a resolution or of a draft"),
    "again": Kind("Resolutions or drafts given twice"),
    "draft_again": Kind("Drafts listed again, which were adopted as resolutions"),
    "amends_nothing": Kind("Amendments that name no draft"),
    "differing": Kind("Rows of one vote that differ where they must agree"),
    "day": Kind("No day that exists, written as 2024-03-28"),
    "year": Kind("A year other than in the symbol"),
    "no_roster": Kind("Years without a roster, for which the file has none either"),
    "member_unknown": Kind("No code or name of a State"),
    "name_of_another": Kind("A code that is not of the State named beside it"),
    "member_twice": Kind("A member given twice"),
    "not_seated": Kind("States without a seat on the day"),
    "member_absent": Kind("Members without a row"),
    "letter": Kind("No vote: expected Y, N, A or X"),
    "letter_empty": Kind("The cell of a vote is empty"),
    "against_without_vote": Kind("Votes against or abstentions where no vote was taken"),
    "totals": Kind("Totals that the rows contradict"),
    "seats": Kind("Another number of members than the rows give"),
    "not_enough": Kind("Resolutions with too few votes in favour"),
    "blocked": Kind("Resolutions against the vote of a permanent member"),
    "adopted_unnumbered": Kind("Drafts that their votes adopt, without the number of a resolution"),
    "procedural": Kind("Neither yes nor no under 'procedural'"),
    "outcome": Kind("Another outcome than the roll call means by the Charter", ""),
    "permanent": Kind("Seats marked as permanent that are not, or the reverse", ""),
    "former": Kind("Former codes, read as the State that sat", ""),
    "by_name": Kind("Members known by their name alone", ""),
    "told_otherwise": Kind("Other titles, agendas or meetings than in the first row of a vote", ""),
    "words": Kind("Votes in other letters or in words, read as Y, N, A or X", ""),
    "roster_of_file": Kind("Years whose Council is taken from the file", ""),
    "out_of_order": Kind("Days out of the order of resolutions or meetings", ""),
    "missing": Kind("Numbers of resolutions that are missing", ""),
    "same_roll_call": Kind("The same divided roll call under many numbers in a row", ""),
    "draft_to_come": Kind("Drafts with a symbol of a later year", ""),
    "amends_unknown": Kind("Amendments to drafts that are not in the file", ""),
    "joins_nothing": Kind("Rows with no symbol of a vote of the record", "row"),
    "joins_several": Kind("Rows with symbols of several votes, joined with one of them", ""),
    "names_nobody": Kind("Cells with a name of no State", "cell"),
    "kept": Kind("Cells of the record that hold something else, and keep it", ""),
    "no_veto": Kind("Vetoes that the record does not have", ""),
    "other_day": Kind("Days other than the record's", ""),
}
"""Every kind of problem by its name, in the order in which they are said."""


class Problem(NamedTuple):
    """One thing that is wrong, its kind, and where the vote or row begins that it is of."""

    fault: Fault
    kind: str
    vote: Place

    def __str__(self) -> str:
        return str(self.fault)


def said(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield what is said of the problems: a line for each kind with the count, then examples."""
    problems = sorted(problems)
    for name, kind in KINDS.items():
        of_kind = [problem for problem in problems if problem.kind == name]
        if not of_kind:
            continue
        n = len({p.vote for p in of_kind}) if kind.left_out == "vote" else len(of_kind)
        things = f" {kind.left_out}{'' if n == 1 else 's'} left out" if kind.left_out else ""
        yield f"{kind.words}: {n:,}{things or ', read all the same'}."
        yield from (f"  {problem}" for problem in of_kind[:MOST_EXAMPLES])
        if rest := [p.fault.place for p in of_kind[MOST_EXAMPLES:]]:
            many_files = len({place.source for place in rest}) > 1
            where = "line" if len(rest) == 1 else "lines"
            lines = [f"{p.source}:{p.line}" if many_files else str(p.line) for p in rest]
            yield f"  {len(rest):,} more, in {where} {listed(lines, 8)}."


def as_table(problems: Iterable[Problem]) -> str:
    """Return all problems as CSV: where, which kind, what was found, and what was left out."""
    columns = ("file", "line", "kind", "column", "found", "expected", "advice", "left_out")
    return as_csv(
        columns,
        (
            (
                p.fault.place.source,
                str(p.fault.place.line),
                p.kind,
                p.fault.path,
                p.fault.found,
                p.fault.allowed,
                p.fault.advice,
                KINDS[p.kind].left_out,
            )
            for p in sorted(problems)
        ),
    )
