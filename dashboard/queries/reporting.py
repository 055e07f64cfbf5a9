"""How completely does each ward report each measure?"""

from collections.abc import Sequence

import polars as pl
from duckdb import DuckDBPyConnection

_REPORTING = """
SELECT c.ward_id, c.trust_code, c.measure, c.state, c.months_valid, c.months_expected,
    w.ward_name, w.trust_name
FROM completeness AS c
LEFT JOIN (
    SELECT w.ward_id, arg_max(w.ward_name, w.valid_from) AS ward_name,
        any_value(t.trust_name) AS trust_name
    FROM wards AS w LEFT JOIN trusts AS t ON t.trust_code = w.current_trust_code
    GROUP BY w.ward_id
) AS w USING (ward_id)
WHERE c.scope = 'reporting' AND list_contains($measures::VARCHAR[], c.measure)
ORDER BY w.trust_name, w.ward_name, c.ward_id, c.measure
"""


def reporting(connection: DuckDBPyConnection, measures: Sequence[str]) -> pl.DataFrame:
    """The reporting class of each ward for some measures."""
    return connection.sql(_REPORTING, params={"measures": list(measures)}).pl()
