"""The rules of a scenario's vote, and the real vote where there was one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from sim.charter import Action, Outcome, Rules
from sim.charter.rules import DECIDED
from sim.errors import listed
from sim.roster import permanent_members
from sim.scenario.checks import SEATS, Checker
from sim.scenario.form import ScenarioFile
from sim.scenario.scenario import Observed

MOST_VETOES = 10
"""Coalitions of veto holders are counted one by one, 2 to the power of their number."""
NOT_IN_FAVOUR = ("against", "abstaining", "not_participating")


def rules_of(form: ScenarioFile, codes: list[str], check: Checker) -> Rules:
    """Return how this Council decides; what cannot be so is a fault in `check`."""
    charter, what = form.charter, f"a member on {form.date}"
    for key in ("veto", "must_abstain", "not_participating"):
        check.items(("charter", key), codes, what, *SEATS)
    for code in sorted(set(charter.must_abstain) & set(charter.not_participating)):
        path = ("charter", "not_participating")
        check.fault(
            path, f"'{code}' must abstain and takes no part", "each member once", "", [path]
        )
    if charter.quota > len(codes):
        path = ("charter", "quota")
        found = f"{charter.quota} votes are needed where {len(codes)} members sit"
        check.fault(path, found, f"a number from 1 to {len(codes)}", "", [path, *SEATS])
    holders = permanent_members() if charter.veto is None else frozenset(charter.veto)
    if charter.matter == "procedural":
        holders = frozenset()
    seated = [code for code in codes if code in holders]
    if len(seated) > MOST_VETOES:
        allowed = f"at most {MOST_VETOES} of them"
        check.fault(("charter", "veto"), f"{len(seated)} members with a veto", allowed)

    def among(names: Iterable[str]) -> Any:
        return np.isin(codes, list(names))

    return Rules(
        among(holders),
        charter.quota,
        charter.vetoes_needed,
        among(charter.must_abstain),
        among(charter.not_participating),
    )


def observed_of(
    form: ScenarioFile, codes: list[str], rules: Rules, check: Checker
) -> Observed | None:
    """Return the real vote, if there was one; what contradicts seats or rules is a fault."""
    seen = form.observed
    check.evidence(("observed",))
    voted: dict[str, str] = {}
    for key in NOT_IN_FAVOUR:
        check.items(("observed", key), codes, f"a member on {form.date}", *SEATS)
        for path, code in check.texts_at(("observed", key)):
            if voted.setdefault(code, key) != key:
                found = f"'{code}' stands under '{voted[code]}' too"
                check.fault(path, found, "each member once")
    if seen is None:
        return None
    roll_call = np.full(len(codes), Action.IN_FAVOUR, dtype=np.int8)
    roll_call[np.isin(codes, [*seen.abstaining, *seen.not_participating])] = Action.ABSTAINING
    roll_call[np.isin(codes, seen.against)] = Action.AGAINST
    meant = DECIDED[int(rules.decide(roll_call[:, None])[0])]
    if seen.outcome in DECIDED and seen.outcome is not meant:
        n_for = int((roll_call == Action.IN_FAVOUR).sum())
        found = f"'{seen.outcome}' with {n_for} in favour and {listed(seen.against) or 'nobody'}"
        rests_on = [("observed",), ("charter",), *SEATS]
        check.fault(
            ("observed", "outcome"), f"{found} against", f"'{meant}' by these rules", "", rests_on
        )
    return Observed(
        Outcome(seen.outcome), roll_call, tuple(seen.not_participating), tuple(seen.evidence)
    )
