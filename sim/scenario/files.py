"""Finding files by name or path, and reading them with all that they extend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sim.errors import Fault, InvalidInput, NotFound, Place, did_you_mean, listed
from sim.paths import SCENARIOS
from sim.reading.messages import quoted, shown
from sim.reading.node import Node
from sim.reading.yaml12 import MAX_DEPTH, parse, read

NOT_INHERITED = (
    "kind",
    "title",
    "question",
    "note",
    "observed",
    "negotiation",
    "extends",
    "provenance",
)
"""Keys that say what one file is; a file that extends it does not take them over."""
PUT_TO_THE_VOTE = ("charter", "council", "date", "draft", "provisions", "tabling")
"""Keys that say what was put to the real vote, before whom and by which rules."""


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
    if _is_file(path) or (beside is None and path.suffix and _is_there(path)):
        return path
    if beside and _is_file(named := beside / f"{name}.yaml"):
        return named
    known = folder / f"{name.removesuffix('.yaml')}.yaml"
    if "/" not in name and _is_file(known):
        return known
    allowed, advice = _other_names(name, folder)
    if _is_there(path) and not _is_file(path):
        raise NotFound(f"{quoted(name, 400)[1:-1]}: is no file of text; {allowed}.")
    raise NotFound(f"{quoted(name, 400)[1:-1]}: no such file; {allowed}. {advice}".rstrip())


def referred(node: Node, key: str, folder: Path, beside: Path) -> Path:
    """Return the file that a file names under a key.

    A path is relative to the file in which it stands; in a setting, to where the command runs, else
    to the file it is laid over.

    Raises:
        InvalidInput: it is not there.
    """
    value = node.at([key]) or node
    name, place = str(value.value), value.place
    folder_of_file = Path(place.source).parent if place.line else beside
    if not place.line and _is_file(Path(name)):
        return Path(name).resolve()
    try:
        return find(name, folder, folder_of_file)
    except NotFound:
        allowed, advice = _other_names(name, folder)
        found = f"there is no file {quoted(name, 400)}"
        raise InvalidInput([Fault(place, key, found, allowed, advice)]) from None


def _other_names(name: str, folder: Path) -> tuple[str, str]:
    names = shipped(folder)
    return f"expected a path or one of {listed(names, 40)}", did_you_mean(name, names)


def _is_file(path: Path) -> bool:
    return _is_there(path) and path.is_file()


def _is_there(path: Path) -> bool:
    """Return whether the path can be looked at: a name may be too long, or behind a closed door."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def read_chain(path: Path, folder: Path) -> Node:
    """Return the file with everything it extends laid under it.

    Raises:
        InvalidInput: a file cannot be read, is missing, is of another kind, or extends itself in
            the end.
        NotFound: the first file is not there.
    """
    node = read(path)
    layers, seen = [node], [path.resolve()]
    while (base := layers[-1].at(["extends"])) is not None and isinstance(base.value, str):
        path = referred(layers[-1], "extends", folder, path.parent)
        if path.resolve() in seen:
            chain = " > ".join(p.name for p in [*seen, path.resolve()])
            raise _unfit(
                layers[-1], f"the file extends itself in the end ({chain})", "another file"
            )
        layers.append(read(path))
        seen.append(path.resolve())
        kind, other = (_kind_of(layer) for layer in layers[-2:])
        if kind != other:
            found = f"{quoted(path.name)} is of kind {other}"
            raise _unfit(layers[-2], found, f"a file of kind {kind}, as this one")
    node = layers.pop()
    while layers:
        node = merged(without(node, NOT_INHERITED), layers.pop())
    return node


def _kind_of(node: Node) -> str:
    kind = node.at(["kind"])
    return shown(kind.value if kind is not None else None)


def _unfit(node: Node, found: str, allowed: str) -> InvalidInput:
    place = (node.at(["extends"]) or node).place
    return InvalidInput([Fault(place, "extends", found, f"expected {allowed}")])


