"""What a release file holds, read at once: a connection for each table takes five times as long."""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl


def tables_of(release: Path, names: Iterable[str] | None = None) -> dict[str, pl.DataFrame]:
    """The tables of a release file as they are in it: those named, or every one."""
    with duckdb.connect() as connection:
        connection.execute("ATTACH ? AS release_file (READ_ONLY)", [str(release)])
        connection.execute("USE release_file")
        every = [name for (name,) in connection.execute("SHOW TABLES").fetchall()]
        wanted = every if names is None else names
        return {name: connection.sql(f"FROM {name}").pl() for name in wanted}
