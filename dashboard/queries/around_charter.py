"""What was a measure before each ward's charter was in place, and since?"""

import polars as pl
from duckdb import DuckDBPyConnection

_AROUND = """
WITH began AS (
    SELECT ward_id, min(month) AS began FROM charters WHERE in_place GROUP BY ward_id
),
halves AS (
    SELECT o.unit_id AS ward_id, b.began, o.month >= b.began AS since,
        sum(o.numerator) AS numerator, sum(o.denominator) AS denominator, count(*) AS months
    FROM observations AS o
    JOIN began AS b ON b.ward_id = o.unit_id
    WHERE o.level = 'ward' AND o.measure = $measure AND o.value IS NOT NULL
    GROUP BY ALL
)
SELECT h.ward_id, w.ward_name, w.trust_name, h.began,
    max(numerator) FILTER (WHERE NOT since) AS numerator_before,
    max(denominator) FILTER (WHERE NOT since) AS denominator_before,
    max(months) FILTER (WHERE NOT since) AS months_before,
    max(numerator) FILTER (WHERE since) AS numerator_since,
    max(denominator) FILTER (WHERE since) AS denominator_since,
    max(months) FILTER (WHERE since) AS months_since
FROM halves AS h
LEFT JOIN (
    SELECT w.ward_id, arg_max(w.ward_name, w.valid_from) AS ward_name,
        any_value(t.trust_name) AS trust_name
    FROM wards AS w LEFT JOIN trusts AS t ON t.trust_code = w.current_trust_code
    GROUP BY w.ward_id
) AS w USING (ward_id)
GROUP BY ALL
ORDER BY w.trust_name, w.ward_name, h.ward_id
"""


def around_charter(connection: DuckDBPyConnection, measure: str) -> pl.DataFrame:
    """Counts of each ward with a charter in place: all months before it, and all months since."""
    return connection.sql(_AROUND, params={"measure": measure}).pl()
