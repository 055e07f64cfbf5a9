"""How many wards are in the latest figure of a total, of how many?"""

import polars as pl
from duckdb import DuckDBPyConnection

_RESTS_ON = """
SELECT unit_id, measure, arg_max(wards, month) AS wards,
    arg_max(wards_expected, month) AS wards_expected
FROM observations
WHERE level = $level AND value IS NOT NULL
GROUP BY unit_id, measure
ORDER BY unit_id, measure
"""


def rests_on(connection: DuckDBPyConnection, level: str) -> pl.DataFrame:
    """One row for each unit and measure of a level, for the latest month that has a value."""
    return connection.sql(_RESTS_ON, params={"level": level}).pl()
