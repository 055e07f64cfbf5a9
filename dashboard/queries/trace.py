"""Where did a figure come from: the wards a total adds up, and the cells of a ward's figure?"""

from collections.abc import Sequence
from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

_TRACE = """
WITH moved AS (SELECT DISTINCT ward_id, current_ward_id FROM wards)
SELECT a.return_id, a.month, a.ward_id, a.sheet, a.row, a."column", a.field, a.entered, a.number,
    a.state, r.version, r.filename, r.received_at, r.received_by, r.sha256, r.data_status
FROM cells AS a
LEFT JOIN returns AS r USING (return_id)
WHERE list_contains($fields::VARCHAR[], a.field)
    AND a.month >= $month AND a.month < $month::DATE + to_months($months::INTEGER)
    AND (a.ward_id = $unit
        OR a.ward_id IN (SELECT ward_id FROM moved WHERE current_ward_id = $unit)
        OR (a.ward_id IS NULL AND a.trust_code = $unit))
ORDER BY a.month, a.sheet, a.row, a."column"
"""


def trace(
    connection: DuckDBPyConnection,
    unit: str,
    month: date,
    fields: Sequence[str],
    months: int = 1,
) -> pl.DataFrame:
    """The cells behind a ward's figure from a month onwards, each with the return it was sent in.

    For a trust: the cells that it sent for the trust as a whole rather than for a ward.
    """
    about = {"unit": unit, "month": month, "fields": list(fields), "months": months}
    return connection.sql(_TRACE, params=about).pl()


_WARDS_IN_TOTAL = """
WITH placed AS (
    SELECT DISTINCT w.current_ward_id, m.month
    FROM (SELECT DISTINCT month FROM observations) AS m
    JOIN groups AS g
        ON g.group_code = $within
        AND m.month BETWEEN g.first_month AND coalesce(g.last_month, m.month)
    JOIN wards AS w
        ON w.ward_id = g.ward_id AND w.valid_from <= last_day(m.month)
        AND (w.valid_to IS NULL OR w.valid_to >= m.month)
)
SELECT unit_id AS ward_id, trust_code, sum(numerator) AS numerator, sum(denominator) AS denominator,
    count(*) FILTER (WHERE value IS NOT NULL) AS months_valid,
    CASE WHEN count(DISTINCT state) = 1 THEN any_value(state) ELSE 'value' END AS state,
    max(wards_expected) > 0 AS expected
FROM observations
WHERE level = 'ward' AND measure = $measure
    AND month >= $month AND month < $month::DATE + to_months($months::INTEGER)
    AND ($within IS NULL OR trust_code = $within
        OR (unit_id, month) IN (SELECT (current_ward_id, month) FROM placed))
GROUP BY unit_id, trust_code
ORDER BY trust_code, ward_id
"""


def wards_in_total(
    connection: DuckDBPyConnection,
    measure: str,
    month: date,
    months: int = 1,
    within: str | None = None,
) -> pl.DataFrame:
    """One row for each ward with its own sums over some months.

    `within` is the code of a trust or group; without one, the total is the programme’s. A ward that
    was not expected to report at the time is included: its figure is shown, but not added to the
    total.
    """
    about = {"measure": measure, "month": month, "months": months, "within": within}
    return connection.sql(_WARDS_IN_TOTAL, params=about).pl()
