"""Tables for pandas, which is imported only here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import UnscError

if TYPE_CHECKING:
    from pandas import DataFrame


def data_frame(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> DataFrame:
    """Return a table as a pandas DataFrame.

    Raises:
        UnscError: pandas is not installed.
    """
    try:
        from pandas import DataFrame
    except ModuleNotFoundError:
        missing = "to_frame() needs pandas, which is not installed: pip install 'pandas>=2'."
        raise UnscError(missing) from None
    return DataFrame(rows, columns=list(columns))
