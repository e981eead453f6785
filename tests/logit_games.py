"""Votes of small councils as games in normal form, and the table of their logit equilibria.

The table is made by `tests/oracles.py` with pygambit, which tests do without.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.charter import OUTCOMES, Action, Outcome
from sim.scenario import Scenario

TABLE = Path(__file__).parent / "oracles" / "logit_equilibria.json"
ADOPTED = OUTCOMES.index(Outcome.ADOPTED)
PRECISIONS = (0.5, 1.5, 4.0, 6.0)

EXPRESSIVE = ("defaults.voice=0.4", "defaults.opposition_cost=0.2", "defaults.veto_cost=0.3")
P3 = {"USA": 1.0, "FRA": 0.3, "GBR": -0.6}
FOUR = {"USA": 1.0, "FRA": 0.4, "CHN": -0.2, "RUS": -0.9}


@dataclass(frozen=True)
class VoteGame:
    """An imagined council at its vote.

    Args:
        gains: of each member if the draft is adopted.
        over: the settings laid over the imagined scenario.
    """

    gains: Mapping[str, float]
    over: tuple[str, ...] = ()


GAMES = {
    "no veto": VoteGame(P3),
    "one veto": VoteGame(P3, ("charter.veto=[GBR]",)),
    "two vetoes, voice and costs": VoteGame(P3, ("charter.veto=[FRA, GBR]", *EXPRESSIVE)),
    "two vetoes needed": VoteGame(
        P3, ("charter.quota=1", "charter.veto=[FRA, GBR]", "charter.vetoes_needed=2")
    ),
    "quota of one": VoteGame(P3, ("charter.quota=1", "charter.veto=[GBR]")),
    "unanimity": VoteGame(P3, ("charter.quota=3", *EXPRESSIVE)),
    "caucus": VoteGame(P3, ("charter.veto=[GBR]", "defaults.caucuses.P3=0.4")),
    "caucus that one keeps away from": VoteGame(
        P3, ("defaults.caucuses.P3=0.3", "members.GBR.caucuses.P3=-0.3", "defaults.voice=0.2")
    ),
    "nobody cares": VoteGame(dict.fromkeys(P3, 0.0), ("defaults.opposition_cost=0.2",)),
    "all alike": VoteGame(dict.fromkeys(P3, 0.5), EXPRESSIVE),
    "all against": VoteGame(dict.fromkeys(P3, -0.5), ("charter.veto=[USA]", *EXPRESSIVE)),
    "each with a voice and costs of its own": VoteGame(
        P3,
        (
            "charter.veto=[FRA, GBR]",
            "members.USA.voice=0.7",
            "members.FRA.voice=0.1",
            "members.FRA.opposition_cost=0.5",
            "members.GBR.voice=0.3",
            "members.GBR.veto_cost=0.25",
        ),
    ),
    "two members, one veto": VoteGame({"USA": 0.6, "RUS": -0.8}, ("charter.veto=[RUS]",)),
    "two vetoes, each of which would do": VoteGame(
        {"USA": 1.0, "CHN": -0.5, "RUS": -0.5},
        ("charter.veto=[CHN, RUS]", "defaults.veto_cost=0.2"),
    ),
    "four members": VoteGame(FOUR, ("charter.veto=[CHN, RUS]", *EXPRESSIVE)),
    "four members, no veto": VoteGame(FOUR, ("defaults.voice=0.1",)),
    "five members, quota of four": VoteGame(
        {**FOUR, "GBR": 0.6}, ("charter.quota=4", "charter.veto=[RUS]", *EXPRESSIVE)
    ),
}
"""By name. The council of each sits in the order in which its scenario seats it."""


def payoffs(scenario: Scenario, gains: Mapping[str, float]) -> NDArray[np.float64]:
    """Return what each roll call is worth to each member, (M, 3, ..., 3) with an axis a member."""
    codes, n = scenario.codes, len(scenario.codes)
    worth = np.zeros((n, *[len(Action)] * n))
    for votes in product(Action, repeat=n):
        call = np.array(votes, dtype=np.int8)[:, None]
        adopted = scenario.rules.decide(call)[0] == ADOPTED
        for m, code in enumerate(codes):
            worth[(m, *votes)] = _worth(scenario, gains[code], m, votes, bool(adopted))
    return worth


def _worth(
    scenario: Scenario, gain: float, m: int, votes: tuple[Action, ...], adopted: bool
) -> float:
    wants, mine = scenario.preferences[m], votes[m]
    in_favour, abstaining, against = Action
    worth = gain * adopted
    worth += wants.voice.mean * gain * {in_favour: 1, abstaining: 0, against: -1}[mine]
    if mine == against:
        worth -= wants.opposition_cost.mean
        worth -= wants.veto_cost.mean * bool(scenario.rules.holds_veto[m])
    for caucus, weight in wants.caucuses.items():
        with_me = [
            votes[o] == mine
            for o, other in enumerate(scenario.council)
            if o != m and caucus in other.caucuses
        ]
        if caucus in scenario.council[m].caucuses and with_me:
            worth += weight.mean * np.mean(with_me)
    return float(worth)


def logit_response(worth: NDArray[np.float64], profile: NDArray[np.float64], precision: float):
    """Return the chances, (M, 3), with which members answer to the others' chances in a profile."""
    answers = np.empty_like(profile)
    for m in range(len(profile)):
        expected = worth[m]
        for other in reversed(range(len(profile))):
            if other != m:
                expected = np.tensordot(expected, profile[other], axes=(other, 0))
        weights = np.exp(precision * (expected - expected.max()))
        answers[m] = weights / weights.sum()
    return answers


def equilibria() -> dict[tuple[str, float], NDArray[np.float64]]:
    """Return the table: by name of the game and precision, each member's chances, (M, 3)."""
    rows = json.loads(TABLE.read_text(encoding="utf-8"))["equilibria"]
    return {(r["game"], r["precision"]): np.array(list(r["chances"].values())) for r in rows}
