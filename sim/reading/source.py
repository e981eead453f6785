"""From a file's bytes to plain text, and the line and column of what is in it."""

from __future__ import annotations

import os
import re
import select
import stat
import sys
from contextlib import suppress
from pathlib import Path

from sim.errors import Fault, InvalidInput, NotFound, Place
from sim.writing.account import RUN

MAX_BYTES = 2_000_000
MAX_SAVED_BYTES = 100_000_000
"""Of a saved report. A comparison of eight scenarios of the most and longest texts takes some 60
million, and that of the largest with texts of some lines 10 million."""

# PyYAML would fold U+0085, U+2028 and U+2029 as line breaks, which YAML 1.2 does not, and U+FEFF
# is invisible: all four are refused with the control characters and halves of characters.
_NOT_TEXT = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)

STANDARD_INPUT = Path("-")
LONGEST_WAIT = 3.0
"""Seconds in which somebody has to begin to write into a named pipe."""
_FROM_PIPES: dict[Path, bytes] = {}
"""What pipes held, which is gone from them once it is read."""


def source_of(path: Path) -> str:
    """Return what messages call a file."""
    return "standard input" if path == STANDARD_INPUT else str(path)


def is_pipe(path: Path) -> bool:
    """Return whether a path is standard input (`-`) or a pipe: both can be read, but only once."""
    try:
        return path == STANDARD_INPUT or path.is_fifo()
    except (OSError, ValueError):
        return False


def data_of(path: Path, most: int) -> bytes:
    """Return what a file, a pipe or standard input (`-`) holds, at most one byte more than allowed.

    What came through a pipe is kept, so that it is read again as a file is.

    Raises:
        OSError, ValueError: there is no such file, or it cannot be read.
    """
    if path in _FROM_PIPES:
        return _FROM_PIPES[path]
    if path == STANDARD_INPUT:
        if sys.stdin is None:
            raise OSError("it is closed")
        return _FROM_PIPES.setdefault(path, sys.stdin.buffer.read(most + 1))
    # Without O_NONBLOCK a named pipe would be waited for.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(path, "rb", opener=lambda name, _: os.open(name, flags)) as file:
        mode = os.fstat(file.fileno()).st_mode
        if stat.S_ISREG(mode):
            return file.read(most + 1)
        if not stat.S_ISFIFO(mode):
            raise OSError("it is a device")
        first = _first_of_pipe(file.fileno())
        return _FROM_PIPES.setdefault(path, first + file.read(most + 1))


def _first_of_pipe(pipe: int) -> bytes:
    """Wait until a pipe holds something, as long as it takes if somebody has it open to write.

    Returns:
        a first byte, where one had to be read to tell.
    """
    poll, first = select.poll(), b""
    poll.register(pipe, select.POLLIN)
    if not poll.poll(LONGEST_WAIT * 1000):
        with suppress(BlockingIOError):  # which is what an empty pipe says that has a writer
            first = os.read(pipe, 1)
            if not first:
                raise OSError("it is a pipe into which nobody writes")
    os.set_blocking(pipe, True)
    return first


def text_of(path: Path, most: int = MAX_BYTES, kind: str = "YAML file") -> str:
    """Return the text of a file, a pipe or standard input, as `data_of` reads it.

    Args:
        path: the file, or `-`.
        most: bytes that are allowed.
        kind: what is expected there, for messages.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it cannot be read, or is not UTF-8.
    """
    source = source_of(path)
    try:
        data = data_of(path, most)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"{source}: there is no such file; expected a {kind}.") from None
    except IsADirectoryError:
        found = f"{source}: this is a folder; expected a {kind}."
        raise NotFound(f"{found} {only_file_in(path)}".rstrip()) from None
    except (OSError, ValueError) as error:  # ValueError: the name holds NUL or half a character
        found = f"the file cannot be read ({getattr(error, 'strerror', None) or error})"
        raise invalid(Place(source), found, f"expected a readable {kind}") from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise (too_big(source, most) if len(data) > most else not_utf8(error, source)) from None


def only_file_in(folder: Path) -> str:
    """Return which file is meant by the folder that a command wrote it into, or nothing."""
    files: list[Path] = []
    with suppress(OSError):
        files += (p for p in folder.iterdir() if p.suffix in (".json", ".yaml") and p.name != RUN)
    return f"Did you mean '{files[0]}'?" if len(files) == 1 else ""


def plain_text(text: str, source: str) -> str:
    """Return the text without byte order mark and with every line ended by one line feed.

    Raises:
        InvalidInput: it is too big, or holds a control or invisible character.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise too_big(source, MAX_BYTES)
    if bad := _NOT_TEXT.search(text, int(text.startswith("\ufeff"))):
        before, code = text[: bad.start()], ord(bad[0])
        found = f"byte {len(before.encode())} begins U+{code:04X}, a control or invisible character"
        advice = f'In double quotes it may be written "\\u{code:04x}".'
        if code == 0 or "\ud800" <= bad[0] <= "\udfff":
            advice = "Is this a text file?"
        raise invalid(place_after(before, source), found, "the file must be plain text", advice)
    return _lines(text)


def invalid(place: Place, found: str, allowed: str, advice: str = "") -> InvalidInput:
    """Return the one fault of a file in which no setting can be told."""
    return InvalidInput([Fault(place, "", found, allowed, advice)])


def too_big(source: str, most: int) -> InvalidInput:
    """Return the one fault of a file that holds more bytes than are allowed."""
    allowed = f"at most {most:,} bytes are allowed"
    return invalid(Place(source), "the file is too big", allowed)


def _lines(text: str) -> str:
    """Return the text without byte order mark and with every line ended by one line feed."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def not_utf8(error: UnicodeDecodeError, source: str) -> InvalidInput:
    """Return the one fault of a file that holds a byte which is not UTF-8."""
    place = place_after(error.object[: error.start].decode("utf-8"), source)
    found = f"byte {error.start} (0x{error.object[error.start]:02x}) is not UTF-8"
    return invalid(place, found, "the file must be UTF-8 text", "Save it as UTF-8.")


def place_after(before: str, source: str) -> Place:
    """Return the place of what follows this part of a text, in lines however they end."""
    lines = _lines(before).split("\n")
    return Place(source, len(lines), len(lines[-1]) + 1)
