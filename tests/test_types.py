"""The types that a user sees, as a type checker in the user's own project finds them."""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

SNIPPET = Path(__file__).parent / "types" / "public_face.py"


def test_the_public_face_is_typed(tmp_path):
    """Under `mypy --strict`, with no settings of this project, the snippet has no fault."""
    pytest.importorskip("mypy", reason="mypy is not installed: `make check` installs it")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir=.", str(SNIPPET)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_package_says_that_it_is_typed():
    """Without the marker a type checker takes nothing of an installed package for granted."""
    assert files("sim").joinpath("py.typed").is_file()
