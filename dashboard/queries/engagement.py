"""Which trusts that could take part have been invited, joined, sent returns, and come so far?"""

from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

# The newest month that every trust has had its time to send; a paused one asks nothing of anybody.
_DUE = "scope = 'return' AND state <> 'paused' AND due < $today"
_OVER_TIME = f"""
WITH months AS (SELECT DISTINCT month FROM completeness WHERE {_DUE}),
sent AS (SELECT DISTINCT trust_code, month FROM returns
    WHERE status = 'active' AND timeliness IS DISTINCT FROM 'baseline'),
placed AS (
    SELECT m.month, e.first_charter <= m.month AS charter,
        e.first_forum <= last_day(m.month) AS forum,
        CASE WHEN s.month IS NOT NULL THEN 'sending'
            WHEN e.left_on < m.month THEN 'left'
            WHEN e.joined <= m.month THEN 'joined'
            WHEN e.invited <= last_day(m.month) THEN 'invited'
            ELSE 'not_invited' END AS stage
    FROM engagement AS e
    CROSS JOIN months AS m
    LEFT JOIN sent AS s ON s.trust_code = e.trust_code AND s.month = m.month
    WHERE e.could_from <= last_day(m.month) AND coalesce(e.could_to >= m.month, true)
)
SELECT month, stage, count(*) AS trusts,
    count(*) FILTER (WHERE charter) AS with_charter, count(*) FILTER (WHERE forum) AS attended
FROM placed
GROUP BY month, stage
ORDER BY month, stage
"""  # noqa: S608 - nothing in it comes from a person


def over_time(connection: DuckDBPyConnection, today: date) -> pl.DataFrame:
    """How many trusts stood where in each month whose returns are past their due date.

    `with_charter` and `attended` count those of a stage that had ever had one on a ward, or ever
    come to a forum, by the end of the month.
    """
    return connection.sql(_OVER_TIME, params={"today": today}).pl()


_NOW = f"""
WITH newest AS (SELECT max(month) AS month FROM completeness WHERE {_DUE})
SELECT e.*, n.month AS newest,
    CASE WHEN e.left_on < $today THEN 'left'
        WHEN EXISTS (
            FROM returns AS r
            WHERE r.trust_code = e.trust_code AND r.month = n.month AND r.status = 'active'
                AND r.timeliness IS DISTINCT FROM 'baseline'
        ) THEN 'sending'
        WHEN e.joined IS NOT NULL THEN 'joined'
        WHEN e.invited <= $today THEN 'invited'
        ELSE 'not_invited' END AS stage
FROM engagement AS e
CROSS JOIN newest AS n
WHERE e.could_from <= $today AND coalesce(e.could_to >= $today, true)
ORDER BY e.trust_name, e.trust_code
"""  # noqa: S608 - nothing in it comes from a person


def trusts_now(connection: DuckDBPyConnection, today: date) -> pl.DataFrame:
    """Each trust that could take part today, and where it stands.

    `newest` is the newest month whose returns are past their due date, empty before there is one.
    """
    return connection.sql(_NOW, params={"today": today}).pl()
