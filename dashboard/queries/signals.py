"""What does each series say now?"""

from collections.abc import Sequence

import polars as pl
from duckdb import DuckDBPyConnection

_SIGNALS = """
SELECT s.*, m.name, m.short_name, m.topic, m.type, m.unit, m.multiplier, m.direction, m.target,
    m.core, m.restricted, c.state AS reporting, c.months_valid, c.months_expected
FROM signals AS s
JOIN measures AS m USING (measure)
LEFT JOIN completeness AS c
    ON c.scope = 'reporting' AND s.level = 'ward' AND c.ward_id = s.unit_id
    AND c.measure = s.measure
WHERE s.level = $level
    AND ($units IS NULL OR list_contains($units::VARCHAR[], s.unit_id))
    AND ($measures IS NULL OR list_contains($measures::VARCHAR[], s.measure))
ORDER BY s.unit_id, m.sort
"""


def signals(
    connection: DuckDBPyConnection,
    level: str,
    units: Sequence[str] | None = None,
    measures: Sequence[str] | None = None,
) -> pl.DataFrame:
    """The signal of every series of a level, with its measure and how completely it reports."""
    about = {
        "level": level,
        "units": None if units is None else list(units),
        "measures": None if measures is None else list(measures),
    }
    return connection.sql(_SIGNALS, params=about).pl()
