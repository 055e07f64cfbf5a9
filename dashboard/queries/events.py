"""What happened that a chart should show?"""

import polars as pl
from duckdb import DuckDBPyConnection

_EVENTS = """
FROM events
WHERE (measure IS NULL OR measure = $measure)
    AND (level = 'programme' OR unit_id = $unit OR (level = 'trust' AND unit_id = $trust))
ORDER BY day, label
"""


def events(
    connection: DuckDBPyConnection, unit: str, measure: str, trust: str | None = None
) -> pl.DataFrame:
    """Events of the programme, of a unit and of its trust, for one measure, in order of day."""
    about = {"unit": unit, "measure": measure, "trust": trust}
    return connection.sql(_EVENTS, params=about).pl()
