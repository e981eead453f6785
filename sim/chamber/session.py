"""The order of business: blocks of worlds over threads, summed up in their order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from sim.chamber.model import CouncilModel
from sim.chance import MAX_WORLDS, Block, blocks
from sim.charter import veto_probabilities
from sim.charter.probability import outcome_probabilities
from sim.charter.rules import Rules
from sim.ensemble import Ensemble, RollCall, Tally, Worlds
from sim.ensemble.tally import UNSETTLED, chance_of, merged, most_frequent, total
from sim.errors import UnscError
from sim.scenario import Scenario

FOLLOWED = 16
"""Roll calls whose exact probability is followed: the most frequent ones of the first block."""

DEFAULT_WORLDS = 20_000


def convene(
    scenario: Scenario,
    worlds: int = DEFAULT_WORLDS,
    random_seed: int = 0,
    *,
    workers: int | None = None,
    keep_worlds: bool = False,
    on_progress: Callable[[int], None] | None = None,
) -> Ensemble:
    """Simulate the scenario in so many worlds.

    The result depends on the scenario, `worlds` and `random_seed` alone: not on workers, and the
    first worlds are the same however many follow.

    Args:
        scenario: from `load_scenario`.
        worlds: 1 to `MAX_WORLDS`.
        random_seed: 0 to 2**64 - 1.
        workers: threads; as many as there are processors if None.
        keep_worlds: keep each world's votes and outcome (some 40 bytes a world), as `compare`
            needs them; without, memory does not grow with the worlds.
        on_progress: called with the number of worlds done, from time to time.

    Raises:
        UnscError: a number out of its bounds.
    """
    _check(worlds, random_seed, workers)
    todo = blocks(random_seed, worlds)
    first = _run(scenario, next(todo))
    follow = _followed(scenario, first.votes)
    count = partial(_count, scenario, follow, keep_worlds)
    counted, done = [count(first)], first.n_worlds
    for result in _mapped(lambda block: count(_run(scenario, block)), todo, workers):
        if on_progress:
            on_progress(done)
        done += int(result.tally.worlds)
        counted.append(result)
        if not keep_worlds:  # sums are added as they come, in order, and take no room
            counted = [_Counted(counted[0].tally + result.tally, None, result.veto_sets)]
    if on_progress:
        on_progress(done)
    kept = Worlds.joined([c.worlds for c in counted if c.worlds]) if keep_worlds else None
    tally = merged(c.tally for c in counted)
    return Ensemble(scenario, random_seed, tally, counted[0].veto_sets, follow, kept)


@dataclass(frozen=True)
class _Counted:
    """One block's contribution."""

    tally: Tally
    worlds: Worlds | None
    veto_sets: tuple[tuple[int, ...], ...]


def _check(worlds: int, random_seed: int, workers: int | None) -> None:
    if not 1 <= worlds <= MAX_WORLDS:
        raise UnscError(f"worlds: {worlds:,}; expected 1 to {MAX_WORLDS:,}.")
    if not 0 <= random_seed < 2**64:
        raise UnscError(f"random_seed: {random_seed}; expected 0 to 2**64 - 1.")
    if workers is not None and workers < 1:
        raise UnscError(f"workers: {workers}; expected 1 or more.")


def _run(scenario: Scenario, block: Block) -> CouncilModel:
    """Return the model of one block after its vote."""
    model = CouncilModel(scenario, block.n_worlds, block.random_seed, block.index)
    while model.running:
        model.step()
    return model


def _mapped(
    work: Callable[[Block], _Counted], todo: Iterator[Block], workers: int | None
) -> Iterator[_Counted]:
    """Yield the results in the blocks' order, with no more blocks under way than workers."""
    n_workers = workers or os.cpu_count() or 1
    with ThreadPoolExecutor(n_workers) as pool:
        under_way = [pool.submit(work, block) for block in islice(todo, n_workers)]
        while under_way:
            result = under_way.pop(0).result()
            if (block := next(todo, None)) is not None:
                under_way.append(pool.submit(work, block))
            yield result


def _followed(scenario: Scenario, votes: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the roll calls to follow, (C, M): the most frequent ones, and the observed one."""
    calls = most_frequent(votes, FOLLOWED)
    observed: RollCall | None = scenario.observed_roll_call
    if observed is not None and not (calls == observed).all(axis=1).any():
        calls = np.vstack([calls, observed])
    return calls


def _count(
    scenario: Scenario, follow: NDArray[np.int8], keep_worlds: bool, model: CouncilModel
) -> _Counted:
    """Return one block's sums, and its worlds if they are kept."""
    p, rules, gains = model.answers, scenario.rules, np.stack([d.gain for d in model.delegations])
    vetoes = veto_probabilities(p, rules)
    enough = 1 - outcome_probabilities(p, rules)[2]
    blocked = 1 - _p_unblocked(p, rules)
    voted = np.where(model.is_tabled, np.float32(1), np.float32(0))
    in_favour = np.bincount((model.votes == 0).sum(axis=0), minlength=rules.n_members + 1)
    terms = np.stack([total(d.terms()) for d in model.delegations])
    utilities = np.stack([total(d.utility()) for d in model.delegations])
    model.dissolve()
    tally = Tally(
        worlds=np.asarray(float(model.n_worlds)),
        outcome=total(model.p_outcome),
        outcome_squared=total(model.p_outcome.astype(np.float64) ** 2),
        drawn=np.bincount(model.outcome, minlength=5).astype(np.float64),
        actions=total(p),
        beliefs=total(model.adopted_if),
        utilities=utilities,
        gain=total(gains),
        gain_squared=total(gains.astype(np.float64) ** 2),
        terms=terms,
        enough=total(enough),
        enough_squared=total(enough.astype(np.float64) ** 2),
        blocked=total(blocked),
        blocked_squared=total(blocked.astype(np.float64) ** 2),
        in_favour=in_favour.astype(np.float64),
        vetoes=np.array([total(voted * chance) for chance in vetoes.values()]),
        roll_calls=total(voted * chance_of(follow, p)),
        text=total(model.text),
        text_squared=total(model.text.astype(np.float64) ** 2),
        residual=total(model.residual),
        unsettled=total((model.residual >= UNSETTLED).astype(np.float64)),
        round_positions=np.stack([r.positions for r in model.trace]),
        round_adopted=np.stack([r.p_adopted for r in model.trace]),
        round_text=np.stack([r.text for r in model.trace]),
        round_moved=np.stack([r.moved for r in model.trace]),
    )
    kept = Worlds(model.votes, model.outcome, model.p_outcome) if keep_worlds else None
    return _Counted(tally, kept, tuple(vetoes))


def _p_unblocked(p: NDArray[np.float32], rules: Rules) -> NDArray[np.float32]:
    """Return the chance that too few veto holders are against to block, shape (W,)."""
    needs_none = Rules(rules.holds_veto, quota=1, vetoes_needed=rules.vetoes_needed)
    yes_all = np.ones((1, 3, p.shape[-1]), dtype=p.dtype) * np.array([1, 0, 0], "f4")[:, None]
    with_one_sure = np.concatenate([p, yes_all])
    holders = np.append(needs_none.holds_veto, False)
    return outcome_probabilities(with_one_sure, Rules(holders, 1, rules.vetoes_needed))[0]
