"""How to make a report or a comparison again: the command line, and the line of Python."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from sim.facts.comparison import ComparisonReport
from sim.facts.report import Report
from sim.reading.files import shipped
from sim.report.sections import Section


def run_again(report: Report) -> Section:
    """Return what makes a report again, from its scenario and from its own file."""
    command = _command(["run", _file(report["name"], report["settings"])], report["settings"])
    python = f"sim.convene({_loaded(report['name'], report['settings'])}, {_run(report)})"
    return _section("report.json", "run", [("a terminal", f"{command} {_options(report)}")], python)


def compare_again(comparison: ComparisonReport) -> Section:
    """Return what makes a comparison again.

    The command line lays the same settings over all scenarios but the base: where that is not how
    the scenarios came about, only Python makes them.
    """
    base, others = comparison["base"], comparison["others"]
    files = [_file(side["name"], side["overrides"]) for side in (base, *others)]
    settings = others[0]["overrides"]
    told = []
    if not base["overrides"] and all(other["overrides"] == settings for other in others):
        command = _command(["compare", *files], settings)
        told = [("a terminal", f"{command} {_options(comparison)}")]
    loaded = ", ".join(_loaded(side["name"], side["overrides"]) for side in (base, *others))
    one = f"sim.convene(scenario, {_run(comparison)}, keep_worlds=True)"
    python = f"sim.compare(*({one} for scenario in ({loaded})))"
    return _section("compare.json", "compare", told, python)


def _section(file: str, command: str, rows: Sequence[Sequence[str]], python: str) -> Section:
    sentence = (
        f"A saved {file} holds all inputs: unsc {command} with that file computes every number "
        "again, and stops if one differs."
    )
    return Section(
        "Run it again",
        [sentence],
        ("in", "type"),
        [*rows, ("Python", f"import sim; {python}")],
        for_reference=True,
        key="again",
    )


def _file(name: str, settings: Sequence[str]) -> str:
    """Return how a scenario's file is given: a shipped one by its bare name."""
    bare = name.rsplit(f" ({settings[0]}", 1)[0] if settings else name
    return bare if bare in shipped() else f"{bare}.yaml"


def _loaded(name: str, settings: Sequence[str]) -> str:
    over = f", {list(settings)!r}" if settings else ""
    return f"sim.load_scenario({_file(name, settings)!r}{over})"


def _command(words: Sequence[str], settings: Sequence[str]) -> str:
    set_options = [word for setting in settings for word in ("--set", setting)]
    return shlex.join(["unsc", *words, *set_options])


def _options(facts: Report | ComparisonReport) -> str:
    return f"--worlds {facts['worlds']} --random-seed {facts['random_seed']}"


def _run(facts: Report | ComparisonReport) -> str:
    return f"worlds={facts['worlds']}, random_seed={facts['random_seed']}"
