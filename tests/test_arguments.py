"""Whole numbers, however a caller writes them."""

from __future__ import annotations

import pytest

from sim.arguments import written_number


@pytest.mark.parametrize("text", ["20000", "20_000", "20,000", "2e4", "2.0E+4", "0.2e5"])
def test_written_numbers(text: str) -> None:
    """Digits, digits in groups of three and powers of ten spell a whole number."""
    assert written_number(text) == 20_000


@pytest.mark.parametrize("text", ["", "20.000", "1.5", "2,0000", "1e-3", "1_5", "nan", "x"])
def test_what_spells_no_number(text: str) -> None:
    """Anything else is refused with what to write, also a point that may part thousands."""
    with pytest.raises(ValueError, match=r"is not a whole number; write 20000"):
        written_number(text)
