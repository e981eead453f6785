"""How fast: everything as a ratio measured in one run, as a table and as `build/bench.json`.

Run by `make bench`. Ratios carry from machine to machine, seconds do not.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import cases
from measure import exponent, in_turn, peak_megabytes, printed, process, profile, timed

from sim import convene
from sim.chance import BLOCK
from sim.scenario import Scenario

ROOT = Path(__file__).parent.parent.parent
UNSC = Path(sys.executable).with_name("unsc")
WORLDS = 4 * BLOCK
LONG = 8 * BLOCK
"""Worlds where threads are compared: as many blocks for each."""
ONES = 60
POWERS = (4, 5, 6, 7)
PAGE = """
from time import perf_counter
from sim import convene, load_scenario
report = convene(load_scenario('{}'), 1000).to_dict()
begin = perf_counter()
from sim.report.page import page_of
page_of(report)
print(1000 * (perf_counter() - begin))
"""
"""Prints what the page of a report adds to a run: loading what makes it, and making it."""
FIT = """
import sys
sys.path.insert(0, 'tests')
from un_record import as_csv, made_votes, rows_of
from pathlib import Path
from tempfile import TemporaryDirectory
from sim.fit.prior import read_prior
from sim.fit.record_fit import fit_record
from sim.record import read_record, read_undl
with TemporaryDirectory() as folder:
    (Path(folder) / 'un.csv').write_text(as_csv(rows_of(made_votes({}))))
    read_undl(Path(folder) / 'un.csv').save(Path(folder) / 'record.csv')
    fit_record(read_record(Path(folder) / 'record.csv'), read_prior())
"""
"""Makes a record in the form of the UN's file, reads it, and fits it."""
FITTED = 1900
ALL_THREADS = os.cpu_count() or 1

Facts = dict[str, Any]


def main() -> None:
    """Measure, print the table, write the JSON."""
    facts: Facts = {}
    for part in (engine, rooms, growth, memory, cold_start, learning):
        print(f"{part.__doc__} ...", file=sys.stderr)  # noqa: T201
        facts |= part()
    facts["machine"] = {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": ALL_THREADS,
        "python": platform.python_version(),
    }
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    rounded = json.loads(json.dumps(facts), parse_float=lambda text: round(float(text), 5))
    (build / "bench.json").write_text(json.dumps(rounded, indent=2) + "\n", encoding="utf-8")
    print(table(rounded))  # noqa: T201


def engine() -> Facts:
    """The engine against one world at a time, and against the floor"""
    seed, negotiated = cases.seed_scenario(), cases.negotiated_scenario()
    batch = cases.batch_run(ONES)
    works: dict[str, Callable[[], object]] = {
        "one_thread": held(seed, 1, LONG),
        "all_threads": held(seed, ALL_THREADS, LONG),
        "negotiated_one_thread": held(negotiated, 1, LONG),
        "negotiated_all_threads": held(negotiated, ALL_THREADS, LONG),
        "one_world": cases.one_at_a_time(seed, ONES),
        "floor": cases.floor(seed, LONG),
        "exponentials": cases.exponentials(seed, LONG),
        **({"batch_run": batch} if batch else {}),
    }
    times = in_turn(works)
    n_of = {"one_world": ONES, "batch_run": ONES}
    per_world = {name: time / n_of.get(name, LONG) for name, time in times.items()}
    one, threads = per_world["one_thread"], per_world["all_threads"]
    facts = {
        "worlds_per_second": {name: 1 / time for name, time in per_world.items()},
        "ratio_one_world": per_world["one_world"] / one,
        "ratio_one_world_threads": per_world["one_world"] / threads,
        "ratio_floor": one / per_world["floor"],
        "ratio_exponentials": one / per_world["exponentials"],
        "ratio_threads": one / threads,
        "ratio_threads_negotiated": per_world["negotiated_one_thread"]
        / per_world["negotiated_all_threads"],
        "ratio_negotiated": per_world["negotiated_one_thread"] / one,
    }
    if batch:
        facts["ratio_batch_run"] = per_world["batch_run"] / one
    return facts


def held(scenario: Scenario, workers: int, worlds: int = WORLDS) -> Callable[[], object]:
    """Return work that simulates a scenario."""
    return lambda: convene(scenario, worlds, workers=workers)


def rooms() -> Facts:
    """Where the time goes, by room"""
    shares = profile(held(cases.seed_scenario(), 1), ROOT / "sim")
    return {"share_of_time": {name: share for name, share in shares.items() if share >= 0.01}}


def growth() -> Facts:
    """Cost as work grows"""
    seed = cases.seed_scenario()
    by_worlds = times_of_worlds(seed)
    sizes: dict[str, dict[int, Scenario]] = {
        "members": {n: cases.council_of(n) for n in (5, 10, 15, 20, 25)},
        "rounds": {n: cases.seed_scenario(rounds=n) for n in (4, 8, 12, 16, 24)},
        "provisions": {n: cases.text_of(n) for n in (4, 6, 8, 10, 12)},
    }
    per_world = {
        name: {n: time / WORLDS for n, time in times_of(scenarios).items()}
        for name, scenarios in sizes.items()
    }
    per_world["worlds"] = by_worlds
    exponents = {name: exponent([*map(float, t)], [*t.values()]) for name, t in per_world.items()}
    exponents["worlds"] += 1  # of the time of all worlds
    return {
        "microseconds_per_world": {
            name: {str(n): 1e6 * time for n, time in times.items()}
            for name, times in per_world.items()
        },
        "exponents": exponents,
        "per_world_slope": max(by_worlds.values()) / min(by_worlds.values()),
    }


