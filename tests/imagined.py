"""Small imagined councils without any chance but that of the votes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from sim.catalogue import provisions
from sim.scenario import Scenario, load_scenario


def imagined(folder: Path, gains: Mapping[str, float], *over: str) -> Scenario:
    """Return the scenario of a small council, read from a file that is written into the folder.

    The text has one provision that counts, scrutiny, from 0 at the lapse to 1; each member gains
    the number it is given from that. Nobody holds a veto. The first member holds the pen. Settings
    such as `charter.veto=[RUS]` are laid over it.
    """
    path = folder / "imagined.yaml"
    path.write_text(json.dumps(_document(gains)), encoding="utf-8")
    return load_scenario(path, over)


def _document(gains: Mapping[str, float]) -> dict[str, object]:
    nothing = dict.fromkeys(provisions(), 0.0)
    return {
        "kind": "scenario",
        "title": "An imagined draft",
        "date": "2024-06-01",
        "council": list(gains),
        "draft": {
            "instrument": "other",
            "penholder": next(iter(gains)),
            "text": {n: {"value": float(n == "scrutiny"), "spread": 0.0} for n in nothing},
            "lapse": nothing,
        },
        "charter": {"quota": len(gains) // 2 + 1, "veto": []},
        "coefficients": {
            "precision": 3,
            **dict.fromkeys(("shielding", "asking", "shared_shock", "own_shock"), 0),
        },
        "defaults": {
            "ideal": nothing,
            "salience": nothing,
            **dict.fromkeys(("other_ties", "veto_cost", "opposition_cost", "voice"), 0.0),
        },
        "members": {
            code: {"ideal": {"scrutiny": float(g > 0)}, "salience": {"scrutiny": abs(g)}}
            for code, g in gains.items()
        },
    }
