"""Which returns have arrived, what did the checks query, and how completely do wards report?"""

from collections.abc import Sequence
from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

_GRID = """
WITH statuses AS (
    SELECT return_id, bool_and(text = 'nil_incidents') AS nil,
        bool_and(text = 'ward_closed') AS shut
    FROM cells WHERE field = 'return_status' GROUP BY return_id
)
SELECT c.trust_code, n.trust_name, n.region, c.month, c.due, c.return_id,
    CASE WHEN c.state = 'not_yet_due' AND c.due < $today THEN 'missing' ELSE c.state END AS state,
    r.version, r.received_at, r.queries_open,
    r.data_status = 'provisional' AND c.changes_until >= $today AS provisional,
    c.closes, c.open_until, c.changes_until,
    c.state IN ('missing', 'not_yet_due') AND c.open_until < $today AS too_late,
    c.closes < $today AND c.open_until >= $today AS open_again,
    s.nil, s.shut
FROM completeness AS c
LEFT JOIN latest_trusts AS n USING (trust_code)
LEFT JOIN returns AS r USING (return_id)
LEFT JOIN statuses AS s USING (return_id)
WHERE c.scope = 'return' AND last_day(c.month) < $today
    AND ($trust IS NULL OR c.trust_code = $trust)
ORDER BY n.trust_name, c.trust_code, c.month
"""


def returns_grid(
    connection: DuckDBPyConnection, today: date, trust: str | None = None
) -> pl.DataFrame:
    """One row for each trust and month that has ended, with the state of its return.

    `nil` and `shut`: every ward in it reported no incidents, or was closed. `too_late`: it is
    missing and no longer accepted; `open_again`: it is accepted by exception. A release describes
    the day of the archive's last entry; by `today` more returns may be due.
    """
    return connection.sql(_GRID, params={"trust": trust, "today": today}).pl()


_RECEIPTS = """
SELECT r.*, t.trust_name
FROM returns AS r
LEFT JOIN latest_trusts AS t USING (trust_code)
WHERE ($trust IS NULL OR r.trust_code = $trust) AND ($month IS NULL OR r.month = $month)
ORDER BY r.received_at DESC, r.return_id
"""


def receipts(
    connection: DuckDBPyConnection, trust: str | None = None, month: date | None = None
) -> pl.DataFrame:
    """Every version of every return, the newest first."""
    return connection.sql(_RECEIPTS, params={"trust": trust, "month": month}).pl()


_TOTALS_HIDDEN = """
WITH came AS (
    SELECT trust_code, month, min(received_at) AS came
    FROM returns WHERE timeliness <> 'baseline' GROUP BY trust_code, month
)
SELECT c.month, c.closes, c.state IN ('missing', 'not_yet_due') AS missing, came.came, r.built_at
FROM completeness AS c CROSS JOIN release AS r LEFT JOIN came USING (trust_code, month)
WHERE c.scope = 'return'
    AND c.month IN (SELECT month FROM suppressed WHERE level = 'programme' AND months = 1)
"""


def not_shared_yet(connection: DuckDBPyConnection, today: date) -> pl.DataFrame:
    """The months whose totals of the programme wait for trusts (`pipelines.releasing.held_back`).

    `missing` says for how many. `closed`: the month closed before `today`. Then the next release
    has its totals if somebody had sent `in_time`, and otherwise they go on waiting.
    """
    rows = connection.sql(_TOTALS_HIDDEN).pl()
    came, built = (
        pl.col(name).dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/London").dt.date()
        for name in ("came", "built_at")
    )
    in_time = (came <= pl.col("closes")).any()
    return (
        rows.group_by("month", "closes")
        .agg(pl.col("missing").sum(), in_time=in_time, built=built.first())
        .filter(pl.col("missing") > 0, ~pl.col("in_time") | (pl.col("closes") >= pl.col("built")))
        .select("month", "missing", "closes", "in_time", closed=pl.col("closes") < today)
        .sort("month")
    )


_FINDINGS = """
SELECT q.*, t.trust_name, w.ward_name
FROM queries AS q
JOIN returns AS r USING (return_id)
LEFT JOIN latest_trusts AS t ON t.trust_code = q.trust_code
LEFT JOIN latest_wards AS w ON w.ward_id = q.ward_id
WHERE r.status = 'active' AND q.severity = 'query'
    AND (NOT $open_only OR q.answer IS NULL)
ORDER BY q.month DESC, t.trust_name, q.row, q.code
"""


def findings(connection: DuckDBPyConnection, open_only: bool = True) -> pl.DataFrame:
    """Queries about the returns in use, the newest month first."""
    return connection.sql(_FINDINGS, params={"open_only": open_only}).pl()


_REPORTING = """
WITH reported AS (
    SELECT unit_id AS ward_id, measure, sum(numerator) AS reported
    FROM observations
    WHERE level = 'ward' AND value IS NOT NULL
        AND month > (SELECT max(month) FROM observations) - INTERVAL 12 MONTH
    GROUP BY unit_id, measure
)
SELECT c.ward_id, c.trust_code, c.measure, c.state, c.months_valid, c.months_expected,
    w.ward_name, w.trust_name, r.reported
FROM completeness AS c
LEFT JOIN latest_wards AS w USING (ward_id)
LEFT JOIN reported AS r USING (ward_id, measure)
WHERE c.scope = 'reporting' AND list_contains($measures::VARCHAR[], c.measure)
ORDER BY w.trust_name, w.ward_name, c.ward_id, c.measure
"""


def reporting(connection: DuckDBPyConnection, measures: Sequence[str]) -> pl.DataFrame:
    """The reporting class of each ward for some measures.

    `reported` is what it counted over the twelve months to the newest, empty if it sent nothing.
    """
    return connection.sql(_REPORTING, params={"measures": list(measures)}).pl()
