"""The account of a run beside the files it wrote, with a hash of each."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

Content = str | bytes

RUN = "run.json"
PROGRAM = "unsc"


def account_of(run: Mapping[str, object], files: Mapping[str, Content]) -> str:
    """Return the account of a run: what it says of itself, and the SHA-256 of each file."""
    hashes = {
        name: sha256(as_bytes(content)).hexdigest() for name, content in sorted(files.items())
    }
    return json.dumps({**run, "files": hashes}, indent=1) + "\n"


def written_by_us(folder: Path) -> set[str]:
    """Return the names in a folder under which there is what a run wrote, byte by byte.

    Names alone would be a list that anybody can make; a hash is only of what is known.
    """
    if not _is_file(folder / RUN):
        return set()
    hashes = listed_in(folder / RUN)
    return {RUN, *(name for name, told in hashes.items() if told == _hash_of(folder / name))}


def listed_in(account: Path) -> Mapping[str, object]:
    """Return the files that an account of a run lists, with their hashes; none in other files."""
    try:
        told = json.loads(account.read_bytes())
        return dict(told["files"]) if told["command"][0] == PROGRAM else {}
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return {}


def as_bytes(content: Content) -> bytes:
    """Return what is written of a content."""
    return content.encode() if isinstance(content, str) else content


def _hash_of(path: Path) -> str | None:
    """Return the hash of a regular file, None of a link or of anything else."""
    try:
        return sha256(path.read_bytes()).hexdigest() if _is_file(path) else None
    except OSError:
        return None


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False
