"""Forecasts on disk, under a hash of all they depend on; a damaged file counts as none."""

from __future__ import annotations

import json
import platform
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from sim.arrays import Floats
from sim.charter import N_ACTIONS
from sim.errors import UnscError
from sim.writing import write_file

_DIGEST_BYTES = 32
_LIBRARIES = ("numpy", "scipy", "mesa", "scikit-learn", "pydantic")


def digest(data: Any) -> str:
    """Return a hash of plain data."""
    return sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


@cache
def code_digest() -> str:
    """Return a hash of the package's code, the libraries' versions and the kind of machine.

    Forecasts of others are not returned: they may differ, if only in their last digits.
    """
    package = Path(__file__).parent.parent
    files = sorted(package.rglob("*.py"))
    code = [[str(f.relative_to(package)), sha256(f.read_bytes()).hexdigest()] for f in files]
    libraries = {name: _version(name) for name in _LIBRARIES}
    return digest([code, libraries, platform.python_version(), platform.machine()])


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


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
    """Return the rows of a file, (`n_rows`, 3), or None if it is missing, damaged or nonsense."""
    try:
        content = file.read_bytes() if file.is_file() else b""  # a pipe would be waited for
    except OSError:
        return None
    found, body = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if sha256(body).digest() != found or len(body) != n_rows * N_ACTIONS * 8:
        return None
    rows = np.frombuffer(body, dtype="<f8").reshape(n_rows, N_ACTIONS)
    return rows if are_probabilities(rows) else None


def are_probabilities(rows: Floats) -> bool:
    """Return whether each row sums to one and holds nothing below zero, but for rounding."""
    return bool(np.all(rows >= -1e-9) and np.allclose(rows.sum(axis=1), 1, atol=1e-6))


def save(file: Path, rows: Floats) -> None:
    """Write the rows behind their hash, whole or not at all; where that fails, nothing is kept."""
    body = rows.astype("<f8").tobytes()
    with suppress(UnscError):  # they can be computed again
        write_file(file, sha256(body).digest() + body, force=True)


def _cannot_save(path: Path, error: OSError) -> UnscError:
    return UnscError(f"{path}: {error.strerror}; expected a folder for forecasts. Name another.")
