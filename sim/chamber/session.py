"""The order of business: blocks of worlds over threads, summed up in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.arguments import whole
from sim.arrays import WorldArray
from sim.behaviours import Behaviour
from sim.chamber.memory import checked_workers
from sim.chamber.model import CouncilModel
from sim.chamber.threads import map_in_threads
from sim.chance import MAX_SEED, MAX_WORLDS, Block, blocks
from sim.charter import (
    ADOPTED,
    DECIDED,
    OUTCOMES,
    Action,
    Outcome,
    unblocked_probability,
    veto_probabilities,
)
from sim.ensemble import Given, RollCall, Tally, Worlds
from sim.ensemble.given import given_sums, some_world_left, votes_of
from sim.ensemble.tally import CALM, UNSETTLED, chance_of, most_frequent, total
from sim.result import Result
from sim.scenario import Scenario, check_scenario

Found = TypeVar("Found")

FOLLOWED = 16
"""Roll calls whose exact probability is followed: the most frequent ones of the first block."""

DEFAULT_WORLDS = 20_000

MOST_WORKERS = 1000

NOT_CARRIED = DECIDED.index(Outcome.NOT_CARRIED)


def convene(
    scenario: Scenario,
    worlds: float = DEFAULT_WORLDS,
    random_seed: float = 0,
    *,
    workers: float | None = None,
    keep_worlds: bool = False,
    behaviours: Mapping[str, Behaviour] | None = None,
    given: Mapping[str, object] | None = None,
    on_progress: Callable[[int], None] | None = None,
    on_block: Callable[[CouncilModel], None] = lambda _: None,
) -> Result:
    """Simulate the scenario in so many worlds.

    The result depends on the scenario, `worlds` and `random_seed` alone: not on workers, and the
    first worlds are the same however many follow.

    Args:
        scenario: from `load_scenario`.
        worlds: a whole number from 1 to `MAX_WORLDS`; 1e4 is one too.
        random_seed: a whole number from 0 to `MAX_SEED`.
        workers: threads, 1 to `MOST_WORKERS`; if None one per processor, as far as they take no
            more than half of the memory.
        keep_worlds: keep each world's votes, chances and outcome, as `compare` and `Result.given`
            need them: 21 bytes per world and 13 more for each member; without, memory does not
            grow with the worlds.
        behaviours: how members choose, by code, in place of what the scenario says: an instance of
            any subclass of `sim.behaviours.Behaviour`.
        given: votes by code, as `{"CHN": "against"}`: what it tells that they are cast, from the
            same worlds, kept or not; see `Result.given`.
        on_progress: called with the number of worlds done, after each block.
        on_block: called with each block's model after its vote, in the thread that runs it and in
            no order; the model is dissolved when it returns.

    Raises:
        UnscError: a number that is not whole or out of bounds, by the argument's name; more than
            the memory holds; or given votes that cannot be or that no world has.
    """
    check_scenario(scenario)
    n_worlds, seed, n_workers = _checked(scenario, worlds, random_seed, workers, keep_worlds)
    scenario = scenario.with_behaviours(behaviours) if behaviours else scenario
    known = votes_of(scenario, given or {})
    follow: Future[NDArray[np.int8]] = Future()

    def count(block: Block) -> _Counted:
        try:
            with voted(scenario, block) as model:
                if block.number == 0:
                    follow.set_result(_followed(scenario, model.votes))
                on_block(model)
                return _count(follow.result(), keep_worlds, known, model)
        except BaseException as fault:
            if block.number == 0 and not follow.done():  # or the others would wait for ever
                follow.set_exception(fault)
            raise

    counted = map_in_threads(count, blocks(seed, n_worlds), n_workers)
    first = next(counted)
    tally, kept, condition = first.tally, [first.worlds], first.given
    for result in counted:
        if on_progress:
            on_progress(int(tally.worlds))
        tally += result.tally  # in their order, so that no digit depends on workers
        kept.append(result.worlds)
        condition = condition + result.given if condition and result.given else None
    if on_progress:
        on_progress(int(tally.worlds))
    joined = Worlds.joined([part for part in kept if part]) if keep_worlds else None
    condition = some_world_left(condition, scenario) if condition else None
    calls = follow.result()
    return Result(scenario, seed, tally, first.veto_sets, calls, first.p_adopted, joined, condition)


@dataclass(frozen=True)
class _Counted:
    """One block's contribution; its sets of veto holders are the same in every one."""

    tally: Tally
    veto_sets: tuple[tuple[int, ...], ...]
    p_adopted: NDArray[np.float32]
    worlds: Worlds | None
    given: Given | None


def _checked(
    scenario: Scenario,
    worlds: float,
    random_seed: float,
    workers: float | None,
    keep_worlds: bool = False,
) -> tuple[int, int, int]:
    """Return worlds, random seed and workers as whole numbers that are allowed and find room."""
    n_worlds = whole("worlds", worlds, 1, MAX_WORLDS)
    seed = whole("random_seed", random_seed, 0, MAX_SEED)
    n_workers = None if workers is None else whole("workers", workers, 1, MOST_WORKERS)
    return n_worlds, seed, checked_workers(scenario, n_worlds, n_workers, keep_worlds=keep_worlds)


