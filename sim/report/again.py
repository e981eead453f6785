"""How to make what was found again: the command line, and the line of Python."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from sim.catalogue import mandates
from sim.facts.comparison import ComparisonReport
from sim.facts.frontier import FrontierFacts
from sim.facts.report import Report
from sim.facts.sensitivity import SensitivityFacts
from sim.reading.files import shipped
from sim.report.sections import Section

Again = Report | SensitivityFacts | FrontierFacts
"""What one scenario with its settings, worlds and random seed makes."""


def command(name: str, facts: Again, *arguments: str, more: str = "") -> str:
    """Return the command that makes facts again: `unsc run x --set a=b --worlds 20000 ...`.

    Args:
        name: of the command.
        arguments: that follow the scenario.
        more: that stands before the worlds as it is, with a blank behind it.
    """
    settings, (options, _) = facts["settings"], _run(facts)
    words = [name, _file(facts["name"], settings), *arguments]
    return _typed(words, settings, f"{more}{options}")


def run_again(report: Report) -> Section:
    """Return what makes a report again, from its scenario and from its own file."""
    typed, (_, arguments) = command("run", report), _run(report)
    if report["given"]:
        votes = report["given"]["votes"]
        typed += "".join(f" --given {code}={vote}" for code, vote in votes.items())
        arguments += f", given={votes!r}"
    python = f"sim.convene({_loaded(report['name'], report['settings'])}, {arguments})"
    return _section("report.json", "run", typed, python)


def explain_again(report: Report, member: str) -> Section:
    """Return what makes an explanation again."""
    asked = [member] if member else []
    loaded = [_loaded(report["name"], report["settings"]), *map(repr, asked), _run(report)[1]]
    python = f"import sim; sim.explain({', '.join(loaded)})"
    rows = [("a terminal", command("explain", report, *asked)), ("Python", python)]
    return Section("Run it again", (), ("in", "type"), rows)


def compare_again(comparison: ComparisonReport) -> Section:
    """Return what makes a comparison again.

    The command line lays the same settings over all scenarios but the base: where that is not how
    the scenarios came about, only Python makes them.
    """
    base, others = comparison["base"], comparison["others"]
    sides, settings = (base, *others), others[0]["overrides"]
    options, arguments = _run(comparison)
    typed = ""
    if not base["overrides"] and all(other["overrides"] == settings for other in others):
        files = [_file(side["name"], side["overrides"]) for side in sides]
        typed = _typed(["compare", *files], settings, options)
    loaded = ", ".join(_loaded(side["name"], side["overrides"]) for side in sides)
    one = f"sim.convene(scenario, {arguments}, keep_worlds=True)"
    python = f"sim.compare(*({one} for scenario in ({loaded})))"
    return _section("compare.json", "compare", typed, python)


def _section(file: str, name: str, typed: str, python: str) -> Section:
    sentence = (
        f"A saved {file} holds all inputs: unsc {name} with that file computes every number "
        "again, and stops if one differs."
    )
    rows = [("a terminal", typed)] if typed else []
    rows.append(("Python", f"import sim; {python}"))
    return Section("Run it again", [sentence], ("in", "type"), rows)


def _file(name: str, settings: Sequence[str]) -> str:
    """Return how a scenario is given: a shipped one, or a mandate and its day, by the bare name."""
    bare = name.rsplit(f" ({settings[0]}", 1)[0] if settings else name
    is_known = bare in shipped() or bare.partition("@")[0] in mandates()
    return bare if is_known else f"{bare}.yaml"


def _loaded(name: str, settings: Sequence[str]) -> str:
    over = f", {list(settings)!r}" if settings else ""
    return f"sim.load_scenario({_file(name, settings)!r}{over})"


def _typed(words: Sequence[str], settings: Sequence[str], options: str) -> str:
    set_options = [word for setting in settings for word in ("--set", setting)]
    return f"{shlex.join(['unsc', *words, *set_options])} {options}"


def _run(facts: Again | ComparisonReport) -> tuple[str, str]:
    """Return worlds and random seed as options of a command and as arguments in Python."""
    worlds, seed = facts["worlds"], facts["random_seed"]
    return f"--worlds {worlds} --random-seed {seed}", f"worlds={worlds}, random_seed={seed}"
