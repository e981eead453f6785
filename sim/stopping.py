"""How a command ends when told to: at once, with one line and the exit code shells expect.

It raises nothing: an exception would come up wherever Python is at that moment, also where it can
only be printed. Whatever is written at that moment is whole before or whole after.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

SIGNALS = [getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]

before: list[Callable[[], None]] = []
"""What is done before the process ends: places of files that were claimed are given free."""

_SHOW_CURSOR = b"\r\x1b[K\x1b[?25h"
_words = ["nothing was written"]


@contextmanager
def heeding() -> Iterator[None]:
    """Let the signals end this process for a while; those that it ignores stay ignored."""
    former = heed()
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def heed() -> dict[int, Any]:
    """Let the signals end this process; return what they did before."""
    former: dict[int, Any] = {}
    with suppress(ValueError):  # not the main thread, which alone hears of signals
        for number in SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:
                former[number] = signal.signal(number, _stop)
    return former


def ignore() -> None:
    """Ignore the signals from now on: all is done, and Python only takes itself apart."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def saying(words: str) -> Iterator[None]:
    """Say for a while what became of the work, should the process be told to end."""
    _words.append(words)
    try:
        yield
    finally:
        _words.pop()


def _stop(number: int, _frame: FrameType | None) -> None:
    ignore()
    _end_workers()
    for work in before:
        with suppress(Exception):
            work()
    with suppress(OSError):
        os.write(2, _SHOW_CURSOR * os.isatty(2) + f"Stopped; {_words[-1]}.\n".encode())
    os._exit(128 + number)


def _end_workers() -> None:
    """End the processes that this one started; their files are whole or absent."""
    if processes := sys.modules.get("multiprocessing"):
        with suppress(Exception):
            for process in processes.active_children():
                process.kill()
