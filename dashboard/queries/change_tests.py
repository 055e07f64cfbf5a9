"""Which ideas were tried where, and what did the charts show afterwards?"""

import polars as pl
from duckdb import DuckDBPyConnection

_TESTS = """
SELECT t.*, w.ward_name, r.trust_name, m.short_name
FROM change_tests AS t
LEFT JOIN (
    SELECT ward_id, arg_max(ward_name, valid_from) AS ward_name FROM wards GROUP BY ward_id
) AS w USING (ward_id)
LEFT JOIN latest_trusts AS r ON r.trust_code = t.trust_code
LEFT JOIN measures AS m ON m.measure = t.measure
ORDER BY t.starts DESC, w.ward_name, t.test_id
"""


def change_tests(connection: DuckDBPyConnection) -> pl.DataFrame:
    """Every test of change with the names of its ward, trust and measure, the newest first."""
    return connection.sql(_TESTS).pl()


# The month of the start is neither before nor after. Figures of a year overlap, so they can't tell.
_AFTERWARDS = """
WITH watched AS (
    SELECT t.test_id, t.ward_id, date_trunc('month', t.starts)::DATE AS began, m.measure,
        m.short_name, m.sort
    FROM change_tests AS t
    JOIN measures AS m
        ON m.measure = t.measure OR (t.measure IS NULL AND m.core AND m.status <> 'archived')
    WHERE NOT m.restricted
),
seen AS (
    SELECT w.test_id, w.measure, w.short_name, w.sort, w.began, p.month, p.kind
    FROM watched AS w
    JOIN points AS p
        ON p.level = 'ward' AND p.unit_id = w.ward_id AND p.measure = w.measure AND p.months <= 3
    WHERE p.value IS NOT NULL AND p.month <= w.began + INTERVAL 12 MONTH
),
compared AS (
    SELECT *, arg_max(kind, month) FILTER (month <= began) OVER (PARTITION BY test_id, measure)
        AS before,
        month > began AND kind <> 'common' AND kind IS DISTINCT FROM before AS is_new,
        month > began AND kind <> 'common' AND kind IS NOT DISTINCT FROM before AS is_as_before
    FROM seen
)
SELECT test_id, measure, short_name, any_value(before) AS before,
    count(*) FILTER (month > began) AS points,
    count(kind) FILTER (month > began) AS judged,
    arg_min(kind, month) FILTER (is_new) AS kind,
    min(month) FILTER (is_new) AS month,
    coalesce(bool_or(is_as_before), false) AS as_before
FROM compared
GROUP BY test_id, measure, short_name, sort
ORDER BY test_id, sort, measure
"""


def afterwards(connection: DuckDBPyConnection) -> pl.DataFrame:
    """The first new signal in the year after each test of change, for each measure it watches.

    These are the measure it names or, if it names none, every core measure. `before` is the kind of
    the last point up to the month of the start; a signal of that kind is not new, and `as_before`
    says that there was one. `points` are the figures after the start, of which `judged` are on a
    chart that has signals.
    """
    return connection.sql(_AFTERWARDS).pl()
