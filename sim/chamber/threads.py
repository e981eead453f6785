"""Blocks of worlds over threads: each runs at once, and their results come in their order."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")
Found = TypeVar("Found")

KEPT = 2**25
"""Bytes up to which the GNU C library keeps what is freed for what comes next: the most it allows.
It would give the arrays of each block back to the system and take them anew, at a twelfth of a
run's time, and at half of it where `MALLOC_TRIM_THRESHOLD_` is set, as dask does for its workers.
"""
_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1
"""The library's own numbers for `mallopt`."""

HEAP = 2**26
"""Bytes of a heap of the GNU C library. A thread has as many as it needs, and gives back the last
one as soon as nothing is in it: the same again, for what a model takes beyond the first."""

_kept = threading.local()
"""Holds what `_keep_heaps` keeps, for each thread."""

HANDOVER = 5e-5
"""Seconds that a thread waits for the interpreter before whoever has it must hand it over: about as
long as one operation. Who only lets go, and Python asks for no more within 5 ms, has often taken it
again by the time the other is awake."""


def map_in_threads(
    work: Callable[[Item], Found], todo: Iterator[Item], workers: int | None
) -> Iterator[Found]:
    """Yield the results, of blocks of worlds or of variants of a scenario, in their order.

    As many wait as are under way: who is done before an earlier one is goes on.
    """
    n_workers = workers or os.cpu_count() or 1
    _keep_what_is_freed()
    with _handing_over(), ThreadPoolExecutor(n_workers, initializer=_keep_heaps) as pool:
        under_way = [pool.submit(work, item) for item in islice(todo, 2 * n_workers)]
        while under_way:
            result = under_way.pop(0).result()
            under_way += [pool.submit(work, item) for item in islice(todo, 1)]
            yield result


def _keep_what_is_freed() -> None:
    """Let this process keep up to `KEPT` bytes, where its C library is GNU's."""
    if mallopt := sys.platform == "linux" and getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(_MMAP_THRESHOLD, KEPT)
        mallopt(_TRIM_THRESHOLD, 2 * KEPT)


def _keep_heaps() -> None:
    """Let this thread keep a second heap as long as it lives."""
    heaps = [np.empty(HEAP // 4, dtype=np.int8) for _ in range(4)]
    _kept.heap = heaps[-1]  # beyond the first heap; never touched, it takes no memory


@contextmanager
def _handing_over() -> Iterator[None]:
    """Let threads hand over the interpreter after `HANDOVER`, for a while.

    The interval is the process's, and runs may overlap: whoever finds it short enough neither sets
    it nor sets it back.
    """
    usual = sys.getswitchinterval()
    if usual <= HANDOVER:
        yield
        return
    sys.setswitchinterval(HANDOVER)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