@contextmanager
def voted(
    scenario: Scenario, block: Block, like: CouncilModel | None = None
) -> Iterator[CouncilModel]:
    """Give the model of one block after its vote; on leaving, it is dissolved.

    Args:
        scenario: what is simulated.
        block: its worlds.
        like: a model of the same worlds and much the same scenario, which saves time.
    """
    model = CouncilModel(
        scenario, block.n_worlds, block.random_seed, block.number, block, like=like
    )
    try:
        while model.running:
            model.step()
        yield model
    finally:
        model.dissolve()


def map_blocks(
    scenario: Scenario,
    worlds: float,
    random_seed: float,
    reduce: Callable[[CouncilModel], Found],
    workers: float | None = None,
) -> Iterator[Found]:
    """Yield what `reduce` finds in each block's model after its vote, in their order.

    Args:
        scenario, worlds, random_seed, workers: as `convene` takes them.
        reduce: reads a model; the model is dissolved when it returns.

    Raises:
        UnscError: a number out of bounds, or more than the memory holds (see `convene`).
    """
    n_worlds, seed, n_workers = _checked(scenario, worlds, random_seed, workers)

    def hold(block: Block) -> Found:
        with voted(scenario, block) as model:
            return reduce(model)

    return map_in_threads(hold, blocks(seed, n_worlds), n_workers)


def _followed(scenario: Scenario, votes: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the roll calls to follow, (C, M): the most frequent ones, and the observed one."""
    calls = most_frequent(votes, FOLLOWED)
    observed: RollCall | None = scenario.observed_roll_call
    if observed is not None and not (calls == observed).all(axis=1).any():
        calls = np.vstack([calls, observed])
    return calls


def _count(
    follow: NDArray[np.int8], keep_worlds: bool, known: Mapping[str, Action], model: CouncilModel
) -> _Counted:
    """Return one block's sums, those given known votes if any are, and its worlds if kept."""
    vetoes = veto_probabilities(model.answers, model.scenario.rules)
    tally = _tally_of(model, vetoes.values(), follow)
    arrays = model.votes, model.outcome, model.p_outcome, model.answers
    kept = Worlds(*arrays) if keep_worlds else None
    given = given_sums(known, model.scenario, model.answers, model.p_outcome) if known else None
    p_adopted = model.p_outcome[ADOPTED].copy()
    return _Counted(tally, tuple(vetoes), p_adopted, kept, given)


def _tally_of(
    model: CouncilModel, p_vetoes: Iterable[WorldArray], follow: NDArray[np.int8]
) -> Tally:
    """Return the sums over the worlds of a model after its vote."""
    p, rules = model.answers, model.scenario.rules
    in_favour = np.count_nonzero(model.votes == Action.IN_FAVOUR, axis=0)
    return Tally(
        worlds=np.asarray(float(model.n_worlds)),
        **_squared_too("outcome", model.p_outcome),
        adopted_percent=_adopted_percent(model),
        drawn=np.bincount(model.outcome, minlength=len(OUTCOMES)).astype(np.float64),
        actions=total(p),
        beliefs=total(model.adopted_if),
        utilities=total(model.utilities()),
        **_squared_too("gain", model.gains),
        terms=model.terms(),
        **_squared_too("enough", 1 - model.p_decided[NOT_CARRIED]),
        **_squared_too("blocked", 1 - unblocked_probability(p, rules)),
        in_favour=np.bincount(in_favour, minlength=rules.n_members + 1).astype(np.float64),
        vetoes=np.array([total(chance * model.is_tabled) for chance in p_vetoes]),
        roll_calls=total(chance_of(follow, p) * model.is_tabled),
        fell_back=total(model.is_rolled_over.astype(np.float64)),
        **_squared_too("text", model.text),
        residual=total(model.residual),
        unsettled=total(model.residual >= UNSETTLED),
        round_positions=np.stack([r.positions for r in model.trace]),
        round_adopted=np.stack([r.p_adopted for r in model.trace]),
        round_text=np.stack([r.text for r in model.trace]),
        round_moved=np.stack([r.moved for r in model.trace]),
    )


def _adopted_percent(model: CouncilModel) -> NDArray[np.float64]:
    """Return the worlds by P(adopted) in whole per cent, (2, 101): of all, and of the calm."""
    percent = np.rint(100 * model.p_outcome[ADOPTED]).astype(np.intp)
    is_calm = np.abs(model.shared_shock) <= CALM * model.scenario.coefficients.shared_shock
    worlds = (percent, percent[is_calm])
    return np.stack([np.bincount(p, minlength=101) for p in worlds]).astype(np.float64)


def _squared_too(name: str, values: WorldArray) -> dict[str, NDArray[np.float64]]:
    """Return the sum of the values over worlds, and that of their squares."""
    return {name: total(values), f"{name}_squared": total(values.astype(np.float64) ** 2)}
