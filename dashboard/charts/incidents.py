"""Reported incidents by category over months, in colours that say nothing of good or bad."""

from collections.abc import Mapping, Sequence
from functools import cache

import polars as pl

from dashboard.charts import stacked, theme


@cache
def spec(categories: tuple[str, ...], height: int = 300) -> dict[str, object]:
    """The spec of the stacked bars; at most four categories, in the order of the pile."""
    parts = dict(zip(categories, theme.CATEGORIES, strict=False))
    return stacked.over_months(parts, "Reported incidents", height, "Category", choose=True)


def rows(
    observations: pl.DataFrame, measures: Sequence[Mapping[str, object]]
) -> list[dict[str, object]]:
    """One row for each month and category, from the observations of one unit.

    Each measure is one category, called by its short name; months without a value have no bar.
    """
    names = {str(measure["measure"]): str(measure["short_name"]) for measure in measures}
    seen = observations.filter(
        pl.col("measure").is_in(list(names)) & pl.col("numerator").is_not_null()
    )
    return [
        row
        for (month,), frame in sorted(seen.partition_by("month", as_dict=True).items())
        for row in stacked.pile(month, _counts(frame, names), "reported")
    ]


def _counts(frame: pl.DataFrame, names: Mapping[str, str]) -> dict[str, float]:
    found = dict(zip(frame["measure"], frame["numerator"], strict=True))
    return {name: found.get(measure) or 0.0 for measure, name in names.items()}
