"""The application: how a command prints and writes what it found, and how it ends."""

import gc
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from sim import stopping, writing
from sim.errors import NotFound, UnscError, WillNotOverwrite
from sim.reading.source import STANDARD_INPUT
from sim.report.spelling import guarded, plain_json
from sim.version import __version__

# Loading and reading leave nothing to collect, and looking for it takes a sixth of a short command.
gc.set_threshold(200_000, 20, 100)

import typer  # noqa: E402

from sim.cli import completion  # noqa: E402

if TYPE_CHECKING:
    from datetime import date

    from typer.models import CommandInfo

    from sim.report.sections import Section

app = typer.Typer(
    name="unsc",
    help="Simulate votes of the United Nations Security Council.",
    epilog="Start with: unsc run dprk-panel-2024",
    no_args_is_help=True,
    add_completion=False,  # it has scripts of its own, which complete settings too
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

MOST_NAMED = 10
"""Up to this number of files, each one written is named."""
MEANT = {
    **dict.fromkeys(("--date", "--day", "-on", "--on-date"), "--on"),
    **dict.fromkeys(("--seed", "--random"), "--random-seed"),
    **dict.fromkeys(("-o", "--output", "--outdir"), "--out"),
    **dict.fromkeys(("-n", "--runs", "--n-worlds", "--simulations"), "--worlds"),
    **dict.fromkeys(("--begin", "--start"), "--from"),
    **dict.fromkeys(("--end", "--until"), "--to"),
}
"""Options that do not exist, each with the one that is meant."""


@app.callback(invoke_without_command=True)  # so that --version needs no command
def unsc(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
    install_completion: Annotated[
        bool, typer.Option("--install-completion", help="Install completion for bash, zsh or fish.")
    ] = False,
    show_completion: Annotated[
        bool, typer.Option("--show-completion", help="Print this shell's completion script.")
    ] = False,
) -> None:
    """Simulate votes of the United Nations Security Council."""
    if version:
        typer.echo(f"unsc-sim {__version__}")
    elif install_completion:
        typer.echo(f"Written: {completion.install()}. Start a new shell to use it.", err=True)
    elif show_completion:
        typer.echo(completion.script()[1], nl=False)
    else:
        return
    raise typer.Exit


def day_given(option: str, text: str) -> "date":
    """Return the day that an option gives.

    Raises:
        NotFound: there is no such day.
    """
    from sim.reading.numerals import day_meant
    from sim.roster import day_of

    try:
        return day_of(text)
    except NotFound as error:
        raise NotFound(f"{option} {error} {day_meant(text)}".rstrip()) from None


def named(scenario: str, on: str | None) -> str:
    """Return the name of a scenario, or of the renewal of a mandate on the day of `--on`.

    Raises:
        NotFound: there is no such day.
    """
    return scenario if on is None else f"{scenario}@{day_given('--on', on)}"


def keep_apart(written: Iterable[Path | None], read: Iterable[Path | None]) -> None:
    """Check that nothing is written over what the command reads, whatever --force allows.

    Raises:
        WillNotOverwrite: a file is both, by whatever names; where nothing is given, nothing is.
    """
    inputs = {os.path.realpath(path) for path in read if path and path != STANDARD_INPUT}
    for path in written:
        if path and os.path.realpath(path) in inputs:
            raise WillNotOverwrite(f"{path}: is what this command reads; choose another.")


def claim(out: Path | None, force: bool) -> None:
    """Claim the folder of `--out`, if there is one, before anything is computed.

    Raises:
        WillNotOverwrite, UnscError: it will not or cannot be written.
    """
    if out:
        writing.may_write(out, force)


def print_sections(sections: list["Section"], facts: Mapping[str, Any] | None = None) -> None:
    """Print the sections, or facts as JSON instead."""
    if facts is not None:
        from sim.report.files import as_json

        typer.echo(plain_json(as_json(facts), sys.stdout.encoding), nl=False)
        return
    from sim.report import terminal  # loads rich

    terminal.print_sections(sections)


def deliver(
    name: str,
    facts: Mapping[str, Any],
    sections: list["Section"],
    out: Path | None,
    force: bool,
    as_json: bool,
    pages: Callable[[], Mapping[str, str]] | None = None,
    shown: list["Section"] | None = None,
) -> None:
    """Write the facts in all forms if a folder is given, and print them in one.

    Args:
        pages: returns the texts of the other files by their names; called only to write them. The
            page of the facts if None.
        shown: what is printed; all sections if None.
    """
    from sim.report import files

    try:
        if out:
            from sim.report.markdown import markdown
            from sim.report.page import page_of

            texts = {f"{name}.json": files.as_json(facts), f"{name}.md": markdown(sections)}
            texts |= pages() if pages else {f"{name}.html": page_of(facts)}
            files.write(out, texts, force)
    finally:  # where nothing can be written, it has at least been said
        print_sections(sections if shown is None else shown, facts if as_json else None)
    if out:
        written = sorted(out / file for file in (*texts, writing.RUN))
        names = ", ".join(map(str, written))
        first = next(n for n in ("index.html", f"{name}.md") if (out / n) in written)
        many = f"{len(written)} files in {out}; begin with {out / first}"
        typer.echo(f"\nWritten: {names if len(written) <= MOST_NAMED else many}", err=True)


def main() -> None:
    """Run the command line; a user's mistake ends with a sentence and exit code 2.

    A stream that lacks a character of the report gets its nearest plain spelling.
    """
    if sys.stderr is None:  # it was closed
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115  # for as long as the process lasts
    if sys.stdout is None:
        sys.stderr.write("standard output is closed; expected one, even if it is /dev/null.\n")
        sys.exit(2)
    with stopping.heeding(), guarded():
        code = _code_of(_run)
        code = _code_of(sys.stdout.flush) or code
    if code:
        _silence_stdout()
    sys.exit(code)


def _code_of(work: Callable[[], None]) -> int | str | None:
    """Do the work and return what the process ends with; say what went wrong in a sentence."""
    try:
        work()
    except SystemExit as end:
        return end.code
    except UnscError as error:
        return _refused(str(error))
    except BrokenPipeError:  # who reads has seen enough
        return 1
    except OSError as error:
        return _refused(f"cannot go on: {error.strerror or error}")
    except MemoryError:
        return _refused("cannot go on: not enough memory; expected fewer --worlds or --workers.")
    except RuntimeError as error:
        if "start new thread" not in str(error):
            raise
        return _refused("cannot go on: no more threads can be started; expected fewer --workers.")
    return 0


def _refused(sentence: str) -> int:
    with suppress(OSError):
        sys.stderr.write(f"{sentence}\n")
    return 2


def _silence_stdout() -> None:
    """Keep Python from complaining, when it ends, of a standard output that is closed or full."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run() -> None:
    """Run the command that is called; of the others only what the help lists is built."""
    commands = app.registered_commands
    try:
        if completion.ASKED in os.environ:
            from typer import completion as shells

            shells.completion_init()  # type: ignore[attr-defined]  # typer does so of its own only
            app(prog_name="unsc")
        _refuse_what_is_empty(sys.argv[1:])
        called = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
        words = [word.partition("=")[0] for word in sys.argv[1:]]
        own = next((_options_of(c) for c in commands if _name_of(c) == called), set())
        if unknown := next((word for word in words if word in MEANT and word not in own), None):
            raise UnscError(f"{unknown}: no such option. Did you mean {MEANT[unknown]}?")
        app.registered_commands = [c if _name_of(c) == called else _listed(c) for c in commands]
        app()
    finally:
        app.registered_commands = commands
        writing.release()
        gc.freeze()  # or Python goes through all that was loaded once more before it ends


def _refuse_what_is_empty(words: Sequence[str]) -> None:
    """Raise `UnscError` where a word is empty, before it is read as the current folder."""
    for k, word in enumerate(words, start=1):
        if not word.strip():
            typed = shlex.join(["unsc", *words[:k]])
            raise UnscError(f"{typed}: expected a word, found none. Is a shell variable empty?")


def _name_of(command: "CommandInfo") -> str:
    return str(command.name or getattr(command.callback, "__name__", ""))


def _options_of(command: "CommandInfo") -> set[str]:
    """Return the options of a command that are named after its arguments."""
    taken = signature(command.callback).parameters if command.callback else ()
    return {f"--{name.replace('_', '-')}" for name in taken}


def _listed(command: "CommandInfo") -> "CommandInfo":
    """Return a command listed like another, without its options: they take long to build."""

    def nothing() -> None: ...

    nothing.__name__, nothing.__doc__ = _name_of(command), command.callback.__doc__
    listed = copy(command)
    listed.callback = nothing
    return listed
