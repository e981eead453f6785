"""Where the points of a study are kept: one file each, or packed by the start of their hash."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.errors import UnscError, WillNotOverwrite
from sim.facts.seal import SEAL, checksum
from sim.writing import remove_file, write_file
from sim.writing.once import clear_drafts, make_once

PLAN = "study.json"
PREFIX = 2
"""Characters of a hash that name the folder, or the pack, that its point is in: 256 of them."""
_ONE_AT_A_TIME = threading.Lock()
"""A claim on a file is a process's: of two threads at once one could give up the other's."""

Facts = Mapping[str, Any]


class Store:
    """The folder of a study.

    `study.json` is the plan, `points/ab/HASH.json` one point, `packs/ab.jsonl` many of them, a line
    each in the order of their hashes; `drafts/` holds points while they are made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, plan: Facts) -> None:
        """Make the folder unless it is there, and keep the plan in it.

        Raises:
            WillNotOverwrite: it holds something else.
            UnscError: nothing can be written there.
        """
        folder = self.folder
        try:
            held = [path for path in folder.iterdir() if not path.name.startswith(".")] \
                if folder.exists() else []  # fmt: skip
        except OSError as error:
            raise UnscError(f"{folder}: {error.strerror}; expected a folder for a study.") from None
        if held and not (folder / PLAN).is_file():
            raise WillNotOverwrite(f"{folder}: holds no study; choose another --out.")
        text = json.dumps(plan, indent=1, ensure_ascii=False) + "\n"
        with _ONE_AT_A_TIME:
            self._keep(text)
        with suppress(OSError):
            clear_drafts(folder / "drafts")

    def _keep(self, text: str) -> None:
        """Keep the text of a plan; a run beside this one may be writing the same."""
        for more in reversed(range(20)):
            if self.plan_text() == text:
                break
            try:
                write_file(self.folder / PLAN, text, force=True)
            except UnscError:
                if not more or not self.folder.is_dir():
                    raise
                time.sleep(0.1)

    def plan_text(self) -> str:
        """Return what is kept of the plan, nothing where there is none."""
        try:
            return (self.folder / PLAN).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def plan(self) -> Mapping[str, Any]:
        """Return the plan that is kept.

        Raises:
            UnscError: there is none.
        """
        try:
            held = json.loads(self.plan_text())
            return {"plan": dict(held["plan"]), "folder": str(held["folder"]),
                    "name": str(held["name"])}  # fmt: skip
        except (ValueError, LookupError, TypeError, RecursionError):
            found = f"{self.folder}: holds no study"
            raise UnscError(f"{found}; expected a folder that unsc study wrote.") from None

    def make(self, key: str, content: Callable[[], bytes]) -> bool:
        """Let a point be there; False where another process is at it.

        Raises:
            UnscError: it cannot be written.
        """
        try:
            return make_once(self._path(key), self.folder / "drafts" / key, content)
        except OSError as error:
            raise self._fault(error) from None

    def keys(self) -> set[str]:
        """Return the hashes of all points that are there, sound or not."""
        loose = {path.stem for path in self.folder.glob(f"points/{'?' * PREFIX}/*.json")}
        packs = self.folder.glob("packs/*.jsonl")
        return loose | {key for pack in packs for key, _ in _lines(pack)}

    def read(self, wanted: Iterable[str]) -> Iterator[tuple[str, Facts]]:
        """Yield points by their hash, in no order; what is damaged is removed, and not yielded.

        Raises:
            UnscError: one is there that can be neither read nor removed.
        """
        missing = set()
        for key in wanted:
            path = self._path(key)
            try:
                line = path.read_bytes()
            except FileNotFoundError:
                missing.add(key)
                continue
            except OSError as error:
                raise self._fault(error) from None
            if facts := sound(line):
                yield key, facts
            else:
                self._remove(path)
                missing.add(key)
        for prefix in sorted({key[:PREFIX] for key in missing}):
            for key, line in _lines(self._pack(prefix)):
                if key in missing and (facts := sound(line)):
                    missing.discard(key)
                    yield key, facts

    def pack(self, others: Iterable[Store], wanted: set[str]) -> int:
        """Pack the points of this and other stores; return how many of those wanted are there.

        A pack is complete before it takes its place, and single files go after that.

        Raises:
            UnscError: a pack cannot be written, or a point that is in it not be removed.
        """
        stores, found = [*others, self], 0
        for prefix in sorted({key[:PREFIX] for key in wanted}):
            lines: dict[str, bytes] = {}
            for store in stores:
                lines |= {k: line for k, line in store.lines(prefix) if k not in lines}
            found += len(wanted & lines.keys())
            held = b"".join(key.encode() + b" " + lines[key] for key in sorted(lines))
            if lines and held != _bytes(self._pack(prefix)):
                write_file(self._pack(prefix), held, force=True)
            for key in lines:
                self._remove(self._path(key))
            with suppress(OSError):
                (self.folder / "points" / prefix).rmdir()
        with suppress(OSError):
            (self.folder / "points").rmdir()
        return found

    def lines(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        """Yield the sound points whose hash begins so, each with its line."""
        for key, line in _lines(self._pack(prefix)):
            if sound(line):
                yield key, line
        for path in sorted((self.folder / "points" / prefix).glob("*.json")):
            if sound(line := _bytes(path)):
                yield path.stem, line

    def _remove(self, path: Path) -> None:
        try:
            remove_file(path)
        except OSError as error:
            raise self._fault(error) from None

    def _fault(self, error: OSError) -> UnscError:
        found = f"{self.folder}: {error.strerror or error}"
        return UnscError(f"{found}; what is done is kept. Start it again to go on.")

    def _path(self, key: str) -> Path:
        return self.folder / "points" / key[:PREFIX] / f"{key}.json"

    def _pack(self, prefix: str) -> Path:
        return self.folder / "packs" / f"{prefix}.jsonl"


def sound(line: bytes) -> Facts | None:
    """Return what a point's line says, or None where it is cut short or was edited."""
    try:
        facts = json.loads(line)
        return facts if facts[SEAL] == checksum(facts) else None
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _lines(pack: Path) -> Iterator[tuple[str, bytes]]:
    """Yield hash and line of each point of a pack."""
    for held in _bytes(pack).splitlines(keepends=True):
        key, _, line = held.partition(b" ")
        yield key.decode(errors="replace"), line
