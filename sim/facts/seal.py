"""The checksum of a report, which shows whether the report was edited."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sim.scenario.scenario import canonical_json

SEAL = "checksum"


def checksum(facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of facts less their own checksum, however they are spelled."""
    told = {key: value for key, value in facts.items() if key != SEAL}
    return sha256(canonical_json(told).encode()).hexdigest()
