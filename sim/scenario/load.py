"""The only door for YAML: a frozen scenario, or all its faults at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from sim.catalogue import mandates, near_mandate, provisions
from sim.draws import Draws
from sim.errors import Fault, InvalidInput, NotFound, Place, did_you_mean
from sim.paths import PREFERENCES, SCENARIOS, SEEDS
from sim.reading.faults import FormType, check_form
from sim.reading.files import Chain, extended, find, read_chain, referred, shipped, whole
from sim.reading.form import Form
from sim.reading.messages import shown
from sim.reading.node import Node
from sim.reading.numerals import day_meant
from sim.reading.source import MAX_SAVED_BYTES, is_pipe, text_of
from sim.reading.yaml12 import read
from sim.record.codings import read_codings
from sim.roster import day_of
from sim.scenario.checks import Checker, check_dates, check_layers
from sim.scenario.contradictions import contradictions
from sim.scenario.form import PreferencesFile, ScenarioFile
from sim.scenario.preference_resolver import FileLayers
from sim.scenario.renewal import renewal
from sim.scenario.resolve import resolve, scales_in
from sim.scenario.scenario import Scenario
from sim.scenario.settings import Setting, Settings, overridden, read_settings

Document = Mapping[str, Any]
"""What a file would hold, as plain mappings, lists, numbers and texts."""


MAX_TEXT_BYTES = 1_000_000
"""Of a scenario with all that it extends, an alias counted as what it stands for. Reports carry it
whole, in JSON up to six times as long, and must find room where they are read again."""

OF_A_REPORT = ("name", "settings", "evidence", "scenario", "others")
"""What a saved report says of the scenario that it carries; a comparison has others."""


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
    below = None if preferences is None else _in_memory(preferences)
    if on is not None:
        return _renewed(str(name), on, below).with_settings(overrides)
    try:
        path = find(str(name))
    except NotFound as error:
        mandate, at, _ = str(name).partition("@")
        if at or mandate.lower() in mandates():
            return _renewed(str(name), None, below).with_settings(overrides)
        raise NotFound(_not_found(str(name), str(error))) from None
    node = _saved(path) or whole(_chain(ScenarioFile, path, SCENARIOS))
    named = ("standard-input", node, Path()) if is_pipe(path) else (path.stem, node, path.parent)
    source = _reported(node, path, below) or _Source(*named, below)
    return source.with_settings(overrides)


def _not_found(name: str, said: str) -> str:
    """Return what to say of a name that is no file, no shipped scenario and no mandate."""
    if re.fullmatch(r"[./-]*\d[\d./-]*", name):
        return (
            f"{name}: expected a scenario or a mandate. To name the day of its vote: --on {name}."
        )
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
    below = None if preferences is None else _in_memory(preferences)
    return _Source(name, node, Path(), below).with_settings(overrides)


def read_preferences(source: str | Path | Document) -> PreferencesFile:
    """Return the filled form of preferences: of a path, the name of a shipped file, or a document.

    Raises:
        InvalidInput: with all its faults at once.
        NotFound: no such file.
    """
    if isinstance(source, Mapping):
        chain = _in_memory(source)
    else:
        chain = _chain(PreferencesFile, find(str(source), PREFERENCES), PREFERENCES)
    layers, faults = _preferences(chain, tuple(provisions()))
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
    kind = (_saved(file) or read(file)).at(["kind"])
    if kind is not None and kind.value == "preferences":
        read_preferences(path)
        return Described("sound preferences")
    if kind is not None and kind.value == "codings":
        return Described(_of_codings(file))
    scenario = load_scenario(path)
    words = f"a sound scenario, {len(scenario.council)} members on {scenario.date}"
    node = scenario.origin.node if isinstance(scenario.origin, _Source) else None
    return Described(words, tuple(contradictions(scenario, node)) if node else ())


def _of_codings(path: Path) -> str:
    n_votes = len(read_codings(path).rows)
    return f"sound codings of {n_votes:,} vote{'' if n_votes == 1 else 's'}"


@dataclass(frozen=True, eq=False)
class _Source:
    """A scenario as it was read, and what was laid over it: enough to make it, and its variants.

    Args:
        name: what to call it, without its settings.
        node: what its file holds, with all that it extends.
        folder: the folder that paths in it are relative to.
        below: preferences that lie under it, whatever file it names.
        settings: what was laid over it.
        named: the file of preferences that it names, once it is read: the node that names it, the
            path, and the file with all that it extends.
        before: settings that were laid over it before it was saved in a report.
        by_group: who had no number of its own, where a report says so: the scenario in it holds
            every number under its member, so that it cannot tell.
        called: what the preferences were called, where a report says so.
    """

    name: str
    node: Node
    folder: Path
    below: Chain | None
    settings: tuple[Setting, ...] = ()
    named: tuple[Node, Path, Chain] | None = None
    before: tuple[str, ...] = ()
    by_group: tuple[str, ...] | None = None
    called: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of all that it and its variants are made of: files, settings and `seeds/`."""
        chains = [chain for chain in (self.below, self.named and self.named[2]) if chain]
        texts = (*self.before, *(setting.text for setting in self.settings))
        made_of = [_digest_of((self.node,)), *map(_digest_of, chains), texts, _digest_of_seeds()]
        return sha256(json.dumps(made_of).encode()).hexdigest()

    def with_settings(self, settings: Settings) -> Scenario:
        """Return the scenario with further settings laid over it."""
        return replace(self, settings=(*self.settings, *read_settings(settings))).scenario()

    def scenario(self) -> Scenario:
        """Return the scenario, or raise all its faults and those of the preferences under it."""
        over = overridden(self.node, self.settings)
        _check_size(over)
        check, form = _checked(ScenarioFile, over)
        base, named = FileLayers(PreferencesFile(kind="preferences")), self.named
        faults: tuple[Fault, ...] = ()
        try:
            named = self._named(form, over)
            chain = self.below or (named and named[2])
            if chain:
                base, faults = _preferences(chain, scales_in(check))
        except InvalidInput as error:
            faults = error.faults
        if faults:
            check.doubt(("preferences",))
        try:
            draws = _draws(over) if over.at(["draws"]) is not None else base.draws
        except InvalidInput as error:
            faults, draws = (*faults, *error.faults), None
        texts = tuple(setting.text for setting in self.settings)
        name = f"{self.name} ({', '.join(texts)})" if texts else self.name
        scenario = resolve(name, form, base, check)
        if scenario is None or faults:
            raise InvalidInput([*check.faults, *faults])
        by_group = scenario.by_group
        if self.by_group is not None:  # less those that settings now speak of
            nodes = ((code, self.node.at(["members", code])) for code in self.by_group)
            by_group = tuple(c for c, node in nodes if node and over.at(["members", c]) is node)
        return replace(
            scenario,
            by_group=by_group,
            draws=draws[0] if draws else None,
            draws_from=draws[1] if draws else None,
            settings=(*self.before, *texts),
            preferences_from=named[1] if named else None,
            preferences_named=_called(named[1], base) if named else self.called,
            origin=replace(self, named=named),
        )

    def _named(self, form: ScenarioFile, over: Node) -> tuple[Node, Path, Chain] | None:
        """Return the file of preferences that the scenario names, read only if it is another."""
        said = over.at(["preferences"])
        if self.below or form.preferences is None or said is None:
            return None
        if self.named and self.named[0] is said:
            return self.named
        path = referred(over, "preferences", PREFERENCES, self.folder)
        return said, path, _chain(PreferencesFile, path, PREFERENCES)


