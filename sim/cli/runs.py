"""The runs that the command line asks for, of scenarios and of what is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import typer

import sim.chamber  # noqa: F401  # first: Mesa searches all modules that are loaded before it
from sim.charter import Action
from sim.cli.options import DEFAULT_WORLDS
from sim.comparison import Comparison, check_number
from sim.comparison import compare as paired
from sim.errors import WorldsDoNotMatch
from sim.facts.calendar import Calendar, calendar_of, expected, expiries_between
from sim.facts.gallery import Gallery, are_related, gallery_of
from sim.facts.mandates import PastForecast, past_forecast
from sim.facts.report import Report
from sim.record import RecordedVote
from sim.record.shipped import votes_on
from sim.report.gallery import check_names, gallery_sections
from sim.report.saved import Saved, check_same, same_worlds, saved_report, scenarios_in
from sim.report.sections import Section
from sim.report.terminal import progress
from sim.result import Result
from sim.scenario import Scenario, load_scenario, scenario_of
from sim.scenario.renewal import former

PAST_WORLDS = 1000
"""Worlds for each former vote on a mandate: right to a point or two, within a second or two."""

if TYPE_CHECKING:
    from sim.analysis.explanation import Explanation


class Asked(NamedTuple):
    """What was asked for of a run; None leaves it to what is saved, or to the default."""

    worlds: int | None
    random_seed: int | None
    workers: int | None
    given: Mapping[str, str] = {}

    def run(self, saved: Saved | None) -> tuple[int, int]:
        """Return worlds and random seed, those of a saved run where none were asked for."""
        worlds, seed = saved.run if saved else (DEFAULT_WORLDS, 0)
        return (
            worlds if self.worlds is None else self.worlds,
            seed if self.random_seed is None else self.random_seed,
        )

    def same(self, names: Sequence[str]) -> Asked:
        """Return this with the worlds and the random seed that all sides share."""
        worlds, random_seed = same_worlds(names, self.worlds, self.random_seed)
        return self._replace(worlds=worlds, random_seed=random_seed)


def gallery(
    names: Sequence[str], settings: list[str] | None, asked: Asked
) -> tuple[Gallery, list[Section], Callable[[], dict[str, str]]]:
    """Return the facts of many scenarios over the same worlds, their sections, and all pages."""
    same = asked.same(names)
    results = side_by_side([(name, settings) for name in names], same, check_names)
    reports = [result.to_dict() for result in results]
    pairs = [
        paired(one, other).to_dict()
        for one, other in combinations(results, 2)
        if are_related(one.scenario, other.scenario)
    ]
    facts = gallery_of(reports, pairs)

    def pages() -> dict[str, str]:
        from sim.report.page import gallery_pages

        return gallery_pages(facts, reports, pairs)

    return facts, gallery_sections(facts), pages


def calendar_between(
    begin: date, end: date, asked: Asked
) -> tuple[Calendar, Callable[[], dict[str, str]]]:
    """Return the forecasts of all that expires between two days, and the page of each."""
    reports: dict[str, Report] = {}
    forecasts = []
    for expiry, mandate in expiries_between(begin, end):
        result = convened(f"{mandate.mandate}@{expiry.day}", None, asked)
        report = reports[result.scenario.name] = result.to_dict()
        forecasts.append(expected(expiry, mandate, result.scenario, report))

    def pages() -> dict[str, str]:
        from sim.report.page import calendar_pages

        return calendar_pages(facts, reports)

    facts = calendar_of(begin, end, forecasts, *asked.run(None))
    return facts, pages


def past_forecasts(mandate: str, before: date | None) -> list[PastForecast]:
    """Return what is forecast of each former vote on a mandate, with the history before its day."""
    run = PAST_WORLDS, 0

    def of(vote: RecordedVote) -> PastForecast:
        scenario = scenario_of(former(vote.vote_id), name=vote.vote_id)
        result = _simulated(scenario, run, Asked(*run, 1), False)
        in_favour = result.actions[:, Action.IN_FAVOUR].tolist()
        dissent = {code: 1 - p for code, p in zip(scenario.codes, in_favour, strict=True)}
        return past_forecast(vote, {name: x.p for name, x in result.outcome.items()}, dissent)

    return [of(vote) for vote in votes_on(mandate, before)]


def explained(
    name: str, member: str | None, settings: list[str] | None, asked: Asked
) -> Explanation:
    """Return why a member of a scenario votes as it does, or why the outcome is what it is."""
    from sim.analysis.explanation import explain, seated  # imports mesa: only once all is sound

    saved = saved_report(name)
    scenario = load_scenario(name, settings or ())
    worlds, seed = asked.run(saved)
    code = None if member is None else seated(scenario, member)
    with progress(f"Explaining {code or scenario.name}", "runs") as on_run:
        found = explain(scenario, code, worlds, seed, workers=asked.workers, on_run=on_run)
    if saved and not settings and (worlds, seed) == saved.run and not saved.given:
        _vouch(saved, found.result)
    return found


def compared(
    base: str, others: Sequence[str], settings: list[str] | None, asked: Asked, why: bool = False
) -> Comparison:
    """Return the comparison of a base with others, or with itself under other settings.

    Where it is asked why, the differences are split over the settings.
    """
    if not others and not settings:
        raise WorldsDoNotMatch("nothing to compare with; name another scenario, or use --set.")
    sides = [(base, None), *((other, settings) for other in others or [base])]
    check_number(len(sides))
    comparison = paired(*side_by_side(sides, asked.same([name for name, _ in sides])))
    return with_reasons(comparison, asked) if why else comparison


def with_reasons(comparison: Comparison, asked: Asked) -> Comparison:
    """Return the comparison with each difference split over the settings that differ."""
    from sim.analysis.settings_shapley import explain_difference

    with progress("Splitting the difference", "runs") as on_run:
        return explain_difference(comparison, workers=asked.workers, on_run=on_run)


def compared_again(saved: Saved, asked: Asked, why: bool = False) -> Comparison:
    """Return a saved comparison, simulated again; the same worlds must give the same numbers."""
    run = asked.run(saved)
    comparison = paired(*(_simulated(s, run, asked, True) for s in scenarios_in(saved)))
    told = any("why" in other for other in saved.facts["others"])
    if why or told:
        comparison = with_reasons(comparison, asked)
    if run == saved.run and (told or not why):
        _vouch(saved, comparison)
    return comparison


def side_by_side(
    sides: Sequence[tuple[str, list[str] | None]],
    asked: Asked,
    check: Callable[[list[str]], None] = lambda _: None,
) -> list[Result]:
    """Return the ensembles of scenarios under their settings, all worlds kept.

    Nothing is simulated before all of them are read and their worlds known to find room.
    """
    from sim.chamber.memory import check_kept

    scenarios = [load_scenario(name, settings or ()) for name, settings in sides]
    check([scenario.name for scenario in scenarios])
    check_kept(scenarios, asked.run(None)[0])
    return [convened(name, settings, asked, keep_worlds=True) for name, settings in sides]


def convened(
    name: str, settings: list[str] | None, asked: Asked, keep_worlds: bool = False
) -> Result:
    """Return the ensemble of a scenario or of a saved report, which must give its own numbers."""
    saved = saved_report(name)
    scenario = load_scenario(name, settings or ())
    run, given = asked.run(saved), saved.given if saved else {}
    asked = asked._replace(given=asked.given or given)
    result = _simulated(scenario, run, asked, keep_worlds)
    if saved and not settings and run == saved.run and asked.given == given:
        _vouch(saved, result)
    return result


def _vouch(saved: Saved, again: Result | Comparison) -> None:
    """Say how what was run again differs in its last digits from what is saved, if it does."""
    if doubt := check_same(saved, again):
        typer.echo(doubt, err=True)


def _simulated(scenario: Scenario, run: tuple[int, int], asked: Asked, keep_worlds: bool) -> Result:
    """Return the ensemble of a scenario, with progress on long runs."""
    from sim.chamber import convene  # imports mesa: only once the input is known to be sound

    with progress(scenario.name, "worlds", run[0]) as on_progress:
        return convene(
            scenario,
            *run,
            workers=asked.workers,
            keep_worlds=keep_worlds,
            given=asked.given,
            on_progress=on_progress,
        )
