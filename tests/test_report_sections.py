"""Cells of sections: numbers until they are shown, and one way to write each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.facts.figures import Points, Share, percent
from sim.report.sections import (
    Section,
    Written,
    mean_spread,
    move,
    number,
    shown,
    span,
    split,
    with_chances,
    with_interval,
)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Share(0), "0.0"),
        (Share(0.0004), "<0.1"),
        (Share(0.98234), "98.2"),
        (Share(0.9996), ">99.9"),
        (Share(1), "100.0"),
        (Points(0.2741), "+27.4"),
        (Points(-0.0001), "+0.0"),
        (number(-0.381, "+.2f"), "-0.38"),
        (number(0.4, "g"), "0.4"),
        (mean_spread(-2.61, 0.884, "+.2f"), "-2.61 ± 0.88"),
        (span(Share(0.98), Share(1)), "98.0 to 100.0"),
        (move(number(0.2), number(0.7)), "0.20 → 0.70"),
        (split({"in_favour": 0.278, "abstaining": 0.722, "against": 0.0}), "28/72/0"),
        (with_interval({"p": 0.98, "low": 0.97, "high": 1})[1], "97.0 to 100.0"),
        (with_interval({"p": -0.02, "low": -0.03, "high": 0.01}, Points)[1], "-3.0 to +1.0"),
        (with_chances({"RUS": 0.66, "CHN": 0.62, "USA": 0.3}, 1), "RUS 66 and 2 more"),
        (with_chances({"RUS": 0.66, "CHN": 0.62}), "RUS 66, CHN 62"),
        (Written("2024-03"), "2024-03"),
        (13, "13"),
        (None, "-"),
        ("", ""),
        ("a\nb\x1b", "a b\\x1b"),
    ],
)
def test_a_cell_is_written_in_one_way(cell, text):
    """Each kind of cell has one spelling, wherever it is shown."""
    assert shown(cell) == text


@pytest.mark.parametrize("cell", [{"a": 1}, 0.5, ["x"], Share("much"), Share(None)])
def test_what_is_no_cell_is_not_shown(cell):
    """A bare fraction does not say what it is, and a mapping or a text is no number."""
    with pytest.raises((TypeError, ValueError)):
        shown(cell)


@given(st.floats(0, 1))
def test_a_share_looks_certain_only_where_it_is(p):
    """0.0 and 100.0 are shown of nothing but 0 and 1, in tables and in sentences."""
    assert (str(Share(p)) == "0.0") is (p == 0)
    assert (str(Share(p)) == "100.0") is (p == 1)
    spelled = {"<": "under ", ">": "over "}
    cell = str(Share(p))
    assert percent(p) == f"{spelled.get(cell[0], cell[0])}{cell[1:]} %"


def test_a_column_is_of_numbers_where_it_holds_no_text():
    """Numbers, blanks and what is not known do not make a column one of text; a word does."""
    rows = [("1", 1, "", Share(0.5), "x"), ("2", None, Written("2024"), "", Share(1))]
    section = Section("", (), tuple("abcde"), rows)
    assert section.holds_numbers == [False, True, True, True, False]
    assert section.cells == [["1", "1", "", "50.0", "x"], ["2", "-", "2024", "", "100.0"]]
