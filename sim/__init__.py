"""unsc-sim: an agent-based simulator of votes in the United Nations Security Council."""

__version__ = "0.1.0"
