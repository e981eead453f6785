"""Each number moved by itself, over the same worlds: by how much it moves P(adopted)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from sim.analysis.paired import BAR_WORLDS, Progress, counter, mean_of, p_adopted_in, p_adopted_of
from sim.arrays import Floats
from sim.behaviours import DEFAULT
from sim.chance import Block
from sim.ensemble import Interval
from sim.errors import InvalidInput
from sim.preferences import Coefficients
from sim.scenario import Scenario
from sim.scenario.settings import Settings, as_texts
from sim.traits import trait_and_name

MOST = 40
"""Numbers whose bars are computed in full: those that moved P(adopted) most in a trial."""
TRIAL_WORLDS = 2048
"""Worlds of the trial, in which every number is moved once."""
STEPS = (0.1, 0.5)
"""The fixed step on scales from 0 or -1 to 1, and of all other numbers, as of gains. Assumed."""
LARGER = 1.2
"""By how much the model's own numbers are multiplied, and divided. Assumed."""


class Move(NamedTuple):
    """One number at two other values.

    Args:
        setting: its path, as `members.RUS.ties.PRK`.
        by: `spread`, a fixed `step`, or a `factor`.
        now: its value, the mean where it has a spread.
        low, high: the other values, either of them `now` where the bound is reached.
    """

    setting: str
    by: str
    now: float
    low: float
    high: float


class Bar(NamedTuple):
    """What a move does to P(adopted), as paired differences."""

    move: Move
    low: Interval
    high: Interval

    @property
    def width(self) -> float:
        """The larger of the two differences."""
        return max(abs(self.low.p), abs(self.high.p))


class Choice(NamedTuple):
    """Another choice of a rule, of the penholder or of how members behave, and what it does."""

    what: str
    settings: tuple[str, ...]
    difference: Interval


@dataclass(frozen=True)
class Tornado:
    """The bars, the widest first.

    Args:
        bars: of preferences and of the model's own numbers.
        tried: how many numbers were moved in the trial.
        largest_left_out: the largest difference of those that were then left out.
    """

    bars: tuple[Bar, ...]
    tried: int
    largest_left_out: float


def preference_moves(scenario: Scenario) -> Iterator[Move]:
    """Yield the moves of each preference that counts: by its spread if it has one, by a step."""
    for code, counting in zip(scenario.codes, scenario.counting, strict=True):
        for setting, estimate in counting.items():
            trait, _ = trait_and_name(setting)
            path, now = f"members.{code}.{setting}", estimate.mean
            steps = {"spread": estimate.spread, "step": STEPS[trait.high - trait.low > 2]}
            for by, step in steps.items():
                if step:
                    low, high = map(trait.within, (now - step, now + step))
                    yield Move(path, by, now, low, high)


def coefficient_moves(scenario: Scenario) -> Iterator[Move]:
    """Yield the moves of the numbers that belong to no member: each larger and smaller."""
    numbers, draft = scenario.coefficients, scenario.draft
    named = {n: getattr(numbers, n) for n in ("precision", "shielding", "asking")}
    named |= {n: getattr(numbers, n) for n in ("shared_shock", "own_shock")}
    hostile = zip(draft.provisions, numbers.hostility, draft.matters, strict=True)
    named |= {f"hostility.{p.name}": float(h) for p, h, counts in hostile if counts}
    for name, now in named.items():
        if now:
            yield Move(f"coefficients.{name}", "factor", now, now / LARGER, now * LARGER)


def moved(scenario: Scenario, setting: str, value: float) -> Scenario:
    """Return the scenario with one number at another value, as `--set` would lay it over."""
    section, _, name = setting.partition(".")
    if section == "coefficients":
        return replace(scenario, coefficients=_with_number(scenario, name, value))
    code, _, name = name.partition(".")
    return scenario.with_mean(scenario.codes.index(code), name, value)


def _with_number(scenario: Scenario, name: str, value: float) -> Coefficients:
    numbers, (many, _, provision) = scenario.coefficients, name.partition(".")
    if not provision:
        return replace(numbers, **{many: value})  # type: ignore[arg-type]
    names = [p.name for p in scenario.draft.provisions]
    hostility = [value if n == provision else h for n, h in zip(names, numbers.hostility)]  # noqa: B905
    return replace(numbers, hostility=np.array(hostility))