@lru_cache(maxsize=64)
def _digest_of(chain: Chain) -> str:
    """Return the hash of what files hold."""
    held = json.dumps([node.plain() for node in chain], default=str)
    return sha256(held.encode()).hexdigest()


@cache
def _digest_of_seeds() -> str:
    """Return the hash of what `seeds/` supplies: votes, mandates, provisions and so on."""
    files = sorted(path for path in SEEDS.iterdir() if path.suffix in (".csv", ".yaml"))
    held = [(path.name, sha256(path.read_bytes()).hexdigest()) for path in files]
    return sha256(json.dumps(held).encode()).hexdigest()


def _called(path: Path, preferences: FileLayers) -> str:
    """Return the name of a file of preferences, with its title if it has one."""
    title = preferences.form.title
    return f"{path.stem} ({title})" if title else path.stem


def _renewed(name: str, on: str | date | None, below: Chain | None) -> _Source:
    """Return the renewal of a mandate, of which the name may say the day: `undof@2026-12-18`.

    Raises:
        NotFound: no such mandate, no such day, or no Council known on it.
    """
    mandate, _, said = name.partition("@")
    given = on or said or None
    is_file = mandate in shipped() or Path(mandate).suffix in (".yaml", ".yml", ".json")
    if is_file and mandate not in mandates():
        found = f"{mandate}: a scenario has a day of its own"
        raise NotFound(f"{found}; expected a mandate. To change the day: --set date={given}.")
    try:
        day = day_of(given) if isinstance(given, str) else given
    except NotFound as error:
        raise NotFound(f"{mandate}: {error} {day_meant(str(given))}".rstrip()) from None
    document = renewal(mandate, day)
    called = f"{mandate.lower()}@{document['date']}"
    return _Source(called, Node.of(document, Place(called)), Path(), below)


