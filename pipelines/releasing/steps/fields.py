"""Collects the numbers that measures count: from the monthly sheet, and derived from others."""

import polars as pl

from pipelines.releasing.standards import RATED
from schemas.measures import DERIVED_FIELDS, Measure

# From most to least known. Within a ward, the worst of a measure's fields decides; across wards,
# the best does.
STATE_ORDER = ("value", "nil", "missing", "not_applicable", "closed", "paused")
RANK = {state: rank for rank, state in enumerate(STATE_ORDER)}
SHAPE = {
    "ward_id": pl.String,
    "trust_code": pl.String,
    "month": pl.Date,
    "field": pl.String,
    "number": pl.Float64,
    "state": pl.String,
}


def fields_of(measures: list[Measure]) -> list[str]:
    """Every field that at least one measure counts, in order."""
    return sorted({f for m in measures for f in (*m.numerator, *m.denominator)})


def field_values(
    cells: pl.DataFrame,
    charters: pl.DataFrame,
    standards: pl.DataFrame,
    fields: list[str],
    standards_set: str,
) -> pl.DataFrame:
    """One row for each ward, month and field, with its number and state.

    Ratings of a whole trust or site have no ward: they count for the trust and above.
    """
    sent = cells.filter(
        pl.col("sheet") == "monthly", pl.col("field").is_in(fields), pl.col("ward_id").is_not_null()
    )
    frames = [sent, _from_charters(charters), _from_standards(standards, standards_set)]
    return pl.concat(
        [frame.select(pl.col(n).cast(t) for n, t in SHAPE.items()) for frame in frames]
    ).filter(pl.col("field").is_in(fields))


def _from_charters(charters: pl.DataFrame) -> pl.DataFrame:
    counted = charters.select(
        "ward_id",
        "trust_code",
        "month",
        charter_returned=pl.lit(1.0),
        charter_in_place=pl.col("in_place").cast(pl.Float64),
        charter_reviewed=pl.col("current").cast(pl.Float64),
    )
    return _long(counted)


def _from_standards(standards: pl.DataFrame, standards_set: str) -> pl.DataFrame:
    counted = (
        standards.filter(pl.col("set_id") == standards_set)
        .group_by("ward_id", "trust_code", "month")
        .agg(
            standards_met=(pl.col("rating") == "met").sum().cast(pl.Float64),
            standards_rated=pl.col("rating").is_in(RATED).sum().cast(pl.Float64),
        )
    )
    return _long(counted)


def _long(counted: pl.DataFrame) -> pl.DataFrame:
    names = [name for name in DERIVED_FIELDS if name in counted.columns]
    return counted.unpivot(
        names, index=["ward_id", "trust_code", "month"], variable_name="field", value_name="number"
    ).with_columns(state=pl.lit("value"))
