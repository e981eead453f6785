"""Finding files by name or path, and reading them with all that they extend."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sim.draft import Provision
from sim.errors import Fault, InvalidInput, NotFound, Place, did_you_mean, listed
from sim.places import SCENARIOS, SEEDS
from sim.scenario.form import InstrumentForm, ProvisionForm
from sim.scenario.yaml12 import Node, parse, read

NOT_INHERITED = ("kind", "title", "question", "note", "observed", "extends", "provenance")
"""Keys that say what one file is; a file that extends it does not take them over."""


def shipped(folder: Path = SCENARIOS) -> list[str]:
    """Return the names of the files that come with the package."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def find(name: str, folder: Path = SCENARIOS, beside: Path | None = None) -> Path:
    """Return the file that is meant: a path, or the name of one that is shipped.

    Args:
        name: a path (relative to `beside`, or to where the command runs) or a bare name.
        folder: where the shipped ones lie.
        beside: the folder of the file that names it.

    Raises:
        NotFound: neither is there.
    """
    path = (beside or Path()) / name
    if path.is_file() or (beside is None and path.exists() and path.suffix):
        return path
    if beside and (named := beside / f"{name}.yaml").is_file():
        return named
    if (known := folder / f"{name.removesuffix('.yaml')}.yaml").is_file() and "/" not in name:
        return known
    names = shipped(folder)
    advice = did_you_mean(name, names)
    raise NotFound(f"{name}: no such file; expected a path or one of {listed(names, 40)}. {advice}")


def read_chain(path: Path, folder: Path = SCENARIOS) -> Node:
    """Return the file with everything it extends laid under it.

    Raises:
        InvalidInput: a file cannot be read, is missing, or extends itself in the end.
        NotFound: the first file is not there.
    """
    layers, seen = [read(path)], [path.resolve()]
    while (base := layers[-1].at(["extends"])) is not None and base.value is not None:
        try:
            path = find(str(base.value), folder, beside=path.parent)
            if path.resolve() in seen:
                chain = " > ".join(p.name for p in [*seen, path.resolve()])
                raise NotFound(f"{base.value}: extends itself in the end ({chain}).")
            layers.append(read(path))
        except NotFound as error:
            found, _, allowed = str(error).partition("; ")
            what = allowed.strip(" .") or "expected a chain of files that ends"
            raise InvalidInput([Fault(base.place, "extends", found.strip(" ."), what)]) from None
        seen.append(path.resolve())
    node = layers.pop()
    while layers:
        node = merged(without(node, NOT_INHERITED), layers.pop())
    return node


def merged(base: Node, over: Node) -> Node:
    """Return `over` laid on `base`: mappings key by key, anything else as a whole."""
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    values = dict(base.value)
    for key, node in over.value.items():
        values[key] = merged(values[key], node) if key in values else node
    return Node(values, over.place, {**base.keys, **over.keys})


def without(node: Node, keys: Iterable[str]) -> Node:
    """Return a mapping's node without those keys."""
    assert isinstance(node.value, dict)  # noqa: S101  a file's top is a mapping, or it is refused
    kept = {k: v for k, v in node.value.items() if k not in set(keys)}
    return Node(kept, node.place, node.keys)


def overridden(node: Node, settings: Sequence[str]) -> Node:
    """Return the node with settings such as `members.RUS.ties.PRK=0.4` laid over it.

    Raises:
        InvalidInput: a setting that is not of the form path=value.
    """
    for setting in settings:
        path, equals, text = setting.partition("=")
        place = Place(f"--set {setting}")
        steps = path.strip().split(".")
        if not equals or not all(steps):
            what = "expected path=value, as members.RUS.ties.PRK=0.4"
            raise InvalidInput([Fault(place, "", "no setting", what)])
        value = _placed(parse(f"value: {text}\n", str(place)).plain()["value"], place)
        for step in reversed(steps):
            value = Node({step: value}, place, {step: place})
        node = merged(node, value)
    return node


def _placed(value: Any, place: Place) -> Node:
    """Return a plain value as a node, every part of it at one place."""
    if isinstance(value, dict):
        nodes = {key: _placed(item, place) for key, item in value.items()}
        return Node(nodes, place, dict.fromkeys(nodes, place))
    if isinstance(value, list):
        return Node([_placed(item, place) for item in value], place, {})
    return Node(value, place, {})


@cache
def instruments() -> Mapping[str, InstrumentForm]:
    """Return the kinds of text by name. Source: `seeds/instruments.yaml`."""
    entries = read(SEEDS / "instruments.yaml").plain()
    return {name: InstrumentForm.model_validate(entry) for name, entry in entries.items()}


@cache
def provisions() -> Mapping[str, Provision]:
    """Return the scales that every text has, in their order. Source: `seeds/provisions.yaml`."""
    entries = read(SEEDS / "provisions.yaml").plain()
    return {n: provision(n, ProvisionForm.model_validate(e)) for n, e in entries.items()}


def provision(name: str, form: ProvisionForm) -> Provision:
    """Return the scale that a form describes."""
    return Provision(name, form.unit, (form.at_0, form.at_half, form.at_1))


@cache
def statements() -> Mapping[str, Mapping[str, str]]:
    """Return who said or did what, by id. Source: `seeds/statements.yaml`."""
    entries = read(SEEDS / "statements.yaml").plain()["statements"]
    return {entry["id"]: entry for entry in entries}


@cache
def votes() -> Mapping[str, Mapping[str, str]]:
    """Return the rows of the record of votes by id. Source: `seeds/votes.csv`."""
    with (SEEDS / "votes.csv").open(encoding="utf-8", newline="") as file:
        return {row["vote_id"]: row for row in csv.DictReader(file)}


@cache
def evidence_ids() -> frozenset[str]:
    """Return everything that a preference may name as its evidence."""
    return frozenset({"assumed", *statements(), *votes()})
