"""Sums observations over the twelve months up to each month."""

import polars as pl

from pipelines.releasing.steps.in_order import in_order
from schemas.periods import Month
from schemas.tables.keys import SERIES

MONTHS = 12
_SUMMED = ("n", "d", "valid", "expected")


def rolling_year(observations: pl.DataFrame) -> pl.DataFrame:
    """For every unit, measure and month: sums over the twelve months that end with that month.

    Columns: `level, unit_id, trust_code, measure, month, n, d` (sums of numerators and
    denominators over months that have both), the number of `valid` and `expected` months in the
    window, and the same for its last six months as `valid_late` and `expected_late`. Months in
    which a ward was closed or the programme paused are not expected.
    """
    months = _counted(observations)
    year = months.rolling("month", period="12mo", group_by=SERIES).agg(
        pl.col("trust_code").last(), pl.col(_SUMMED).sum()
    )
    late = months.rolling("month", period="6mo", group_by=SERIES).agg(
        pl.col("valid", "expected").sum().name.suffix("_late")
    )
    return year.hstack(late.select("valid_late", "expected_late"))  # the same rows, in their order


def newest_year(observations: pl.DataFrame) -> pl.DataFrame:
    """The rows of `rolling_year` for the newest month, from nothing but what those need."""
    newest = pl.lit(observations["month"].max())
    late = pl.col("month") > newest.dt.offset_by("-6mo")
    recent = observations.filter(pl.col("month") > newest.dt.offset_by(f"-{MONTHS}mo"))
    year = (
        _counted(recent)
        .group_by(SERIES, maintain_order=True)
        .agg(
            pl.col("month", "trust_code").last(),
            pl.col(_SUMMED).sum(),
            pl.col("valid", "expected").filter(late).sum().name.suffix("_late"),
        )
    )
    return year.filter(pl.col("month") == newest)


def _counted(observations: pl.DataFrame) -> pl.DataFrame:
    """What each month of each series adds to a year, series by series in the order of months."""
    valid = (
        pl.col("state").is_in(["value", "nil"])
        & pl.col("numerator").is_not_null()
        & pl.col("denominator").is_not_null()
    )
    expected = ~pl.col("state").is_in(["closed", "paused", "not_applicable"])
    found = observations.select(
        *SERIES,
        "trust_code",
        "month",
        n=pl.when(valid).then(pl.col("numerator")).otherwise(0.0),
        d=pl.when(valid).then(pl.col("denominator")).otherwise(0.0),
        valid=valid.cast(pl.Int64),
        expected=expected.cast(pl.Int64),
    )
    return in_order(found, *SERIES, "month")


def reports_enough() -> pl.Expr:
    """Whether a unit reports enough to represent its group: a complete reporter or a joiner.

    Complete: 11 of 12 expected months (or all of a shorter window of at least 6). Joiner: nothing
    in the first half, everything in the second. The others are partial or null reporters.
    """
    expected, valid = pl.col("expected"), pl.col("valid")
    complete = (expected >= MONTHS // 2) & (valid * MONTHS >= expected * (MONTHS - 1))
    joiner = (
        (pl.col("expected_late") == MONTHS // 2)
        & (pl.col("valid_late") == MONTHS // 2)
        & (valid == pl.col("valid_late"))
    )
    return complete | joiner


def first_of_window(last: Month) -> Month:
    """The first of the twelve months that end with `last`."""
    return last + (1 - MONTHS)
