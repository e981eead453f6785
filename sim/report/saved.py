"""Saved reports and comparisons: read again, and run again to check them or pair them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Any

from sim.chance import MAX_SEED, MAX_WORLDS, STREAM_FORMAT
from sim.comparison import Comparison
from sim.errors import Fault, InvalidInput, Place, WorldsDoNotMatch
from sim.facts.run import SCHEMA_VERSION
from sim.facts.seal import SEAL, checksum
from sim.reading.source import MAX_SAVED_BYTES, is_pipe, source_of, text_of
from sim.report.files import as_json
from sim.result import Result
from sim.scenario import Scenario, scenario_of
from sim.scenario.reported import may_be_saved
from sim.scenario.scenario import canonical_json
from sim.version import __version__

TOLERANCE = 1e-5
"""Ten times the last digit that reports give: numbers of two kinds of processors differ by less."""
IN_WORDS = ("headline", "warnings")
"""Parts that put numbers into words, which a last digit may change."""

WITHOUT_SEAL = {
    "forecasts": "a calendar, whose pages unsc calendar --out writes",
    "scenarios": "a gallery, whose pages unsc run --out writes",
}
"""What is saved without a checksum, by a key that it alone has: its pages come with it."""


@dataclass(frozen=True)
class Saved:
    """What a saved report or comparison says, with the run that gives it again."""

    path: Path
    facts: Mapping[str, Any]

    @property
    def run(self) -> tuple[int, int]:
        """Its number of worlds and its random seed."""
        return self.facts["worlds"], self.facts["random_seed"]

    @property
    def given(self) -> Mapping[str, str]:
        """The votes of which it says what they tell."""
        given = self.facts.get("given")
        votes = given.get("votes") if isinstance(given, Mapping) else None
        return votes if isinstance(votes, Mapping) else {}

    @property
    def is_comparison(self) -> bool:
        """Whether it holds a base and others, and not one scenario."""
        return "others" in self.facts


def saved_in(name: str) -> Saved | None:
    """Return what a saved `report.json` or `compare.json` says, or None for any other file or name.

    Raises:
        InvalidInput: the file cannot be read, or lacks the numbers of its run.
        WorldsDoNotMatch: it was made by a version that draws other worlds.
    """
    path = Path(name)
    if not may_be_saved(path) or not (path.is_file() or is_pipe(path)):
        return None
    try:
        facts = _facts_in(path)
    except ValueError:  # a scenario in YAML, or with faults that its own reader can place
        return None
    if "scenario" not in facts and "others" not in facts:
        return None
    if not (_is_count(facts, "worlds", MAX_WORLDS) and _is_count(facts, "random_seed", MAX_SEED)):
        raise no_report(path, "no number of worlds or no random seed")
    _check_made_here(name, facts)
    return Saved(path, facts)


def saved_report(name: str) -> Saved | None:
    """Return what a saved `report.json` says, as `saved_in`; None for a saved comparison too.

    `load_scenario` refuses that: it holds more than one scenario.
    """
    saved = saved_in(name)
    return None if saved and saved.is_comparison else saved


def read_saved(path: Path) -> Mapping[str, Any]:
    """Return what a saved report, comparison or analysis holds, of this version and as written.

    Raises:
        InvalidInput: the file cannot be read, or is none.
        WorldsDoNotMatch: it was made by another version, or edited.
    """
    try:
        facts = _facts_in(path)
    except ValueError as error:
        raise no_report(path, f"no JSON ({error})") from None
    run = facts["report"] if isinstance(facts.get("report"), Mapping) else facts
    if "software" not in run:
        raise no_report(path, "no report and no comparison")
    _check_made_here(source_of(path), run)
    if SEAL not in facts:
        what = next((what for key, what in WITHOUT_SEAL.items() if key in facts), "no checksum")
        raise no_report(path, what)
    if facts[SEAL] != checksum(facts):
        raise WorldsDoNotMatch(
            f"{source_of(path)}: was edited after it was made. Run its scenario again."
        )
    return facts


def _facts_in(path: Path) -> Mapping[str, Any]:
    """Return the mapping in a JSON file.

    Raises:
        InvalidInput: the file cannot be read.
        ValueError: it holds something else, or what no text or no JSON can hold.
    """
    try:
        facts = json.loads(text_of(path, MAX_SAVED_BYTES, "saved report"))
        as_json(facts).encode()  # refuses NaN, infinity and halves of characters
    except RecursionError:
        raise ValueError("too many levels") from None
    if not isinstance(facts, Mapping):
        raise ValueError("not a mapping")
    return facts


def no_report(path: Path, found: str) -> InvalidInput:
    """Return the error for a file that is not a report, or lacks a part of one."""
    allowed = "expected a report.json or compare.json as --out of run and compare writes them"
    return InvalidInput([Fault(Place(source_of(path)), "report", found, allowed)])


def _is_count(facts: Mapping[str, Any], key: str, most: int) -> bool:
    value = facts.get(key)
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _check_made_here(name: str, report: Mapping[str, Any]) -> None:
    software = report.get("software")
    software = software if isinstance(software, Mapping) else {}
    made_by = {**software, "schema_version": report.get("schema_version")}
    here = {"version": __version__, "stream_format": STREAM_FORMAT}
    for what, value in {**here, "schema_version": SCHEMA_VERSION}.items():
        if made_by.get(what) != value:
            kind, given = what.replace("_", " "), made_by.get(what)
            made = f"made with {kind} {given}" if given is not None else f"says no {kind}"
            raise WorldsDoNotMatch(
                f"{name}: {made}, this is {value}; "
                "its worlds may not be drawn again. Run its scenario again."
            )


def scenarios_in(saved: Saved) -> list[Scenario]:
    """Return the scenarios of a saved comparison, the base first.

    Raises:
        InvalidInput: with the faults of the first that is not sound.
    """
    try:
        named = [
            (str(side["name"]), tuple(map(str, side["overrides"])), dict(side["scenario"]))
            for side in (saved.facts["base"], *saved.facts["others"])
        ]
    except (LookupError, TypeError, ValueError):
        raise no_report(saved.path, "a comparison without its scenarios") from None
    return [
        replace(scenario_of(document, name=name), settings=overrides)
        for name, overrides, document in named
    ]


def check_same(saved: Saved, again: Result | Comparison) -> str:
    """Check that a run from a saved report or comparison gave all that it says.

    Returns:
        Nothing where every byte is the same; a sentence where numbers differ by no more than
        `TOLERANCE` and one world, as they do between kinds of processors and versions of numpy.

    Raises:
        InvalidInput: it has no checksum.
        WorldsDoNotMatch: it was edited, or was made from other data or by other libraries.
    """
    made = json.loads(as_json(again.to_dict()))
    differ = {key: _apart(saved.facts.get(key), made.get(key)) for key in {**made, **saved.facts}}
    others = [key for key, apart in differ.items() if apart and key != SEAL]
    if SEAL not in saved.facts:
        raise no_report(saved.path, "no checksum, as in files of earlier versions")
    if saved.facts[SEAL] != checksum(saved.facts):
        where = f"its own {others[0]}" if others else "its own checksum"
        raise WorldsDoNotMatch(
            f"{saved.path}: run again it does not give {where}; it was edited after it was made. "
            f"Run its scenario{'s' * saved.is_comparison} again."
        )
    most = TOLERANCE + 1 / saved.run[0]
    if too_far := [key for key in others if key not in IN_WORDS and differ[key] > most]:
        raise WorldsDoNotMatch(
            f"{saved.path}: run again it does not give its own {too_far[0]}; nobody edited it, but "
            f"numbers differ by more than {most:.1g}: it was made from other data or by other "
            f"libraries. Run its scenario{'s' * saved.is_comparison} again."
        )
    if not others:
        return ""
    found = max((differ[key] for key in others if key not in IN_WORDS), default=0.0)
    return (
        f"{saved.path}: made on another kind of processor or with another numpy. Its numbers "
        f"differ from those of this machine by up to {found:.1g}; {most:.1g} is allowed."
    )


def _apart(told: Any, found: Any) -> float:
    """Return by how much two parts of facts differ: the largest of their numbers, or infinity."""
    if isinstance(told, Mapping) and isinstance(found, Mapping) and told.keys() == found.keys():
        return max((_apart(told[key], found[key]) for key in told), default=0.0)
    if isinstance(told, list) and isinstance(found, list) and len(told) == len(found):
        return max(map(_apart, told, found), default=0.0)
    if isinstance(told, float) and isinstance(found, float):
        return abs(told - found) / max(1.0, abs(told))
    return 0.0 if canonical_json(told) == canonical_json(found) else inf


def same_worlds(
    names: Iterable[str], worlds: int | None, random_seed: int | None
) -> tuple[int | None, int | None]:
    """Return the worlds and the seed that saved reports fix for everyone, or those asked for.

    Raises:
        WorldsDoNotMatch: the reports, or what was asked for, differ.
    """
    runs = {saved.run for saved in map(saved_report, names) if saved}
    if not runs:
        return worlds, random_seed
    first = min(runs)
    n_asked = first[0] if worlds is None else worlds
    runs.add((n_asked, first[1] if random_seed is None else random_seed))
    if len(runs) > 1:
        listed = " and ".join(f"{n:,} worlds with random seed {r}" for n, r in sorted(runs))
        raise WorldsDoNotMatch(
            f"{listed} cannot be paired; expected the same worlds on all sides. "
            "Run the scenarios again with the same --worlds and --random-seed."
        )
    return first
