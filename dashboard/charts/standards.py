"""Ratings against a set of standards: how many statements of each group are met."""

from functools import cache

import polars as pl

from dashboard.charts import bars
from schemas.vocabularies import RATING

PARTS = dict(
    zip(RATING.values(), ("#12436D", "#6BACE6", "#F46A25", "#BFBFBF", "#FFFFFF"), strict=True)
)
_LIGHT = frozenset(PARTS) - {RATING["met"]}


@cache
def spec() -> dict[str, object]:
    """The spec of one bar for each group of statements."""
    return bars.in_parts(PARTS, "Ratings")


def rows(ratings: pl.DataFrame) -> list[dict[str, object]]:
    """The latest rating of each statement by each organisation, counted by group."""
    latest = ratings.sort("month").unique(
        ["level", "org_code", "trust_code", "ward_id", "set_id", "statement_id"], keep="last"
    )
    counts = latest.with_columns(pl.col("group_title").fill_null("Other statements"))
    counts = counts.group_by("group_title", "rating").len()
    found = {
        (row["group_title"], row["rating"]): row["len"] for row in counts.iter_rows(named=True)
    }
    drawn = []
    for order, group in enumerate(sorted({group for group, _ in found})):
        ratings = {words: found.get((group, rating), 0) for rating, words in RATING.items()}
        assessed = sum(ratings[RATING[rating]] for rating in ("met", "partly_met", "not_met"))
        says = f"{ratings[RATING['met']]:,} of {assessed:,} met"
        drawn += bars.pile(group, says, order, ratings, _LIGHT)
    return drawn
