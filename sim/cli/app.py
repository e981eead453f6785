"""The application: how a command prints and writes what it found, and how it ends."""

import gc
import os
import sys
from collections.abc import Callable, Mapping
from copy import copy
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from sim.errors import NotFound, UnscError
from sim.report.spelling import PLAINLY, plain_json
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
"""Written files are named up to this number."""
MEANT = {
    **dict.fromkeys(("--date", "--day", "-on", "--on-date"), "--on"),
    **dict.fromkeys(("--seed", "--random"), "--random-seed"),
    **dict.fromkeys(("-o", "--output", "--outdir"), "--out"),
    **dict.fromkeys(("-n", "--runs", "--n-worlds", "--simulations"), "--worlds"),
    **dict.fromkeys(("--begin", "--start"), "--from"),
    **dict.fromkeys(("--end", "--until"), "--to"),
}
"""Options that there are not, and what whoever types them means."""
NARROWEST = 40
"""Columns of a terminal below which nothing is legible; some report 0."""


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


def print_sections(sections: list["Section"], json_text: str | None = None) -> None:
    """Print the sections, or the JSON instead."""
    if json_text is not None:
        typer.echo(plain_json(json_text, sys.stdout.encoding), nl=False)
        return
    from rich.console import Console

    from sim.report.terminal import show

    console = Console(highlight=False)
    console.width = max(console.width, NARROWEST)
    show(sections, console)


def deliver(
    name: str,
    facts: Mapping[str, Any],
    sections: list["Section"],
    out: Path | None,
    force: bool,
    as_json: bool,
    further: Callable[[], Mapping[str, str]] = dict,
    shown: list["Section"] | None = None,
) -> None:
    """Write the facts as JSON and Markdown if a folder is given, and print them in one form.

    Args:
        further: returns the texts of other files by their names; called only to write them.
        shown: what is printed; all sections if None.
    """
    from sim.report import files
    from sim.report.markdown import markdown
    from sim.report.sections import harmless

    text = files.as_json(facts)
    if out:
        texts = {f"{name}.json": text, f"{name}.md": markdown(sections), **further()}
        files.write(out, texts, force)
    print_sections(sections if shown is None else shown, text if as_json else None)
    if out:
        written = sorted(out.iterdir())
        names = ", ".join(map(str, written))
        first = next(n for n in ("index.html", f"{name}.md") if (out / n) in written)
        many = f"{len(written)} files in {out}; begin with {out / first}"
        said = names if len(written) <= MOST_NAMED else many
        typer.echo(f"\nWritten: {harmless(said)}", err=True)


def main() -> None:
    """Run the command line; a user's mistake ends with a sentence and exit code 2.

    A stream that lacks a character of the report gets its nearest plain spelling.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=PLAINLY)
    commands = app.registered_commands
    try:
        if completion.ASKED in os.environ:
            from typer import completion as shells

            shells.completion_init()  # type: ignore[attr-defined]  # typer does so of its own only
            app(prog_name="unsc")
        words = [word.partition("=")[0] for word in sys.argv[1:]]
        if unknown := next((word for word in words if word in MEANT), None):
            raise UnscError(f"{unknown}: no such option. Did you mean {MEANT[unknown]}?")
        called = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
        app.registered_commands = [c if _name_of(c) == called else _listed(c) for c in commands]
        app()
    except UnscError as error:
        sys.stderr.write(f"{error}\n")  # typer.echo takes an ASCII stream for one of UTF-8
        sys.exit(2)
    except BrokenPipeError:  # who reads has seen enough
        sys.exit(1)
    except OSError as error:
        typer.echo(f"cannot go on: {error.strerror or error}", err=True)
        sys.exit(2)
    finally:
        app.registered_commands = commands
        gc.freeze()  # or Python goes through all that was loaded once more before it ends


def _name_of(command: "CommandInfo") -> str:
    return str(command.name or getattr(command.callback, "__name__", ""))


def _listed(command: "CommandInfo") -> "CommandInfo":
    """Return a command listed like another, without its options: they take long to build."""

    def nothing() -> None: ...

    nothing.__name__, nothing.__doc__ = _name_of(command), command.callback.__doc__
    listed = copy(command)
    listed.callback = nothing
    return listed
