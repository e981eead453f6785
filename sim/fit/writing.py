"""What was learnt, as a file of preferences that extends the one it started from."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from sim.errors import UnscError
from sim.fit.calibration import Calibration
from sim.fit.layers import as_document
from sim.fit.seed_fit import DIGITS, Learnt, SeedFit
from sim.fit.yaml_document import dumped, holder_of
from sim.paths import PREFERENCES
from sim.reading.csv_table import MAX_BYTES
from sim.reading.source import data_of
from sim.scenario import read_preferences
from sim.scenario.form import PreferencesFile
from sim.version import __version__

HEADER = """\
# yaml-language-server: $schema=../schema/preferences.schema.json
# Written by `unsc calibrate`; change prior.yaml or the record and run it again, or lay a file over
# this one that extends it.
"""
NOTE = (
    "Each number is what votes say, with how surely they say it. Those named as its evidence are "
    "the latest, dissent first; dated ties name statements. What names no evidence but `assumed`, "
    "and no votes in its note, is as it was before any vote. A member without a number of its own "
    "has its regional group's, else the defaults'."
)


def preferences_text(fit: SeedFit) -> str:
    """Return the file of preferences that a fit leads to: the same bytes for the same fit.

    It extends the file that the scenario used and holds only what the vote informed, each number
    with its prior in a note and the vote among its evidence; dated values keep their dates.

    Raises:
        UnscError: the scenario names no file of preferences to extend.
    """
    path = fit.scenario.preferences_from
    if path is None:
        raise UnscError(
            f"{fit.scenario.name}: holds all its preferences itself; expected a scenario that "
            "names a file of preferences, which the new file can extend."
        )
    base = read_preferences(path)
    base_name = path.stem if path.parent == PREFERENCES else str(path.resolve())
    document = {
        "kind": "preferences",
        "title": f"{base.title or base_name}, calibrated to the vote of {fit.scenario.date}",
        "extends": base_name,
        "provenance": _software() | _of_seed(fit),
        "members": {},
    }
    _lay_over(document, fit, base)
    return dumped(document)


def _lay_over(document: dict[str, Any], fit: SeedFit, base: PreferencesFile) -> None:
    """Set in a document of preferences that extends `base` what the vote informed."""
    for learnt in fit.learnt:
        if learnt.is_informed:
            *above, name = learnt.setting.split(".")
            holder_of(document, above)[name] = _value(base, learnt, fit)


def calibrated_text(
    calibration: Calibration, record: Path, draws: str = "", codings: Path | None = None
) -> str:
    """Return the file of preferences that the record and the seed vote lead to.

    Args:
        calibration: to both.
        record: the file that the votes were read from.
        draws: the name of the file of joint draws beside it; empty for none.
        codings: the file that was laid over the record, or None.
    """
    document, seed = as_document(calibration.fitted), calibration.seed
    if seed:
        _lay_over(document, seed, calibration.preferences)
    last = max([calibration.votes[-1].date, *([seed.scenario.date] if seed else [])])
    record_facts = calibration.record_facts()
    facts = {k: v for k, v in record_facts.items() if v is not None}
    coding = record_facts["coding"]
    share = coding["nobody"] / len(calibration.votes)
    thin = f", {share:.0%} of which nobody coded" if coding["is_thin"] else ""
    provenance = {
        **_software(),
        "record": {"sha256": _sha256(record), **facts},
        **({"codings_sha256": _sha256(codings)} if codings else {}),
        "prior_sha256": _sha256(PREFERENCES / "prior.yaml"),
        **({"seed_vote": {"counts": calibration.count, **_of_seed(seed)}} if seed else {}),
    }
    return HEADER + dumped(
        {
            "kind": "preferences",
            "title": f"Calibrated to the record of votes until {last}{thin}",
            "note": NOTE,
            "extends": "prior",
            "provenance": provenance,
            **({"draws": {"file": draws, "sha256": calibration.draws.sha256}} if draws else {}),
            **document,
        }
    )


def _value(base: PreferencesFile, learnt: Learnt, fit: SeedFit) -> Any:
    """Return the new value of a setting: an estimate, or the dated list with one of them new."""
    _, code, setting = learnt.setting.split(".", 2)
    traits = base.members.get(code)
    said = list(traits.said(setting)) if traits else []
    n_begun = sum(form.since is None or form.since <= fit.scenario.date for form in said)
    dated = [form.model_dump(mode="json", exclude_none=True) for form in said]
    before, later = dated[:n_begun], dated[n_begun:]
    observed = fit.scenario.observed
    new = learnt.as_plain(observed.evidence if observed else ())
    old = before.pop() if before else {}
    if "note" in old:
        new["note"] = f"{old['note']}; {new['note']}"
    if "since" in old:
        new = {"since": old["since"], **new}
    return [*before, new, *later] if before or later else new


def _software() -> dict[str, Any]:
    return {"software": f"unsc-sim {__version__}"}


def _of_seed(fit: SeedFit) -> dict[str, Any]:
    """Return what the vote's part rests on, so that anybody can reproduce the numbers."""
    return {
        "method": "exact likelihood weights of one observed vote over the worlds of the prior",
        "vote": fit.scenario.name,
        "until": str(fit.scenario.date),
        "scenario_fingerprint": fit.scenario.fingerprint,
        "worlds": fit.worlds,
        "random_seed": fit.random_seed,
        "temper": round(fit.temper, DIGITS),
        "effective_worlds": round(fit.effective_worlds),
        "p_roll_call_before": round(fit.p_before, DIGITS),
        "p_roll_call_after": round(fit.p_after, DIGITS),
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(data_of(path, MAX_BYTES)).hexdigest()
