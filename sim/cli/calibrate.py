"""The command that learns preferences from votes: calibrate."""

from collections.abc import Mapping, Sequence
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim import writing
from sim.arguments import whole
from sim.cli import completion, options
from sim.cli.app import app, day_given, keep_apart, print_sections
from sim.cli.votes import record_given
from sim.errors import UnscError

if TYPE_CHECKING:
    from sim.report.sections import Section

    Learnt = tuple[Mapping[str, Any], list[Section], str]

MOST_WORLDS = 100_000_000
HAND_SET = "assumed"


@app.command(epilog="Example: unsc calibrate --until 2022-12-31 --out my-preferences.yaml")
def calibrate(
    scenario: Annotated[
        str, options.scenario(help="Scenario whose observed vote is the seed vote.")
    ] = completion.SEED_VOTE,
    only_seed_vote: Annotated[
        bool, typer.Option("--only-seed-vote", help="Learn from the seed vote alone.")
    ] = False,
    votes: options.Votes = None,
    codings: options.Codings = None,
    until: Annotated[
        str | None, options.day(help="Last date to learn from.  [default: the record's last]")
    ] = None,
    half_life: Annotated[
        float | None,
        typer.Option(help="Years after which a vote counts half; 0 for never.  [default: 8]"),
    ] = None,
    prior: Annotated[
        str | None,
        typer.Option(
            help="With --only-seed-vote: preferences to start from.  [default: assumed]",
            autocompletion=completion.preferences,
        ),
    ] = None,
    seed_count: Annotated[
        int | None,
        options.count(
            help="How often the seed vote counts.  [default: 250 after the record, 1 alone]"
        ),
    ] = None,
    worlds: Annotated[
        int | None,
        options.count(help="Number of worlds for the seed vote.  [default: 10000, alone 100000]"),
    ] = None,
    random_seed: options.RandomSeed = None,
    settings: options.Set = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write the calibrated preferences to.")
    ] = None,
    force: options.ForceFile = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the fit as JSON.")] = False,
    workers: options.Workers = None,
) -> None:
    """Learn preferences from the votes of the past.

    First from the record of votes, then from the seed vote; or from the seed vote alone.
    """
    from sim.report import files

    given = {"--votes": votes, "--codings": codings, "--until": until, "--half-life": half_life}
    _check(only_seed_vote, given, prior, settings or [])
    if half_life is not None and not 0 <= half_life < inf:
        raise UnscError(f"--half-life {half_life}: expected a number of years, or 0 for never.")
    how = _numbers(seed_count, worlds, random_seed, workers)
    keep_apart((out,), (votes, codings, Path(scenario)))
    beside = _claimed(out, not only_seed_vote, force) if out else None
    if only_seed_vote:
        chosen = [*(settings or ()), f"preferences={prior or HAND_SET}"]
        facts, sections, text = _from_seed_vote(scenario, chosen, how)
        draws = b""
    else:
        how |= {} if half_life is None else {"half_life": half_life or None}
        name = beside.name if beside else ""
        facts, sections, text, draws = _from_record(
            scenario, votes, codings, until, settings or (), how, name
        )
    if beside:
        files.write_file(beside, draws, force)
    if out:
        files.write_file(out, text, force)
    print_sections(sections, facts if as_json else None)
    if out:
        typer.echo(f"\nWritten: {out}", err=True)
        typer.echo(f"Try it: unsc run {scenario} --set preferences={out}", err=True)


def _numbers(
    seed_count: int | None, worlds: int | None, random_seed: int | None, workers: int | None
) -> dict[str, Any]:
    """Return the numbers that are given, by the names of a calibration's arguments.

    Raises:
        UnscError: one is out of bounds.
    """
    numbers = (
        ("count", "--seed-count", seed_count, 1, 1000),
        ("worlds", "--worlds", worlds, 1, MOST_WORLDS),
        ("random_seed", "--random-seed", random_seed, 0, 2**63),
        ("workers", "--workers", workers, 1, options.MOST_WORKERS),
    )
    return {
        name: whole(option, n, low, high) for name, option, n, low, high in numbers if n is not None
    }


def _claimed(out: Path, with_draws: bool, force: bool) -> Path | None:
    """Claim the places of the preferences and of the draws beside them; return the second."""
    writing.may_write_file(out, force)
    if not with_draws:
        return None
    if (beside := out.with_suffix(".draws")) == out:
        raise UnscError(f"--out {out}: its draws go there; expected a name as {out.stem}.yaml.")
    writing.may_write_file(beside, force)
    return beside


def _check(
    only_seed_vote: bool, given: Mapping[str, object], prior: str | None, settings: Sequence[str]
) -> None:
    """Refuse options that do not go together."""
    named = [name for name, value in given.items() if value is not None]
    if only_seed_vote and named:
        raise UnscError(f"--only-seed-vote reads no record; expected it without {named[0]}.")
    if prior and not only_seed_vote:
        raise UnscError("--prior goes with --only-seed-vote; the record starts from prior.yaml.")
    if any(setting.split("=")[0].strip() == "preferences" for setting in settings):
        raise UnscError("--set preferences: expected --only-seed-vote --prior NAME instead.")


def _from_seed_vote(scenario: str, settings: list[str], how: Mapping[str, Any]) -> "Learnt":
    """Return what the seed vote alone says: facts, sections, file."""
    from sim.report.calibration import seed_sections
    from sim.scenario import load_scenario

    before = load_scenario(scenario, settings)
    from sim.fit.seed_vote import calibrate_to_vote
    from sim.fit.writing import preferences_text

    fit = calibrate_to_vote(before, **how)
    facts = fit.to_dict()
    return facts, seed_sections(facts), preferences_text(fit)


def _from_record(
    scenario: str,
    votes: Path | None,
    codings: Path | None,
    until: str | None,
    settings: Sequence[str],
    how: Mapping[str, Any],
    draws: str,
) -> "tuple[*Learnt, bytes]":
    """Return what the record and then the seed vote say: facts, sections, file, joint draws."""
    from sim.paths import SEEDS
    from sim.report.calibration import calibration_sections

    last = day_given("--until", until) if until else None
    record = record_given(votes, codings)
    from sim.fit.calibration import calibrate_to_record
    from sim.fit.record_fit import memory_of_fit
    from sim.fit.writing import calibrated_text

    if votes:
        learnt = [vote for vote in record if last is None or vote.date <= last]
        needed = f"{memory_of_fit(learnt):.1f} GB of memory"
        typer.echo(f"A fit of {len(learnt):,} votes takes about {needed}.", err=True)
    found = calibrate_to_record(record, scenario, last, settings=settings, **how)
    facts = found.to_dict()
    text = calibrated_text(found, votes or SEEDS / "votes.csv", draws, codings)
    return facts, calibration_sections(facts), text, found.draws.content
