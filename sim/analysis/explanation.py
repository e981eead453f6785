"""Why a member votes so, from evidence to choice, and what would make it vote otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from sim import plots
from sim.analysis.attribution import Worth, Worths, odds_over, weighs
from sim.analysis.flips import Search
from sim.analysis.numbers import dated_of, numbers_of
from sim.analysis.trials import Trial, Trials
from sim.arguments import check_kind
from sim.chamber import convene
from sim.chamber.memory import VARIANTS, checked_workers
from sim.charter import ACTIONS, Action
from sim.ensemble.tally import rounded
from sim.errors import NotFound, UnscError, listed
from sim.facts.evidence import source_of
from sim.facts.explanation import Explained, ExplanationFacts
from sim.facts.report import Report
from sim.facts.run import SCHEMA_VERSION
from sim.facts.seal import checksum
from sim.frames import OF_AN_EXPLANATION, frame
from sim.notebook import explanation_html, likeliest, one_line
from sim.plots import plot
from sim.preferences import ASSUMED
from sim.reading.state_names import near_state
from sim.result import Result
from sim.roster import states
from sim.scenario import Scenario, check_scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pandas import DataFrame

MOST_MEMBERS = 5
"""Members that the outcome hangs on are explained up to this number."""
DISSENT = 0.05
"""A member whose chance of not being in favour is above this is one of them."""
DEFAULT_WORLDS = 20_000


@dataclass(frozen=True, repr=False)
class Explanation:
    """Why one member votes as it does, or why the outcome is what it is.

    Args:
        result: the run that is explained.
        facts: what is said of it, as `to_dict` returns it.
    """

    result: Result
    facts: ExplanationFacts

    def to_dict(self) -> ExplanationFacts:
        """Return the explanation as plain data, in a fixed order and without a time."""
        return self.facts

    def to_frame(self, table: str = "parts") -> DataFrame:
        """Return a table of the explanation as a pandas DataFrame.

        Args:
            table: which one.
                `parts`: a row per member, action that its likeliest vote is held against, and part
                of the mean log-odds between them: by_outcome, by_record, log_odds (their sum).
                `flips`: a row per change that flips a member's likeliest vote: kind, what, before,
                after, spreads, argument, likeliest, the chances of its votes, p_adopted.
                `numbers`: a row per preference that counts: part, mean, spread, evidence.

        Raises:
            UnscError: there is no such table, or pandas is not installed.
        """
        return frame(self.facts, table, OF_AN_EXPLANATION)

    def plot(self, what: str = "reasons", ax: Axes | None = None) -> Axes:
        """Draw a picture by matplotlib, and return its axes.

        Args:
            what: `reasons`, the parts of the log-odds between a member's likeliest vote and its
                runner-up; `flips`, the nearest changes that flip its vote.
            ax: the axes to draw on; those of a new figure if None.

        Raises:
            UnscError: there is no such picture, nothing to draw, or matplotlib is not installed.
        """
        return plot(self.facts, what, plots.OF_AN_EXPLANATION, ax)

    def __repr__(self) -> str:
        scenario, asked = self.result.scenario, self.facts["asked"]
        found = likeliest(self.result.outcome)
        if asked:
            found = f"{asked} {self.facts['members'][asked]['likeliest'].replace('_', ' ')}"
        run = self.result.n_worlds, self.result.random_seed
        return one_line("Explanation", [scenario.name], *run, found)

    def _repr_html_(self) -> str:
        return explanation_html(self.facts)


def explain(
    scenario: Scenario,
    member: str | None = None,
    worlds: float = DEFAULT_WORLDS,
    random_seed: float = 0,
    *,
    workers: int | None = None,
    on_run: Callable[[int], None] | None = None,
) -> Explanation:
    """Return why a member votes as it does, and the nearest changes that would flip its vote.

    >>> from sim import explain, load_scenario
    >>> china = explain(load_scenario("dprk-panel-2024"), "CHN", worlds=500)
    >>> china.to_dict()["members"]["CHN"]["likeliest"]
    'abstaining'

    Args:
        scenario: from `load_scenario`.
        member: an ISO alpha-3 code; None for the outcome: the members that it hangs on, and what
            each other vote of theirs would make of it.
        worlds, random_seed, workers: as `convene` takes them.
        on_run: called with the number of runs done, after each.

    Raises:
        UnscError: the member has no seat, a number is not whole or out of bounds, or the scenario
            was changed after it was read.
    """
    check_scenario(scenario)
    asked = "" if member is None else seated(scenario, member)
    if scenario.with_settings(()).fingerprint != scenario.fingerprint:
        found = f"{scenario.name}: was changed after it was read, and variants would be of what was"
        raise UnscError(f"{found} read; expected a scenario from load_scenario, with settings.")
    worths = Worths([seat for seat in range(len(scenario.codes)) if weighs(scenario, seat)])
    result = convene(scenario, worlds, random_seed, workers=workers, on_block=worths.read)
    report = result.to_dict()
    codes = [asked] if asked else hanging_on(report)
    done = count(1)
    variants = Trials(
        scenario,
        result.n_worlds,
        result.random_seed,
        checked_workers(scenario, result.n_worlds, workers, models=VARIANTS),
        (lambda: on_run(next(done))) if on_run else lambda: None,
    )
    with variants as trials:
        facts: ExplanationFacts = {
            "schema_version": SCHEMA_VERSION,
            "asked": asked,
            "report": report,
            "members": explained(result, codes, worths, trials if asked else None),
            "if_it_voted": {} if asked else trials.if_they_voted(codes),
            "checksum": "",
        }
    return Explanation(result, {**facts, "checksum": checksum(facts)})


def seated(scenario: Scenario, member: str) -> str:
    """Return the code of a member, however its letters are written.

    Raises:
        NotFound: it has no seat.
    """
    check_kind("member", member, str, "the code of a member, as 'RUS'")
    code = member.strip().upper()
    if code in scenario.codes:
        return code
    advice = "" if code in states() else near_state(member)
    found = f"{member.strip()} has no seat on {scenario.date}; expected one of "
    raise NotFound(f"{found}{listed(scenario.codes, 40)}. {advice}".rstrip())


def hanging_on(report: Report) -> list[str]:
    """Return the members that the outcome hangs on: pivotal ones, and those that may dissent."""
    doubtful = [
        (-abs(m["pivot"]["moves"]) if m["pivot"] else 0.0, m["in_favour"], code)
        for code, m in report["members"].items()
        if (m["pivot"] or 1 - m["in_favour"] > DISSENT) and not m["not_participating"]
    ]
    return [code for _, _, code in sorted(doubtful)[:MOST_MEMBERS]]


def explained(
    result: Result, codes: list[str], worths: Worths, trials: Trials | None
) -> dict[str, Explained]:
    """Return why members vote as they do; what would flip their votes where trials are given."""
    scenario = result.scenario
    seats = {code: scenario.codes.index(code) for code in codes}
    worth = worths.averaged(result.n_worlds)
    base = Trial(result.actions, result.mean(result.tally.outcome))
    found = {code: reasons_of(result, seat, worth.get(seat)) for code, seat in seats.items()}
    for code, seat in seats.items():
        is_known = scenario.behaviours[seat].is_known or scenario.rules.is_silent[seat]
        if trials and not is_known:
            search = Search(trials, seat, base)
            found[code]["tried"] = search.tried
            found[code]["flips"], found[code]["swayed_by"] = search.flips()
    return found


def reasons_of(result: Result, seat: int, worth: Worth | None) -> Explained:
    """Return why a member votes as it does; what would flip its vote is still to be found."""
    scenario = result.scenario
    now, *others = (Action(int(a)) for a in np.argsort(-result.actions[seat], kind="stable"))
    beliefs = result.mean(result.tally.beliefs)[seat]
    numbers = dict(numbers_of(scenario, seat))
    cited = {name for number in numbers.values() for name in number["evidence"]}
    return {
        "likeliest": ACTIONS[now],
        "odds": [odds_over(a, now, worth, scenario, seat) for a in others] if worth else [],
        "counts": rounded(beliefs.max() - beliefs.min()),
        "numbers": numbers,
        "sources": {name: source_of(name) for name in sorted(cited - set(ASSUMED))},
        "dated": dict(dated_of(scenario, scenario.codes[seat])),
        "flips": [],
        "swayed_by": None,
        "tried": {"preference": 0, "text": 0, "vote": 0},
    }
