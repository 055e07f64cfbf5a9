"""Which groups are there, who is in them, and which of their returns have arrived?"""

from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

from dashboard.queries.returns import returns_grid
from schemas.vocabularies import GROUP_KINDS

_GROUPS = """
SELECT DISTINCT group_code, group_name, kind FROM groups ORDER BY group_name, group_code
"""
# A trust with all its wards is one member, as is a ward that is there by itself.
_MEMBERS = """
SELECT g.trust_code, t.trust_name, g.ward_id, w.ward_name, g.first_month, g.last_month
FROM groups AS g
LEFT JOIN latest_trusts AS t USING (trust_code)
LEFT JOIN latest_wards AS w USING (ward_id)
WHERE g.group_code = $group AND (g.ward_id IS NULL OR NOT EXISTS (
    FROM groups AS whole
    WHERE whole.group_code = g.group_code AND whole.trust_code = g.trust_code
        AND whole.ward_id IS NULL AND whole.first_month = g.first_month
        AND whole.last_month IS NOT DISTINCT FROM g.last_month
))
ORDER BY t.trust_name, g.trust_code, w.ward_name, g.ward_id, g.first_month
"""
_SENDERS = """
SELECT DISTINCT trust_code, month
FROM (SELECT DISTINCT month FROM completeness WHERE scope = 'return')
JOIN groups ON month BETWEEN first_month AND coalesce(last_month, month)
WHERE group_code = $group
"""


def groups(connection: DuckDBPyConnection) -> pl.DataFrame:
    """Every group: its code, name and kind, regions first."""
    kinds = {kind: place for place, kind in enumerate(GROUP_KINDS)}
    found = connection.sql(_GROUPS).pl()
    return found.sort(pl.col("kind").replace_strict(kinds, default=9), maintain_order=True)


def members(connection: DuckDBPyConnection, group: str) -> pl.DataFrame:
    """The trusts and single wards of a group, and from which month until which."""
    return connection.sql(_MEMBERS, params={"group": group}).pl()


def returns_of(connection: DuckDBPyConnection, group: str, today: date) -> pl.DataFrame:
    """The `returns_grid` of a group: its trusts, in the months in which they have wards in it."""
    senders = connection.sql(_SENDERS, params={"group": group}).pl()
    grid = returns_grid(connection, today)
    return grid.join(senders, on=["trust_code", "month"], how="semi", maintain_order="left")
