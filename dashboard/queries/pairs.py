"""Who was affected by reported incidents, and who is alleged to be responsible?"""

from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

_PAIRS = """
FROM incident_pairs
SELECT affected, alleged, sum(incidents)::BIGINT AS incidents
WHERE month > $last::DATE - INTERVAL 12 MONTH AND month <= $last
    AND ($trust IS NULL OR trust_code = $trust)
GROUP BY ALL
ORDER BY ALL
"""


def who_by_whom(
    connection: DuckDBPyConnection, last: date, trust: str | None = None
) -> pl.DataFrame:
    """Who was affected, by whom, in the twelve months to `last` together; empty if never sent."""
    return connection.sql(_PAIRS, params={"last": last, "trust": trust}).pl()


_COVERED_BY_PAIRS = """
WITH sent AS (
    FROM incident_pairs SELECT DISTINCT ward_id, month
    WHERE month > $last::DATE - INTERVAL 12 MONTH AND month <= $last
        AND ($trust IS NULL OR trust_code = $trust)
), counted AS (
    FROM observations SELECT unit_id AS ward_id, month, numerator
    WHERE level = 'ward' AND measure = $incidents AND wards_expected > 0
        AND month > $last::DATE - INTERVAL 12 MONTH AND month <= $last
        AND ($trust IS NULL OR trust_code = $trust)
)
SELECT (SELECT count(DISTINCT ward_id) FROM sent) AS wards,
    (SELECT coalesce(sum(numerator), 0)::BIGINT FROM counted) AS reported,
    (SELECT coalesce(sum(numerator), 0)::BIGINT FROM counted SEMI JOIN sent USING (ward_id, month))
        AS known
"""


def covered_by_pairs(
    connection: DuckDBPyConnection, last: date, trust: str | None = None, incidents: str = "SS-I1"
) -> pl.DataFrame:
    """One row: the wards that sent that table, all incidents reported, and those of its months."""
    about = {"last": last, "trust": trust, "incidents": incidents}
    return connection.sql(_COVERED_BY_PAIRS, params=about).pl()


_PAIR_OF_WARDS = """
FROM incident_pairs
SELECT ward_id, trust_code, sum(incidents)::BIGINT AS incidents
WHERE month > $last::DATE - INTERVAL 12 MONTH AND month <= $last
    AND affected = $affected AND alleged = $alleged
    AND ($trust IS NULL OR trust_code = $trust)
GROUP BY ALL
ORDER BY trust_code, ward_id
"""


def pair_of_wards(
    connection: DuckDBPyConnection,
    last: date,
    affected: str,
    alleged: str,
    trust: str | None = None,
) -> pl.DataFrame:
    """One pair of people in the twelve months to `last`: a row for each ward that counted it."""
    about = {"last": last, "affected": affected, "alleged": alleged, "trust": trust}
    return connection.sql(_PAIR_OF_WARDS, params=about).pl()
