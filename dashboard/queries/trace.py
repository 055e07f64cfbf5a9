"""Which cell of which workbook did a figure come from, who sent it, and when?"""

from collections.abc import Sequence
from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

_TRACE = """
WITH moved AS (SELECT DISTINCT ward_id, current_ward_id FROM wards)
SELECT a.return_id, a.month, a.ward_id, a.sheet, a.row, a."column", a.field, a.entered, a.number,
    a.state, r.version, r.filename, r.received_at, r.received_by, r.sha256, r.data_status
FROM answers AS a
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
    """The cells behind a ward's figure from a month on, each with the return it was sent in.

    For a trust: the cells that it sent for no ward of its own but for the whole of itself.
    """
    about = {"unit": unit, "month": month, "fields": list(fields), "months": months}
    return connection.sql(_TRACE, params=about).pl()
