"""Finding files by name or path, and reading them with all that they extend."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from sim.errors import Fault, InvalidInput, NotFound, did_you_mean, listed
from sim.paths import PREFERENCES, SCENARIOS, seed_rows
from sim.reading.faults import KINDS
from sim.reading.messages import quoted, shown
from sim.reading.node import Node, is_number
from sim.reading.source import is_pipe
from sim.reading.yaml12 import read

Chain = tuple[Node, ...]
"""A file, the file that it extends, and so on."""

NOT_INHERITED = (
    "kind",
    "title",
    "question",
    "note",
    "sources",
    "draft.symbol",
    "draft.mandate",
    "observed",
    "negotiation",
    "extends",
    "provenance",
)
"""Keys that say what one file is; a file that extends it does not take them over."""


def shipped(folder: Path = SCENARIOS) -> list[str]:
    """Return the names of the files that come with the package."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def find(name: str, folder: Path = SCENARIOS, beside: Path | None = None) -> Path:
    """Return the file that is meant: a path, or the name of one that is shipped.

    Args:
        name: a path (relative to `beside`, or to where the command runs) or a bare name; `-` is
            standard input.
        folder: where the shipped ones lie.
        beside: the folder of the file that names it.

    Raises:
        NotFound: neither is there.
    """
    path = (beside or Path()) / name
    if beside is None and is_pipe(path):
        return path
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
    names, mandate = shipped(folder), name.partition("@")[0].lower()
    advice = did_you_mean(name, names)
    if folder == SCENARIOS and name in shipped(PREFERENCES):
        advice = f"{name} is a file of preferences: preferences: {name}."
    elif folder == PREFERENCES and name in shipped():
        advice = f"{name} is a scenario: extends: {name}."
    elif mandate in {row["mandate"] for row in seed_rows("mandates.csv")}:
        advice = f"For a file of this mandate: unsc new FILE --mandate {mandate}."
    return f"expected a path or one of {listed(names, 40)}", advice


def _is_file(path: Path) -> bool:
    return _is_there(path) and path.is_file()


def _is_there(path: Path) -> bool:
    """Return whether the path can be looked at: a name may be too long, or behind a closed door."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def read_chain(path: Path, folder: Path) -> Chain:
    """Return a file and all that it extends.

    Args:
        path: the file.
        folder: where the shipped ones of its kind lie.

    Raises:
        InvalidInput: a file cannot be read, is missing, is of another kind, or extends itself in
            the end.
        NotFound: the first file is not there.
    """
    return extended(read(path), path, folder)


def extended(node: Node, path: Path, folder: Path) -> Chain:
    """Return a file that was read already and all that it extends, as `read_chain` does."""
    chain, seen = [node], [path.resolve()]
    while (base := chain[-1].at(["extends"])) is not None and base.value is not None:
        if not isinstance(base.value, str):
            advice = "Put it in quotes." if is_number(base.value) else ""
            allowed = "the path or the name of a file"
            raise _unfit(chain[-1], f"found {shown(base.value)}", allowed, advice)
        path = referred(chain[-1], "extends", folder, path.parent)
        if path.resolve() in seen:
            names = " > ".join(p.name for p in [*seen, path.resolve()])
            found = f"the file extends itself in the end ({names})"
            raise _unfit(chain[-1], found, "another file")
        chain.append(read(path))
        seen.append(path.resolve())
        kind, other = (kind and kind.value for kind in (n.at(["kind"]) for n in chain[-2:]))
        if kind != other and kind in KINDS:  # else that is the fault, not what it extends
            found = f"{quoted(path.name)} is of kind {shown(other)}"
            raise _unfit(chain[-2], found, f"a file of kind {shown(kind)}, as this one")
    return tuple(chain)


def _unfit(node: Node, found: str, allowed: str, advice: str = "") -> InvalidInput:
    place = (node.at(["extends"]) or node).place
    return InvalidInput([Fault(place, "extends", found, f"expected {allowed}", advice)])


@lru_cache(maxsize=16)
def whole(chain: Chain) -> Node:
    """Return the first file of a chain laid over the others."""
    node = chain[-1]
    for over in reversed(chain[:-1]):
        node = merged(without(node, NOT_INHERITED), over)
    return node


def merged(base: Node, over: Node) -> Node:
    """Return `over` laid on `base`: mappings key by key, anything else as a whole.

    A bare number over a mapping with a spread, as {mean, spread, evidence}, is its new mean or
    value, with the same spread.
    """
    if not isinstance(base.value, dict):
        return over
    if is_number(over.value) and "spread" in base.value:
        main = "value" if "value" in base.value else "mean"
        number = {main: over, "spread": base.value["spread"]}
        return Node(number, over.place, dict.fromkeys(number, over.place))
    if not isinstance(over.value, dict):
        return over
    values = dict(base.value)
    for key, node in over.value.items():
        values[key] = merged(values[key], node) if key in values else node
    # What is missing in a mapping is missing in a file, whatever settings are laid over it.
    place = over.place if over.place.line else base.place
    return Node(values, place, {**base.keys, **over.keys})


def without(node: Node, paths: Iterable[str]) -> Node:
    """Return a mapping's node without what stands at those dotted paths."""
    if not isinstance(node.value, dict):
        return node
    heads = [path.partition(".") for path in paths]
    gone = {head for head, dot, _ in heads if not dot}
    kept = {key: value for key, value in node.value.items() if key not in gone}
    for head, dot, rest in heads:
        if dot and head in kept:
            kept[head] = without(kept[head], [rest])
    return Node(kept, node.place, node.keys)
