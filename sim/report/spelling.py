"""Text on streams that cannot spell every character: the nearest plain spelling instead."""

from __future__ import annotations

import codecs
import json
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

PLAINLY = "unsc-plain"
"""The name of the codec error handler that spells so: `encode(errors=PLAINLY)`."""


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
