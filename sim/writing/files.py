"""How files are written: a folder of them at once, or one alone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from errno import EEXIST, EINVAL, ENOSYS, ENOTSUP, EPERM
from pathlib import Path

from sim.writing.account import RUN, Content, account_of, as_bytes, written_by_us
from sim.writing.claim import (
    Claim,
    claimed,
    clear_inside,
    give_free,
    given_free_if_refused,
    move_in,
    sync,
)
from sim.writing.refusals import check_file, check_folder, faults_of, place_of

_NO_SECOND_NAME = (EINVAL, ENOSYS, ENOTSUP, EPERM)
"""What file systems answer that cannot give a file a second name."""


def may_write(folder: Path, force: bool) -> None:
    """Claim a folder before anything is computed, or say why it will not be written.

    The claim ends with `write_folder`, with `release`, or with the process.

    Raises:
        WillNotOverwrite: it holds files and `force` is not given, or what the program did not
            write; another run writes there; it is a link or no folder.
        UnscError: nothing can be written there.
    """
    with faults_of(folder):
        place = place_of(folder)
        with given_free_if_refused(place):
            claimed(folder, place, inside=_must_stay(place))
            check_folder(folder, force)


def may_write_file(path: Path, force: bool) -> None:
    """Claim the place of a file before anything is computed, or say why it will not be written.

    Raises:
        WillNotOverwrite: it exists and `force` is not given; another run writes it; it is a folder,
            a link, a pipe or a device.
        UnscError: nothing can be written there.
    """
    with faults_of(path):
        place = place_of(path)
        with given_free_if_refused(place):
            claimed(path, place, inside=False)
            check_file(path, force)


def write_folder(
    folder: Path, files: Mapping[str, Content], run: Mapping[str, object], force: bool
) -> None:
    """Write files into a folder, all of them or none, with the account of the run beside them.

    A folder that can be exchanged for another holds the old files or the new ones at every moment.
    One that must stay (a volume that is mounted there, the working folder, a folder in one that
    cannot be written) does so up to the renaming of single files, when all of them are complete;
    if that is cut short, the next run there goes on with it.

    Raises:
        WillNotOverwrite, UnscError: as `may_write`, or the system cannot write.
    """
    may_write(folder, force)
    place = place_of(folder)
    try:
        with faults_of(folder):
            _write_folder(folder, place, {**files, RUN: account_of(run, files)})
    finally:
        give_free(place)


def write_file(path: Path, content: Content, force: bool) -> None:
    """Write one file, whole or not at all, over another only with leave; its mode is kept.

    Raises:
        WillNotOverwrite, UnscError: as `may_write_file`, or the system cannot write.
    """
    may_write_file(path, force)
    place = place_of(path)
    try:
        with faults_of(path):
            new = claimed(path, place, inside=False).new
            _write_through(new, content, like=place)
            if force:
                new.replace(place)
            else:
                _rename_where_nothing_is(new, place)
            sync(place.parent)
    finally:
        give_free(place)


def remove_file(path: Path) -> None:
    """Remove a file that the program wrote, and that holds no longer, if it is there."""
    path.unlink(missing_ok=True)


def _must_stay(place: Path) -> bool:
    """Return whether a folder is there that cannot be exchanged for another."""
    if not place.is_dir():
        return False
    try:
        is_worked_in = Path.cwd().is_relative_to(place)
    except OSError:  # it is gone
        is_worked_in = False
    return is_worked_in or place.is_mount() or not os.access(place.parent, os.W_OK | os.X_OK)


def _write_folder(folder: Path, place: Path, files: Mapping[str, Content]) -> None:
    """Write the files and let them take their place, by a way that the folder allows."""
    if place.exists():
        clear_inside(place)
    must_stay = _must_stay(place)
    claim = claimed(folder, place, inside=must_stay)
    _prepare(claim, place, files)
    if not place.exists():
        claim.new.rename(place)  # fails where anything has that name by now
        sync(place.parent)
    elif must_stay or not _is_exchanged(claim.new, place):
        if not must_stay:
            claim.clear()
            claim = claimed(folder, place, inside=True)
            _prepare(claim, place, files)
        claim.new.rename(claim.whole)
        move_in(claim.whole, place)


def _prepare(claim: Claim, place: Path, files: Mapping[str, Content]) -> None:
    """Write a claim's new files, and see to it that they outlast a loss of power."""
    claim.new.mkdir()
    for name, content in files.items():
        _write_through(claim.new / name, content, like=place / name)
    sync(claim.new)


def _is_exchanged(new: Path, place: Path) -> bool:
    """Exchange a folder for a new one in one step, and remove the old; False where none can."""
    ours = written_by_us(place)
    if not (_is_made_like(new, place) and _exchange(new, place)):
        return False
    sync(place.parent)
    for name in ours:
        (new / name).unlink()
    for foreign in new.iterdir():  # which came in the last moment
        foreign.rename(place / foreign.name)
    return True


def _is_made_like(new: Path, old: Path) -> bool:
    """Give a folder the mode, owner and attributes of another; return whether that worked."""
    made, wanted = new.stat(), old.stat()
    try:
        if (made.st_uid, made.st_gid) != (wanted.st_uid, wanted.st_gid):
            os.chown(new, wanted.st_uid, wanted.st_gid)
        shutil.copystat(old, new)
    except OSError:
        return False
    return True


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders take each other's name in one step; False where the system has none."""
    if os.name != "posix":
        return False
    from ctypes import CDLL

    libc, names = CDLL(None), (os.fsencode(one), os.fsencode(other))
    here, swap = -100, 2  # AT_FDCWD; RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS
    if hasattr(libc, "renameat2"):
        return bool(libc.renameat2(here, names[0], here, names[1], swap) == 0)
    return hasattr(libc, "renamex_np") and bool(libc.renamex_np(*names, swap) == 0)


def _rename_where_nothing_is(new: Path, place: Path) -> None:
    """Give a file its name, unless something has that name by now."""
    try:
        os.link(new, place)
    except OSError as error:
        if error.errno not in _NO_SECOND_NAME:
            raise
        if os.path.lexists(place):
            raise FileExistsError(EEXIST, "exists") from None
        new.rename(place)


def _write_through(path: Path, content: Content, like: Path) -> None:
    """Write a file down to the disk, with the mode and owner of one that it replaces."""
    with path.open("wb") as file:
        file.write(as_bytes(content))
        file.flush()
        os.fsync(file.fileno())
    if like.is_file():
        shutil.copymode(like, path)
        with suppress(OSError, AttributeError):  # only root can give files away
            os.chown(path, like.stat().st_uid, like.stat().st_gid)
