"""The command line: parse, call one function, print, exit code.

So that `unsc --help` is quick, rooms are imported inside the commands, and annotations here are no
strings: typer would evaluate each of them. The order of the imports is that of the commands in the
help: what one does first comes first.
"""

from sim.cli.app import main  # isort: skip
from sim.cli.options import DEFAULT_WORLDS  # isort: skip
from sim.cli import simulate, analyses, study, calendar  # isort: skip
from sim.cli import lists, inputs, votes, backtest, calibrate  # isort: skip

__all__ = [
    "DEFAULT_WORLDS",
    "analyses",
    "backtest",
    "calendar",
    "calibrate",
    "inputs",
    "lists",
    "main",
    "simulate",
    "study",
    "votes",
]
