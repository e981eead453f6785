"""Saved reports: read again, and run again to be compared world by world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.chance import MAX_WORLDS, STREAM_FORMAT
from sim.errors import Fault, InvalidInput, Place, WorldsDoNotMatch
from sim.facts.run import SCHEMA_VERSION
from sim.reading.yaml12 import read
from sim.result import Result
from sim.scenario.scenario import canonical_json
from sim.version import __version__


@dataclass(frozen=True)
class SavedReport:
    """What a saved report says of its run: enough to run it again, and to check that it is so."""

    path: Path
    worlds: int
    random_seed: int
    report: Mapping[str, Any]


def saved_in(name: str) -> SavedReport | None:
    """Return what a saved `report.json` says of its run, or None for any other file or name.

    Raises:
        InvalidInput: the file cannot be read, or is a report without its numbers.
        WorldsDoNotMatch: it was made by a version that draws other worlds.
    """
    path = Path(name)
    if path.suffix != ".json" or not path.is_file():
        return None
    report = read(path).plain()
    if "scenario" not in report:
        return None
    worlds, random_seed = report.get("worlds"), report.get("random_seed")
    if not (_is_count(worlds, MAX_WORLDS) and _is_count(random_seed, 2**64 - 1)):
        allowed = "expected a report.json as `unsc run --out` writes it"
        raise InvalidInput([Fault(Place(name), "worlds", "no number of worlds or seed", allowed)])
    _check_made_here(name, report)
    return SavedReport(path, worlds, random_seed, report)


def read_saved(path: Path) -> Mapping[str, Any]:
    """Return what a saved report or comparison holds, of this version.

    Raises:
        InvalidInput: the file cannot be read, or is neither.
        WorldsDoNotMatch: it was made by another version.
    """
    facts: Mapping[str, Any] = read(path).plain()
    if "software" not in facts:
        raise no_report(path, "no report and no comparison")
    _check_made_here(str(path), facts)
    return facts


def no_report(path: Path, found: str) -> InvalidInput:
    """Return what to raise of a file that is not a report or lacks something of one."""
    allowed = "expected a report.json or compare.json as --out of run and compare writes them"
    return InvalidInput([Fault(Place(str(path)), "report", found, allowed)])


def _is_count(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _check_made_here(name: str, report: Mapping[str, Any]) -> None:
    software = report.get("software")
    software = software if isinstance(software, Mapping) else {}
    made_by = {**software, "schema_version": report.get("schema_version")}
    here = {
        "version": __version__,
        "stream_format": STREAM_FORMAT,
        "schema_version": SCHEMA_VERSION,
    }
    for what, value in here.items():
        if made_by.get(what) != value:
            raise WorldsDoNotMatch(
                f"{name}: made with {what.replace('_', ' ')} {made_by.get(what)}, this is {value}; "
                "its worlds may not be drawn again. Run its scenario again."
            )


def check_same(saved: SavedReport, result: Result) -> None:
    """Check that a run from a saved report gave all that the report says.

    Raises:
        WorldsDoNotMatch: it did not: the file was edited, or made with other libraries.
    """
    again = result.to_dict()
    differ = [key for key in {**again, **saved.report} if not _same(again, saved.report, key)]
    if differ:
        raise WorldsDoNotMatch(
            f"{saved.path}: run again it does not give its own {differ[0]}; it was edited, or made "
            "with another numpy. Run its scenario again."
        )


def _same(again: Mapping[str, Any], before: Mapping[str, Any], key: str) -> bool:
    both = key in again and key in before
    return both and canonical_json(again[key]) == canonical_json(before[key])


def same_worlds(
    names: Iterable[str], worlds: int | None, random_seed: int | None
) -> tuple[int | None, int | None]:
    """Return the worlds and the seed that saved reports fix for everyone, or those asked for.

    Args:
        names: scenarios or saved reports.
        worlds: what was asked for; None leaves it to the reports.
        random_seed: likewise.

    Raises:
        WorldsDoNotMatch: the reports, or what was asked for, differ.
    """
    runs = {(saved.worlds, saved.random_seed) for saved in map(saved_in, names) if saved}
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
