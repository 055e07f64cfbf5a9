"""Collects how organisations rate themselves against the statements of the standards."""

import polars as pl

from pipelines.releasing.charters import rows_of
from pipelines.releasing.confidence_items import worded
from schemas.release import ReleaseStandards
from schemas.typed import empty, typed

RATED = ("met", "partly_met", "not_met")
SORTED = ["set_id", "statement_id", "trust_code", "level", "org_code", "month", "return_id"]
_FIELDS = [
    "set_id",
    "statement_id",
    "org_level",
    "org_code",
    "rating",
    "evidence_type",
    "rated_by",
    "assessed_on",
    "action_due",
]
_OF_A_TRUST = [name for name in _FIELDS if name not in ("org_level", "org_code")]


def standards(cells: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """One row for each statement, organisation and month (`schemas.release.ReleaseStandards`)."""
    of_trusts = rows_of(cells, "trust_standards", _OF_A_TRUST).with_columns(
        org_level=pl.lit("trust"), org_code="trust_code"
    )
    of_each = rows_of(cells, "standards", _FIELDS)
    rows = pl.concat([of_each, of_trusts.select(of_each.columns)]).drop("ward_id")
    if rows.is_empty():
        return empty(ReleaseStandards)
    texts = statements.select(
        *("set_id", "statement_id", "group_id", "group_title", "short_text", "is_placeholder"),
        *("valid_from", "valid_to"),
    )
    ward = pl.when(pl.col("org_level") == "ward").then(
        pl.col("trust_code") + "-" + pl.col("org_code")
    )
    frame = worded(
        rows.drop_nulls(["set_id", "statement_id", "org_level", "org_code", "rating"]),
        texts,
        ["set_id", "statement_id"],
    ).with_columns(
        pl.col("is_placeholder").fill_null(True),
        *(
            pl.col(name).str.to_date("%Y-%m-%d", strict=False)
            for name in ("assessed_on", "action_due")
        ),
        level=pl.col("org_level"),
        ward_id=ward,
    )
    return typed(frame, ReleaseStandards).sort(SORTED)
