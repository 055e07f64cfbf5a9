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


_RATINGS_SENT = """
SELECT s.*, w.ward_name, t.trust_name,
    coalesce((SELECT any_value(x.set_title) FROM standards_text AS x WHERE x.set_id = s.set_id),
        s.set_id) AS set_title
FROM standards AS s
LEFT JOIN latest_wards AS w USING (ward_id)
LEFT JOIN latest_trusts AS t ON t.trust_code = s.trust_code
ORDER BY s.trust_code, s.ward_id NULLS FIRST, s.org_code, s.month, s.set_id, s.statement_id
"""


def ratings_sent(connection: DuckDBPyConnection) -> pl.DataFrame:
    """Every rating against the standards, by what was rated and month, as it was sent."""
    return connection.sql(_RATINGS_SENT).pl()


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
WITH texts AS (
    SELECT set_id, statement_id, arg_max(set_title, coalesce(valid_from, DATE '1900-01-01'))
        AS set_title, arg_max(short_text, coalesce(valid_from, DATE '1900-01-01')) AS short_text,
        min(sort) AS sort
    FROM standards_text GROUP BY ALL
),
every AS (
    FROM standards AS s
    WHERE CASE WHEN $trust IS NOT NULL THEN s.ward_id IS NULL AND s.trust_code = $trust
        WHEN $wards IS NULL THEN s.ward_id IS NULL OR s.ward_id IN (FROM open_wards)
        ELSE list_contains($wards::VARCHAR[], s.ward_id) END
),
now AS (
    FROM every
    QUALIFY row_number() OVER (
        PARTITION BY set_id, statement_id, level, trust_code, org_code, ward_id
        ORDER BY month DESC
    ) = 1
),
before AS (
    SELECT n.set_id, n.statement_id, n.level, n.trust_code, n.org_code, n.ward_id,
        arg_max(e.rating, e.month) AS rating, max(e.month) AS month
    FROM now AS n
    JOIN every AS e ON e.set_id = n.set_id AND e.statement_id = n.statement_id
        AND e.level = n.level AND e.trust_code = n.trust_code AND e.org_code = n.org_code
        AND e.ward_id IS NOT DISTINCT FROM n.ward_id AND e.month < n.month
    WHERE n.assessed_on IS NULL OR e.assessed_on IS DISTINCT FROM n.assessed_on
    GROUP BY ALL
)
SELECT n.* EXCLUDE (short_text), coalesce(n.short_text, x.short_text) AS short_text, x.sort,
    coalesce(x.set_title, n.set_id) AS set_title, b.rating AS before, b.month AS before_month
FROM now AS n
LEFT JOIN before AS b ON b.set_id = n.set_id AND b.statement_id = n.statement_id
    AND b.level = n.level AND b.trust_code = n.trust_code AND b.org_code = n.org_code
    AND b.ward_id IS NOT DISTINCT FROM n.ward_id
LEFT JOIN texts AS x ON x.set_id = n.set_id AND x.statement_id = n.statement_id
ORDER BY list_position(['ward', 'site', 'trust'], n.level), n.set_id, x.sort, n.statement_id,
    n.org_code
"""


def ratings(
    connection: DuckDBPyConnection,
    wards: Sequence[str] | None = None,
    trust: str | None = None,
) -> pl.DataFrame:
    """The latest rating of each statement by each ward named, or by everything that is open.

    With a trust, those of the trust as a whole and of its sites. `before` is the rating of the time
    before: the latest month sent with another day of assessment. A workbook is filled in with the
    last ratings, so the same assessment is sent again month after month.
    """
    about = {"wards": None if wards is None else list(wards), "trust": trust}
    return connection.sql(_RATINGS, params=about).pl()
