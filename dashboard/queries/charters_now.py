"""Where is each ward's charter now, what does it hold, and who wrote it?"""

from collections.abc import Sequence

import polars as pl
from duckdb import DuckDBPyConnection

_NOW = """
SELECT c.*, w.ward_name, w.trust_code AS today_trust
FROM charters AS c
LEFT JOIN (
    SELECT ward_id, arg_max(ward_name, valid_from) AS ward_name,
        arg_max(current_trust_code, valid_from) AS trust_code
    FROM wards GROUP BY ward_id
) AS w USING (ward_id)
WHERE ($wards IS NULL OR list_contains($wards::VARCHAR[], c.ward_id))
QUALIFY row_number() OVER (PARTITION BY c.ward_id ORDER BY c.month DESC) = 1
ORDER BY w.trust_code, w.ward_name, c.ward_id
"""


def charters_now(
    connection: DuckDBPyConnection, wards: Sequence[str] | None = None
) -> pl.DataFrame:
    """The latest charter row of each ward."""
    about = {"wards": None if wards is None else list(wards)}
    return connection.sql(_NOW, params=about).pl()