def times_of_worlds(scenario: Scenario) -> dict[int, float]:
    """Return the time a world takes by the number of worlds, few worlds simulated many times.

    The three are then equally long, and equally disturbed.
    """
    times = {10**4: 30, 10**5: 3, 10**6: 1}
    works = {str(n): repeated(held(scenario, 1, n), k) for n, k in times.items()}
    taken = in_turn(works, 3)
    return {n: taken[str(n)] / (n * k) for n, k in times.items()}


def repeated(work: Callable[[], object], n: int) -> Callable[[], object]:
    """Return work that does other work n times."""

    def all_of_it() -> None:
        for _ in range(n):
            work()

    return all_of_it


def times_of(scenarios: dict[int, Scenario]) -> dict[int, float]:
    """Return the time that each scenario takes on one thread, measured in turn."""
    times = in_turn({str(n): held(scenario, 1) for n, scenario in scenarios.items()}, 3)
    return {int(name): time for name, time in times.items()}


def memory() -> Facts:
    """Peak memory"""
    code = "from sim import convene, load_scenario\nconvene(load_scenario('{}'), {})"
    return {
        f"peak_mb_1e{power}": peak_megabytes(code.format(cases.SEED, 10**power)) for power in POWERS
    }


def cold_start() -> Facts:
    """Cold start"""
    short = {
        "pass": process(sys.executable, "-c", "pass"),
        "numpy": process(sys.executable, "-c", "import numpy"),
        "help": process(UNSC, "--help"),
    }
    long = {
        "mesa": process(sys.executable, "-c", "import mesa"),
        "validate": process(UNSC, "validate", cases.SEED),
        "run": process(UNSC, "run", cases.SEED, "--worlds", "10000"),
    }
    times = in_turn(short, 21) | in_turn(long, 7)
    return {
        "help_ratio": times["help"] / times["pass"],
        "validate_ratio": times["validate"] / times["numpy"],
        "run_ratio": times["run"] / times["numpy"],
        "run_seconds_beyond_mesa": times["run"] - times["mesa"],
        "cold_start_seconds": times,
        "page_milliseconds": median(printed(PAGE.format(cases.SEED)) for _ in range(7)),
    }


def learning() -> Facts:
    """Calibration and back-test"""
    works = {
        "calibrate_seed_vote": process(UNSC, "calibrate", "--only-seed-vote", "--json"),
        "calibrate_record": process(UNSC, "calibrate", "--json"),
        "backtest_yearly": process(UNSC, "backtest", "--fresh", "--json"),
    }
    return {
        "learning_seconds": {name: timed(work) for name, work in works.items()},
        "fit_peak_mb": peak_megabytes(FIT.format(FITTED)),
    }


def table(facts: Facts) -> str:
    """Return the facts as a Markdown table."""
    sizes = facts["microseconds_per_world"]
    rows = [
        ("against one world at a time, one thread", f"{facts['ratio_one_world']:.0f} times"),
        ("the same, all threads", f"{facts['ratio_one_world_threads']:.0f} times"),
        ("all threads against one", f"{facts['ratio_threads']:.2f} times"),
        ("negotiated, all threads against one", f"{facts['ratio_threads_negotiated']:.2f} times"),
        ("time against drawing the same numbers", f"{facts['ratio_floor']:.2f} times"),
        ("time against as many exponentials", f"{facts['ratio_exponentials']:.2f} times"),
        ("a text that moves against one that stands", f"{facts['ratio_negotiated']:.2f} times"),
        ("time a world, 10^4 to 10^6 worlds: most / least", f"{facts['per_world_slope']:.2f}"),
        *(
            (f"power of {name} in the time", f"{facts['exponents'][name]:.2f}")
            for name in ("worlds", *(name for name in sizes if name != "worlds"))
        ),
        *(
            (f"peak memory, 10^{power} worlds", f"{facts[f'peak_mb_1e{power}']:.0f} MB")
            for power in POWERS
        ),
        (f"peak memory, a fit of {FITTED:,} votes", f"{facts['fit_peak_mb']:.0f} MB"),
        ("where the time goes", shares_of(facts)),
        ("`unsc --help` against `python -c pass`", f"{facts['help_ratio']:.1f} times"),
        ("`unsc validate` against `import numpy`", f"{facts['validate_ratio']:.1f} times"),
        ("`unsc run`, 10,000 worlds, beyond `import mesa`", seconds_of(facts)),
        ("what a page adds to a run", f"{facts['page_milliseconds']:.0f} ms"),
        *(
            (name.replace("_", " "), f"{time:.0f} s")
            for name, time in facts["learning_seconds"].items()
        ),
    ]
    if "ratio_batch_run" in facts:
        rows.insert(
            2, ("against `mesa.batch_run`, one thread", f"{facts['ratio_batch_run']:.0f} times")
        )
    return "\n".join(["| what | measured |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])


def shares_of(facts: Facts) -> str:
    """Return the modules that take a twentieth of the time or more, with their shares."""
    shares = facts["share_of_time"].items()
    return ", ".join(f"{name} {100 * share:.0f} %" for name, share in shares if share >= 0.05)


def seconds_of(facts: Facts) -> str:
    """Return how much longer a cold run takes than loading Mesa."""
    return f"{facts['run_seconds_beyond_mesa']:.2f} s"


if __name__ == "__main__":
    main()
