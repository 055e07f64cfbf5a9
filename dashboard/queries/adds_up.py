"""Which wards does a figure of a trust or of the programme add up?"""

from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

_ADDS_UP = """
SELECT unit_id AS ward_id, trust_code, sum(numerator) AS numerator, sum(denominator) AS denominator,
    count(*) FILTER (WHERE value IS NOT NULL) AS months_valid,
    CASE WHEN count(DISTINCT state) = 1 THEN any_value(state) ELSE 'value' END AS state,
    max(wards_expected) > 0 AS expected
FROM observations
WHERE level = 'ward' AND measure = $measure
    AND month >= $month AND month < $month::DATE + to_months($months::INTEGER)
    AND ($trust IS NULL OR trust_code = $trust)
GROUP BY unit_id, trust_code
ORDER BY trust_code, ward_id
"""


def adds_up(
    connection: DuckDBPyConnection,
    measure: str,
    month: date,
    months: int = 1,
    trust: str | None = None,
) -> pl.DataFrame:
    """One row for each ward with its own sums over some months; no trust means the programme.

    A ward that was not expected to report then is there too: its figure is shown for the ward and
    not added up.
    """
    about = {"measure": measure, "month": month, "months": months, "trust": trust}
    return connection.sql(_ADDS_UP, params=about).pl()
