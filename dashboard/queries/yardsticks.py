"""What do surveys from outside say of trusts, beside what the trusts sent?"""

import polars as pl
from duckdb import DuckDBPyConnection

# The newest figure of each survey; a trust is named as it is called now.
_NEWEST = """
SELECT y.*, coalesce(t.trust_name, y.trust_code) AS trust_name,
    felt.n AS felt_n, felt.d AS felt_d, felt.value AS felt,
    said.n AS reported_n, said.d AS reported_d, said.value AS reported,
    felt.first_month AS felt_from, felt.last_month AS felt_to,
    said.first_month AS reported_from, said.last_month AS reported_to
FROM yardsticks AS y
LEFT JOIN latest_trusts AS t USING (trust_code)
LEFT JOIN comparisons AS felt ON felt.level = 'trust' AND felt.unit_id = y.trust_code
    AND felt.measure = CASE y.asked_of WHEN 'staff' THEN $staff ELSE $patients END
LEFT JOIN comparisons AS said ON said.level = 'trust' AND said.unit_id = y.trust_code
    AND said.measure = $incidents
WHERE $trust IS NULL OR y.trust_code = $trust
QUALIFY row_number() OVER (
    PARTITION BY y.trust_code, y.source ORDER BY y.period_from DESC
) = 1
ORDER BY y.source, trust_name, y.trust_code
"""


def yardsticks(
    connection: DuckDBPyConnection,
    patients: str,
    staff: str,
    incidents: str,
    trust: str | None = None,
) -> pl.DataFrame:
    """The newest figure of each trust and survey, with what the trust itself sent.

    `felt` is the share of the same kind of people who feel safe, `reported` the rate of incidents,
    both with their counts and over the months from `_from` to `_to`; empty where there is none.
    """
    about = {"patients": patients, "staff": staff, "incidents": incidents, "trust": trust}
    return connection.sql(_NEWEST, params=about).pl()
