"""Forecasts on disk, under a hash of all they depend on: each file is whole, or as good as none."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from sim.arrays import Floats
from sim.charter import N_ACTIONS
from sim.errors import UnscError

_DIGEST_BYTES = 32


def digest(data: Any) -> str:
    """Return a hash of plain data."""
    return sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


@cache
def code_digest() -> str:
    """Return a hash of the package's code, so that forecasts of other code are not returned."""
    package = Path(__file__).parent.parent
    files = sorted(package.rglob("*.py"))
    return digest(
        [[str(f.relative_to(package)), sha256(f.read_bytes()).hexdigest()] for f in files]
    )


def open_folder(folder: Path) -> None:
    """Make the folder unless it is there, or refuse by name what is no folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_save(folder, error) from None


def check_folder(folder: Path) -> None:
    """Make the folder unless it is there, and check that files can be written into it.

    Raises:
        UnscError: they cannot.
    """
    open_folder(folder)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _cannot_save(folder, error) from None


def load(file: Path, n_rows: int) -> Floats | None:
    """Return the rows of a file, (`n_rows`, 3), or None if it is missing or damaged."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    found, body = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    is_whole = sha256(body).digest() == found and len(body) == n_rows * N_ACTIONS * 8
    return np.frombuffer(body, dtype="<f8").reshape(n_rows, N_ACTIONS) if is_whole else None


def save(file: Path, rows: Floats) -> None:
    """Write the rows behind their hash; the file appears whole or not at all."""
    body = rows.astype("<f8").tobytes()
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
            part.write(sha256(body).digest() + body)
        Path(part.name).replace(file)
    except OSError as error:
        raise _cannot_save(file.parent, error) from None


def _cannot_save(path: Path, error: OSError) -> UnscError:
    return UnscError(f"{path}: {error.strerror}; expected a folder for forecasts. Name another.")
