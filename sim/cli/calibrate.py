"""The command that learns preferences from votes: calibrate."""

from collections.abc import Mapping, Sequence
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.app import RandomSeed, Set, Workers, app, day_given, print_sections
from sim.errors import UnscError

if TYPE_CHECKING:
    from sim.report.sections import Section

    Learnt = tuple[Mapping[str, Any], list[Section], str]

SEED_WORLDS = 100_000
RECORD_WORLDS = 50_000
MOST_WORLDS = 100_000_000
HAND_SET = "assumed"


@app.command(epilog="Example: unsc calibrate --until 2022-12-31 --out my-preferences.yaml")
def calibrate(
    scenario: Annotated[
        str, typer.Argument(help="A scenario whose observed vote is the seed vote.")
    ] = "dprk-panel-2024",
    only_seed_vote: Annotated[
        bool, typer.Option("--only-seed-vote", help="Learn from the seed vote and no other.")
    ] = False,
    votes: Annotated[
        Path | None, typer.Option(help="A record of votes, CSV.  [default: the shipped one]")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="The last day to learn from.  [default: the record's last]")
    ] = None,
    half_life: Annotated[
        float | None,
        typer.Option(help="Years after which a vote counts half, 0: never.  [default: 8]"),
    ] = None,
    prior: Annotated[
        str | None,
        typer.Option(help="With --only-seed-vote: preferences before it.  [default: assumed]"),
    ] = None,
    seed_count: Annotated[
        int | None,
        typer.Option(help="Times the seed vote counts.  [default: 15 after the record, else 1]"),
    ] = None,
    worlds: Annotated[
        int | None,
        typer.Option(
            help="Worlds of the prior that the seed vote meets.  [default: 50000, alone 100000]"
        ),
    ] = None,
    random_seed: RandomSeed = None,
    settings: Set = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write the calibrated preferences into.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the fit as JSON instead.")] = False,
    workers: Workers = None,
) -> None:
    """Learn preferences from the record of votes and from the seed vote; or from that alone."""
    from sim.report import files

    given = {"--votes": votes, "--until": until, "--half-life": half_life}
    _check(only_seed_vote, given, prior, settings or [])
    _check_numbers(seed_count, half_life, worlds, random_seed, workers)
    if out:
        files.may_write_file(out, force)
    chance = {"random_seed": random_seed or 0, "workers": workers}
    if only_seed_vote:
        chosen = [*(settings or ()), f"preferences={prior or HAND_SET}"]
        facts, sections, text = _from_seed_vote(
            scenario, chosen, worlds or SEED_WORLDS, seed_count or 1, chance
        )
    else:
        facts, sections, text = _from_record(
            scenario,
            votes,
            until,
            settings=settings or (),
            worlds=worlds or RECORD_WORLDS,
            **({"count": seed_count} if seed_count else {}),
            **({} if half_life is None else {"half_life": half_life or None}),
            **chance,
        )
    if out:
        files.write_file(out, text, force)
    print_sections(sections, files.as_json(facts) if as_json else None, None)
    if out:
        typer.echo(f"\nWritten: {out}", err=True)
        typer.echo(f"Try it: unsc run {scenario} --set preferences={out}", err=True)


def _check(
    only_seed_vote: bool,
    given: Mapping[str, object],
    prior: str | None,
    settings: Sequence[str],
) -> None:
    """Refuse options that do not go together."""
    named = [name for name, value in given.items() if value is not None]
    if only_seed_vote and named:
        raise UnscError(f"--only-seed-vote reads no record; expected it without {named[0]}.")
    if prior and not only_seed_vote:
        raise UnscError("--prior goes with --only-seed-vote; the record starts from prior.yaml.")
    if any(setting.split("=")[0].strip() == "preferences" for setting in settings):
        raise UnscError("--set preferences: expected --only-seed-vote --prior NAME instead.")


def _check_numbers(
    seed_count: int | None,
    half_life: float | None,
    worlds: int | None,
    random_seed: int | None,
    workers: int | None,
) -> None:
    """Refuse numbers out of bounds before anything is computed."""
    if half_life is not None and not 0 <= half_life < inf:
        raise UnscError(f"--half-life {half_life}: expected a number of years, or 0 for never.")
    bounds = {
        "--seed-count": (seed_count, 1, 1000),
        "--worlds": (worlds, 1, MOST_WORLDS),
        "--random-seed": (random_seed, 0, 2**63),
        "--workers": (workers, 1, 1000),
    }
    for name, (value, low, high) in bounds.items():
        if value is not None and not low <= value <= high:
            raise UnscError(f"{name} {value}: expected {low} to {high:,}.")


def _from_seed_vote(
    scenario: str, settings: list[str], worlds: int, count: int, chance: Mapping[str, Any]
) -> "Learnt":
    """Return what the seed vote alone says: facts, sections, file."""
    from sim.report.calibration import seed_sections
    from sim.scenario import load_scenario

    before = load_scenario(scenario, settings)
    from sim.fit.seed_vote import calibrate_to_vote
    from sim.fit.writing import preferences_text

    fit = calibrate_to_vote(before, worlds, count=count, **chance)
    facts = fit.to_dict()
    return facts, seed_sections(facts), preferences_text(fit)


def _from_record(scenario: str, votes: Path | None, until: str | None, **how: Any) -> "Learnt":
    """Return what the record and then the seed vote say: facts, sections, file."""
    from sim.paths import SEEDS
    from sim.record import read_record
    from sim.report.calibration import calibration_sections

    last = day_given("--until", until) if until else None
    record = read_record(votes)
    from sim.fit.calibration import calibrate_to_record
    from sim.fit.writing import calibrated_text

    found = calibrate_to_record(record, scenario, last, **how)
    facts = found.to_dict()
    text = calibrated_text(found, votes or SEEDS / "votes.csv")
    return facts, calibration_sections(facts), text
