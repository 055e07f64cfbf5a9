"""Who is in the access register, as far as this scope may know?"""

import polars as pl
from duckdb import DuckDBPyConnection


def people(connection: DuckDBPyConnection) -> pl.DataFrame:
    """Every entry of the register of people; for a trust, only the one who asks."""
    return connection.sql("FROM people ORDER BY email, role, valid_from").pl()
