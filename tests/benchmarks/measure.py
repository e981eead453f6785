"""Timing by ratios: several repetitions in one run, medians, memory of fresh processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

REPETITIONS = 7

PEAK = """
import re, resource, sys
try:  # on Linux the peak of getrusage is no less than that of the process that started this one
    with open("/proc/self/status") as status:
        print(int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read())[1]) * 1024)
except OSError:  # macOS counts in bytes
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
"""Prints the peak memory in bytes of the process it runs in."""


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


def profile(work: Callable[[], object], root: Path) -> dict[str, float]:
    """Return the share of its time that a thread of the work spends in each module of a folder.

    Again and again it is looked where the other threads are: the innermost of their calls that is
    in the folder counts, with all that it calls elsewhere.
    """
    seen: Counter[str] = Counter()
    this, done, interval = threading.get_ident(), threading.Event(), sys.getswitchinterval()
    thread = threading.Thread(target=lambda: (work(), done.set()))
    sys.setswitchinterval(1e-5)  # or it would be looked only where the interpreter is left
    thread.start()
    while not done.wait(0.001):
        for ident, frame in sys._current_frames().items():
            while frame and not frame.f_code.co_filename.startswith(str(root)):
                frame = frame.f_back
            # Those who hand out the blocks wait for their threads meanwhile.
            name = frame and Path(frame.f_code.co_filename).stem
            if frame and ident != this and name not in ("session", "threads"):
                seen[str(Path(frame.f_code.co_filename).relative_to(root).with_suffix(""))] += 1
    thread.join()
    sys.setswitchinterval(interval)
    return {name: n / seen.total() for name, n in seen.most_common()}


def process(*command: str | Path) -> Callable[[], object]:
    """Return work that runs a command once in a fresh process and throws away what it prints."""
    # As a user has it: what Python compiles is kept for the next start.
    usual = {name: x for name, x in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run(command, check=True, capture_output=True, env=usual)


def peak_megabytes(code: str) -> float:
    """Return the peak memory of a fresh process that runs some code."""
    return printed(f"{code}\n{PEAK}") / 2**20


def printed(code: str) -> float:
    """Return the number that some code prints last in a fresh process."""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def exponent(sizes: list[float], times: list[float]) -> float:
    """Return the power with which times grow with sizes: the slope of logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])