def _saved(path: Path) -> Node | None:
    """Return what a saved report or comparison holds, None of any other file.

    It is larger than what people write, and a program wrote it: places in it say nothing.
    """
    if path.suffix != ".json":
        return None
    try:
        facts = json.loads(text_of(path, MAX_SAVED_BYTES))
    except (ValueError, RecursionError):  # the strict reader says where and why
        return None
    if not isinstance(facts, dict) or not {"scenario", "others"} & facts.keys():
        return None
    return Node.of({key: facts[key] for key in OF_A_REPORT if key in facts}, Place(str(path)))


def _reported(report: Node, path: Path, below: Chain | None) -> _Source | None:
    """Return the scenario that a saved report carries, or None where the file is no report.

    Raises:
        InvalidInput: it is a saved comparison.
    """
    if path.suffix == ".json" and report.at(["others"]) is not None:
        allowed = f"expected one scenario or report.json; to run it again: unsc compare {path}"
        raise InvalidInput([Fault(Place(str(path)), "", "this is a saved comparison", allowed)])
    inside = report.at(["scenario"])
    if path.suffix != ".json" or inside is None or not isinstance(inside.value, dict):
        return None
    said = report.plain()
    settings, name = said.get("settings"), said.get("name")
    is_list = isinstance(settings, list) and all(isinstance(s, str) for s in settings)
    by_group = report.at(["evidence", "by_group"])
    is_said = by_group is not None and isinstance(by_group.value, list)
    called = report.at(["evidence", "preferences_named"])
    return _Source(
        name if isinstance(name, str) else path.stem,
        inside,
        path.parent,
        below,
        before=tuple(settings) if is_list else (),
        by_group=tuple(by_group.plain()) if by_group is not None and is_said else (),
        called=str(called.value) if called is not None else "",
    )


def _chain(form: type[Form], path: Path, folder: Path) -> Chain:
    """Return a file and all that it extends.

    Where that is not to be had, what is wrong with the file itself is said too; what it lacks may
    have stood in the other.
    """
    try:
        return read_chain(path, folder)
    except InvalidInput as error:
        own = check_form(form, read(path), is_whole=False).faults
        raise InvalidInput([*error.faults, *own]) from None


def _in_memory(document: Document) -> Chain:
    """Return preferences that no file holds, and the files that they extend."""
    source = Path("preferences")
    return extended(Node.of(document, Place(str(source))), source, PREFERENCES)


def _checked(form: type[FormType], node: Node) -> tuple[Checker, FormType]:
    """Return the filled form and a checker that holds the form's faults."""
    filled = check_form(form, node)
    return Checker(node, filled.faults, filled.left_out), filled.form


def _check_size(node: Node) -> None:
    """Check that a report can carry the scenario.

    Raises:
        InvalidInput: its texts are too long.
    """
    if (n_bytes := node.text_bytes()) > MAX_TEXT_BYTES:
        found = f"all texts together, also those of the files it extends, have {n_bytes:,} bytes"
        allowed = f"at most {MAX_TEXT_BYTES:,} bytes are allowed"
        raise InvalidInput([Fault(Place(node.place.source), "", found, allowed)])


@lru_cache(maxsize=8)
def _preferences(
    chain: Chain, scales: tuple[str, ...] | None
) -> tuple[FileLayers, tuple[Fault, ...]]:
    """Return the layers of a file of preferences and its faults; each file is checked once.

    Args:
        chain: the file, and what it extends.
        scales: the names of the provisions; None where none can be told.
    """
    check, form = _checked(PreferencesFile, whole(chain))
    check_layers(check, scales)
    check_dates(form, check)
    try:
        return FileLayers(form, _draws(whole(chain))), tuple(check.faults)
    except InvalidInput as error:
        return FileLayers(form), (*check.faults, *error.faults)


def _draws(node: Node) -> tuple[Draws, Path] | None:
    """Return the joint draws that a file names, and where they are; None where it names none.

    Raises:
        InvalidInput: they are not there, or are others than those named.
    """
    said, digest = node.at(["draws", "file"]), node.at(["draws", "sha256"])
    if said is None or digest is None or not isinstance(said.value, str):
        return None
    place, allowed = said.place, "expected the draws that `unsc calibrate` wrote with the file"
    folders = (Path(place.source).parent, Path(), PREFERENCES)
    path = next((p for folder in folders if (p := folder / said.value).is_file()), None)
    if path is None:
        found = f"there is no file {shown(said.value)}"
        raise InvalidInput([Fault(place, "draws.file", found, allowed)])
    try:
        content = path.read_bytes()
        if sha256(content).hexdigest() != digest.value:
            found = f"{shown(said.value)} is not the file of this hash"
            raise InvalidInput([Fault(digest.place, "draws.sha256", found, allowed)])
        return Draws.from_bytes(content), path.resolve()
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        found = f"{shown(said.value)} holds no draws ({type(error).__name__})"
        raise InvalidInput([Fault(place, "draws.file", found, allowed)]) from None
