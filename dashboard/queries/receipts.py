"""What has been received, when, and from whom?"""

from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

_RECEIPTS = """
SELECT r.*, t.trust_name
FROM returns AS r
LEFT JOIN (
    SELECT trust_code, arg_max(trust_name, valid_from) AS trust_name
    FROM trusts GROUP BY trust_code
) AS t USING (trust_code)
WHERE ($trust IS NULL OR r.trust_code = $trust) AND ($month IS NULL OR r.month = $month)
ORDER BY r.received_at DESC, r.return_id
"""


def receipts(
    connection: DuckDBPyConnection, trust: str | None = None, month: date | None = None
) -> pl.DataFrame:
    """Every version of every return, the newest first."""
    return connection.sql(_RECEIPTS, params={"trust": trust, "month": month}).pl()
