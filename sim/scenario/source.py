"""What a scenario is made from, read once: enough to make it and, with settings, its variants."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from sim.draws import Draws
from sim.errors import Fault, InvalidInput, Place
from sim.paths import PREFERENCES, SEEDS
from sim.reading.faults import FormType, check_form
from sim.reading.files import Chain, extended, read_chain, referred, whole
from sim.reading.form import Form
from sim.reading.messages import shown
from sim.reading.node import Node
from sim.reading.yaml12 import read
from sim.scenario.checks import Checker, check_dates, check_layers
from sim.scenario.form import PreferencesFile, ScenarioFile
from sim.scenario.preference_resolver import FileLayers
from sim.scenario.resolve import resolve, scales_in
from sim.scenario.scenario import Scenario
from sim.scenario.settings import Setting, Settings, overridden, read_settings

Document = Mapping[str, Any]
"""What a file would hold, as plain mappings, lists, numbers and texts."""

Named = tuple[Node, Path, Chain]
"""A file of preferences: the node that names it, its path, the file with all that it extends."""

MAX_TEXT_BYTES = 1_000_000
"""Of a scenario with all that it extends, an alias counted as what it stands for. Reports carry it
whole, in JSON up to six times as long, and must find room where they are read again."""


@dataclass(frozen=True, eq=False)
class Source:
    """A scenario as it was read, and what was laid over it: enough to make it, and its variants.

    Args:
        name: what to call it, without its settings.
        node: what its file holds, with all that it extends.
        folder: the folder that paths in it are relative to.
        below: preferences that lie under it, whatever file it names.
        settings: what was laid over it.
        named: the file of preferences that it names, once it is read.
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
    named: Named | None = None
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
        base, faults, named = self._laid_under(form, over, check)
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
        return replace(
            scenario,
            by_group=scenario.by_group if self.by_group is None else self._by_group_still(over),
            draws=draws[0] if draws else None,
            draws_from=draws[1] if draws else None,
            settings=(*self.before, *texts),
            preferences_from=named[1] if named else None,
            preferences_named=_called(named[1], base) if named else self.called,
            origin=replace(self, named=named),
        )

    def _laid_under(
        self, form: ScenarioFile, over: Node, check: Checker
    ) -> tuple[FileLayers, tuple[Fault, ...], Named | None]:
        """Return the preferences under the scenario, their faults, and the file that it names."""
        nothing, named = FileLayers(PreferencesFile(kind="preferences")), self.named
        try:
            named = self._named(form, over)
            chain = self.below or (named and named[2])
            return (*layers_of(chain, scales_in(check)), named) if chain else (nothing, (), named)
        except InvalidInput as error:
            return nothing, error.faults, named

    def _by_group_still(self, over: Node) -> tuple[str, ...]:
        """Return those of `by_group` of whom no setting speaks since."""
        own = ((code, self.node.at(["members", code])) for code in self.by_group or ())
        return tuple(code for code, node in own if node and over.at(["members", code]) is node)

    def _named(self, form: ScenarioFile, over: Node) -> Named | None:
        """Return the file of preferences that the scenario names, read only if it is another."""
        said = over.at(["preferences"])
        if self.below or form.preferences is None or said is None:
            return None
        if self.named and self.named[0] is said:
            return self.named
        path = referred(over, "preferences", PREFERENCES, self.folder)
        return said, path, chain_of(PreferencesFile, path, PREFERENCES)


def chain_of(form: type[Form], path: Path, folder: Path) -> Chain:
    """Return a file and all that it extends.

    Where that is not to be had, what is wrong with the file itself is said too; what it lacks may
    have stood in the other.
    """
    try:
        return read_chain(path, folder)
    except InvalidInput as error:
        own = check_form(form, read(path), is_whole=False).faults
        raise InvalidInput([*error.faults, *own]) from None


def in_memory(document: Document) -> Chain:
    """Return preferences that no file holds, and the files that they extend."""
    source = Path("preferences")
    return extended(Node.of(document, Place(str(source))), source, PREFERENCES)


@lru_cache(maxsize=8)
def layers_of(chain: Chain, scales: tuple[str, ...] | None) -> tuple[FileLayers, tuple[Fault, ...]]:
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


def _draws(node: Node) -> tuple[Draws, Path] | None:
    """Return the joint draws that a file names, and where they are; None where it names none.

    Raises:
        InvalidInput: they are not there, or are others than those named.
    """
    said, digest = node.at(["draws", "file"]), node.at(["draws", "sha256"])
    if said is None or digest is None:
        return None
    if not isinstance(said.value, str) or not isinstance(digest.value, str):
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