def tornado(
    scenario: Scenario, chance: Block, workers: int | None, on_progress: Progress | None = None
) -> Tornado:
    """Return what each number moves by itself, others as they are, in the same worlds.

    Every preference is first moved once in a trial, by its spread or, where it has none, by a step;
    the `MOST` that move P(adopted) most are then moved both ways, by spread and by step.

    Args:
        scenario: what is varied.
        chance: the worlds, of which the bars take `BAR_WORLDS` and the trial `TRIAL_WORLDS`.
        workers: threads; one per processor if None.
        on_progress: called after each run.
    """
    moves, others = list(preference_moves(scenario)), list(coefficient_moves(scenario))
    first = {move.setting: move for move in reversed(moves)}  # that by its spread comes first
    done = counter(on_progress, len(first) + 2 * min(2 * MOST, len(moves)) + 2 * len(others))

    def differences(variants: Iterable[Scenario], most: int) -> list[Floats]:
        worlds = replace(chance, n_worlds=min(chance.n_worlds, most))
        base = p_adopted_in(scenario, worlds)
        return [p - base for p in p_adopted_of(variants, worlds, workers, done)]

    trial = (moved(scenario, s, m.high if m.high != m.now else m.low) for s, m in first.items())
    sizes = [abs(float(d.mean())) for d in differences(trial, TRIAL_WORLDS)]
    ranked = sorted(zip(sizes, first, strict=True), key=lambda each: (-each[0], each[1]))
    kept = {setting for _, setting in ranked[:MOST]}
    shown = [*(move for move in moves if move.setting in kept), *others]
    variants = (moved(scenario, m.setting, value) for m in shown for value in (m.low, m.high))
    ends = [mean_of(d) for d in differences(variants, BAR_WORLDS)]
    bars = [Bar(m, *ends[2 * k : 2 * k + 2]) for k, m in enumerate(shown)]
    bars.sort(key=lambda bar: (-bar.width, bar.move.setting, bar.move.by))
    return Tornado(tuple(bars), len(first), max((size for size, _ in ranked[MOST:]), default=0.0))


def choices(scenario: Scenario) -> Iterator[tuple[str, Settings]]:
    """Yield the other choices of rules, penholder and behaviour, as settings."""
    rules, draft, codes = scenario.rules, scenario.draft, scenario.codes
    for other in (rules.quota - 1, rules.quota + 1):
        if 1 <= other <= rules.n_members:
            yield f"{other} votes in favour needed, not {rules.quota}", {"charter.quota": other}
    if rules.holds_veto.any():
        yield "no veto: a procedural matter", {"charter.matter": "procedural"}
    if rules.vetoes_needed == 1 < rules.holds_veto.sum():
        yield "two vetoes needed to block", {"charter.vetoes_needed": 2}
    for member in scenario.council:
        if member.permanent and member.code not in draft.penholders:
            yield f"{member.code} holds the pen", {"draft.penholder": member.code}
    by_default = [c for c, b in zip(codes, scenario.behaviours, strict=True) if b == DEFAULT]
    sincere = {f"members.{code}.behaviour": "sincere" for code in by_default}
    yield "all vote sincerely, by their gain alone", sincere
    if draft.memory:
        yield "nobody votes by habit", {f"members.{code}.habit.mean": 0 for code in codes}


def weighed_choices(
    scenario: Scenario, chance: Block, workers: int | None, on_progress: Progress | None = None
) -> tuple[Choice, ...]:
    """Return what each other choice does to P(adopted), in the same worlds, the largest first.

    Args: as for `tornado`. Choices that a scenario made by hand cannot be given are left out.
    """
    if scenario.origin is None:
        return ()
    every = [(what, settings, _varied(scenario, settings)) for what, settings in choices(scenario)]
    able = [(what, settings, variant) for what, settings, variant in every if variant]
    done = counter(on_progress, len(able) + 1)
    worlds = replace(chance, n_worlds=min(chance.n_worlds, BAR_WORLDS))
    variants = [scenario, *(variant for *_, variant in able)]
    base, *found = p_adopted_of(variants, worlds, workers, done)
    weighed = [
        Choice(what, as_texts(settings), mean_of(p - base))
        for (what, settings, _), p in zip(able, found, strict=True)
    ]
    return tuple(sorted(weighed, key=lambda one: -abs(one.difference.p)))


def _varied(scenario: Scenario, settings: Settings) -> Scenario | None:
    """Return the variant, or None where the scenario does not allow it."""
    try:
        return scenario.with_settings(settings)
    except InvalidInput:
        return None