def merged(base: Node, over: Node) -> Node:
    """Return `over` laid on `base`: mappings key by key, anything else as a whole.

    A bare number stands for the main key of a mapping with a spread, and keeps that spread.
    """
    if isinstance(base.value, dict) and _is_number(over.value):
        return _with_number(base, over)
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    values = dict(base.value)
    for key, node in over.value.items():
        values[key] = merged(values[key], node) if key in values else node
    # What is missing in a mapping is missing in a file, whatever settings are laid over it.
    place = over.place if over.place.line else base.place
    return Node(values, place, {**base.keys, **over.keys})


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _with_number(base: Node, number: Node) -> Node:
    """Return a mapping such as {mean, spread, evidence} with another mean and the same spread."""
    kept = base.value if isinstance(base.value, dict) else {}
    if "spread" not in kept:
        return number
    values = {"value" if "value" in kept else "mean": number, "spread": kept["spread"]}
    return Node(values, number.place, dict.fromkeys(values, number.place))


def without(node: Node, keys: Iterable[str]) -> Node:
    """Return a mapping's node without those keys."""
    assert isinstance(node.value, dict)  # noqa: S101  a file's top is a mapping, or it is refused
    kept = {k: v for k, v in node.value.items() if k not in set(keys)}
    return Node(kept, node.place, node.keys)


def overridden(node: Node, settings: Sequence[str]) -> Node:
    """Return the node with settings such as `members.RUS.ties.PRK=0.4` laid over it.

    The real vote was on the file's own text, before its Council and by its rules: where a setting
    changes one of these, it is left out, unless a setting gives another.

    Raises:
        InvalidInput: settings that are not of the form path=value.
    """
    faults: list[Fault] = []
    for setting in settings:
        try:
            node = merged(node, _setting(setting))
        except InvalidInput as error:
            faults += error.faults
    if faults:
        raise InvalidInput(faults)
    changed = {setting.split(".")[0].split("=")[0].strip() for setting in settings}
    is_another_vote = changed & set(PUT_TO_THE_VOTE) and "observed" not in changed
    return without(node, ["observed"]) if is_another_vote else node


def _setting(setting: str) -> Node:
    """Return the mapping that holds nothing but one setting."""
    path, equals, text = setting.partition("=")
    place = Place(f"--set {quoted(setting)[1:-1]}")
    steps = [step.strip() for step in path.split(".")]
    if not equals or not all(steps) or len(steps) > MAX_DEPTH:
        allowed = "expected path=value, as members.RUS.ties.PRK=0.4"
        raise InvalidInput([Fault(place, "", "this is no setting", allowed)])
    if steps[0] == "extends":
        found = "what a file extends is read before any setting"
        raise InvalidInput([Fault(place, "extends", found, "expected any other setting")])
    value = _placed(_value(text, quoted(path.strip())[1:-1], place), place)
    for step in reversed(steps):
        value = Node({step: value}, place, {step: place})
    return value


def _value(text: str, path: str, place: Place) -> Any:
    """Return the plain value that a setting gives, written as it would be in a file."""
    try:
        tree = parse(f"value: {text}\n", place.source).plain()
    except InvalidInput as error:
        faults = (fault._replace(place=place, path=path) for fault in error.faults)
        raise InvalidInput(faults) from None
    if len(tree) > 1:
        raise InvalidInput([Fault(place, path, "more than one value", "expected one value")])
    return tree["value"]


def _placed(value: Any, place: Place) -> Node:
    """Return a plain value as a node, every part of it at one place."""
    if isinstance(value, dict):
        nodes = {key: _placed(item, place) for key, item in value.items()}
        return Node(nodes, place, dict.fromkeys(nodes, place))
    if isinstance(value, list):
        return Node([_placed(item, place) for item in value], place, {})
    return Node(value, place, {})
