"""What do several months add up to?"""

from collections.abc import Sequence
from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

_YEAR = """
SELECT level, unit_id, trust_code, measure,
    count(*) FILTER (WHERE value IS NOT NULL) AS months,
    count(*) FILTER (WHERE state NOT IN ('paused', 'closed')) AS months_expected,
    sum(numerator) AS numerator, sum(denominator) AS denominator
FROM observations
WHERE level = $level AND list_contains($measures::VARCHAR[], measure)
    AND month > $last::DATE - INTERVAL 12 MONTH AND month <= $last
    AND date_diff('month', month, $last::DATE) % $every = 0
GROUP BY ALL
ORDER BY unit_id, measure
"""


def twelve_months(
    connection: DuckDBPyConnection,
    level: str,
    measures: Sequence[str],
    last: date,
    every: int = 1,
) -> pl.DataFrame:
    """Sums of counts over the twelve months to `last` (the first day of the last month).

    For measures whose figure covers several months, `every` is that number of months, so that no
    month is counted twice.
    """
    about = {"level": level, "measures": list(measures), "last": last, "every": every}
    return connection.sql(_YEAR, params=about).pl()


# A year with fewer than half its months says more about the gaps than about the ward.
_FEWEST_MONTHS = 6
_YEARS = """
WITH months AS (
    SELECT month, numerator, denominator, numerator IS NOT NULL AND denominator IS NOT NULL
        AND state IN ('value', 'nil') AS valid
    FROM observations WHERE level = 'ward' AND unit_id = $ward AND measure = $measure
), years AS (
    SELECT month, count(*) FILTER (WHERE valid) OVER year AS months,
        sum(numerator) FILTER (WHERE valid) OVER year AS numerator,
        sum(denominator) FILTER (WHERE valid) OVER year AS denominator
    FROM months
    WINDOW year AS (ORDER BY month RANGE BETWEEN INTERVAL 11 MONTH PRECEDING AND CURRENT ROW)
)
SELECT month, months, numerator, denominator,
    CASE WHEN months >= $fewest AND denominator > 0 AND denominator >= $least
        THEN numerator / denominator END AS value
FROM years ORDER BY month
"""


def rolling_years(
    connection: DuckDBPyConnection, ward: str, measure: str, least: int
) -> pl.DataFrame:
    """A row for each month: sums over the year up to it, the same years as the peer bands.

    `value` is unscaled, and empty if fewer than 6 of the months have a figure or if it would rest
    on fewer than `least` people.
    """
    about = {"ward": ward, "measure": measure, "fewest": _FEWEST_MONTHS, "least": least}
    return connection.sql(_YEARS, params=about).pl()


_PERIODS = """
WITH placed AS (
    SELECT *, value IS NOT NULL AS sent,
        state NOT IN ('paused', 'closed', 'not_applicable') AS expected,
        month BETWEEN $before_first AND $before_last AS is_before,
        month BETWEEN $after_first AND $after_last AS is_after
    FROM observations
    WHERE level = $level AND measure = $measure AND wards_expected > 0
), added AS (
    SELECT unit_id,
        count(*) FILTER (is_before AND sent) AS months_before,
        count(*) FILTER (is_before AND expected) AS expected_before,
        sum(numerator) FILTER (is_before AND sent) AS numerator_before,
        sum(denominator) FILTER (is_before AND sent) AS denominator_before,
        count(*) FILTER (is_after AND sent) AS months_after,
        count(*) FILTER (is_after AND expected) AS expected_after,
        sum(numerator) FILTER (is_after AND sent) AS numerator_after,
        sum(denominator) FILTER (is_after AND sent) AS denominator_after
    FROM placed GROUP BY unit_id
)
SELECT *,
    CASE WHEN months_before * 2 >= expected_before AND denominator_before > 0
        AND denominator_before >= $least THEN numerator_before / denominator_before
    END AS value_before,
    CASE WHEN months_after * 2 >= expected_after AND denominator_after > 0
        AND denominator_after >= $least THEN numerator_after / denominator_after
    END AS value_after
FROM added ORDER BY unit_id
"""
Period = tuple[date, date]  # the first days of its first and last months


def two_periods(
    connection: DuckDBPyConnection,
    level: str,
    measure: str,
    before: Period,
    after: Period,
    least: int,
) -> pl.DataFrame:
    """Sums over two periods for each unit of a level; months outside the programme don't count.

    A value is unscaled. It is empty where under half of a period's months have a figure, or where
    it would rest on fewer than `least` people.
    """
    about = {"level": level, "measure": measure, "least": least}
    for name, (first, last) in (("before", before), ("after", after)):
        about |= {f"{name}_first": first, f"{name}_last": last}
    return connection.sql(_PERIODS, params=about).pl()


_HALVES = """
WITH seen AS (
    SELECT unit_id, numerator, denominator,
        row_number() OVER (PARTITION BY unit_id ORDER BY month) AS nth,
        row_number() OVER (PARTITION BY unit_id ORDER BY month DESC) AS nth_back,
        count(*) OVER (PARTITION BY unit_id) AS sent
    FROM observations
    WHERE level = 'ward' AND measure = $measure AND value IS NOT NULL
)
SELECT s.unit_id, s.variation,
    sum(seen.numerator) FILTER (WHERE nth <= 6 AND sent >= 12) AS numerator_before,
    sum(seen.denominator) FILTER (WHERE nth <= 6 AND sent >= 12) AS denominator_before,
    sum(seen.numerator) FILTER (WHERE nth_back <= 6 AND sent >= 12) AS numerator_after,
    sum(seen.denominator) FILTER (WHERE nth_back <= 6 AND sent >= 12) AS denominator_after
FROM signals AS s
LEFT JOIN seen USING (unit_id)
WHERE s.level = 'ward' AND s.measure = $measure AND s.unit_id IN (FROM open_wards)
GROUP BY s.unit_id, s.variation
ORDER BY s.unit_id
"""


def first_and_last(connection: DuckDBPyConnection, measure: str) -> pl.DataFrame:
    """Sums over the first and last six months with a value; empty with fewer than twelve months."""
    return connection.sql(_HALVES, params={"measure": measure}).pl()
