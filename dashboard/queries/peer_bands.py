"""How do the wards of a peer group spread, without naming any?"""

import polars as pl
from duckdb import DuckDBPyConnection

_BANDS = """
FROM peer_bands WHERE measure = $measure AND peer_group = $peer_group ORDER BY month
"""


def peer_bands(connection: DuckDBPyConnection, measure: str, peer_group: str) -> pl.DataFrame:
    """Deciles of a peer group by month; suppressed months hold no numbers and say why."""
    about = {"measure": measure, "peer_group": peer_group}
    return connection.sql(_BANDS, params=about).pl()
