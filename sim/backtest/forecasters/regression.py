"""The strong baseline: a regularised regression that has all the facts that the simulator has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sim.backtest.forecasters.logit import Logit
from sim.record import RecordedVote
from sim.roster import bloc_of


@dataclass(frozen=True)
class Regression(Logit):
    """A multinomial logit with a ridge, on who votes, on what, who asks, and what is remembered.

    Inputs are the member, its bloc, the instrument, the target and the shares of the sides of the
    pen, and the products of the last three with the first two; whether it is the member's own
    draft or on itself, by its relation to it; whether another draft on the matter is put; the
    term and the review of the text; and all kinds of memory. Strengths are chosen as the logit's.
    """

    name: ClassVar[str] = "regression"
    strengths: tuple[float, ...] = (0.01, 0.03, 0.1)
    usual: float = 0.03

    def inputs(self, vote: RecordedVote) -> list[dict[str, float]]:
        """Return the inputs by name, for each of M members; those left out are 0."""
        draft = vote.draft
        what = {f"instrument {vote.instrument}": 1.0, f"target {vote.target}": 1.0}
        what |= {f"side {side}": share for side, share in draft.sides.items()}
        about = {"rival": float(bool(vote.rival))}
        about |= {p.name: x for p, x in zip(draft.provisions, draft.text, strict=True)}
        rows = []
        for member in vote.council:
            who = (f"member {member.code}", f"bloc {bloc_of(member.code, vote.date)}")
            memory = vote.memory.get(member.code)
            row = dict.fromkeys(who, 1.0) | what | about
            row |= {f"{w}, {x}": value for w in who for x, value in (what | about).items()}
            row["own draft"] = float(member.code in vote.penholders)
            row["own rival"] = float(member.code in vote.rival)
            row[f"own matter {vote.relation}"] = float(member.code == vote.target)
            for kind, part in memory._asdict().items() if memory else ():
                row |= {f"{kind} {name}": value for name, value in part.items()}
            rows.append(row)
        return rows
