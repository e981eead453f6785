"""How to make a report or a comparison again: the command line, and the line of Python."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from sim.catalogue import mandates
from sim.facts.comparison import ComparisonReport
from sim.facts.report import Report
from sim.reading.files import shipped
from sim.report.sections import Section


def run_again(report: Report) -> Section:
    """Return what makes a report again, from its scenario and from its own file."""
    name, settings = report["name"], report["settings"]
    options, arguments = _run(report)
    if report["given"]:
        votes = report["given"]["votes"]
        options += "".join(f" --given {code}={vote}" for code, vote in votes.items())
        arguments += f", given={votes!r}"
    typed = _typed(["run", _file(name, settings)], settings, options)
    python = f"sim.convene({_loaded(name, settings)}, {arguments})"
    return _section("report.json", "run", [typed], python)


def run_command(report: Report) -> str:
    """Return the command that runs a report's scenario, to which more settings can be added."""
    name, settings = report["name"], report["settings"]
    return _typed(["run", _file(name, settings)], settings, _run(report)[0])[1]


def explain_again(report: Report, member: str) -> Section:
    """Return what makes an explanation again."""
    name, settings = report["name"], report["settings"]
    options, arguments = _run(report)
    asked = [member] if member else []
    typed = _typed(["explain", _file(name, settings), *asked], settings, options)
    loaded = ", ".join([_loaded(name, settings), *map(repr, asked), arguments])
    python = ("Python", f"import sim; sim.explain({loaded})")
    return Section("Run it again", (), ("in", "type"), [typed, python])


def compare_again(comparison: ComparisonReport) -> Section:
    """Return what makes a comparison again.

    The command line lays the same settings over all scenarios but the base: where that is not how
    the scenarios came about, only Python makes them.
    """
    base, others = comparison["base"], comparison["others"]
    sides, settings = (base, *others), others[0]["overrides"]
    options, arguments = _run(comparison)
    files = [_file(side["name"], side["overrides"]) for side in sides]
    is_typed = not base["overrides"] and all(o["overrides"] == settings for o in others)
    typed = [_typed(["compare", *files], settings, options)] if is_typed else []
    loaded = ", ".join(_loaded(side["name"], side["overrides"]) for side in sides)
    one = f"sim.convene(scenario, {arguments}, keep_worlds=True)"
    return _section(
        "compare.json", "compare", typed, f"sim.compare(*({one} for scenario in ({loaded})))"
    )


def _section(file: str, command: str, rows: Sequence[Sequence[str]], python: str) -> Section:
    sentence = (
        f"A saved {file} holds all inputs: unsc {command} with that file computes every number "
        "again, and stops if one differs."
    )
    return Section(
        "Run it again", [sentence], ("in", "type"), [*rows, ("Python", f"import sim; {python}")]
    )


def _file(name: str, settings: Sequence[str]) -> str:
    """Return how a scenario is given: a shipped one, or a mandate and its day, by the bare name."""
    bare = name.rsplit(f" ({settings[0]}", 1)[0] if settings else name
    is_known = bare in shipped() or bare.partition("@")[0] in mandates()
    return bare if is_known else f"{bare}.yaml"


def _loaded(name: str, settings: Sequence[str]) -> str:
    over = f", {list(settings)!r}" if settings else ""
    return f"sim.load_scenario({_file(name, settings)!r}{over})"


def _typed(words: Sequence[str], settings: Sequence[str], options: str) -> tuple[str, str]:
    set_options = [word for setting in settings for word in ("--set", setting)]
    return "a terminal", f"{shlex.join(['unsc', *words, *set_options])} {options}"


def _run(facts: Report | ComparisonReport) -> tuple[str, str]:
    """Return worlds and random seed as options of a command and as arguments in Python."""
    worlds, seed = facts["worlds"], facts["random_seed"]
    return f"--worlds {worlds} --random-seed {seed}", f"worlds={worlds}, random_seed={seed}"
