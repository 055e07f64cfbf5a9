"""Collects staff confidence item by item, each with the words of its month."""

import polars as pl

from pipelines.releasing.charters import rows_of
from schemas.release import ConfidenceItems
from schemas.sheets.confidence import BEFORE, NOW
from schemas.typed import empty, typed

SORTED = ["ward_id", "month", "sort", "question_id", "return_id"]
_COUNTS = [*BEFORE, *NOW]


def confidence_items(cells: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    """One row for each ward, month and item with an answer (`schemas.release.ConfidenceItems`)."""
    rows = rows_of(cells, "confidence", ["question_id", *_COUNTS])
    if rows.is_empty():
        return empty(ConfidenceItems)
    texts = questions.with_row_index("sort").select(
        "question_id", "text", "is_placeholder", "sort", "valid_from", "valid_to"
    )
    counted = rows.drop_nulls(["ward_id", "question_id"]).with_columns(
        pl.col(_COUNTS).cast(pl.Int64)
    )
    said = counted.filter(pl.any_horizontal(pl.col(_COUNTS).is_not_null()))
    frame = worded(said, texts, ["question_id"]).with_columns(
        pl.col("is_placeholder").fill_null(True),
        pl.col("sort").fill_null(texts.height),
    )
    return typed(frame, ConfidenceItems).sort(SORTED)


def one_for_each_ward(items: pl.DataFrame) -> pl.DataFrame:
    """One row for each ward, month and item: those of wards that merged are added up."""
    key = ["ward_id", "trust_code", "month", "question_id"]
    total = (
        pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in _COUNTS
    )
    others = pl.all().exclude(*key, *_COUNTS).first()
    return typed(items.group_by(key, maintain_order=True).agg(others, *total), ConfidenceItems)


def worded(rows: pl.DataFrame, texts: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Each row (with its `month`) beside the newest text of its key that was in use in that month.

    If none was, it is the newest of all. Adds the columns of `texts`, empty for an unknown key.
    """
    begun = (pl.col("valid_from") <= pl.col("month").dt.month_end()).fill_null(True)
    over = (pl.col("valid_to") < pl.col("month")).fill_null(False)
    return (
        rows.with_row_index("_row")
        .join(texts, on=key, how="left")
        .sort("_row", begun & ~over, "valid_from", nulls_last=False)
        .unique("_row", keep="last", maintain_order=True)
        .drop("_row")
    )
