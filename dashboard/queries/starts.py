"""What was started where, and since when? With the figures from before and after each start."""

import polars as pl
from duckdb import DuckDBPyConnection

CHARTER = "charter"  # every other start is the kind of an event

# Of each ward: the first month with it, and the last one known to be without it.
CHARTERS = """
    began AS (SELECT ward_id, min(month) AS adopted FROM charters WHERE in_place GROUP BY ward_id),
    started AS (
        SELECT ward_id, any_value(adopted) AS adopted,
            max(month) FILTER (WHERE adopted IS NULL OR month < adopted) AS last_without
        FROM charters LEFT JOIN began USING (ward_id)
        GROUP BY ward_id
    )
"""
_EVENTS = """
    started AS (
        SELECT w.ward_id, min(e.month) AS adopted, DATE '9999-12-01' AS last_without
        FROM (SELECT DISTINCT unit_id AS ward_id, trust_code FROM observations
            WHERE level = 'ward') AS w
        LEFT JOIN events AS e ON e.kind = $start
            AND ((e.level = 'ward' AND e.unit_id = w.ward_id)
                OR (e.level = 'trust' AND e.unit_id = w.trust_code))
        GROUP BY w.ward_id
    )
"""
_FIGURES = """
SELECT o.unit_id AS unit, o.trust_code AS cluster, o.month AS period,
    o.numerator, o.denominator, s.adopted
FROM observations AS o
JOIN started AS s ON s.ward_id = o.unit_id
WHERE o.level = 'ward' AND o.measure = $measure AND o.numerator IS NOT NULL AND o.denominator > 0
    AND (o.month >= s.adopted OR o.month <= s.last_without)
ORDER BY unit, period
"""


def figures_around(connection: DuckDBPyConnection, start: str, measure: str) -> pl.DataFrame:
    """The figures of every ward by month, and the first month with what was started.

    `start` is `CHARTER` (the first month its charter is in place) or the kind of an event (the
    month of the first that names the ward or its whole trust). Months that may be before or after
    a start are left out: those without a row about the charter, from the last one without it. The
    columns are those that `feeling-safe effect` reads.
    """
    about = {"measure": measure} | ({} if start == CHARTER else {"start": start})
    query = f"WITH {CHARTERS if start == CHARTER else _EVENTS} {_FIGURES}"
    return connection.sql(query, params=about).pl()


_KINDS = """
SELECT kind, count(DISTINCT unit_id) AS units
FROM events WHERE level IN ('ward', 'trust')
GROUP BY kind ORDER BY kind
"""


def kinds_started(connection: DuckDBPyConnection) -> pl.DataFrame:
    """The kinds of events of wards and trusts, with how many of them had one."""
    return connection.sql(_KINDS).pl()
