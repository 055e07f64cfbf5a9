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
WHERE list_contains($fields::VARCHAR[], a.field) AND a.month = $month
    AND (a.ward_id = $ward
        OR a.ward_id IN (SELECT ward_id FROM moved WHERE current_ward_id = $ward))
ORDER BY a.sheet, a.row, a."column"
"""


def trace(
    connection: DuckDBPyConnection, ward: str, month: date, fields: Sequence[str]
) -> pl.DataFrame:
    """The cells behind a ward's figure in one month, each with the return it was sent in."""
    about = {"ward": ward, "month": month, "fields": list(fields)}
    return connection.sql(_TRACE, params=about).pl()
