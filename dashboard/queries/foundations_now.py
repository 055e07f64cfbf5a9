"""How far along are the four foundations for good practice?"""

import polars as pl
from duckdb import DuckDBPyConnection

_NOW = """
SELECT f.*, t.trust_name
FROM foundations AS f
LEFT JOIN (
    SELECT trust_code, arg_max(trust_name, valid_from) AS trust_name
    FROM trusts GROUP BY trust_code
) AS t ON t.trust_code = f.trust_code
WHERE f.level = $level
QUALIFY row_number() OVER (PARTITION BY f.unit_id, f.foundation ORDER BY f.month DESC) = 1
ORDER BY t.trust_name, f.unit_id, f.foundation
"""


def foundations_now(connection: DuckDBPyConnection, level: str) -> pl.DataFrame:
    """The latest figure of each foundation for each unit of a level."""
    return connection.sql(_NOW, params={"level": level}).pl()
