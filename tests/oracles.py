"""Solves the games of `tests/logit_games.py` with pygambit, and writes the table that tests read.

Run by `make oracles`. Pygambit is compiled from C++, which takes minutes, and tests do without it.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pygambit
from imagined import imagined
from logit_games import GAMES, PRECISIONS, TABLE, payoffs

DIGITS = 7


def main() -> None:
    """Write the table."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, game in GAMES.items():
            scenario = imagined(Path(folder), game.gains, *game.over)
            worth = payoffs(scenario, game.gains)
            for precision in PRECISIONS:
                solved = chances(pygambit.Game.from_arrays(*worth), precision)
                by_member = dict(zip(scenario.codes, solved, strict=True))
                rows.append({"game": name, "precision": precision, "chances": by_member})
    head = {
        "what": "logit quantal response equilibria on the principal branch",
        "order": "in favour, abstaining, against",
        "made by": "make oracles",
    }
    TABLE.parent.mkdir(exist_ok=True)
    text = ",\n".join(json.dumps(row) for row in rows)
    TABLE.write_text(f'{json.dumps(head)[:-1]}, "equilibria": [\n{text}\n]}}\n', encoding="utf-8")


def chances(game: pygambit.Game, precision: float) -> list[list[float]]:
    """Return each member's chances of each action in the equilibrium of that precision."""
    (solved,) = pygambit.qre.logit_solve_lambda(game, precision, use_strategic=True)
    return [
        [round(float(solved.profile[s]), DIGITS) for s in player.strategies]
        for player in game.players
    ]


if __name__ == "__main__":
    main()
