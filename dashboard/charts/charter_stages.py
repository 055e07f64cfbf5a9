"""How far charters are: the wards at each stage, month by month."""

from functools import cache

import polars as pl

from dashboard.charts import stacked, theme
from schemas.vocabularies import CHARTER_STAGE

# The furthest stage lies at the bottom, where growth is easiest to follow.
PARTS = dict(zip(reversed(CHARTER_STAGE.values()), reversed(theme.SEQUENCE), strict=True))


@cache
def spec(height: int = 300) -> dict[str, object]:
    """The spec of the stacked bars of stages."""
    return stacked.over_months(PARTS, "Wards", height, "Stage")


def rows(stages: pl.DataFrame) -> list[dict[str, object]]:
    """One row for each month and stage that has wards; `stages` counts wards by month and stage."""
    found = {(row["month"], row["stage"]): row["wards"] for row in stages.iter_rows(named=True)}
    return [
        row
        for month in sorted({month for month, _ in found})
        for row in stacked.pile(
            month,
            {CHARTER_STAGE[s]: found.get((month, s), 0) for s in reversed(CHARTER_STAGE)},
            "wards",
        )
    ]
