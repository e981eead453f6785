"""Text as it leaves the program: nothing in it steers a terminal, and every stream can spell it.

Every standard stream of a command is `Guarded`. What alone may write escape codes, the tables and
the bar of `terminal`, takes the bare stream and makes each text `harmless` before it dresses it.
"""

from __future__ import annotations

import codecs
import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO
from unicodedata import normalize

PLAIN = {
    "→": "->",
    "←": "<-",
    "±": "+-",
    "×": "x",  # noqa: RUF001  # the multiplication sign
    "≤": "<=",
    "≥": ">=",
    "≈": "~",
    "…": "...",
    "·": "-",
    "•": "*",
    **dict.fromkeys("‐‑‒–—−─", "-"),  # noqa: RUF001  # hyphens, dashes, the minus sign
    **dict.fromkeys("‘’‚", "'"),  # noqa: RUF001  # quotation marks
    **dict.fromkeys("“”„«»", '"'),
}
"""How characters are spelt where a code page lacks them; letters lose their accents."""

KEPT_TOGETHER = re.compile(r"(?<=\d) (?=%|[A-Z][a-z]+ \d{4}\b)")
"""The space between a number and its per cent sign, a day and its month: no line breaks there."""
PLAINLY = "unsc-plain"
"""The name of the codec error handler that spells so: `encode(errors=PLAINLY)`."""


def harmless(text: str) -> str:
    r"""Return the text on one line, with what steers a terminal or cannot be seen spelt out.

    Line breaks, tabs and other blanks become blanks; an escape becomes `\\x1b`.
    """
    return text if text.isprintable() else "".join(map(_harmless, text))


JOINERS = "\u200c\u200d"
"""They join or part letters and pictures, and steer nothing."""


def _harmless(character: str) -> str:
    if character.isprintable() or character in JOINERS:
        return character
    return " " if character.isspace() else character.encode("unicode_escape").decode()


class Guarded(io.TextIOBase):
    """A stream to which nothing passes but harmless lines."""

    def __init__(self, stream: TextIO) -> None:
        self.bare_stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream."""
        return self.bare_stream.encoding

    def write(self, text: str, /) -> int:
        """Write the text line by line."""
        return self.bare_stream.write("\n".join(map(harmless, text.split("\n"))))

    def flush(self) -> None:
        """Write down what is buffered."""
        self.bare_stream.flush()

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return self.bare_stream.isatty()

    def fileno(self) -> int:
        """Return the system's number of the stream."""
        return self.bare_stream.fileno()


@contextmanager
def guarded() -> Iterator[None]:
    """Guard the standard streams for a while; what they cannot spell gets its nearest spelling."""
    former = sys.stdout, sys.stderr
    for stream in former:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=PLAINLY)
    sys.stdout, sys.stderr = map(Guarded, former)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = former


def bare(stream: TextIO) -> TextIO:
    """Return the stream below a guard, for who makes each text harmless by itself."""
    return stream.bare_stream if isinstance(stream, Guarded) else stream


def plain(text: str, encoding: str) -> str:
    """Return the text with what the encoding lacks in its nearest plain spelling.

    Done before a table is laid out, so that its columns stay straight.
    """
    return text.encode(encoding, PLAINLY).decode(encoding)


def plain_json(text: str, encoding: str) -> str:
    """Return JSON as it is where the encoding has all of it, else escaped: nothing is lost."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(json.loads(text), indent=1) + "\n"
    return text


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """Handle what an encoding lacks; letters lose their accents, the rest is a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    unaccented = {c: normalize("NFKD", c).encode("ascii", "ignore").decode() for c in lacking}
    return "".join(PLAIN.get(c) or unaccented[c] or "?" for c in lacking), error.end


codecs.register_error(PLAINLY, _plainly)
