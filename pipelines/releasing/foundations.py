"""Works out progress on the four foundations for good practice, by trust and programme."""

import polars as pl

from schemas.release import FOUNDATIONS, Foundations
from schemas.typed import empty, typed

WITHIN_MONTHS = 12
WHAT = {
    "benchmarking": "Wards that rated themselves against the standards in the last 12 months",
    "charter": "Wards with a charter in place when they last told us, in the last 12 months",
    "confidence": "Wards that asked staff about their confidence in the last 12 months",
    "trauma_informed": "Wards with staff trained in trauma-informed care or supervised, or ward "
    "rounds that used it, in the last 12 months",
}
_ASKED = "conf_valid"
_TRAUMA_INFORMED = ("ti_trained_n", "ti_supervised_n", "rounds_informed")
PROGRAMME = "programme"
SORTED = ["level", "unit_id", "month", "foundation"]
FOUNDATION_FIELDS = (_ASKED, *_TRAUMA_INFORMED)  # of the monthly sheet


def foundations(grid: pl.DataFrame, values: pl.DataFrame, charters: pl.DataFrame) -> pl.DataFrame:
    """One row for each trust, month and foundation.

    The result satisfies `schemas.release.Foundations`. Wards are those expected in the month;
    values and charters are under today's ward and trust. Trauma-informed care is not measured for
    a trust of which no ward sent any figure of it within the window.
    """
    if grid.is_empty():
        return empty(Foundations)
    wards = (
        grid.filter("expected")
        .select("month", ward_id="current_ward_id", trust_code="current_trust_code")
        .unique(["ward_id", "month"])
        .sort("ward_id", "month")
    )
    rated = values.filter(pl.col("field") == "standards_rated", pl.col("number") > 0)
    asked = values.filter(pl.col("field") == _ASKED, pl.col("number") > 0)
    told = values.filter(pl.col("field").is_in(_TRAUMA_INFORMED), pl.col("number").is_not_null())
    whole = rated.filter(pl.col("ward_id").is_null()).select("trust_code", seen="month", held=True)
    by_trust = _held(wards, whole, "trust_code")
    by_ward = _held(wards, _seen(rated), "ward_id")
    held = wards.with_columns(
        benchmarking=by_trust | by_ward,
        charter=_held(wards, _seen(charters, pl.col("in_place")), "ward_id"),
        confidence=_held(wards, _seen(asked), "ward_id"),
        trauma_informed=_held(wards, _seen(told.filter(pl.col("number") > 0)), "ward_id"),
        told=_held(wards, _seen(told), "ward_id"),
    ).with_columns(level=pl.lit("trust"), unit_id="trust_code")
    keys = ["level", "unit_id", "trust_code", "month"]
    counted = held.group_by(keys).agg(
        pl.len().alias("wards"), *(pl.col(name).sum() for name in (*FOUNDATIONS, "told"))
    )
    measured = pl.when(pl.col("told") > 0).then("trauma_informed")
    long = counted.with_columns(trauma_informed=measured).unpivot(
        list(FOUNDATIONS),
        index=[*keys, "wards"],
        variable_name="foundation",
        value_name="wards_with",
    )
    named = long.with_columns(
        what=pl.col("foundation").replace_strict(WHAT, return_dtype=pl.String)
    )
    return typed(named, Foundations).sort(SORTED)


def of_programme(trusts: pl.DataFrame) -> pl.DataFrame:
    """The rows of the programme: what those of all trusts add up to, of the trusts measured."""
    measured = pl.when(pl.col("wards_with").count() > 0).then(pl.col("wards_with").sum())
    added = trusts.group_by("month", "foundation").agg(
        pl.col("what").first(), pl.col("wards").sum(), wards_with=measured
    )
    named = added.with_columns(level=pl.lit(PROGRAMME), unit_id=pl.lit(PROGRAMME))
    return typed(named, Foundations).sort(SORTED)


def _seen(rows: pl.DataFrame, held: pl.Expr | None = None) -> pl.DataFrame:
    what = pl.lit(True) if held is None else held
    return rows.filter(pl.col("ward_id").is_not_null()).select("ward_id", seen="month", held=what)


def _held(wards: pl.DataFrame, seen: pl.DataFrame, key: str) -> pl.Series:
    """Whether each ward's latest row, within the window before each month, has it in place."""
    latest = (
        wards.select(key, "month")
        .with_row_index("place")
        .sort("month")
        .join_asof(
            seen.sort("seen"),
            left_on="month",
            right_on="seen",
            by=key,
            strategy="backward",
            check_sortedness=False,
        )
        .sort("place")
    )
    recent = pl.col("seen") > pl.col("month").dt.offset_by(f"-{WITHIN_MONTHS}mo")
    return latest.select((pl.col("held") & recent).fill_null(False)).to_series()
