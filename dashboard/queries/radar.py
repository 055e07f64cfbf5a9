"""What has each ward tried, and since when? And where did its chart change for the better?"""

import polars as pl
from duckdb import DuckDBPyConnection

from dashboard.queries.starts import CHARTERS

# The kinds of events that stand for an idea by themselves; tests of change each have their own.
KINDS = ("training", "staffing", "building")

_TRIED = """
, ideas AS (
    SELECT 'charter' AS kind, NULL AS name, ward_id AS unit, adopted AS month
    FROM started WHERE adopted IS NOT NULL
    UNION ALL
    SELECT e.kind, NULL, w.ward_id, e.month
    FROM events AS e
    JOIN (SELECT DISTINCT unit_id AS ward_id, trust_code FROM observations
        WHERE level = 'ward') AS w
        ON (e.level = 'ward' AND e.unit_id = w.ward_id)
        OR (e.level = 'trust' AND e.unit_id = w.trust_code)
    WHERE list_contains($kinds, e.kind)
    UNION ALL
    SELECT 'forum', NULL, a.ward_id, date_trunc('month', f.day)::DATE
    FROM forum_attendance AS a JOIN forums AS f USING (forum)
    WHERE a.ward_id IS NOT NULL AND a.people > 0
    UNION ALL
    SELECT 'test_of_change', label, unit_id, month
    FROM events WHERE kind = 'test_of_change' AND level = 'ward' AND source <> 'change_tests'
    UNION ALL
    SELECT 'test_of_change', idea, ward_id, date_trunc('month', starts)::DATE FROM change_tests
),
named AS (
    SELECT *, lower(trim(regexp_replace(name, '\\s+', ' ', 'g'))) AS same FROM ideas
)
SELECT kind, coalesce(name, '') AS name, unit, min(month) AS month
FROM (SELECT kind, min(name) OVER (PARTITION BY kind, same) AS name, unit, month FROM named)
GROUP BY kind, name, unit
ORDER BY kind, name, unit
"""


def tried(connection: DuckDBPyConnection) -> pl.DataFrame:
    """The first month in which each ward tried each thing.

    `kind` is `charter`, `forum` (somebody of the ward came to one), one of `KINDS`, or
    `test_of_change` with the idea as its `name`, which is empty for the others. The same idea
    may be written with other capitals and spaces.
    """
    return connection.sql(f"WITH {CHARTERS} {_TRIED}", params={"kinds": list(KINDS)}).pl()


# Figures of a year overlap, so they can't tell when a change began.
_POINTS = """
SELECT unit_id AS unit, trust_code AS cluster, month, kind = 'improvement' AS better
FROM points
WHERE level = 'ward' AND measure = $measure AND value IS NOT NULL AND months <= 3
ORDER BY unit, month
"""


def changes_for_the_better(connection: DuckDBPyConnection, measure: str) -> pl.DataFrame:
    """Each ward's figures by month, and whether its chart shows a change for the better there."""
    return connection.sql(_POINTS, params={"measure": measure}).pl()
