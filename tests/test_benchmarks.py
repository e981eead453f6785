"""The bench runs: what it measures is there, and its table has every figure."""

import sys
from pathlib import Path

import pytest

from sim import convene

FEW = 200


@pytest.mark.slow(reason="starts two dozen processes")
def test_the_bench_measures_all_that_its_table_shows(monkeypatch):
    """With few worlds, and each work done once, every part gives the table its figures."""
    monkeypatch.syspath_prepend(Path(__file__).parent / "benchmarks")
    import bench
    import measure

    monkeypatch.setattr(bench, "ONES", 1)
    monkeypatch.setattr(bench, "LONG", FEW)
    monkeypatch.setattr(bench, "POWERS", (2,))
    monkeypatch.setattr(bench, "in_turn", lambda works, _=1: measure.in_turn(works, 1))
    monkeypatch.setattr(bench, "repeated", lambda work, _: work)
    monkeypatch.setattr(bench, "convene", lambda s, n, **kw: convene(s, min(n, FEW), **kw))
    facts = {"learning_seconds": {"backtest_yearly": 35.0}, "fit_peak_mb": 850.0}
    for part in (bench.engine, bench.rooms, bench.growth, bench.memory, bench.cold_start):
        facts |= part()
    table = bench.table(facts)
    assert "peak memory, 10^2 worlds" in table
    assert "backtest yearly | 35 s" in table
    for name in ("bench", "cases", "measure"):
        monkeypatch.delitem(sys.modules, name)
