"""The command line: parse, call one function, print, exit code.

Rooms are imported inside the commands, so that `unsc --help` is quick. The order of the imports
here is the order of the commands in the help.
"""

from sim.cli import simulate, calibrate, backtest, inputs, lists  # isort: skip
from sim.cli.app import DEFAULT_WORLDS, main

__all__ = ["DEFAULT_WORLDS", "backtest", "calibrate", "inputs", "lists", "main", "simulate"]
