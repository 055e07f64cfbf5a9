"""Progress on the four foundations for good practice: wards that have each in place."""

from functools import cache

import polars as pl

from dashboard.charts import bars
from schemas.release import FOUNDATIONS

PARTS = {"In place": "#12436D", "Not yet": "#FFFFFF"}


@cache
def spec() -> dict[str, object]:
    """The spec of one bar for each foundation."""
    return bars.in_parts(PARTS, "Wards")


def rows(progress: pl.DataFrame) -> list[dict[str, object]]:
    """The latest month of one unit's `foundations`; one not measured has no bar and says so."""
    if progress.is_empty():
        return []
    latest = progress.filter(pl.col("month") == progress["month"].max())
    found = {row["foundation"]: row for row in latest.iter_rows(named=True)}
    drawn = []
    for order, (foundation, title) in enumerate(FOUNDATIONS.items()):
        row = found.get(foundation)
        if row is None or row["wards_with"] is None:
            drawn += bars.pile(title, "Not measured", order, {"Not yet": 0}, frozenset(PARTS))
            continue
        counts = {"In place": row["wards_with"], "Not yet": row["wards"] - row["wards_with"]}
        says = f"{row['wards_with']:,} of {row['wards']:,} wards"
        drawn += bars.pile(title, says, order, counts, frozenset({"Not yet"}))
    return drawn
