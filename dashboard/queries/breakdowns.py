"""Who feels safe by group, in the quarters of the programme or the years of a trust?"""

import polars as pl
from duckdb import DuckDBPyConnection

# Trusts see the rows of their own; the programme team looks at its quarters alone.
_BY_CATEGORY = """
SELECT b.*, t.trust_name
FROM breakdowns AS b
LEFT JOIN latest_trusts AS t ON t.trust_code = b.trust_code
WHERE b.level = $level
ORDER BY t.trust_name, b.unit_id, b.first_month DESC, b.breakdown, b.sort
"""


def by_category(connection: DuckDBPyConnection, level: str) -> pl.DataFrame:
    """Each category of each window, newest first; `answered` and `safe` are empty if hidden."""
    return connection.sql(_BY_CATEGORY, params={"level": level}).pl()
