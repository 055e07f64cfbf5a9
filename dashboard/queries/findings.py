"""What did the checks ask, and what was answered?"""

import polars as pl
from duckdb import DuckDBPyConnection

_FINDINGS = """
SELECT q.*, t.trust_name, w.ward_name
FROM queries AS q
JOIN returns AS r USING (return_id)
LEFT JOIN (
    SELECT trust_code, arg_max(trust_name, valid_from) AS trust_name
    FROM trusts GROUP BY trust_code
) AS t ON t.trust_code = q.trust_code
LEFT JOIN (
    SELECT ward_id, arg_max(ward_name, valid_from) AS ward_name FROM wards GROUP BY ward_id
) AS w ON w.ward_id = q.ward_id
WHERE r.status = 'active' AND q.severity = 'query'
    AND (NOT $open_only OR q.answer IS NULL)
ORDER BY q.month DESC, t.trust_name, q.row, q.code
"""


def findings(connection: DuckDBPyConnection, open_only: bool = True) -> pl.DataFrame:
    """Queries about the returns in use, the newest month first."""
    return connection.sql(_FINDINGS, params={"open_only": open_only}).pl()
