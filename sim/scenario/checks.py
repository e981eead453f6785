"""What fits together in one file and what does not, each fault at its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sim.errors import Fault, did_you_mean, listed
from sim.roster import REGIONAL_GROUPS, caucus_names, states
from sim.scenario import library
from sim.scenario.faults import dotted
from sim.scenario.form import (
    CoefficientsForm,
    EstimateForm,
    PreferencesFile,
    ScenarioFile,
    Traits,
    ValueForm,
)
from sim.scenario.yaml12 import Node

COEFFICIENTS = ("precision", "shielding", "asking", "shared_shock", "own_shock")
BY_PROVISION = ("ideal", "salience")
SINGLE = ("other_ties", "veto_cost", "opposition_cost", "voice")


@dataclass
class Checker:
    """Collects what does not fit together in one file, each fault at its place."""

    node: Node
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: Iterable[str | int], found: str, allowed: str, advice: str = "") -> None:
        """Add a fault that stands at the path."""
        steps = tuple(path)
        place = self.node.place_of(steps)
        self.faults.append(Fault(place, dotted(steps), found, f"expected {allowed}", advice))

    def known(
        self, words: Iterable[str], known: Iterable[str], path: tuple[str, ...], what: str
    ) -> None:
        """Add a fault for each word (a key below the path) that is not known."""
        names = list(known)
        for word in words:
            if word not in names:
                advice = did_you_mean(word, names)
                self.fault((*path, word), f"'{word}' is not {what}", any_of(names), advice)

    def listed_known(
        self, words: Iterable[str], known: Iterable[str], path: tuple[str, ...], what: str
    ) -> None:
        """Add a fault for each word (an item of the list at the path) that is not known."""
        names = list(known)
        seen: set[str] = set()
        for i, word in enumerate(words):
            if word in seen:
                self.fault((*path, i), f"'{word}' is named twice", "each name once")
            elif word not in names:
                advice = did_you_mean(word, names)
                self.fault((*path, i), f"'{word}' is not {what}", any_of(names), advice)
            seen.add(word)


def any_of(names: list[str]) -> str:
    """Return what is allowed where one of these names is: too many of them are not listed."""
    return f"one of {listed(names, 20)}" if len(names) <= 40 else "an ISO 3166 alpha-3 code"


def check_layers(form: PreferencesFile | ScenarioFile, check: Checker, scales: set[str]) -> None:
    """Check what a file says of preferences: scales, States, groups, caucuses, evidence, dates."""
    check.known(form.groups, REGIONAL_GROUPS, ("groups",), "a regional group")
    check.known(form.members, states(), ("members",), "a State")
    check.known(form.coefficients.hostility, scales, ("coefficients", "hostility"), "a provision")
    _check_coefficients(form.coefficients, check)
    _check_traits(form.defaults, check, ("defaults",), scales)
    for section in ("groups", "members"):
        for name, traits in getattr(form, section).items():
            _check_traits(traits, check, (section, name), scales)


def _check_coefficients(form: CoefficientsForm, check: Checker) -> None:
    for name in COEFFICIENTS:
        value: ValueForm | None = getattr(form, name)
        if value is not None:
            if value.value < 0:
                found = f"found {value.value:g}"
                check.fault(("coefficients", name), found, "a number from 0 up to 1000")
            check_evidence(value.evidence, check, ("coefficients", name, "evidence"))
    for name, value in form.hostility.items():
        check_evidence(value.evidence, check, ("coefficients", "hostility", name, "evidence"))


def _check_traits(traits: Traits, check: Checker, path: tuple[str, ...], scales: set[str]) -> None:
    for kind in BY_PROVISION:
        check.known(getattr(traits, kind), scales, (*path, kind), "a provision")
    check.known(traits.ties, states(), (*path, "ties"), "a State")
    check.known(traits.caucuses, caucus_names(), (*path, "caucuses"), "a caucus")
    for where, estimates in _estimates_of(traits):
        _check_estimates(estimates, check, (*path, *where))


def _estimates_of(traits: Traits) -> Iterable[tuple[tuple[str, ...], list[EstimateForm]]]:
    """Yield every estimate of a layer with its path below the layer."""
    for kind in (*BY_PROVISION, "ties", "caucuses"):
        for name, estimates in getattr(traits, kind).items():
            yield (kind, name), estimates
    for kind in SINGLE:
        if (estimates := getattr(traits, kind)) is not None:
            yield (kind,), estimates


def _check_estimates(estimates: list[EstimateForm], check: Checker, path: tuple[str, ...]) -> None:
    previous: date | None = None
    for i, estimate in enumerate(estimates):
        check_evidence(estimate.evidence or [], check, (*path, i, "evidence"))
        if i and estimate.since is None:
            check.fault((*path, i), "no 'since'", "a day from which each later item holds")
        if previous and estimate.since and estimate.since <= previous:
            found = f"{estimate.since} after {previous}"
            check.fault((*path, i, "since"), found, "days in ascending order")
        previous = estimate.since or previous


def check_evidence(ids: Iterable[str], check: Checker, path: tuple[str | int, ...]) -> None:
    """Add a fault for each id that is neither a statement, nor a vote, nor `assumed`."""
    known = library.evidence_ids()
    for i, name in enumerate(ids):
        if name not in known:
            what = "'assumed', or the id of a statement (E01) or of a vote (R2680)"
            found = f"'{name}' is no evidence that is known"
            check.fault((*path, i), found, what, did_you_mean(name, known))
