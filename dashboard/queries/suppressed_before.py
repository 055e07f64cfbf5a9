"""Which figures are hidden from sharing because an earlier version of a return hid them?"""

import polars as pl
from duckdb import DuckDBPyConnection

_BEFORE = "FROM suppressed ORDER BY level, unit_id, measure, month, months"


def suppressed_before(connection: DuckDBPyConnection) -> pl.DataFrame:
    """The keys that `schemas.disclosure.mask` takes as `previously`."""
    return connection.sql(_BEFORE).pl()
