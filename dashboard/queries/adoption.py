"""How far have ward charters spread, month by month?"""

import polars as pl
from duckdb import DuckDBPyConnection

_ADOPTION = """
SELECT month, stage, count(*) AS wards, count(*) FILTER (WHERE in_place) AS in_place
FROM charters
GROUP BY month, stage
ORDER BY month, stage
"""


def adoption(connection: DuckDBPyConnection) -> pl.DataFrame:
    """How many wards were at each stage in each month, and how many of them had it in place."""
    return connection.sql(_ADOPTION).pl()
