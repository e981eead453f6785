"""The only door for YAML: from a file, a mandate or a document to a frozen scenario."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from sim.arguments import as_python, check_kind
from sim.catalogue import mandates, near_mandate, provisions
from sim.errors import Fault, InvalidInput, NotFound, Place, UnscError, did_you_mean, listed
from sim.paths import PREFERENCES, SCENARIOS
from sim.reading.files import Chain, extended, find, shipped, whole
from sim.reading.meant import name_meant
from sim.reading.messages import shown
from sim.reading.node import Node
from sim.reading.numerals import day_meant
from sim.reading.source import is_pipe, only_file_in
from sim.reading.yaml12 import read
from sim.record.codings import read_codings
from sim.roster import day_of
from sim.scenario.contradictions import contradictions
from sim.scenario.form import PreferencesFile, ScenarioFile
from sim.scenario.renewal import renewal
from sim.scenario.reported import reported, saved
from sim.scenario.scenario import Scenario
from sim.scenario.settings import Settings
from sim.scenario.source import Document, Source, chain_of, in_memory, layers_of

A_DAY = "a day, as '2026-12-18' or a date"
KINDS = ("scenario", "preferences", "codings", "study")
"""The kinds of files that people write."""


def load_scenario(
    name: str | Path,
    overrides: Settings = (),
    *,
    on: str | date | None = None,
    preferences: Document | None = None,
) -> Scenario:
    """Return the scenario of a file, or of the renewal of a mandate.

    >>> load_scenario("undof", on="2026-12-18").title
    'Renewal of UNDOF, 18 December 2026'

    Args:
        name: a path to a scenario (or to a saved `report.json`, whose scenario is meant), the
            name of a shipped one, or that of a mandate, as `undof` or `undof@2026-12-18`.
        on: the day of the vote on a mandate; left out, the day on which the mandate expires.
        overrides: settings laid over it, such as `members.RUS.ties.PRK=0.4`.
        preferences: what a file of preferences would hold; it lies under the scenario in place of
            the file that the scenario names.

    Raises:
        InvalidInput: with all faults of the files at once.
        NotFound: no such file and no such mandate, or a day whose Council is not known.
    """
    check_kind("name", name, str | Path, "the name of a scenario or a mandate, or a path")
    below = None if preferences is None else in_memory(preferences)
    if on is not None:
        return _renewed(str(name), on, below).with_settings(overrides)
    try:
        path = find(str(name))
    except NotFound as error:
        mandate, at, _ = str(name).partition("@")
        if at or mandate.lower() in mandates():
            return _renewed(str(name), None, below).with_settings(overrides)
        raise NotFound(_not_found(str(name), str(error))) from None
    node = saved(path) or whole(chain_of(ScenarioFile, path, SCENARIOS))
    named = ("standard-input", node, Path()) if is_pipe(path) else (path.stem, node, path.parent)
    source = reported(node, path, below) or Source(*named, below)
    return source.with_settings(overrides)


def _not_found(name: str, said: str) -> str:
    """Return what to say of a name that is no file, no shipped scenario and no mandate."""
    if re.fullmatch(r"[./-]*\d[\d./-]*", name):
        return (
            f"{name}: expected a scenario or a mandate. To name the day of its vote: --on {name}."
        )
    if os.path.isdir(name):  # unlike Path.is_dir it takes any text  # noqa: PTH112
        expected = "expected a scenario, a mandate or a saved report"
        return f"{name}: this is a folder; {expected}. {only_file_in(Path(name))}".rstrip()
    meant = near_mandate(name.partition("@")[0]).replace("mean", "mean the mandate", 1)
    if "/" in name or Path(name).suffix:
        return f"{said} {meant}".rstrip()
    near = did_you_mean(name, shipped())
    if near and meant:
        near, meant = near.removesuffix("?"), meant.replace("Did you mean", "or", 1)
    lists = "expected one that unsc scenarios or unsc mandates lists, or the path of a file"
    return " ".join(filter(None, (f"{name}: no such scenario or mandate; {lists}.", near, meant)))


def scenario_of(
    document: Document,
    overrides: Settings = (),
    *,
    preferences: Document | None = None,
    name: str = "scenario",
) -> Scenario:
    """Return the scenario that a document describes, without a file of it.

    Args:
        document: what a file of a scenario would hold; paths in it are relative to where the
            program runs.
        overrides, preferences: as `load_scenario` takes them.
        name: what to call it.

    Raises:
        InvalidInput: with all faults of the document at once.
    """
    node = whole(extended(Node.of(document, Place(name)), Path(name), SCENARIOS))
    below = None if preferences is None else in_memory(preferences)
    return Source(name, node, Path(), below).with_settings(overrides)


def read_preferences(source: str | Path | Document) -> PreferencesFile:
    """Return the filled form of preferences: of a path, the name of a shipped file, or a document.

    Raises:
        InvalidInput: with all its faults at once.
        NotFound: no such file.
    """
    if isinstance(source, Mapping):
        chain = in_memory(source)
    else:
        chain = chain_of(PreferencesFile, find(str(source), PREFERENCES), PREFERENCES)
    layers, faults = layers_of(chain, tuple(provisions()))
    if faults:
        raise InvalidInput(faults)
    assert isinstance(layers.form, PreferencesFile)  # noqa: S101  it was read as such
    return layers.form


class Described(NamedTuple):
    """What a sound file holds in a few words, and what in it hardly goes together."""

    words: str
    warnings: tuple[Fault, ...] = ()


def describe_file(path: Path) -> Described:
    """Return what a sound file holds: a scenario, preferences, or codings of votes.

    Raises:
        InvalidInput: with all its faults at once.
        NotFound: no such file.
    """
    if path.suffix.lower() == ".csv":
        return Described(_of_codings(path))
    file = find(str(path))
    kind = (saved(file) or read(file)).at(["kind"])
    if kind is not None and kind.value == "preferences":
        read_preferences(path)
        return Described("sound preferences")
    if kind is not None and kind.value == "codings":
        return Described(_of_codings(file))
    if kind is not None and kind.value != "scenario":
        found, near = f"found {shown(kind.value)}", name_meant(str(kind.value), KINDS)
        allowed = f"expected one of {listed(KINDS)}"
        raise InvalidInput([Fault(kind.place, "kind", found, allowed, near)])
    scenario = load_scenario(path)
    words = f"a sound scenario, {len(scenario.council)} members on {scenario.date}"
    node = scenario.origin.node if isinstance(scenario.origin, Source) else None
    return Described(words, tuple(contradictions(scenario, node)) if node else ())


def _of_codings(path: Path) -> str:
    n_votes = len(read_codings(path).rows)
    return f"sound codings of {n_votes:,} vote{'' if n_votes == 1 else 's'}"


def _renewed(name: str, on: str | date | None, below: Chain | None) -> Source:
    """Return the renewal of a mandate, of which the name may say the day: `undof@2026-12-18`.

    Raises:
        NotFound: no such mandate, no such day, or no Council known on it.
    """
    mandate, _, said = name.partition("@")
    given = on if on is not None else said or None
    is_file = mandate in shipped() or Path(mandate).suffix in (".yaml", ".yml", ".json")
    if is_file and mandate not in mandates():
        found = f"{mandate}: a scenario has a day of its own"
        raise NotFound(f"{found}; expected a mandate. To change the day: --set date={given}.")
    plain = as_python(given)
    check_kind("on", plain, str | date | None, A_DAY)
    if str(given) == "NaT":  # of numpy or pandas, where a table has no day
        raise UnscError(f"on: NaT; expected {A_DAY}.")
    try:
        day = day_of(plain) if isinstance(plain, str) else plain
    except NotFound as error:
        raise NotFound(f"{mandate}: {error} {day_meant(str(given))}".rstrip()) from None
    document = renewal(mandate, day.date() if isinstance(day, datetime) else day)
    called = f"{mandate.lower()}@{document['date']}"
    return Source(called, Node.of(document, Place(called)), Path(), below)
