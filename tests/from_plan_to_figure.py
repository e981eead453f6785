"""What a notebook does: from a plan to a figure."""

import sys

from sim import study

plan = {
    "kind": "study",
    "base": "dprk-panel-2024",
    "vary": {"product": {
        "members.RUS.ties.PRK": {"from": -0.4, "to": 0.8, "steps": 4},
        "draft.text.term": [0, 0.5, 1],
    }},
    "worlds": 500,
}  # fmt: skip
found = study(plan, sys.argv[1])
best = found.to_frame().nlargest(3, "adopted").filter(regex="point|PRK|term|adopted$")
by_tie = found.to_xarray()["adopted"].mean("draft.text.term")
print(best, by_tie, sep="\n")  # noqa: T201
found.plot().figure.savefig(sys.argv[2])
