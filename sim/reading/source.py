"""From a file's bytes to plain text, and where in it something stands."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from sim.errors import Fault, InvalidInput, NotFound, Place

MAX_BYTES = 2_000_000
MAX_SAVED_BYTES = 100_000_000
"""Of a saved report. A comparison of eight scenarios of the most and longest texts takes some 60
million, and that of the largest with texts of some lines 10 million."""

# PyYAML would fold U+0085, U+2028 and U+2029 as line breaks, which YAML 1.2 does not, and U+FEFF
# is invisible: all four are refused with the control characters and halves of characters.
_NOT_TEXT = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def text_of(path: Path, most: int = MAX_BYTES) -> str:
    """Return the text of a file, of which at most one byte more than is allowed is read.

    Args:
        path: of a regular file.
        most: bytes that are allowed.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it cannot be read, or is not UTF-8.
    """
    source = str(path)
    try:
        # Without O_NONBLOCK a named pipe would be waited for.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with open(path, "rb", opener=lambda name, _: os.open(name, flags)) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError("it is a pipe or a device")
            data = file.read(most + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"{source}: there is no such file; expected a YAML file.") from None
    except IsADirectoryError:
        raise NotFound(f"{source}: this is a directory; expected a YAML file.") from None
    except (OSError, ValueError) as error:  # ValueError: the name holds NUL or half a character
        found = f"the file cannot be read ({getattr(error, 'strerror', None) or error})"
        raise invalid(Place(source), found, "expected a readable YAML file") from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise (too_big(source, most) if len(data) > most else not_utf8(error, source)) from None


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
