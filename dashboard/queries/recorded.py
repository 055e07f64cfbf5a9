"""What has been recorded for the charts of some units?"""

from collections.abc import Sequence

import polars as pl
from duckdb import DuckDBPyConnection

_RECORDED = """
SELECT e.*, r.received_at, r.received_by
FROM events AS e
LEFT JOIN returns AS r ON r.return_id = e.source
WHERE list_contains($units::VARCHAR[], e.unit_id)
ORDER BY e.day DESC, e.label
"""


def recorded(connection: DuckDBPyConnection, units: Sequence[str]) -> pl.DataFrame:
    """Events of these units, newest first, with the return they were sent in if they were.

    The unit of what concerns everybody is `programme`.
    """
    return connection.sql(_RECORDED, params={"units": list(units)}).pl()
