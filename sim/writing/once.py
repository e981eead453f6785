"""A file that several processes may be about to make: one of them makes it, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sim.writing.claim import takes


def make_once(path: Path, draft: Path, make: Callable[[], bytes]) -> bool:
    """Let a file be there; return False where another process is making it right now.

    The draft is locked while the file is made, and the lock ends with the process: what a killed
    one left is written over. The disk is not waited for: whoever reads must know a file that a loss
    of power cut short.

    Args:
        path: the file; its folder is made.
        draft: where it is written until it is complete, on the same volume.
        make: returns what it holds; called only where it is not there.

    Raises:
        OSError: it cannot be written.
    """
    if path.exists():
        return True
    draft.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(draft, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not takes(lock):
            return False
        if path.exists() or not _is_at(lock, draft):  # made meanwhile
            _remove(lock, draft)
            return path.exists()
        try:
            content = make()
            os.ftruncate(lock, 0)
            with open(os.dup(lock), "wb") as file:  # noqa: PTH123  # the file that is locked
                file.write(content)
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(path)
        except BaseException:
            _remove(lock, draft)
            raise
        return True
    finally:
        os.close(lock)


def clear_drafts(folder: Path) -> None:
    """Remove the drafts in a folder that nobody is at: killed processes left them."""
    for draft in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):
            lock = os.open(draft, os.O_RDWR)
            try:
                if takes(lock):
                    _remove(lock, draft)
            finally:
                os.close(lock)
    with suppress(OSError):
        folder.rmdir()


def _remove(lock: int, draft: Path) -> None:
    """Remove a draft, if it is still the file that is locked."""
    if _is_at(lock, draft):
        draft.unlink(missing_ok=True)


def _is_at(lock: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(lock), path.stat())
    except OSError:
        return False
