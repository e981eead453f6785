"""The numbers behind a member's vote: which part of its reasoning each enters, and since when."""

from __future__ import annotations

from collections.abc import Iterator

from sim.facts.explanation import DatedNumber, Number
from sim.scenario import Scenario, read_preferences
from sim.traits import trait_and_name


def numbers_of(scenario: Scenario, seat: int) -> Iterator[tuple[str, Number]]:
    """Yield the preferences of a member that count here, by setting."""
    for setting, estimate in scenario.counting[seat].items():
        number: Number = {
            "part": part_of(setting, scenario.draft.target),
            "mean": estimate.mean,
            "spread": estimate.spread,
            "evidence": list(estimate.evidence),
        }
        yield setting, number


def part_of(setting: str, target: str | None) -> str:
    """Return the part of the log-odds that a preference enters: a term of the gain, or itself."""
    trait, name = trait_and_name(setting)
    if trait.keyed_by == "provision":
        return name
    if trait.keyed_by == "State":
        return "target" if name == target else "penholder"
    return trait.enters if trait.enters in ("penholder", "stance") else setting


def dated_of(scenario: Scenario, code: str) -> Iterator[tuple[str, DatedNumber]]:
    """Yield the numbers of a member that changed on a day before the vote, with the last change.

    The scenario's own file goes before its preferences. A saved report holds each number as it was
    on the day, and no change.
    """
    path, seat = scenario.preferences_from, scenario.codes.index(code)
    members = [scenario.form.members, read_preferences(path).members if path else {}]
    layers = [own[code] for own in members if code in own]
    for setting in scenario.counting[seat]:
        said = next((values for layer in layers if (values := layer.said(setting))), ())
        begun = [x for x in said if x.since is None or x.since <= scenario.date]
        if len(begun) < 2:
            continue
        before, after = begun[-2:]
        if before.mean is not None and after.mean is not None:
            since, note = str(after.since), after.note or ""
            yield (
                setting,
                {"before": before.mean, "since": since, "after": after.mean, "note": note},
            )
