"""How far have charters, standards and the four foundations come?"""

from collections.abc import Sequence

import polars as pl
from duckdb import DuckDBPyConnection

_ADOPTION = """
SELECT month, stage, count(*) AS wards, count(*) FILTER (WHERE in_place) AS in_place
FROM charters
GROUP BY month, stage
ORDER BY month, stage
"""


def adoption(connection: DuckDBPyConnection) -> pl.DataFrame:
    """How many wards were at each stage in each month, and how many had a charter in place."""
    return connection.sql(_ADOPTION).pl()


_CHARTERS_NOW = """
SELECT c.*, w.ward_name, w.trust_code AS today_trust
FROM charters AS c
LEFT JOIN latest_wards AS w USING (ward_id)
WHERE CASE WHEN $wards IS NULL THEN c.ward_id IN (FROM open_wards)
    ELSE list_contains($wards::VARCHAR[], c.ward_id) END
QUALIFY row_number() OVER (PARTITION BY c.ward_id ORDER BY c.month DESC) = 1
ORDER BY w.trust_code, w.ward_name, c.ward_id
"""


def charters_now(
    connection: DuckDBPyConnection, wards: Sequence[str] | None = None
) -> pl.DataFrame:
    """The latest charter row of each ward named, or of each ward that is open."""
    about = {"wards": None if wards is None else list(wards)}
    return connection.sql(_CHARTERS_NOW, params=about).pl()


_BEFORE_AND_AFTER = """
WITH began AS (
    SELECT ward_id, min(month) AS began FROM charters WHERE in_place GROUP BY ward_id
),
halves AS (
    SELECT o.unit_id AS ward_id, b.began, o.month >= b.began AS since,
        sum(o.numerator) AS numerator, sum(o.denominator) AS denominator, count(*) AS months
    FROM observations AS o
    JOIN began AS b ON b.ward_id = o.unit_id
    WHERE o.level = 'ward' AND o.measure = $measure AND o.value IS NOT NULL
    GROUP BY ALL
)
SELECT h.ward_id, w.ward_name, w.trust_code, w.trust_name, h.began,
    max(numerator) FILTER (WHERE NOT since) AS numerator_before,
    max(denominator) FILTER (WHERE NOT since) AS denominator_before,
    max(months) FILTER (WHERE NOT since) AS months_before,
    max(numerator) FILTER (WHERE since) AS numerator_since,
    max(denominator) FILTER (WHERE since) AS denominator_since,
    max(months) FILTER (WHERE since) AS months_since
FROM halves AS h
LEFT JOIN latest_wards AS w USING (ward_id)
GROUP BY ALL
ORDER BY w.trust_name, w.ward_name, h.ward_id
"""


def before_and_after_charter(connection: DuckDBPyConnection, measure: str) -> pl.DataFrame:
    """Counts for each ward with a charter in place: all months before it, and all months since."""
    return connection.sql(_BEFORE_AND_AFTER, params={"measure": measure}).pl()


_FOUNDATIONS_NOW = """
SELECT f.*, t.trust_name
FROM foundations AS f
LEFT JOIN latest_trusts AS t ON t.trust_code = f.trust_code
WHERE f.level = $level
QUALIFY row_number() OVER (PARTITION BY f.unit_id, f.foundation ORDER BY f.month DESC) = 1
ORDER BY t.trust_name, f.unit_id, f.foundation
"""


def foundations_now(connection: DuckDBPyConnection, level: str) -> pl.DataFrame:
    """The latest figure of each foundation for each unit of a level."""
    return connection.sql(_FOUNDATIONS_NOW, params={"level": level}).pl()


_RATINGS = """
SELECT s.* EXCLUDE (short_text), coalesce(x.short_text, s.short_text) AS short_text, x.sort
FROM standards AS s
LEFT JOIN standards_text AS x USING (set_id, statement_id)
WHERE CASE WHEN $wards IS NULL THEN s.ward_id IS NULL OR s.ward_id IN (FROM open_wards)
    ELSE list_contains($wards::VARCHAR[], s.ward_id) END
QUALIFY row_number() OVER (
    PARTITION BY s.set_id, s.statement_id, s.level, s.trust_code, s.org_code, s.ward_id
    ORDER BY s.month DESC
) = 1
ORDER BY s.set_id, x.sort, s.statement_id, s.org_code
"""


def ratings(connection: DuckDBPyConnection, wards: Sequence[str] | None = None) -> pl.DataFrame:
    """The latest rating of each statement by each ward named, or by everything that is open."""
    about = {"wards": None if wards is None else list(wards)}
    return connection.sql(_RATINGS, params=about).pl()
