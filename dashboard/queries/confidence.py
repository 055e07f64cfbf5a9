"""How confident are staff, item by item, before and after a session?"""

from collections.abc import Sequence

import polars as pl
from duckdb import DuckDBPyConnection

_ITEMS = """
WITH latest AS (SELECT max(data_to) AS month FROM release),
own AS (
    FROM confidence_items AS i
    WHERE i.month > (SELECT month - INTERVAL 12 MONTH FROM latest)
        AND ($wards IS NULL OR list_contains($wards::VARCHAR[], i.ward_id))
        AND ($trust IS NULL OR i.trust_code = $trust)
)
SELECT question_id, text, min(sort) AS sort, bool_or(is_placeholder) AS is_placeholder,
    min(month) AS first, max(month) AS last,
    (sum(before_answered) FILTER (WHERE paired))::BIGINT AS before_answered,
    (sum(before_confident) FILTER (WHERE paired))::BIGINT AS before_confident,
    (sum(item_answered) FILTER (WHERE paired))::BIGINT AS after_answered,
    (sum(item_confident) FILTER (WHERE paired))::BIGINT AS after_confident,
    sum(item_answered)::BIGINT AS answered, sum(item_confident)::BIGINT AS confident,
    count(DISTINCT ward_id) FILTER (WHERE item_answered IS NOT NULL) AS wards,
    count(DISTINCT ward_id) FILTER (WHERE paired) AS wards_paired
FROM (SELECT *, before_answered IS NOT NULL AND item_answered IS NOT NULL AS paired FROM own)
GROUP BY question_id, text
ORDER BY sort, question_id, first, text
"""


def items(
    connection: DuckDBPyConnection, wards: Sequence[str] | None = None, trust: str | None = None
) -> pl.DataFrame:
    """Answers to each item over the last 12 months, of some wards, of a trust's or of all.

    One row for each wording. Before and after are of the months in which a ward asked both.
    """
    about = {"wards": None if wards is None else list(wards), "trust": trust}
    return connection.sql(_ITEMS, params=about).pl()


_SENT = """
SELECT i.*, w.ward_name, t.trust_name
FROM confidence_items AS i
LEFT JOIN latest_wards AS w USING (ward_id)
LEFT JOIN latest_trusts AS t ON t.trust_code = i.trust_code
ORDER BY i.trust_code, w.ward_name, i.ward_id, i.month, i.sort, i.question_id
"""


def items_sent(connection: DuckDBPyConnection) -> pl.DataFrame:
    """Every answer to an item, by ward and month, as it was sent."""
    return connection.sql(_SENT).pl()
