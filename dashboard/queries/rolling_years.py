"""What do the twelve months up to each month add up to, for one ward?"""

import polars as pl
from duckdb import DuckDBPyConnection

# A year with fewer than half its months says more about the gaps than about the ward.
_FEWEST_MONTHS = 6
_YEARS = """
WITH months AS (
    SELECT month, numerator, denominator, numerator IS NOT NULL AND denominator IS NOT NULL
        AND state IN ('value', 'nil') AS valid
    FROM observations WHERE level = 'ward' AND unit_id = $ward AND measure = $measure
), years AS (
    SELECT month, count(*) FILTER (WHERE valid) OVER year AS months,
        sum(numerator) FILTER (WHERE valid) OVER year AS numerator,
        sum(denominator) FILTER (WHERE valid) OVER year AS denominator
    FROM months
    WINDOW year AS (ORDER BY month RANGE BETWEEN INTERVAL 11 MONTH PRECEDING AND CURRENT ROW)
)
SELECT month, months, numerator, denominator,
    CASE WHEN months >= $fewest AND denominator > 0 THEN numerator / denominator END AS value
FROM years ORDER BY month
"""


def rolling_years(connection: DuckDBPyConnection, ward: str, measure: str) -> pl.DataFrame:
    """A row for each month: sums over the year up to it, as the peer bands look back.

    `value` is unscaled, and empty where fewer than 6 of the months have a figure.
    """
    about = {"ward": ward, "measure": measure, "fewest": _FEWEST_MONTHS}
    return connection.sql(_YEARS, params=about).pl()
