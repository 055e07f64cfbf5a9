"""Which measures are there, and what does each mean?"""

import polars as pl
from duckdb import DuckDBPyConnection


def measures(connection: DuckDBPyConnection) -> pl.DataFrame:
    """Every measure in use, in the order a person reads them."""
    return connection.sql("FROM measures WHERE status <> 'archived' ORDER BY sort").pl()
