"""The options and arguments that commands share."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sim.arguments import written_number
from sim.cli import completion
from sim.errors import UnscError
from sim.reading.numerals import how_to_write, months_meant

DEFAULT_WORLDS = 20_000
MOST_WORKERS = 1000
MOST_MONTHS = 1200


def number(text: str) -> int:
    """Return the whole number that an option gives; typer names the option where it is none."""
    try:
        return written_number(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def months(text: str) -> float:
    """Return the months that an option gives; typer names the option where there are none."""
    try:
        if 0 < (given := float(text)) < MOST_MONTHS:
            return given
    except ValueError:
        pass
    meant = months_meant(text)
    advice = f" Write {meant:g}." if 0 < meant < MOST_MONTHS else ""
    raise typer.BadParameter(f"'{text}'; expected a number of months above 0, as 9.{advice}")


def share(text: str) -> float:
    """Return the chance that an option gives; typer names the option where it is none."""
    try:
        return float(text)
    except ValueError:
        near = how_to_write(text, lambda value: 0 < value < 1, True)
        said = f"'{text}'; expected a number between 0 and 1, as 0.9. {near}".rstrip()
        raise typer.BadParameter(said) from None


chance = partial(typer.Option, parser=share, metavar="CHANCE")
count = partial(typer.Option, parser=number, metavar="NUMBER")
day = partial(typer.Option, metavar="DATE")
scenario = partial(typer.Argument, autocompletion=completion.scenario)
mandate = partial(typer.Argument, metavar="MANDATE", autocompletion=completion.mandate)
setting = partial(typer.Option, "--set", metavar="SETTING", autocompletion=completion.setting)
"""Kinds of options and arguments; each command adds what it is for."""


def laid_over(settings: list[str] | None, assumed: list[str] | None) -> list[str]:
    """Return the settings that both options give: `PAK=abstaining` is one of `assume`.

    Raises:
        UnscError: a word that is no member with its vote, or a member with two votes.
    """
    votes = votes_given(assumed or (), "--assume")
    return [*(settings or ()), *(f"assume.{code}={vote}" for code, vote in votes.items())]


def vote_said(option: str, word: str) -> tuple[str, str]:
    """Return the member and the vote of `CHN=against`.

    Raises:
        UnscError: it is no member with its vote.
    """
    code, equals, vote = (part.strip() for part in word.partition("="))
    if not (code and equals and vote):
        raise UnscError(f"{option} '{word}': expected a member and its vote, as CHN=against.")
    return code, vote


def votes_given(words: Iterable[str], option: str = "--given") -> dict[str, str]:
    """Return the votes of the option by member.

    Raises:
        UnscError: a word that is no member with its vote, or a member with two votes.
    """
    said: dict[str, str] = {}
    for code, vote in (vote_said(option, word) for word in words):
        if said.setdefault(code, vote) != vote:
            raise UnscError(f"{option} {code}: both {said[code]} and {vote}; expected one vote.")
    return said


Votes = Annotated[
    Path | None, typer.Option(help="Record of votes, CSV.  [default: the shipped one]")
]
Codings = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Codings of votes, a CSV table or YAML, laid over the record."
    ),
]
STANDARD_OUTPUT = Path("-")

Scenarios = Annotated[
    list[str],
    scenario(
        metavar="SCENARIO",
        help="Scenarios or mandates by name, scenario files, or saved reports.",
    ),
]
OneScenario = Annotated[
    str,
    scenario(
        metavar="SCENARIO",
        help="Scenario or mandate by name, scenario file, or saved report.",
    ),
]
On = Annotated[
    str | None, day(help="Date of the vote on a mandate.  [default: the day on which it expires]")
]
Worlds = Annotated[
    int | None, count(help=f"Number of worlds simulated.  [default: {DEFAULT_WORLDS}]")
]
RandomSeed = Annotated[int | None, count(help="Random seed.  [default: 0]")]
Set = Annotated[
    list[str] | None,
    setting(help="Change a setting, for example members.RUS.ties.PRK=0.4; may be repeated."),
]
Assume = Annotated[
    list[str] | None,
    typer.Option(
        metavar="VOTE",
        help="Assume a vote that all others know and answer, for example PAK=abstaining; may be "
        "repeated. For what a vote would tell you of the others: unsc run --given.",
        autocompletion=completion.assumed,
    ),
]
Given = Annotated[
    list[str] | None,
    typer.Option(
        metavar="VOTE",
        help="Show the worlds in which a member votes so, for example CHN=against; may be "
        "repeated. The others do not know it beforehand; if they do: --assume.",
        autocompletion=completion.assumed,
    ),
]
Out = Annotated[Path | None, typer.Option(help="Folder to write the report to.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite an existing report.")]
ForceFile = Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")]
Full = Annotated[bool, typer.Option("--full", help="Print the whole report, not the brief.")]
Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
Workers = Annotated[int | None, count(help="Number of threads.  [default: one per processor]")]
