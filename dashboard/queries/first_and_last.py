"""What was a measure in each ward's first six months, and what in its last six?"""

import polars as pl
from duckdb import DuckDBPyConnection

_HALVES = """
WITH seen AS (
    SELECT unit_id, numerator, denominator,
        row_number() OVER (PARTITION BY unit_id ORDER BY month) AS nth,
        row_number() OVER (PARTITION BY unit_id ORDER BY month DESC) AS nth_back,
        count(*) OVER (PARTITION BY unit_id) AS sent
    FROM observations
    WHERE level = 'ward' AND measure = $measure AND value IS NOT NULL
)
SELECT s.unit_id, s.variation,
    sum(seen.numerator) FILTER (WHERE nth <= 6 AND sent >= 12) AS numerator_before,
    sum(seen.denominator) FILTER (WHERE nth <= 6 AND sent >= 12) AS denominator_before,
    sum(seen.numerator) FILTER (WHERE nth_back <= 6 AND sent >= 12) AS numerator_after,
    sum(seen.denominator) FILTER (WHERE nth_back <= 6 AND sent >= 12) AS denominator_after
FROM signals AS s
LEFT JOIN seen USING (unit_id)
WHERE s.level = 'ward' AND s.measure = $measure
GROUP BY s.unit_id, s.variation
ORDER BY s.unit_id
"""


def first_and_last(connection: DuckDBPyConnection, measure: str) -> pl.DataFrame:
    """Sums over the first and the last six months with a value; empty under twelve months."""
    return connection.sql(_HALVES, params={"measure": measure}).pl()
