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
    return _asked(connection, start, measure, _FIGURES)


# What else there is of the measure, and why it is no figure; a pause is nobody's gap.
_WITHOUT = """
SELECT o.unit_id AS unit, o.trust_code AS cluster, 'month' AS what,
    CASE
        WHEN o.state = 'closed' THEN 'in which a ward was closed'
        WHEN o.state = 'not_applicable' THEN 'in which the measure did not apply to a ward'
        WHEN o.numerator IS NULL THEN 'for which a ward sent no figure'
        WHEN o.denominator IS NULL OR o.denominator = 0 THEN 'with 0 of 0'
        WHEN s.ward_id IS NULL THEN 'of a ward that never sent a row about its charter'
        ELSE 'that may be before or after a start'
    END AS why,
    CAST(NULL AS VARCHAR) AS named
FROM observations AS o
LEFT JOIN started AS s ON s.ward_id = o.unit_id
WHERE o.level = 'ward' AND o.measure = $measure AND o.state <> 'paused'
    AND coalesce(o.numerator IS NULL OR o.denominator IS NULL OR o.denominator <= 0
        OR s.ward_id IS NULL OR NOT (o.month >= s.adopted OR o.month <= s.last_without), TRUE)
ORDER BY unit, o.month
"""


def left_out_around(connection: DuckDBPyConnection, start: str, measure: str) -> pl.DataFrame:
    """The months of each ward that are no figure around a start, and why.

    They are all that the measure has in the release beside `figures_around`, without months in
    which the whole programme paused.
    """
    return _asked(connection, start, measure, _WITHOUT)


def _asked(connection: DuckDBPyConnection, start: str, measure: str, what: str) -> pl.DataFrame:
    about = {"measure": measure} | ({} if start == CHARTER else {"start": start})
    query = f"WITH {CHARTERS if start == CHARTER else _EVENTS} {what}"
    return connection.sql(query, params=about).pl()


_KINDS = """
SELECT kind, count(DISTINCT unit_id) AS units
FROM events WHERE level IN ('ward', 'trust')
GROUP BY kind ORDER BY kind
"""


def kinds_started(connection: DuckDBPyConnection) -> pl.DataFrame:
    """The kinds of events of wards and trusts, with how many of them had one."""
    return connection.sql(_KINDS).pl()
