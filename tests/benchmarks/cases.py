"""What is measured: scenarios of every size, the plain models beside them, and the floor."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import mesa
import numpy as np

from sim import load_scenario
from sim.chamber import CouncilModel
from sim.chance import Block, blocks
from sim.roster import states
from sim.scenario import Scenario

SEED = "dprk-panel-2024"
NEGOTIATED = "dprk-panel-2024-negotiated"
PERMANENT = ["CHN", "FRA", "GBR", "RUS", "USA"]


@cache
def seed_scenario(**rounds: int) -> Scenario:
    """Return the seed scenario: twelve rounds unless others are asked for, a text that stands."""
    return load_scenario(SEED, [f"consultations.rounds={n}" for n in rounds.values()])


def negotiated_scenario() -> Scenario:
    """Return the scenario whose penholder moves the text."""
    return load_scenario(NEGOTIATED)


def council_of(n_members: int) -> Scenario:
    """Return the seed scenario before a Council of so many members, 5 or more."""
    others = [code for code in sorted(states()) if code not in (*PERMANENT, "PRK")]
    codes = [*PERMANENT, *others][:n_members]
    quota = max(1, round(n_members * 9 / 15))
    return load_scenario(SEED, [f"council=[{', '.join(codes)}]", f"charter.quota={quota}"])


def text_of(n_provisions: int) -> Scenario:
    """Return the seed scenario with a text of so many provisions that matter, 4 or more.

    Those of the usual seven that lie as in the lapse are moved a little; beyond seven there are
    provisions of the scenario's own.
    """
    moved = {"coercion": 0.4, "review": 0.2, "relief": 0.3}
    usual = ["scrutiny", "intrusion", "term", "blame", *moved]
    kept, added = usual[:n_provisions], [f"own_{k}" for k in range(n_provisions - len(usual))]
    own = {name: {"unit": "x", "at_0": "a", "at_half": "b", "at_1": "c"} for name in added}
    text = {name: moved[name] for name in kept if name in moved} | dict.fromkeys(added, 0.6)
    # A provision that is left out is made to lie, surely, where the lapse has it.
    left = {name: {"value": 0.1, "spread": 0} for name in usual[n_provisions:]}
    document: dict[str, Any] = {
        "kind": "scenario",
        "title": "benchmark",
        "extends": SEED,
        "provisions": own,
        "draft": {
            "text": text | left,
            "lapse": dict.fromkeys(added, 0.2) | dict.fromkeys(left, 0.1),
        },
        "defaults": {
            "ideal": {name: {"mean": 0.5, "spread": 0.1} for name in added},
            "salience": {name: {"mean": 0.5, "spread": 0.1} for name in added},
        },
    }
    return _written(document)


def _written(document: dict[str, Any]) -> Scenario:
    import yaml

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark.yaml"
        path.write_text(yaml.safe_dump(document), encoding="utf-8")
        return load_scenario(path)


def one_at_a_time(scenario: Scenario, n: int) -> Callable[[], object]:
    """Return work that runs n models of one world each, as an ordinary user of Mesa would."""

    def work() -> None:
        for number in range(n):
            model = CouncilModel(scenario, worlds=1, random_seed=number)
            while model.running:
                model.step()

    return work


class BatchModel(CouncilModel):
    """One world of the seed scenario, in the form that `mesa.batch_run` asks for.

    The scenario is read once for all worlds: what is compared is the simulation.
    """

    def __init__(self, run: int = 0, rng: int | None = None, seed: int | None = None) -> None:
        super().__init__(seed_scenario(), worlds=1, random_seed=run)
        self.datacollector = mesa.DataCollector({"text": lambda model: float(model.text[0, 0])})
        self.datacollector.collect(self)

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


def batch_run(n: int) -> Callable[[], object] | None:
    """Return work that runs n worlds by Mesa's own means, None where this Mesa has none."""
    run = getattr(mesa, "batch_run", None)
    if run is None:
        return None
    runs = {"run": list(range(n))}
    return lambda: run(BatchModel, runs, max_steps=50, display_progress=False)


def floor(scenario: Scenario, worlds: int) -> Callable[[], object]:
    """Return work that draws the very numbers of so many worlds, and does nothing else."""
    asked: list[tuple[str, str, str]] = []

    def heard(kind: str) -> Any:
        draw = getattr(Block, kind)

        def listening(block: Block, purpose: str, owner: str, out: Any = None) -> Any:
            asked.append((kind, purpose, owner))
            return draw(block, purpose, owner, out)

        return patch.object(Block, kind, listening)

    with heard("normals"), heard("uniforms"):
        model = CouncilModel(scenario, worlds=1)
        while model.running:
            model.step()

    def work() -> None:
        for block in blocks(0, worlds):
            for kind, purpose, owner in asked:
                getattr(block, kind)(purpose, owner)

    return work


def exponentials(scenario: Scenario, worlds: int) -> Callable[[], object]:
    """Return work that evaluates as many exponentials as the choices of so many worlds take."""
    values = np.linspace(-8, 0, 3 * 4096, dtype=np.float32)  # as many as a cache holds
    n = len(scenario.council) * (scenario.consultations.rounds + 1) * worlds // 4096

    def work() -> None:
        for _ in range(n):
            np.exp(values)

    return work
