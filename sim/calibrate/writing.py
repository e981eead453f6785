"""What was learnt, as a file of preferences that lies over the one it started from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from sim import __version__
from sim.calibrate.seed_vote import Learnt, SeedFit
from sim.errors import UnscError
from sim.places import PREFERENCES, SEEDS
from sim.preferences import BOUNDS
from sim.scenario import read_preferences
from sim.scenario.form import EstimateForm, PreferencesFile

DIGITS = 4


def preferences_text(fit: SeedFit) -> str:
    """Return the file of preferences that a fit leads to: the same bytes for the same fit.

    It extends the file the scenario used and holds nothing but what the vote informed, each number
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
    base, base_name = read_preferences(path), _called(path)
    members: dict[str, Any] = {}
    for learnt in fit.learnt:
        if learnt.is_informed:
            _, code, kind, *name = learnt.setting.split(".")
            value = _estimates(base, learnt, fit)
            traits = members.setdefault(code, {})
            if name:
                traits.setdefault(kind, {})[name[0]] = value
            else:
                traits[kind] = value
    document = {
        "kind": "preferences",
        "title": f"{base.title or base_name}, calibrated to the vote of {fit.scenario.date}",
        "extends": base_name,
        "provenance": _provenance(fit),
        "members": members,
    }
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)


def _called(path: Path) -> str:
    """Return the name of a shipped file of preferences, or the whole path of any other."""
    return path.stem if path.parent == PREFERENCES else str(path.resolve())


def _estimates(base: PreferencesFile, learnt: Learnt, fit: SeedFit) -> Any:
    """Return the new value of a setting: one estimate, or the dated list with one of them new."""
    _, code, kind, *name = learnt.setting.split(".")
    traits = base.members.get(code)
    said = list(traits.said(kind, name[0] if name else None)) if traits else []
    new = _estimate(learnt, fit)
    if len(said) < 2:
        return new
    current = max(i for i, form in enumerate(said) if _has_begun(form, fit.scenario.date))
    dated = [form.model_dump(mode="json", exclude_none=True) for form in said]
    since = {"since": dated[current]["since"]} if "since" in dated[current] else {}
    dated[current] = since | new
    return dated


def _has_begun(form: EstimateForm, day: date) -> bool:
    return form.since is None or form.since <= day


def _estimate(learnt: Learnt, fit: SeedFit) -> dict[str, Any]:
    observed = fit.scenario.observed
    votes = () if observed is None else observed.evidence
    cited = [e for e in (*learnt.prior.evidence, *votes) if e != "assumed"]
    prior = learnt.prior
    low, high = BOUNDS[learnt.setting.split(".")[2]]
    return {
        "mean": round(min(high, max(low, learnt.mean)), DIGITS) + 0.0,
        "spread": round(learnt.spread, DIGITS),
        "evidence": list(dict.fromkeys(cited)) or ["assumed"],
        "note": f"prior {prior.mean:g} ± {prior.spread:g}, moved by {learnt.shift:+.2f} spreads",
    }


def _provenance(fit: SeedFit) -> Mapping[str, Any]:
    """Return what led to the numbers, so that anybody can come to them again."""
    record = (SEEDS / "votes.csv").read_bytes()
    return {
        "method": "exact likelihood weights of one observed vote over the worlds of the prior",
        "vote": fit.scenario.name,
        "until": str(fit.scenario.date),
        "scenario_fingerprint": fit.scenario.fingerprint,
        "record_sha256": hashlib.sha256(record).hexdigest(),
        "software": f"unsc-sim {__version__}",
        "worlds": fit.worlds,
        "random_seed": fit.random_seed,
        "temper": round(fit.temper, DIGITS),
        "effective_worlds": round(fit.effective_worlds),
        "p_roll_call_before": round(fit.p_before, DIGITS),
        "p_roll_call_after": round(fit.p_after, DIGITS),
    }
