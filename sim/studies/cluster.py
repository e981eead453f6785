"""A dask cluster that runs already, as an executor: the only module that knows dask."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import NamedTuple

from sim.errors import UnscError

SECONDS_TO_ANSWER = 20
"""Until a scheduler that says nothing counts as lost."""


class Cluster(NamedTuple):
    """What hands out tasks, and how many run at a time."""

    executor: Executor
    n_workers: int


@contextmanager
def cluster(address: str) -> Iterator[Cluster]:
    """Yield the cluster of the scheduler at an address, as `tcp://127.0.0.1:8786`.

    Raises:
        UnscError: dask is not installed, or no scheduler answers.
    """
    try:
        import dask
        from distributed import Client
    except ModuleNotFoundError:
        missing = (
            "--executor dask needs dask, which is not installed: pip install 'unsc-sim[dask]'."
        )
        raise UnscError(missing) from None
    patience = {
        "distributed.comm.timeouts.connect": f"{SECONDS_TO_ANSWER}s",
        # Whatever ended a worker, the point is not to blame until it has done so many times.
        "distributed.scheduler.allowed-failures": 10,
    }
    # A scheduler that is gone is told of in a sentence, and not as dask and its server trace it.
    of_dask = ("distributed", "tornado")
    for name in [n for n in logging.root.manager.loggerDict if n.startswith(of_dask)]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    with dask.config.set(patience):
        try:
            client = Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            said = str(error).splitlines()[0]
            raise UnscError(
                f"--scheduler {address}: {said}; expected the address of one that runs, as "
                "tcp://127.0.0.1:8786 (`dask scheduler`, and `dask worker ADDRESS`)."
            ) from None
        try:
            n_workers = sum(client.nthreads().values())
            if not n_workers:
                raise UnscError(f"--scheduler {address}: has no workers; expected one or more.")
            yield Cluster(client.get_executor(), n_workers)
        finally:
            client.close(timeout=2)
