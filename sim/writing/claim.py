"""A claim on a place: where a run prepares its files, behind a lock that ends with the run.

The claim on `NAME` is a folder `.NAME.unsc` beside it, or `.unsc` inside a folder that must stay.
Killed, a run leaves it behind without its lock: the next run at the same place clears it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sim import stopping
from sim.errors import WillNotOverwrite
from sim.writing.account import RUN, listed_in, written_by_us

MARK = ".unsc"
_LOCK, _NEW, _WHOLE = "lock", "new", "whole"
_LONGEST = 240
"""Bytes of a name that are kept in that of its claim: file systems take some 255."""


@dataclass
class Claim:
    """A place that this process alone writes to.

    `folder` holds the lock and what is prepared: `new`, until it is complete, and `whole`, from
    which files are moved to their place. `made` are the folders that were made for it.
    """

    folder: Path
    lock: int
    made: list[Path] = field(default_factory=list)

    @property
    def new(self) -> Path:
        """Where a file, or a folder of files, is prepared."""
        return self.folder / _NEW

    @property
    def whole(self) -> Path:
        """Where files are once all of them are complete, until they are moved to their place."""
        return self.folder / _WHOLE

    def clear(self) -> None:
        """Remove what was prepared; what was whole is moved to its place first."""
        if self.whole.is_dir():
            move_in(self.whole, self.folder.parent)
        if self.new.is_dir() and not self.new.is_symlink():
            shutil.rmtree(self.new)
        else:
            self.new.unlink(missing_ok=True)

    def end(self) -> None:
        """Clear the claim and give the place free."""
        with suppress(OSError):
            self.clear()
            (self.folder / _LOCK).unlink(missing_ok=True)
            self.folder.rmdir()
        with suppress(OSError):
            os.close(self.lock)
        for folder in self.made:  # the deepest first; those that hold something stay
            with suppress(OSError):
                folder.rmdir()


_claims: dict[Path, list[Claim]] = {}
"""What this process has claimed, by place."""


@atexit.register
def release() -> None:
    """Give free all places that were claimed and not written to."""
    while _claims:
        give_free(next(iter(_claims)))


stopping.before.append(release)


def give_free(place: Path) -> None:
    """End all claims on a place."""
    for claim in _claims.pop(place, []):
        claim.end()


@contextmanager
def given_free_if_refused(place: Path) -> Iterator[None]:
    """Give a place free again that will not be written after all."""
    try:
        yield
    except BaseException:
        give_free(place)
        raise


def claimed(path: Path, place: Path, inside: bool) -> Claim:
    """Return this process's claim on a place, cleared of what killed runs left there.

    Args:
        path: the place as it is called in messages.
        place: the same, absolute and without links.
        inside: whether the claim is inside the folder, which stays.

    Raises:
        WillNotOverwrite: another run has claimed it.
        OSError: nothing can be written there.
    """
    folder = _folder(place, inside)
    mine = {claim.folder: claim for claim in _claims.get(place, [])}
    if folder in mine:
        return mine[folder]
    made = [above for above in (folder.parent, *folder.parent.parents) if not above.exists()]
    folder.parent.mkdir(parents=True, exist_ok=True)
    claim = Claim(folder, _lock(path, folder), made)
    _claims.setdefault(place, []).append(claim)
    claim.clear()
    if (other := _folder(place, not inside)) not in mine and is_claim(other):
        Claim(other, _lock(path, other)).end()
    return claim


def clear_inside(place: Path) -> None:
    """Clear the claims that killed runs left inside a folder, such as those on single files."""
    for folder in filter(is_claim, place.iterdir()):
        if folder != _folder(place, inside=True):
            with suppress(WillNotOverwrite):
                Claim(folder, _lock(folder, folder)).end()


def is_claim(path: Path) -> bool:
    """Return whether a path is a folder in which a run prepares what it writes, or did so.

    It holds a lock, or nothing: a run may be killed before it has made one or after.
    """
    is_named_so = path.name.startswith(".") and path.name.endswith(MARK)
    if not is_named_so or path.is_symlink() or not path.is_dir():
        return False
    return (path / _LOCK).is_file() or not any(path.iterdir())


def _folder(place: Path, inside: bool) -> Path:
    if inside:
        return place / MARK
    return place.parent / f".{os.fsdecode(os.fsencode(place.name)[:_LONGEST])}{MARK}"


def _lock(path: Path, folder: Path) -> int:
    """Make a claim's folder unless it is there, and return its lock, held.

    Raises:
        WillNotOverwrite: another process that lives holds it, or the folder is none.
    """
    while True:
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        if folder.is_symlink():
            raise WillNotOverwrite(f"{folder}: is a link; remove it, or choose another --out.")
        try:
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:  # whoever held it has just cleared it
            continue
        if not takes(lock):
            os.close(lock)
            raise WillNotOverwrite(
                f"{path}: another run of unsc writes there; wait for it, or choose another --out."
            )
        with suppress(FileNotFoundError):  # or whoever held it has cleared it meanwhile
            if os.path.samestat(os.fstat(lock), (folder / _LOCK).stat()):
                return lock
        os.close(lock)


def takes(lock: int) -> bool:
    """Return whether a lock could be taken: it is free as soon as no living process holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def move_in(whole: Path, folder: Path) -> None:
    """Move complete files into a folder, over what was written there before.

    The account of the run is the last: cut short at any moment, it can be done again.
    """
    coming = sorted(whole.iterdir(), key=lambda path: (path.name == RUN, path.name))
    if whole / RUN in coming:
        for name in written_by_us(folder) - {RUN, *listed_in(whole / RUN)}:
            (folder / name).unlink()
    for path in coming:
        path.replace(folder / path.name)
    sync(folder)
    whole.rmdir()


def sync(folder: Path) -> None:
    """Let what was renamed in a folder outlast a loss of power, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
