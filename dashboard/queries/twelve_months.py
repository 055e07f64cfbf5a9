"""What do twelve months add up to, for each unit and measure?"""

from collections.abc import Sequence
from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

_YEAR = """
SELECT level, unit_id, trust_code, measure,
    count(*) FILTER (WHERE value IS NOT NULL) AS months,
    count(*) FILTER (WHERE state NOT IN ('paused', 'closed')) AS months_expected,
    sum(numerator) AS numerator, sum(denominator) AS denominator
FROM observations
WHERE level = $level AND list_contains($measures::VARCHAR[], measure)
    AND month > $last::DATE - INTERVAL 12 MONTH AND month <= $last
    AND date_diff('month', month, $last::DATE) % $every = 0
GROUP BY ALL
ORDER BY unit_id, measure
"""


def twelve_months(
    connection: DuckDBPyConnection,
    level: str,
    measures: Sequence[str],
    last: date,
    every: int = 1,
) -> pl.DataFrame:
    """Sums of counts over the twelve months to `last` (the first day of the last month).

    Measures whose figure counts several months together are added up once `every` so many, so
    that no month is counted twice.
    """
    about = {"level": level, "measures": list(measures), "last": last, "every": every}
    return connection.sql(_YEAR, params=about).pl()
