"""How does a ward compare with its peer group?"""

import polars as pl
from duckdb import DuckDBPyConnection

_COMPARISONS = """
FROM comparisons
WHERE level = $level AND ($measure IS NULL OR measure = $measure)
    AND ($peer_group IS NULL OR peer_group = $peer_group)
    AND ($units IS NULL OR list_contains($units, unit_id))
ORDER BY peer_group, unit_id
"""


def comparisons(
    connection: DuckDBPyConnection,
    measure: str | None = None,
    peer_group: str | None = None,
    units: tuple[str, ...] | None = None,
    level: str = "ward",
) -> pl.DataFrame:
    """Wards, or trusts, over a window of months, with limits of their group at their own size.

    Of one measure, of one peer group, of some wards; of all where none is given.
    """
    about = {
        "level": level,
        "measure": measure,
        "peer_group": peer_group,
        "units": units and list(units),
    }
    return connection.sql(_COMPARISONS, params=about).pl()


_PEER_BANDS = """
FROM peer_bands WHERE measure = $measure AND peer_group = $peer_group ORDER BY month
"""


def peer_bands(connection: DuckDBPyConnection, measure: str, peer_group: str) -> pl.DataFrame:
    """Deciles of a peer group by month; suppressed months have no numbers and give the reason."""
    about = {"measure": measure, "peer_group": peer_group}
    return connection.sql(_PEER_BANDS, params=about).pl()
