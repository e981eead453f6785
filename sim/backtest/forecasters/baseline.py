"""What the plain forecasters share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Baseline:
    """The defaults of a plain forecaster."""

    version: ClassVar[int] = 1
    updates: ClassVar[bool] = False

    @property
    def settings(self) -> Mapping[str, Any]:
        """The numbers it is given."""
        return asdict(self)
