"""What was observed, month by month, before any chart was chosen?"""

from collections.abc import Sequence

import polars as pl
from duckdb import DuckDBPyConnection

_OBSERVED = """
FROM observations
WHERE level = $level
    AND ($units IS NULL OR list_contains($units::VARCHAR[], unit_id))
    AND list_contains($measures::VARCHAR[], measure)
ORDER BY unit_id, measure, month
"""


def observed(
    connection: DuckDBPyConnection,
    level: str,
    measures: Sequence[str],
    units: Sequence[str] | None = None,
) -> pl.DataFrame:
    """Numerators, denominators, values and states of some measures."""
    about = {
        "level": level,
        "measures": list(measures),
        "units": None if units is None else list(units),
    }
    return connection.sql(_OBSERVED, params=about).pl()
