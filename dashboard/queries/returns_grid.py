"""Which trusts have sent which month?"""

from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

_GRID = """
WITH named AS (
    SELECT trust_code, arg_max(trust_name, valid_from) AS trust_name,
        arg_max(region, valid_from) AS region
    FROM trusts GROUP BY trust_code
), said AS (
    SELECT return_id, bool_and(text = 'nil_incidents') AS nil,
        bool_and(text = 'ward_closed') AS shut
    FROM answers WHERE field = 'return_status' GROUP BY return_id
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
LEFT JOIN named AS n USING (trust_code)
LEFT JOIN returns AS r USING (return_id)
LEFT JOIN said AS s USING (return_id)
WHERE c.scope = 'return' AND last_day(c.month) < $today
    AND ($trust IS NULL OR c.trust_code = $trust)
ORDER BY n.trust_name, c.trust_code, c.month
"""


def returns_grid(
    connection: DuckDBPyConnection, today: date, trust: str | None = None
) -> pl.DataFrame:
    """One row for each trust and month that has ended, with what has become of its return.

    `nil` and `shut`: every ward of it reported no incident, or was closed. `too_late`: it is
    missing and is no longer taken; `open_again`: it is taken by an exception. A release speaks of
    the day of the archive's last entry; by `today` more is due.
    """
    return connection.sql(_GRID, params={"trust": trust, "today": today}).pl()
