"""Where the texts of the record are on the scales: by instrument and general rule alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats
from sim.catalogue import instruments, mandates, provisions
from sim.reading.numerals import MONTHS_OF_A_FULL_TERM

REVIEW = {"no": 0.0, "mandate_expiry_only": 0.1, "review_only": 0.2, "yes": 0.4}
"""Where a text is on `review` by what it offers besides a renewal. Source: assumed."""
INTRUSION = {"refuses": 0.2, "contests": 0.2, "consents": 0.0, "asks": -0.1, "none": 0.0}
"""How far the host's relation to a mandate moves a text on `intrusion`. Source: assumed."""


@dataclass(frozen=True, eq=False)
class Coding:
    """Where a draft of the record and its lapse are on the scales.

    Args:
        text: the draft put to the vote, (P,) over the provisions, 0 to 1.
        lapse: what applies if it is not adopted, (P,), 0 to 1.
    """

    text: Floats
    lapse: Floats


def coded(row: Mapping[str, str]) -> Coding:
    """Return the coding of a sound row of the record.

    It is the usual text and lapse of its instrument; over them the general rule for `term_months`
    and `review`, each if the row gives it, and for the host's relation to the mandate that the row
    names. No vote is coded one by one, as whoever codes it may know how it ended.

    Args:
        row: the cells `instrument`, `term_months`, `review` and, if there is one, `mandate`.

    Source: assumed: `seeds/instruments.yaml`, `seeds/mandates.csv` and the rule here.
    """
    usual = instruments()[row["instrument"]]
    text = dict(usual.text)
    if row["term_months"]:
        text["term"] = min(1.0, float(row["term_months"]) / MONTHS_OF_A_FULL_TERM)
    if row["review"]:
        text["review"] = REVIEW[row["review"]]
    if mandate := mandates().get(row.get("mandate", "")):
        moved = text.get("intrusion", 0.0) + INTRUSION[mandate.host_relation]
        text["intrusion"] = min(1.0, max(0.0, moved))
    return Coding(text=_over_provisions(text), lapse=_over_provisions(usual.lapse))


def _over_provisions(values: Mapping[str, float]) -> Floats:
    """Return the values in the order of the provisions, (P,), 0 where none is given."""
    return np.array([values.get(name, 0.0) for name in provisions()], dtype=np.float64)
