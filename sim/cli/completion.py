"""Completion in bash, zsh and fish: what can follow a word, and the scripts that ask for it."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import UnscError

ASKED = "_UNSC_COMPLETE"
"""Set by the scripts: the command then prints what can follow, and does nothing else."""

SEED_VOTE = "dprk-panel-2024"
SUFFIXES = (".yaml", ".yml", ".json")
"""The endings of files that may hold a scenario."""

SHELLS = Path(__file__).with_name("shells")
SCRIPTS = {shell: SHELLS / f"unsc.{shell}" for shell in ("bash", "zsh", "fish")}
"""The script of each shell, which asks what can follow."""


def script() -> tuple[str, str]:
    """Return the shell that is running, and its script.

    Raises:
        UnscError: it is none of the three.
    """
    try:
        from shellingham import detect_shell  # type: ignore[import-untyped]  # comes with typer

        shell, _ = detect_shell()
    except (ImportError, OSError):  # what it raises where it finds none
        shell = Path(os.environ.get("SHELL", "")).name
    if shell not in SCRIPTS:
        known = " or ".join(SCRIPTS)
        raise UnscError(f"shell '{shell}': there is no completion for it; expected {known}.")
    return shell, SCRIPTS[shell].read_text(encoding="utf-8")


def install() -> Path:
    """Write the running shell's script where the shell finds it, and return its path.

    Raises:
        UnscError: the shell has no completion, or the file cannot be written.
        OSError: what the shell starts with cannot be read.
    """
    from sim.writing import write_file

    shell, text = script()
    home = Path.home()
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    path, start, line = {
        "bash": (home / ".bash_completions" / "unsc.sh", ".bashrc", "source {}"),
        "zsh": (home / ".zfunc" / "_unsc", ".zshrc", "fpath+={}; autoload -Uz compinit; compinit"),
        "fish": (config / "fish" / "completions" / "unsc.fish", "", ""),
    }[shell]
    write_file(path, text, force=True)
    if start:
        wanted = line.format(shlex.quote(str(path if shell == "bash" else path.parent)))
        file = (home / start).resolve()  # many keep theirs elsewhere
        present = file.read_text(encoding="utf-8") if file.exists() else ""
        if wanted not in present.splitlines():
            write_file(file, f"{present}\n{wanted}\n", force=True)
    return path


def scenario(incomplete: str) -> list[str]:
    """Return shipped scenarios, mandates, files here that may hold a scenario, and folders.

    Where no name of ours is meant, nothing: that leaves all files to the shell.
    """
    from sim.reading.files import shipped

    names = [name for name in shipped() if name.startswith(incomplete)] + mandate(incomplete)
    if not names:
        return []
    here = [path for path in sorted(Path().iterdir()) if not path.name.startswith(".")]
    files = [p.name for p in here if p.suffix in SUFFIXES and p.is_file()]
    return [*names, *files, *(f"{path.name}/" for path in here if path.is_dir())]


def study(incomplete: str) -> list[str]:
    """Return the word merge, files here that may hold a study, and folders."""
    here = [path for path in sorted(Path().iterdir()) if path.name.startswith(incomplete or "")]
    files = [p.name for p in here if p.suffix in SUFFIXES[:2] and p.is_file()]
    folders = [f"{p.name}/" for p in here if p.is_dir() and not p.name.startswith(".")]
    return [*(["merge"] if "merge".startswith(incomplete) else []), *files, *folders]


def mandate(incomplete: str) -> list[str]:
    """Return the names of mandates."""
    from sim.catalogue import mandates

    return [name for name in mandates() if name.startswith(incomplete)]


def preferences(incomplete: str) -> list[str]:
    """Return the names of shipped preferences."""
    from sim.paths import PREFERENCES
    from sim.reading.files import shipped

    return [name for name in shipped(PREFERENCES) if name.startswith(incomplete)]


def setting(incomplete: str) -> list[str]:
    """Return the next steps of a setting's path in the scenario on the command line.

    A step that has more below it ends in a dot, the last one in the equals sign.
    """
    path, equals, value = incomplete.partition("=")
    if equals:
        return [f"{path}={name}" for name in preferences(value)] if path == "preferences" else []
    *steps, _ = path.split(".")
    here: Any = _document()
    for step in steps:
        here = here.get(step) if isinstance(here, Mapping) else None
    if not isinstance(here, Mapping):
        return []
    branch, found = "".join(f"{step}." for step in steps), [] if steps else ["preferences="]
    for name, below in here.items():
        # A number with a spread is set by its own path; an empty mapping has nothing to offer.
        has_steps = isinstance(below, Mapping) and not {"mean", "value"} & set(below)
        found += [f"{branch}{name}{'.' if has_steps else '='}"] if below != {} else []
    return found


def member(incomplete: str) -> list[str]:
    """Return who sits in the scenario on the command line."""
    return [code for code in _document()["members"] if code.startswith(incomplete.upper())]


def assumed(incomplete: str) -> list[str]:
    """Return who sits in the scenario that stands on the line, then what it can do."""
    code, equals, action = incomplete.partition("=")
    if not equals:
        return [f"{name}=" for name in _document()["members"] if name.startswith(code)]
    actions = ("in_favour", "abstaining", "against")
    return [f"{code}={name}" for name in actions if name.startswith(action)]


def _document() -> Mapping[str, Any]:
    """Return the document of the first scenario on the command line, or of the seed vote.

    The parser stops at an option that lacks its value, before any argument: the words are read
    from what the shell sent.
    """
    from sim.reading.files import shipped
    from sim.scenario import load_scenario

    line = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
    names = {*shipped(), *mandate("")}
    given = (word for word in line.split() if word in names or word.endswith(SUFFIXES))
    try:
        return load_scenario(next(given, SEED_VOTE)).document
    except UnscError:
        return load_scenario(SEED_VOTE).document
