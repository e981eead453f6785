"""A commented scenario to start from."""

from __future__ import annotations

from pathlib import Path

from sim.errors import UnscError, WillNotOverwrite

TEMPLATE = Path(__file__).with_name("template.yaml")


def write_template(path: Path, force: bool = False) -> None:
    """Write the commented scenario to a file.

    Raises:
        WillNotOverwrite: the file exists and `force` is not given.
        UnscError: it cannot be written.
    """
    text = TEMPLATE.read_text(encoding="utf-8")
    try:
        with path.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise WillNotOverwrite(f"{path}: exists already; choose another, or add --force.") from None
    except OSError as error:
        raise UnscError(f"{path}: cannot be written ({error.strerror}).") from error
