"""How has a measure gone, month by month, in these units?"""

from collections.abc import Sequence
from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

_SERIES = """
FROM points
WHERE level = $level AND list_contains($units::VARCHAR[], unit_id) AND measure = $measure
    AND ($since IS NULL OR month >= $since)
ORDER BY unit_id, month
"""


def series(
    connection: DuckDBPyConnection,
    level: str,
    units: Sequence[str],
    measure: str,
    since: date | None = None,
) -> pl.DataFrame:
    """The points of one measure for some units of a level, with their process limits."""
    about = {"level": level, "units": list(units), "measure": measure, "since": since}
    return connection.sql(_SERIES, params=about).pl()
