"""How do organisations rate themselves against the standards?"""

from collections.abc import Sequence

import polars as pl
from duckdb import DuckDBPyConnection

_RATINGS = """
SELECT s.* EXCLUDE (short_text), coalesce(x.short_text, s.short_text) AS short_text, x.sort
FROM standards AS s
LEFT JOIN standards_text AS x USING (set_id, statement_id)
WHERE ($wards IS NULL OR list_contains($wards::VARCHAR[], s.ward_id))
QUALIFY row_number() OVER (
    PARTITION BY s.set_id, s.statement_id, s.level, s.trust_code, s.org_code, s.ward_id
    ORDER BY s.month DESC
) = 1
ORDER BY s.set_id, x.sort, s.statement_id, s.org_code
"""


def ratings(connection: DuckDBPyConnection, wards: Sequence[str] | None = None) -> pl.DataFrame:
    """The latest rating of each statement by each organisation."""
    about = {"wards": None if wards is None else list(wards)}
    return connection.sql(_RATINGS, params=about).pl()
