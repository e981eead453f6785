"""What a run needs of memory, estimated before anything is computed, and what there is of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sim.arguments import whole
from sim.chance import BLOCK, MAX_WORLDS
from sim.charter import table_columns
from sim.ensemble.tally import bytes_kept
from sim.errors import UnscError
from sim.scenario import Scenario

PROGRAM = 200_000_000
"""Bytes that Python, numpy and mesa take by themselves. Source: measured, 120 to 170 million."""

OF_A_MEMBER = 36
"""Numbers that a model holds at its largest per member and world, beside those of the text and the
tables of soundings. Source: measured with `tracemalloc`, 15 and 40 members."""

JOINED = 2
"""How often kept worlds are held while the blocks are put together."""

VARIANTS = 10**6
"""Models of the variants of a scenario: more than there are workers."""

CONTROL_GROUPS = [
    Path("/sys/fs/cgroup", name) for name in ("memory.max", "memory/memory.limit_in_bytes")
]


def checked_workers(
    scenario: Scenario,
    worlds: int,
    workers: int | None,
    *,
    keep_worlds: bool = False,
    models: int | None = None,
) -> int:
    """Return how many models to simulate side by side, once it is known that there is room.

    Args:
        scenario: what is simulated.
        worlds: how many in all.
        workers: at most so many; if None one per processor, in no more than half of the memory.
        keep_worlds: whether each world is kept.
        models: how many there are; the blocks of the worlds if None.

    Raises:
        UnscError: there is less memory than it takes, and what to ask for less of.
    """
    check_kept([scenario] if keep_worlds else [], worlds)
    kept = JOINED * worlds * bytes_kept(scenario.rules.n_members) if keep_worlds else 0
    there, taken = memory(), PROGRAM + kept
    one = min(worlds, BLOCK) * bytes_per_world(scenario)
    asked = min(workers or os.cpu_count() or 1, models or -(-worlds // BLOCK))
    if taken + one > there:
        raise UnscError(
            f"{scenario.name}: {_size(taken + one)} of memory are needed, and there are "
            f"{_size(there)}; expected fewer worlds, members, provisions or vetoes_needed."
        )
    if workers is None:
        return max(1, min(asked, (there // 2 - taken) // one))
    if taken + asked * one > there:
        raise UnscError(
            f"workers: {workers} need {_size(taken + asked * one)} of memory for {scenario.name}, "
            f"and there are {_size(there)}; expected at most {(there - taken) // one}."
        )
    return workers


def check_kept(scenarios: Sequence[Scenario], worlds: int) -> None:
    """Check that all worlds of some scenarios can be kept, as a comparison needs them.

    Raises:
        UnscError: there is less memory than that, and how many worlds there is room for.
    """
    there, worlds = memory(), whole("worlds", worlds, 1, MAX_WORLDS)
    of_a_world = JOINED * sum(bytes_kept(scenario.rules.n_members) for scenario in scenarios)
    if (need := PROGRAM + worlds * of_a_world) > there:
        most = max(0, there - PROGRAM) // of_a_world
        raise UnscError(
            f"worlds: {worlds:,} need {_size(need)} of memory, as each of them is kept, and there "
            f"are {_size(there)}; expected at most {most:,}."
        )


def bytes_per_world(scenario: Scenario) -> int:
    """Return what a model holds at its largest for one world.

    Neither rounds nor the number of worlds in all count: of both only sums are held.
    """
    rules, draft = scenario.rules, scenario.draft
    n_active, n_members = int(draft.matters.sum()), rules.n_members
    return 4 * (
        2 * n_active * n_members
        + 3 * len(draft.provisions)
        + OF_A_MEMBER * n_members
        + 2 * rules.vetoes_needed * table_columns(rules)
        + 2 ** int(rules.holds_veto.sum())  # the chance of each set of vetoes
        + max(map(len, scenario.counting))
    )


def memory() -> int:
    """Return the bytes that this process may have: the machine's, or what it is held to."""
    most = [sys.maxsize]
    with suppress(ValueError, OSError, AttributeError):  # no such thing on Windows
        most.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for path in CONTROL_GROUPS:
        with suppress(OSError, ValueError):  # ValueError: it says "max"
            most.append(int(path.read_text()))
    if sys.platform != "win32":
        import resource

        limits = (resource.getrlimit(n)[0] for n in (resource.RLIMIT_AS, resource.RLIMIT_DATA))
        most += [limit for limit in limits if limit != resource.RLIM_INFINITY]
    return min(most)


def _size(n_bytes: float) -> str:
    """Return a number of bytes as people say it."""
    return f"{n_bytes / 1e9:,.1f} GB"
