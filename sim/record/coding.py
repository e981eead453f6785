"""Where the texts of the record are on the scales: instrument, general rule, then the coder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field, ValidationError

from sim.arrays import Floats
from sim.catalogue import instruments, provisions
from sim.errors import Fault, InvalidInput, did_you_mean, listed
from sim.paths import SEEDS
from sim.reading.form import Form, Share, Text
from sim.reading.messages import allowed_at, shown
from sim.reading.node import Node
from sim.reading.yaml12 import read

MONTHS_OF_A_FULL_TERM = 24
REVIEW = {"no": 0.0, "mandate_expiry_only": 0.1, "review_only": 0.2, "yes": 0.4}
"""Where a text is on `review` by what it offers besides a renewal. Source: assumed."""
INTRUSION = {"no": 0.2, "na": 0.0, "yes": -0.1}
"""How far the host's consent moves a text on `intrusion`. Source: assumed."""


class CodingForm(Form):
    """What a coder says about one vote that differs from the instrument and the general rule."""

    mandate: Text
    rival: bool = False
    matter: Literal["substantive", "procedural"] = "substantive"
    text: dict[str, Share] = Field(default={})
    lapse: dict[str, Share] = Field(default={})
    note: Text | None = None


@dataclass(frozen=True, eq=False)
class Coding:
    """Where a draft of the record and its lapse are on the scales.

    Args:
        text: the draft put to the vote, (P,) over the provisions, 0 to 1.
        lapse: what applies if it is not adopted, (P,), 0 to 1.
        mandate: the matter it belongs to.
        rival: whether it was put beside another draft on the matter.
    """

    text: Floats
    lapse: Floats
    mandate: str
    rival: bool


def coded(row: Mapping[str, str]) -> Coding:
    """Return the coding of a sound row of the record.

    It is the usual text and lapse of its instrument; over them the general rule for `term_months`,
    `review` and `host_consent`, each if the row gives it; over that the row's own entry. Without
    an entry its mandate is named for target and instrument, as `prk-panel_renewal`, unless
    `read_record` finds an earlier vote like it.

    Args:
        row: the cells `vote_id`, `instrument`, `target`, `term_months`, `review` and
            `host_consent`.

    Source: a coder's judgement, all of it (assumed): `seeds/instruments.yaml`, the rule here and
    `seeds/codings.yaml`.
    """
    usual = instruments()[row["instrument"]]
    text = dict(usual.text)
    if row["term_months"]:
        text["term"] = min(1.0, float(row["term_months"]) / MONTHS_OF_A_FULL_TERM)
    if row["review"]:
        text["review"] = REVIEW[row["review"]]
    if row["host_consent"]:
        moved = text.get("intrusion", 0.0) + INTRUSION[row["host_consent"]]
        text["intrusion"] = min(1.0, max(0.0, moved))
    mandate = f"{row['target'] or 'general'}-{row['instrument']}".lower()
    entry = codings().get(row["vote_id"]) or CodingForm(mandate=mandate)
    return Coding(
        text=_over_provisions(text | entry.text),
        lapse=_over_provisions({**usual.lapse, **entry.lapse}),
        mandate=entry.mandate,
        rival=entry.rival,
    )


def _over_provisions(values: Mapping[str, float]) -> Floats:
    """Return the values in the order of the provisions, (P,), 0 where none is given."""
    return np.array([values.get(name, 0.0) for name in provisions()], dtype=np.float64)


@cache
def codings() -> Mapping[str, CodingForm]:
    """Return the coder's entries by vote_id. Source: `seeds/codings.yaml`."""
    return read_codings(SEEDS / "codings.yaml")


def read_codings(path: Path) -> Mapping[str, CodingForm]:
    """Return the entries of a file of codings by vote_id.

    Raises:
        InvalidInput: with all its faults at once.
        NotFound: no such file.
    """
    node = read(path)
    faults: list[Fault] = []
    entries: dict[str, CodingForm] = {}
    for vote_id, given in node.plain().items():
        try:
            entries[vote_id] = CodingForm.model_validate(given)
        except ValidationError as error:
            faults += [_fault(node, vote_id, c) for c in error.errors(include_url=False)]
            continue
        form = entries[vote_id]
        named = [("text", name) for name in form.text] + [("lapse", name) for name in form.lapse]
        for part, name in named:
            if name not in provisions():
                place, setting = node.place_of((vote_id, part, name)), f"{vote_id}.{part}.{name}"
                allowed = f"expected one of {listed(provisions())}"
                near = did_you_mean(name, provisions())
                faults.append(Fault(place, setting, "unknown provision", allowed, near))
    if faults:
        raise InvalidInput(faults)
    return entries


def _fault(node: Node, vote_id: str, complaint: Any) -> Fault:
    """Return one complaint of the form as a fault."""
    path = complaint["loc"]
    place = node.place_of((vote_id, *path))
    setting = ".".join(map(str, (vote_id, *path)))
    if complaint["type"] == "extra_forbidden":
        allowed = f"expected one of {listed(CodingForm.model_fields)}"
        return Fault(place, setting, "unknown key", allowed)
    found = "missing" if complaint["type"] == "missing" else f"found {shown(complaint['input'])}"
    allowed = allowed_at(CodingForm.model_json_schema(), path)
    return Fault(place, setting, found, f"expected {allowed}")
