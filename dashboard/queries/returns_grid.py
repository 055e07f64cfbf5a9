"""Which trusts have sent which month?"""

import polars as pl
from duckdb import DuckDBPyConnection

_GRID = """
WITH named AS (
    SELECT trust_code, arg_max(trust_name, valid_from) AS trust_name,
        arg_max(region, valid_from) AS region
    FROM trusts GROUP BY trust_code
)
SELECT c.trust_code, n.trust_name, n.region, c.month, c.due, c.state, c.return_id,
    r.version, r.received_at, r.queries_open
FROM completeness AS c
LEFT JOIN named AS n USING (trust_code)
LEFT JOIN returns AS r USING (return_id)
WHERE c.scope = 'return' AND ($trust IS NULL OR c.trust_code = $trust)
ORDER BY n.trust_name, c.trust_code, c.month
"""


def returns_grid(connection: DuckDBPyConnection, trust: str | None = None) -> pl.DataFrame:
    """One row for each trust and month with what has become of its return."""
    return connection.sql(_GRID, params={"trust": trust}).pl()
