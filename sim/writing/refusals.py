"""What will not be written, and why: what exists, and what is not the program's own."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EEXIST, ENOTEMPTY
from pathlib import Path

from sim.errors import UnscError, WillNotOverwrite
from sim.writing.account import written_by_us
from sim.writing.claim import is_claim


@contextmanager
def faults_of(path: Path) -> Iterator[None]:
    """Let a fault of the system name the path, in a sentence."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a name or a text that no system can hold
        if isinstance(error, OSError) and error.errno in (EEXIST, ENOTEMPTY):
            raise WillNotOverwrite(f"{path}: exists by now; choose another --out.") from None
        said = getattr(error, "strerror", None) or error
        raise UnscError(f"{path}: cannot be written ({said}).") from error


def place_of(path: Path) -> Path:
    """Return the path with the links above it followed.

    Raises:
        WillNotOverwrite: it is a link itself.
        UnscError: it is `-`, which elsewhere is a pipe; or what is above it is no folder.
    """
    if path == Path("-"):
        raise UnscError("-: expected a name; this is not written to standard output.")
    if path.is_symlink():
        raise WillNotOverwrite(f"{path}: is a link; name what it leads to, or choose another.")
    place = Path(os.path.realpath(path))
    above = next((folder for folder in place.parents if os.path.lexists(folder)), place)
    if not above.is_dir():
        raise UnscError(f"{path}: cannot be written; {above} is no folder.")
    return place


def check_file(path: Path, force: bool) -> None:
    """Check that a file may be written over what has its name.

    Raises:
        WillNotOverwrite: without leave nothing, and with it nothing but a file.
    """
    if not os.path.lexists(path):
        return
    mode = path.lstat().st_mode
    if stat.S_ISDIR(mode):
        raise WillNotOverwrite(f"{path}: is a folder; name a file in it.")
    if not stat.S_ISREG(mode):
        raise WillNotOverwrite(f"{path}: is a link, a pipe or a device; choose another.")
    if not force:
        raise WillNotOverwrite(f"{path}: exists already; choose another, or add --force.")


def check_folder(folder: Path, force: bool) -> None:
    """Check that a folder may be written over what has its name.

    Raises:
        WillNotOverwrite: without leave nothing but an empty folder, and with it nothing that the
            program did not write.
        UnscError: the system does not let it be written.
    """
    if not os.path.lexists(folder):
        return
    if not folder.is_dir() or folder.is_symlink():
        raise WillNotOverwrite(f"{folder}: is not a folder; choose another --out.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UnscError(f"{folder}: cannot be written; choose another --out.")
    inside = {entry.name for entry in folder.iterdir() if not is_claim(entry)}
    if foreign := sorted(inside - written_by_us(folder)):
        raise WillNotOverwrite(
            f"{folder}: holds '{foreign[0]}', which no report wrote, or which was changed since; "
            "choose another --out."
        )
    if inside and not force:
        raise WillNotOverwrite(f"{folder}: holds a report; choose another --out, or add --force.")
