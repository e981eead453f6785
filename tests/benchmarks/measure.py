"""Timing by ratios: several repetitions in one run, medians, memory of fresh processes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np

REPETITIONS = 5


def timed(work: Callable[[], object]) -> float:
    """Return the time, in seconds, that work takes once."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def in_turn(
    works: dict[str, Callable[[], object]], repetitions: int = REPETITIONS
) -> dict[str, float]:
    """Return the median time of each work, all of them in turn in each repetition.

    What disturbs the machine for a while then disturbs all of them.
    """
    for work in works.values():
        work()
    taken = [{name: timed(work) for name, work in works.items()} for _ in range(repetitions)]
    return {name: median(times[name] for times in taken) for name in works}


def process(*arguments: str) -> Callable[[], object]:
    """Return work that runs Python once in a fresh process and throws away what it prints."""
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(command, check=True, capture_output=True)


def peak_megabytes(code: str) -> float:
    """Return the peak memory of a fresh process that runs some code."""
    # The kernel counts the peak in kilobytes, on macOS in bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    code += "\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1]) / unit


def exponent(sizes: list[float], times: list[float]) -> float:
    """Return the power with which times grow with sizes: the slope of logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])
