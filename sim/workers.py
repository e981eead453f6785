"""Tasks over processes, none of which has threads of this one; they end with it however it ends."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, current_process, get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from threading import Thread
from typing import Any, TypeVar

from sim.errors import UnscError

Found = TypeVar("Found")


def map_in_processes(
    work: Callable[..., Found], todo: Mapping[int, tuple[Any, ...]], n_workers: int
) -> Iterator[tuple[int, Found]]:
    """Yield the number and the result of each piece of work, as it is done.

    Args:
        work: a function that other processes can import.
        todo: its arguments by their number.
        n_workers: processes, 2 or more.

    Raises:
        UnscError: the processes ended before their time.
    """
    if getattr(current_process(), "_inheriting", False):
        os._exit(1)  # a worker that runs a script from its beginning: the parent says so
    context, others = workshop(work.__module__), set(active_children())
    with ProcessPoolExecutor(n_workers, context, _end_with_parent) as pool:
        try:
            with _interrupts_held(), _main_left_alone(todo):
                futures = {pool.submit(work, *todo[k]): k for k in todo}
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool:
            raise UnscError(
                "the worker processes ended before their time. A script "
                "that asks for more than one needs `if __name__ == '__main__':` "
                "before what it does, or workers=1; elsewhere memory may have run out: expected "
                "fewer workers."
            ) from None
        except BaseException:
            for process in set(active_children()) - others:
                process.terminate()  # its files are whole or absent
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def workshop(module: str) -> BaseContext:
    """Return where workers come from that need a module, and let it be made ready meanwhile.

    A fork of this process would inherit the locks of its threads, and may wait for ever. On Linux
    workers are forks of a process that has loaded the module and has no threads: that is loaded
    once, while this process goes on, and not by each worker. Elsewhere each starts anew.
    """
    _start_tracker()
    if sys.platform != "linux":
        return get_context("spawn")
    from multiprocessing.forkserver import ensure_running

    context = get_context("forkserver")
    context.set_forkserver_preload([module] if module != "__main__" else [])
    with _interrupts_held(), _environment(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1"):
        ensure_running()
    return context


def _start_tracker() -> None:
    """Start the process in which Python clears what others leave, told not to say so.

    It does when this one is told to end, which has one line of its own for that.
    """
    if os.name != "posix":
        return
    from multiprocessing.resource_tracker import ensure_running

    former = os.environ.get("PYTHONWARNINGS")
    with _environment(PYTHONWARNINGS=",".join(filter(None, (former, "ignore:resource_tracker")))):
        ensure_running()


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """Let processes started meanwhile have variables of their environment so."""
    former = {name: os.environ.get(name) for name in variables}
    os.environ |= variables
    try:
        yield
    finally:
        for name, value in former.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _end_with_parent() -> None:
    """Let this worker end when its parent has ended, however that came: a kill tells nobody."""
    parent = parent_process()

    def watch() -> None:
        if parent:
            wait([parent.sentinel])
            os._exit(1)  # what it was computing nobody waits for; files are whole or absent

    Thread(target=watch, daemon=True).start()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let interrupts wait; processes started meanwhile never see one, and end without a message."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


@contextmanager
def _main_left_alone(todo: object) -> Iterator[None]:
    """Let processes started meanwhile run no script from its beginning, unless they need it.

    They need it for what the script itself defines. Without a guard of its main module it would
    start processes in its turn; read from standard input it cannot even be found.
    """
    main = vars(sys.modules["__main__"])
    kept: dict[str, Any] = {}
    if b"__main__" not in pickle.dumps(todo):
        kept = {name: main.pop(name) for name in ("__file__", "__spec__") if name in main}
        main["__spec__"] = None
    try:
        yield
    finally:
        main.update(kept)
