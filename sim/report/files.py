"""A report's files: written whole or not at all, never over another without permission."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.errors import UnscError, WillNotOverwrite

RUN = "run.json"
"""Says when, where and by which command a folder was written, and which files."""

PROGRAM = "unsc"
FORMS = (".json", ".md", ".html")
OURS = frozenset(name + form for name in ("report", "compare", "backtest") for form in FORMS) | {
    RUN
}
"""Names a report's folder can hold beside those that its `RUN` lists."""


def as_json(facts: Mapping[str, Any]) -> str:
    """Return the facts as JSON, always spelled the same."""
    return json.dumps(facts, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def may_write(folder: Path, force: bool) -> None:
    """Check, before anything is computed, that the folder may be written.

    Raises:
        WillNotOverwrite: it holds a report and `force` is not given, or it holds what is not ours.
        UnscError: the system cannot tell.
    """
    try:
        if not folder.exists() and not folder.is_symlink():
            return
        if not folder.is_dir() or folder.is_symlink():
            raise WillNotOverwrite(f"{folder}: is not a folder; choose another --out.")
        inside = sorted(folder.iterdir())
        ours = OURS | _listed(folder / RUN)
        foreign = [p.name for p in inside if p.name not in ours or p.is_symlink() or p.is_dir()]
    except OSError as error:
        raise UnscError(f"{folder}: cannot be written ({error.strerror}).") from error
    if foreign:
        raise WillNotOverwrite(
            f"{folder}: holds '{foreign[0]}', which no report wrote; choose another --out."
        )
    if inside and not force:
        raise WillNotOverwrite(f"{folder}: holds a report; choose another --out, or add --force.")


def _listed(run: Path) -> frozenset[str]:
    """Return the files that a folder's account of our own run lists; none in any other case."""
    try:
        account = json.loads(run.read_text(encoding="utf-8"))
        if account["command"][0] != PROGRAM:
            return frozenset()
        return frozenset(name for name in account["files"] if Path(name).suffix in FORMS)
    except (OSError, ValueError, LookupError, TypeError):
        return frozenset()


def write(folder: Path, files: Mapping[str, str], force: bool) -> None:
    """Write the files into the folder, all of them or none, with `RUN` beside them.

    They are written into a new folder next to it, which then takes its place by renaming. A kill
    before that leaves the old report; one between the two renames leaves the old report beside
    its place, under `.NAME.old.*`. A half-written report is never in its place.

    Raises:
        WillNotOverwrite: as `may_write`.
        UnscError: the folder cannot be written.
    """
    may_write(folder, force)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            run = {**when_and_where(), "files": sorted(files)}
            for name, text in {**files, RUN: as_json(run)}.items():
                _write_through(new / name, text)
            new.chmod(0o755)
            _take_the_place_of(folder, new)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise UnscError(f"{folder}: cannot be written ({error.strerror}).") from error


def may_write_file(path: Path, force: bool) -> None:
    """Check, before anything is computed, that the file may be written.

    Raises:
        WillNotOverwrite: it exists and `force` is not given, or it is a folder.
        UnscError: nothing can be written where it would be.
    """
    if path.is_dir():
        raise WillNotOverwrite(f"{path}: is a folder; name a file in it.")
    if not force and (path.exists() or path.is_symlink()):
        raise WillNotOverwrite(f"{path}: exists already; choose another, or add --force.")
    above = next(folder for folder in path.absolute().parents if folder.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise UnscError(f"{path}: cannot be written; {above} is no folder that files may go into.")


def write_file(path: Path, text: str, force: bool) -> None:
    """Write one file, whole or not at all, over another only with leave.

    Raises:
        WillNotOverwrite: as `may_write_file`.
        UnscError: it cannot be written.
    """
    may_write_file(path, force)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_through(new, text)
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise UnscError(f"{path}: cannot be written ({error.strerror}).") from error


def _write_through(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _take_the_place_of(folder: Path, new: Path) -> None:
    """Rename the new folder to the old one's name, the old one set aside until that is done."""
    if not folder.exists():
        new.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.old.", dir=folder.parent))
    folder.rename(old / folder.name)
    try:
        new.rename(folder)
    except OSError:
        (old / folder.name).rename(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def when_and_where() -> dict[str, Any]:
    """Return what a report itself must not hold, so that it has the same bytes each time."""
    from importlib.metadata import version

    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libraries": {name: version(name) for name in ("mesa", "numpy", "scipy", "pydantic")},
        "command": [PROGRAM, *sys.argv[1:]],
    }
